/**
 * An order message is a question (DESIGN 6): it is answered with what was done already, and its orders are known from then
 * on. A channel that only feeds is acknowledged. Kept before it is answered, and a resend gets the same bytes and asks nothing.
 */
import { localDay } from '../base/local-day.ts';
import type { Problem } from '../base/problem.ts';
import type { Charset } from '../formats/hl7v2/charset.ts';
import { type OrderAnswer, orderResponse } from '../formats/hl7v2/order-response.ts';
import type { WrittenSegment } from '../formats/hl7v2/write.ts';
import { type MappedOrder, type MappedOrders, mapOrders } from '../mapping/map-orders.ts';
import { comparisonNote } from '../recognition/comparison.ts';
import { targetName, valueText } from '../recognition/words.ts';
import type { Facility } from '../terms/facility.ts';
import type { ResultEntry } from '../terms/result-entry.ts';
import type { Hl7Message } from '../terms/parsed/hl7v2.ts';
import { answer, type Answer, type AnsweredOrder } from './answer.ts';
import type { Gateway } from './gateway.ts';
import type { ReceiveInput } from './hl7v2-arrival.ts';
import { createMessageIds } from './id-source.ts';
import { visibleEntry } from './visible-entry.ts';

const ORDERS = new Set(['OML^O21', 'OMG^O19', 'ORM^O01']);

export function isOrderMessage(message: Hl7Message): boolean {
  return ORDERS.has(`${message.msh.get(9, 1) ?? ''}^${message.msh.get(9, 2) ?? ''}`);
}

export interface AskedOrders {
  readonly mapped: MappedOrders;
  readonly problems: readonly Problem[];
  /** Nothing was asked: the answer is AE. */
  readonly failed: boolean;
  /** The answer's segments behind the acknowledgement. */
  readonly complete: (ack: Uint8Array) => Uint8Array;
}

/** Asks, unless the channel feeds or the message is none to ask with. */
export async function askOrders(
  gateway: Gateway,
  input: ReceiveInput,
  read: { readonly message: Hl7Message; readonly charset: Charset },
): Promise<AskedOrders> {
  const { facility, channel } = input;
  const mapped = mapOrders(read.message, contextOf(gateway, facility));
  const placed = mapped.orders.flatMap(({ act, order }) => (act === 'place' && order !== undefined ? [order] : []));
  const unique = [...new Map(placed.map((order) => [order.key, order])).values()];
  const faulty = mapped.problems.some(({ severity }) => severity === 'error');
  const trial = channel.test || (read.message.msh.get(11) ?? 'P') !== 'P';
  const asks = channel.orders !== 'feed' && mapped.patient !== undefined && unique.length > 0;
  const answered = asks
    ? await answer(
        gateway,
        { facility, channel: { ...channel, test: trial } },
        {
          patient: mapped.patient,
          orders: unique,
          ...(mapped.encounter === undefined ? {} : { encounter: mapped.encounter }),
          ...(mapped.practitioner === undefined ? {} : { practitioner: mapped.practitioner }),
          ...(mapped.visit === undefined ? {} : { visit: mapped.visit }),
        },
      )
    : undefined;
  const refused: readonly Problem[] =
    answered === undefined || answered.ok
      ? []
      : [{ code: answered.refusal.code, severity: 'error', at: mapped.orders[0]?.at ?? 'OBR' }];
  const answers = mapped.orders.map((order) => answerTo(order, answered?.ok === true ? answered.value : undefined));
  return {
    mapped,
    problems: [...mapped.problems, ...refused],
    failed: faulty || refused.length > 0,
    complete: (ack) => orderResponse(ack, read.message, { charset: read.charset, answers }),
  };
}

function contextOf(gateway: Gateway, facility: Facility) {
  const ids = createMessageIds(gateway.ids, { facility: facility.id, production: true, known: new Map() });
  return { facility: facility.id, zone: facility.zone, profile: facility.profile, ids };
}

function answerTo({ act, order, key, placer, code }: MappedOrder, answered: Answer | undefined): OrderAnswer {
  if (act === 'cancel') return { control: 'CR', placer, code, decided: [] };
  const item = answered?.items.find(({ decision }) => decision.key === key);
  if (order === undefined) return { control: 'UA', placer, code, decided: [] };
  return { control: 'OK', placer, code, decided: item === undefined ? [] : decidedOf(answered as Answer, item) };
}

const CODING = 'L-CONCORD';

/** The decision first, then where there is something to compare with, then the results that its offer shows, if there is one. */
function decidedOf(answered: Answer, { decision, offer, compared }: AnsweredOrder): readonly WrittenSegment[] {
  const status = 'F';
  const decided: WrittenSegment[] = [
    ['OBX', '1', 'ST', ['DECISION', '互认结论', CODING], '', decision.verdict, '', '', '', '', '', status],
  ];
  for (const one of compared) {
    const at = String(decided.length + 1);
    const said = comparedText(answered, one);
    decided.push(['OBX', at, 'ST', ['COMPARE', '既往结果供对照', CODING], '', said, '', '', '', '', '', status]);
  }
  if (offer === null) return decided;
  const place = (): string => String(decided.length + 1);
  decided.push(['OBX', place(), 'ST', ['OFFER', '提示编号', CODING], '', offer, '', '', '', '', '', status]);
  for (const item of decision.missing)
    decided.push(['OBX', place(), 'ST', ['MISSING', '缺少项目', CODING], '', item, '', '', '', '', '', status]);
  for (const { item, entry, verdict } of decision.items) {
    const shown = visibleEntry({ item, verdict, checks: [], ...(entry === undefined ? {} : { entry }) }, answered);
    if (shown !== undefined) decided.push(resultSegment(place(), item, shown, answered));
  }
  return decided;
}

/** Where it is, and no value: a result segment would look like one that may be used. */
function comparedText(answered: Answer, { item, entry }: AnsweredOrder['compared'][number]): string {
  const name = targetName(answered.catalogue, item);
  const where = answered.facilities.get(entry.facility);
  const day = localDay(entry.effectiveStart, where?.zone ?? answered.regionZone);
  return `${comparisonNote({ nameZh: name, nameEn: name }).zh}：${where?.name ?? entry.facility} ${day}`;
}

function resultSegment(place: string, item: string, entry: ResultEntry, answered: Answer): WrittenSegment {
  const { value } = entry;
  const isNumber = value.kind === 'quantity' && value.comparator === undefined;
  const unit = value.kind === 'quantity' ? (value.unit ?? '') : '';
  const facility = answered.facilities.get(entry.facility)?.name ?? entry.facility;
  const code = [item, targetName(answered.catalogue, item), CODING, entry.code, entry.display, 'L'];
  const time = `${entry.effectiveStart.slice(0, 19).replaceAll(/[-:T]/g, '')}+0000`;
  return [
    'OBX',
    place,
    isNumber ? 'NM' : 'ST',
    code,
    '',
    valueText(value),
    unit,
    entry.referenceText ?? '',
    entry.interpretation.join(' '),
    '',
    '',
    'F',
    '',
    '',
    time,
    facility,
  ];
}
