/**
 * The note for the chart, in Chinese: which earlier results were used, with value, source, time and mark, or why they were
 * not, and whether the patient was told (facts 1.1: recognised outside results are noted, and so is why a test is repeated).
 */
import type { Catalogue, CatalogueItem } from '../terms/catalogue.ts';
import type { DecideInput } from '../terms/decide-input.ts';
import type { RecordedDecision } from '../terms/offer.ts';
import type { Reply } from '../terms/reply.ts';
import type { ResultEntry } from '../terms/result-entry.ts';
import { facilityName } from './check-context.ts';
import { targetName, valueText } from './words.ts';
import { markOf } from './checks/quality-mark.ts';

/** Undefined for a revocation: there is nothing to note. `input` is the decision's own, as it was kept. */
export function chartNote(decision: RecordedDecision, reply: Reply, input: DecideInput): string | undefined {
  if (reply.outcome === 'revoked') return undefined;
  const target = targetName(input.catalogue, decision.target ?? '');
  const parts =
    reply.outcome === 'accepted'
      ? [`检查检验结果互认：${target}采用已有结果`, ...usedParts(decision, input)]
      : [`检查检验结果互认：${target}未采用已有结果，理由：${reasonText(reply, input.catalogue)}`];
  return `${[...parts, toldText(reply)].join('；')}。`;
}

function usedParts(decision: RecordedDecision, input: DecideInput): readonly string[] {
  const used = decision.items.flatMap(({ item, entry, verdict }) => {
    const catalogued = input.catalogue.items.get(item);
    // Of a card for review the doctor used what was shown for a look, too.
    const shown = decision.verdict === 'recognise' ? verdict === 'recognise' : verdict !== 'do-not';
    return entry === undefined || catalogued === undefined || !shown ? [] : [{ item: catalogued, entry }];
  });
  const bySource = Map.groupBy(
    used,
    ({ entry }) => `${facilityName(input, entry.facility).zh} ${timeOf(entry, input)}`,
  );
  const missing = decision.missing.map((item) => targetName(input.catalogue, item));
  return [
    ...[...bySource].map(([source, results]) => {
      const marks = new Set(results.flatMap(({ item, entry }) => markOf(input, item, entry)?.label ?? []));
      const told = marks.size === 0 ? '' : `（互认标识：${[...marks].join('、')}）`;
      return `${source}：${results.map(({ item, entry }) => resultText(item, entry)).join('，')}${told}`;
    }),
    ...(missing.length === 0 ? [] : [`另开：${missing.join('、')}`]),
  ];
}

function resultText(item: CatalogueItem, { value, referenceText, interpretation }: ResultEntry): string {
  const unit = value.kind === 'quantity' && value.unit !== undefined ? ` ${value.unit}` : '';
  const text = value.kind === 'none' ? '无结果值' : `${valueText(value)}${unit}`;
  const flags = interpretation.filter((flag) => flag !== 'N');
  const beside = [...flags, ...(referenceText === undefined ? [] : [`参考区间 ${referenceText}`])];
  return `${item.nameZh} ${text}${beside.length === 0 ? '' : `（${beside.join('，')}）`}`;
}

const BASIS = { collected: '采集', performed: '检测', reported: '报告' } as const;

/** To the minute, in the region's zone. */
function timeOf({ effectiveStart, basis }: ResultEntry, { regionZone }: DecideInput): string {
  const parts = { dateStyle: 'short', timeStyle: 'short', timeZone: regionZone } as const;
  return `${new Intl.DateTimeFormat('sv-SE', parts).format(Date.parse(effectiveStart))} ${BASIS[basis]}`;
}

function reasonText({ reason }: Reply, { refusalReasons }: Catalogue): string {
  if (reason === undefined) return '未说明';
  const known = refusalReasons.find(({ code }) => code === reason);
  return known === undefined ? reason : `${known.code} ${known.zh}`;
}

function toldText({ patientInformed }: Reply): string {
  return patientInformed === true ? '已告知患者' : '患者告知情况未记录';
}
