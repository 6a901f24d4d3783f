/**
 * The decision: for every order, what may be used of what was done before, with every check (DESIGN 5). A pure
 * function of its input; its cost grows with the entries and with the items ordered, not with their product.
 */
import type { Catalogue, CatalogueItem, Panel } from '../terms/catalogue.ts';
import type { CheckState } from '../terms/check.ts';
import type { DecideInput } from '../terms/decide-input.ts';
import type { Comparison, Decision, ItemDecision, Verdict } from '../terms/decision.ts';
import type { ResultEntry } from '../terms/result-entry.ts';
import { answering } from './catalogue-index.ts';
import { type CheckContext, patientKey } from './check-context.ts';
import { isCritical } from './checks/critical.ts';
import { check as checkLegalBasis } from './checks/legal-basis.ts';
import { lastValuesOf } from './checks/stability.ts';
import { mayBeCompared } from './comparison.ts';
import { cover, type Usable } from './cover.ts';
import { judgeEntry, rank } from './judge-entry.ts';
import type { JudgedEntry } from './judge-entry.ts';
import { instantMs } from './local-time.ts';

/** One decision per order, in the order asked; two orders of one target get the same answer. */
export function decide(input: DecideInput): readonly Decision[] {
  const judge = createItemJudge(input);
  return input.orders.map(({ order, target }) => {
    const panel = target === undefined ? undefined : input.catalogue.panels.get(target);
    const decided = panel === undefined ? decideItem(target ?? '', judge) : decidePanel(panel, judge, input.catalogue);
    if (decided !== undefined) return { key: order.key, ...decided };
    const unmapped = { verdict: 'do-not', coverage: 'none', missing: [], items: [], abnormal: [] } as const;
    return { key: order.key, ...(target === undefined ? {} : { target }), ...unmapped };
  });
}

/** Everything usable of an item, and the one that would be shown alone. */
interface JudgedItem {
  readonly best: ItemDecision;
  readonly usable: readonly UsableResult[];
}

interface UsableResult extends Usable {
  readonly entry: ResultEntry;
  readonly judged: JudgedEntry;
}

type ItemJudge = (item: string) => JudgedItem | undefined;

function decideItem(item: string, judge: ItemJudge): Omit<Decision, 'key'> | undefined {
  const best = judge(item)?.best;
  if (best === undefined) return undefined;
  const covered = best.verdict === 'recognise';
  return {
    target: item,
    verdict: best.verdict,
    coverage: covered ? 'full' : 'none',
    missing: covered ? [] : [item],
    items: [best],
    abnormal: abnormalOf([best]),
  };
}

/**
 * A panel is covered by the fewest earlier reports (`cover`). It is recognised whole when every required item is (SETTLED
 * 13), and in part when what is left can be ordered and paid for by itself; derived items never decide coverage, but a
 * critical value anywhere asks for a look. Anything usable short of that is for review.
 */
function decidePanel(panel: Panel, judge: ItemJudge, catalogue: Catalogue): Omit<Decision, 'key'> {
  const known = panel.required.map(judge).filter((judged) => judged !== undefined);
  const covering = cover(
    known.flatMap(({ usable }) => usable),
    isFresher,
  );
  const required = known.map(({ best }): ItemDecision => {
    const chosen = covering.get(best.item);
    return chosen === undefined ? best : decisionOf(best.item, chosen.entry, chosen.judged);
  });
  const derived = panel.derived.flatMap((item) => judge(item)?.best ?? []).filter(({ entry }) => entry !== undefined);
  const items = [...required, ...derived];
  const missing = required.filter(({ item }) => !covering.has(item)).map(({ item }) => item);
  const coverage = missing.length === 0 ? 'full' : missing.length < required.length ? 'partial' : 'none';
  return { target: panel.id, verdict: panelVerdict(), coverage, missing, items, abnormal: abnormalOf(required) };

  function panelVerdict(): Verdict {
    const calm = !items.some(hasCritical);
    if (coverage === 'full') return calm ? 'recognise' : 'review';
    if (coverage === 'partial' && calm && isSeparable(panel, new Set(covering.keys()), catalogue)) return 'recognise';
    return required.some(({ verdict }) => verdict !== 'do-not') ? 'review' : 'do-not';
  }
}

/** Some charge is dropped with these items alone, and the panel is no charge of its own, of which nothing can be left out. */
function isSeparable(panel: Panel, covered: ReadonlySet<string>, { priceItems }: Catalogue): boolean {
  const charges = [...priceItems.values()];
  if (charges.some(({ covers }) => covers.includes(panel.id))) return false;
  return charges.some(({ covers }) => covers.length > 0 && covers.every((item) => covered.has(item)));
}

function hasCritical({ checks }: ItemDecision): boolean {
  return checks.some(({ code, state }) => code === 'critical' && state === 'failed');
}

/** Interpretations (v3-ObservationInterpretation, HL7 table 0078) that say that a result is as it is expected to be. */
const NORMAL: ReadonlySet<string> = new Set(['N', 'NEG', 'ND', 'NR', 'S']);

/** Items that are used although they were abnormal: doctors rightly test these again (facts 3.3). */
function abnormalOf(decided: readonly ItemDecision[]): readonly string[] {
  return decided.flatMap(({ item, verdict, entry }) =>
    verdict === 'recognise' && entry?.interpretation.some((flag) => !NORMAL.has(flag.toUpperCase())) === true
      ? [item]
      : [],
  );
}

/** Judges an item once, however many orders and panels ask for it; undefined for what is no item. */
function createItemJudge(input: DecideInput): ItemJudge {
  const atMs = instantMs(input.at);
  const certain = new Set(input.candidates.patients.map(patientKey));
  const byItem = groupByItem(input);
  const judged = new Map<string, JudgedItem>();
  return (id) => {
    const item = input.catalogue.items.get(id);
    if (item === undefined) return undefined;
    let found = judged.get(id);
    if (found === undefined) {
      const entries = answering(input.catalogue, id).flatMap((answer) => byItem.get(answer) ?? []);
      const own = standing(entries, certain);
      const critical = own.find(isCritical);
      const lastValues = lastValuesOf(item, own);
      found = judgeItem(item, entries, { input, atMs, certain, newestCritical: critical, lastValues });
      judged.set(id, found);
    }
    return found;
  };
}

function isOpen(state: CheckState): boolean {
  return state === 'failed' || state === 'unknown';
}

type ItemContext = Omit<CheckContext, 'item' | 'entry'>;

/**
 * The best verdict wins, then the fresher result. What the patient closed, and what is not certainly this person's,
 * looks absent: no result is named, nor said to be there.
 */
function judgeItem(item: CatalogueItem, entries: readonly ResultEntry[], context: ItemContext): JudgedItem {
  const { legal } = context.input;
  const absent = (checks: ItemDecision['checks']): JudgedItem => ({
    best: { item: item.id, verdict: 'do-not', checks },
    usable: [],
  });
  if (legal.optedOut) return absent([checkLegalBasis(context)]);
  let best: UsableResult | undefined;
  let comparison: Comparison | undefined;
  const usable: UsableResult[] = [];
  for (const entry of entries) {
    const judged = judgeEntry({ ...context, item, entry });
    const isLast = comparison === undefined || isFresher(entry, comparison.entry);
    if (isLast && mayBeCompared(item, entry, judged)) comparison = { entry, checks: judged.checks };
    if (judged.verdict === 'recognise') usable.push({ item: item.id, entry, judged });
    const better =
      best === undefined ||
      rank(judged.verdict) > rank(best.judged.verdict) ||
      (judged.verdict === best.judged.verdict && isFresher(entry, best.entry));
    if (better) best = { item: item.id, entry, judged };
  }
  if (best === undefined) return absent([]);
  const stranger = best.judged.checks.filter(({ code, state }) => code === 'certain-person' && isOpen(state));
  const found = stranger.length > 0 ? absent(stranger) : { best: decisionOf(item.id, best.entry, best.judged), usable };
  if (comparison === undefined || found.best.verdict !== 'do-not') return found;
  return { ...found, best: { ...found.best, comparison } };
}

function decisionOf(item: string, entry: ResultEntry, { verdict, checks }: JudgedEntry): ItemDecision {
  return { item, verdict, entry, checks };
}

/** Entries that were already closed when the question was asked count for nothing. */
function groupByItem({ candidates, at }: DecideInput): ReadonlyMap<string, readonly ResultEntry[]> {
  const byItem = new Map<string, ResultEntry[]>();
  for (const entry of candidates.entries) {
    if (entry.item === null || (entry.knownTo !== null && entry.knownTo <= at)) continue;
    const group = byItem.get(entry.item);
    if (group === undefined) byItem.set(entry.item, [entry]);
    else group.push(entry);
  }
  return byItem;
}

/** This very person's results that were not withdrawn, newest first; a preliminary one warns as well. */
function standing(entries: readonly ResultEntry[], certain: ReadonlySet<string>): readonly ResultEntry[] {
  return entries
    .filter((entry) => {
      const withdrawn = entry.status === 'cancelled' || entry.status === 'entered-in-error';
      return !withdrawn && entry.production && certain.has(patientKey(entry));
    })
    .toSorted((left, right) => (isFresher(left, right) ? -1 : 1));
}

/** By collection, then by what was known last, then by id, so that the order of the entries says nothing. */
function isFresher(entry: ResultEntry, than: ResultEntry): boolean {
  if (entry.effectiveStart !== than.effectiveStart) return entry.effectiveStart > than.effectiveStart;
  if (entry.knownFrom !== than.knownFrom) return entry.knownFrom > than.knownFrom;
  if (entry.container !== than.container) return entry.container > than.container;
  if (entry.version !== than.version) return entry.version > than.version;
  return entry.element > than.element;
}
