/** An answer as `/recognition/check` gives it (SETTLED 22): every decision, its checks and their sentences. */
import type { Answer, AnsweredOrder } from '../../gateway/answer.ts';
import { visibleEntry } from '../../gateway/visible-entry.ts';
import { comparisonNote } from '../../recognition/comparison.ts';
import { valueText } from '../../recognition/words.ts';
import type { CheckResult } from '../../terms/check.ts';
import type { ItemDecision, Verdict } from '../../terms/decision.ts';
import type { ResultEntry } from '../../terms/result-entry.ts';
import type { Told } from '../openapi/schemas.ts';
import type { checkAnswer, checkResult, comparedResult, shownResult } from './answers.ts';

export function printAnswer(answer: Answer): Told<typeof checkAnswer> {
  return {
    sample: answer.sample,
    catalogue: answer.catalogue.digest,
    items: answer.items.map(({ decision, offer, answered, toOrder, compared }) => ({
      key: decision.key,
      item: decision.target ?? null,
      decision: decision.verdict,
      coverage: decision.coverage,
      missing: decision.missing,
      toOrder: toOrder.map(({ item, code }) => ({ item, code: code ?? null })),
      abnormal: offer === null || !answer.treating ? [] : decision.abnormal,
      // What leads to no card shows nobody's values: only an offer opens them (DESIGN 5).
      results: offer === null ? [] : decision.items.flatMap((item) => printResult(item, answer)),
      comparison: compared.map((one) => printCompared(one, answer)),
      checks: decision.items.flatMap((item) =>
        visibleChecks(item, answer, offer).map((check) => printCheck(item, check)),
      ),
      offer,
      answered,
    })),
  };
}

/** Reasons name days and hospitals: they are for who treats the patient. Others learn that the basis is not known. */
function visibleChecks(item: ItemDecision, answer: Answer, offer: string | null): readonly CheckResult[] {
  if (answer.treating) return item.checks;
  return offer === null ? [] : item.checks.filter(({ code }) => code === 'legal-basis');
}

function printCheck(item: ItemDecision, check: CheckResult): Told<typeof checkResult> {
  return { item: item.item, code: check.code, state: check.state, why: check.why };
}

function printResult(item: ItemDecision, answer: Answer): readonly Told<typeof shownResult>[] {
  const entry = visibleEntry(item, answer);
  return entry === undefined ? [] : [printEntry({ item: item.item, verdict: item.verdict, entry }, answer)];
}

function printCompared(
  { item, entry, checks }: AnsweredOrder['compared'][number],
  answer: Answer,
): Told<typeof comparedResult> {
  const shown = printEntry({ item, verdict: 'do-not', entry }, answer);
  const open = checks.filter(({ code, state }) => code !== 'situation' && (state === 'failed' || state === 'unknown'));
  return {
    ...shown,
    note: comparisonNote({ nameZh: shown.name.zh, nameEn: shown.name.en }),
    doubts: open.map(({ why }) => why),
  };
}

function printEntry(
  { item, verdict, entry }: { readonly item: string; readonly verdict: Verdict; readonly entry: ResultEntry },
  answer: Answer,
): Told<typeof shownResult> {
  const catalogued = answer.catalogue.items.get(item);
  return {
    item,
    name: { zh: catalogued?.nameZh ?? entry.display, en: catalogued?.nameEn ?? entry.display },
    decision: verdict,
    value: valueText(entry.value),
    ...(entry.value.kind === 'quantity' && entry.value.unit !== undefined ? { unit: entry.value.unit } : {}),
    ...(entry.referenceText === undefined ? {} : { referenceRange: entry.referenceText }),
    interpretation: entry.interpretation,
    collected: entry.effectiveStart,
    timeBasis: entry.basis,
    facility: { id: entry.facility, name: facilityName(answer, entry) },
    report: entry.container,
  };
}

export function facilityName(answer: Answer, entry: ResultEntry): string {
  return answer.facilities.get(entry.facility)?.name ?? entry.facility;
}
