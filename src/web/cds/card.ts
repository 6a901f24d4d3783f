/** An offer as a CDS Hooks card: what was found, where and when, and the act that would save the test. */
import type { AnsweredOrder, Answer } from '../../gateway/answer.ts';
import type { OrderCode } from '../../recognition/item-of.ts';
import { targetName } from '../../recognition/words.ts';
import type { RefusalReason } from '../../terms/catalogue.ts';
import type { Decision, ItemDecision } from '../../terms/decision.ts';
import type { Told } from '../openapi/schemas.ts';
import { visibleEntry } from '../../gateway/visible-entry.ts';
import { facilityName } from '../recognition/print-answer.ts';
import type { card, createOrder, overrideReason, suggestion } from './answers.ts';
import { cut, dayOf, doubtsOf, NO_CONCLUSION, resultRow, sampleLines, sourceOf, TABLE_HEAD } from './card-text.ts';
import type { SelectedOrder } from './hook-request.ts';

const REASON_SYSTEM = 'urn:concord:refusal-reason';

/** An order with an offer. */
type Offered = AnsweredOrder & { readonly offer: string };

/** A card that suggests; where the earlier result was abnormal, softly: doctors rightly test such a patient again. */
export function cardOf(
  answer: Answer,
  offered: Offered,
  { order, smartApp }: { readonly order: SelectedOrder; readonly smartApp: string | undefined },
): Told<typeof card> {
  const { decision, offer } = offered;
  const suggested = suggestionOf(offered, order);
  return {
    uuid: offer,
    summary: summaryOf(answer, decision),
    detail: detailOf(answer, decision),
    indicator: decision.verdict === 'recognise' && decision.abnormal.length === 0 ? 'warning' : 'info',
    source: sourceOf(answer),
    ...(suggested === undefined ? {} : { suggestions: [suggested], selectionBehavior: 'at-most-one' }),
    overrideReasons: answer.catalogue.refusalReasons.map(reasonCoding),
    // The app gets the offer, and reads what it needs with rights of its own.
    ...(smartApp === undefined
      ? {}
      : {
          links: [
            {
              label: '查看已有结果 · See the earlier results',
              url: smartApp,
              type: 'smart' as const,
              appContext: offer,
            },
          ],
        }),
  };
}

/** One suggestion a card, so that the offer's own id names it. None where something missing could not be ordered. */
function suggestionOf(
  { decision, offer, toOrder }: Offered,
  draft: SelectedOrder,
): Told<typeof suggestion> | undefined {
  const rest = toOrder.flatMap(({ code }) => (code === undefined ? [] : [createAction(code, draft)]));
  if (decision.verdict !== 'recognise' || rest.length < toOrder.length) return undefined;
  return {
    uuid: offer,
    label:
      rest.length === 0
        ? '采用已有结果，撤下本次申请 · Use the earlier result, drop this order'
        : '采用已有结果，只开缺少的项目 · Use the earlier results, order only what is missing',
    isRecommended: decision.abnormal.length === 0,
    actions: [
      { type: 'delete', description: '撤下申请 · Remove the draft order', resourceId: draft.reference },
      ...rest,
    ],
  };
}

function createAction(code: OrderCode, { subject, encounter }: SelectedOrder): Told<typeof createOrder> {
  const { system, code: value, display } = code;
  return {
    type: 'create',
    description: '开缺少的项目 · Order what is missing',
    resource: {
      resourceType: 'ServiceRequest',
      status: 'draft',
      intent: 'order',
      subject: { reference: subject },
      ...(encounter === undefined ? {} : { encounter: { reference: encounter } }),
      code: {
        coding: [{ ...(system === '' ? {} : { system }), code: value, ...(display === '' ? {} : { display }) }],
      },
    },
  };
}

function reasonCoding(reason: RefusalReason): Told<typeof overrideReason> {
  return {
    system: REASON_SYSTEM,
    code: reason.code,
    display: `${reason.zh} · ${reason.en}`,
    extension: {
      'urn:concord:counts-as-refusal': reason.countsAsRefusal,
      ...(reason.second === undefined ? {} : { 'urn:concord:second-coding': reason.second }),
    },
  };
}

function summaryOf(answer: Answer, decision: Decision): string {
  const name = targetName(answer.catalogue, decision.target ?? '');
  const partly = decision.coverage === 'partial' ? '（部分）' : '';
  const verb = verbOf(decision);
  const newest = decision.items
    .flatMap((item) => visibleEntry(item, answer) ?? [])
    .toSorted((left, right) => (left.effectiveStart < right.effectiveStart ? 1 : -1))[0];
  if (newest === undefined) return cut(`${name}${partly}：已有结果，补充就诊号后可查看`);
  return cut(`${name}${partly}：${facilityName(answer, newest)} ${dayOf(newest, answer)} 已有结果，${verb}`);
}

function verbOf({ verdict, abnormal }: Decision): string {
  if (verdict !== 'recognise') return '请复核';
  return abnormal.length === 0 ? '可互认' : '可互认（上次异常，请酌情）';
}

/** GitHub-flavoured Markdown: a table of values, then what is missing and what speaks against it. */
function detailOf(answer: Answer, decision: Decision): string {
  const rows = decision.items.flatMap((item) => rowOf(answer, item));
  const missing = decision.missing.map((item) => targetName(answer.catalogue, item)).join('、');
  // Reasons name days and hospitals: they are for who treats the patient.
  const abnormal = answer.treating
    ? decision.abnormal.map((item) => targetName(answer.catalogue, item)).join('、')
    : '';
  const doubts = answer.treating ? [...new Set(decision.items.flatMap((item) => doubtsOf(item)))] : [];
  return [
    ...sampleLines(answer),
    ...TABLE_HEAD,
    ...rows,
    ...(missing === '' ? [] : ['', `缺少 Missing: ${missing}`]),
    ...(abnormal === ''
      ? []
      : ['', `${abnormal}：上次结果异常，必要时可复查 · The earlier result was abnormal: testing again may be right`]),
    ...(doubts.length === 0 ? [] : ['', ...doubts.map((doubt) => `- ${doubt}`)]),
    '',
    NO_CONCLUSION,
  ].join('\n');
}

function rowOf(answer: Answer, decided: ItemDecision): readonly string[] {
  const entry = visibleEntry(decided, answer);
  return entry === undefined ? [] : [resultRow(answer, decided.item, entry)];
}
