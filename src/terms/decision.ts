/** A decision: what the engine found for an ordered item, with every check (DESIGN 5). */
import type { CheckResult } from './check.ts';
import type { ResultEntry } from './result-entry.ts';

/** recognise = card with a suggestion, review = card with reasons only, do-not = no card. */
export type Verdict = 'recognise' | 'review' | 'do-not';

export interface ItemDecision {
  readonly item: string;
  readonly verdict: Verdict;
  /** The entry that was judged best; absent when there was none. */
  readonly entry?: ResultEntry;
  readonly checks: readonly CheckResult[];
  /** The person's last result, where the situation forbids using it and the item is one of which it is shown all the same. */
  readonly comparison?: Comparison;
}

/** An earlier result beside the exam that has to be done anew: to be looked at, never to be used for it. */
export interface Comparison {
  readonly entry: ResultEntry;
  readonly checks: readonly CheckResult[];
}

export interface Decision {
  /** Order.key. */
  readonly key: string;
  /** Catalogue item or panel that the order was mapped to; absent when its code is not mapped. */
  readonly target?: string;
  readonly verdict: Verdict;
  /** How much of the ordered panel recognised results cover; an item is `full` or `none`. Recognised in part: only what is missing is ordered. */
  readonly coverage: 'full' | 'partial' | 'none';
  /** Required items that no recognisable result covers. */
  readonly missing: readonly string[];
  readonly items: readonly ItemDecision[];
  /** Items of these whose result may be used and was abnormal: a softer card. */
  readonly abnormal: readonly string[];
}
