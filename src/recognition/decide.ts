/**
 * The decision: for every order, what may be used of what was done before, with every check (DESIGN 5). A pure
 * function of its input; its cost grows with the entries and with the items ordered, not with their product.
 */
import type { CatalogueItem, Panel } from '../terms/catalogue.ts';
import type { CheckState } from '../terms/check.ts';
import type { DecideInput } from '../terms/decide-input.ts';
import type { Decision, ItemDecision, Verdict } from '../terms/decision.ts';
import type { ResultEntry } from '../terms/result-entry.ts';
import { patientKey } from './check-context.ts';
import { isCritical } from './checks/critical.ts';
import { check as checkLegalBasis } from './checks/legal-basis.ts';
import { judgeEntry, rank } from './judge-entry.ts';
import type { JudgedEntry } from './judge-entry.ts';
import { instantMs } from './local-time.ts';

/** One decision per order, in the order asked; two orders of one target get the same answer. */
export function decide(input: DecideInput): readonly Decision[] {
  const judge = createItemJudge(input);
  return input.orders.map(({ order, target }) => {
    const panel = target === undefined ? undefined : input.catalogue.panels.get(target);
    if (panel !== undefined) return { key: order.key, ...decidePanel(panel, judge) };
    const item = target === undefined ? undefined : judge(target);
    if (item === undefined) {
      const unmapped = { verdict: 'do-not', coverage: 'none', missing: [], items: [] } as const;
      return { key: order.key, ...(target === undefined ? {} : { target }), ...unmapped };
    }
    const covered = item.verdict === 'recognise';
    return {
      key: order.key,
      target: item.item,
      verdict: item.verdict,
      coverage: covered ? 'full' : 'none',
      missing: covered ? [] : [item.item],
      items: [item],
    };
  });
}

type ItemJudge = (item: string) => ItemDecision | undefined;

/**
 * A panel is recognised only when every required item is (SETTLED 13); derived items never decide coverage, but a
 * critical value among them asks for a look. Anything usable short of that is for review.
 */
function decidePanel(panel: Panel, judge: ItemJudge): Omit<Decision, 'key'> {
  const required = panel.required.map(judge).filter((decision) => decision !== undefined);
  const derived = panel.derived.map(judge).filter((decision) => decision?.entry !== undefined) as ItemDecision[];
  const missing = required.filter(({ verdict }) => verdict !== 'recognise').map(({ item }) => item);
  const coverage = missing.length === 0 ? 'full' : missing.length < required.length ? 'partial' : 'none';
  return { target: panel.id, verdict: panelVerdict(), coverage, missing, items: [...required, ...derived] };

  function panelVerdict(): Verdict {
    if (coverage === 'full') return derived.some(hasCritical) ? 'review' : 'recognise';
    return required.some(({ verdict }) => verdict !== 'do-not') ? 'review' : 'do-not';
  }
}

function hasCritical({ checks }: ItemDecision): boolean {
  return checks.some(({ code, state }) => code === 'critical' && state === 'failed');
}

/** Judges an item once, however many orders and panels ask for it; undefined for what is no item. */
function createItemJudge(input: DecideInput): ItemJudge {
  const atMs = instantMs(input.at);
  const certain = new Set(input.candidates.patients.map(patientKey));
  const byItem = groupByItem(input);
  const judged = new Map<string, ItemDecision>();
  return (id) => {
    const item = input.catalogue.items.get(id);
    if (item === undefined) return undefined;
    let decision = judged.get(id);
    if (decision === undefined) {
      const entries = byItem.get(id) ?? [];
      decision = judgeItem(item, entries, { input, atMs, certain, newestCritical: newestCritical(entries, certain) });
      judged.set(id, decision);
    }
    return decision;
  };
}

function isOpen(state: CheckState): boolean {
  return state === 'failed' || state === 'unknown';
}

interface ItemContext {
  readonly input: DecideInput;
  readonly atMs: number;
  readonly certain: ReadonlySet<string>;
  readonly newestCritical: ResultEntry | undefined;
}

/**
 * The best verdict wins, then the fresher result. What the patient closed, and what is not certainly this person's,
 * looks absent: no result is named, nor said to be there.
 */
function judgeItem(item: CatalogueItem, entries: readonly ResultEntry[], context: ItemContext): ItemDecision {
  const { legal } = context.input;
  if (legal.optedOut) return { item: item.id, verdict: 'do-not', checks: [checkLegalBasis(context)] };
  let best: { entry: ResultEntry; judged: JudgedEntry } | undefined;
  for (const entry of entries) {
    const judged = judgeEntry({ ...context, item, entry });
    const better =
      best === undefined ||
      rank(judged.verdict) > rank(best.judged.verdict) ||
      (judged.verdict === best.judged.verdict && isFresher(entry, best.entry));
    if (better) best = { entry, judged };
  }
  if (best === undefined) return { item: item.id, verdict: 'do-not', checks: [] };
  const stranger = best.judged.checks.filter(({ code, state }) => code === 'certain-person' && isOpen(state));
  if (stranger.length > 0) return { item: item.id, verdict: 'do-not', checks: stranger };
  return { item: item.id, verdict: best.judged.verdict, entry: best.entry, checks: best.judged.checks };
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

/** The newest critical result of this very person that was not withdrawn; a preliminary one warns as well. */
function newestCritical(entries: readonly ResultEntry[], certain: ReadonlySet<string>): ResultEntry | undefined {
  let newest: ResultEntry | undefined;
  for (const entry of entries) {
    const withdrawn = entry.status === 'cancelled' || entry.status === 'entered-in-error';
    if (withdrawn || !entry.production || !isCritical(entry) || !certain.has(patientKey(entry))) continue;
    if (newest === undefined || isFresher(entry, newest)) newest = entry;
  }
  return newest;
}

/** By collection, then by what was known last, then by id, so that the order of the entries says nothing. */
function isFresher(entry: ResultEntry, than: ResultEntry): boolean {
  if (entry.effectiveStart !== than.effectiveStart) return entry.effectiveStart > than.effectiveStart;
  if (entry.knownFrom !== than.knownFrom) return entry.knownFrom > than.knownFrom;
  if (entry.container !== than.container) return entry.container > than.container;
  if (entry.version !== than.version) return entry.version > than.version;
  return entry.element > than.element;
}
