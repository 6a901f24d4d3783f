/** A month as it is published: how many orders were asked about, what came of them, and what it was worth. Money is fen. */
import type { FacilityId } from './facility.ts';
import type { Instant } from './instant.ts';

export interface MonthFigures {
  readonly lines: readonly MonthLine[];
  readonly refusals: readonly RefusalLine[];
  readonly flows: readonly FlowLine[];
}

/** What one facility ordered of one item or panel. */
export interface MonthLine {
  readonly facility: FacilityId;
  /** '' where the ordered code is not mapped. */
  readonly target: string;
  /** Orders *asked about*, one a patient, visit and target, however often a screen asked. */
  readonly asked: number;
  /** Of them, with a result that may be used; and with one that is to be looked at. */
  readonly recognisable: number;
  readonly reviewable: number;
  readonly offered: number;
  readonly accepted: number;
  /** Of the accepted, those that rest on another facility's result. */
  readonly acceptedAcross: number;
  /** Refused for a reason that counts, and for one that does not (98, 99). */
  readonly refused: number;
  readonly refusedUncounted: number;
  /** Offers without an answer that stands. */
  readonly unanswered: number;
  /** Of what was accepted: gross, done again, past its term, and still within it. */
  readonly grossFen: number;
  readonly reversedFen: number;
  readonly settledFen: number;
  /** Saved charges without a known price. */
  readonly unpriced: number;
}

export interface RefusalLine {
  readonly facility: FacilityId;
  /** '' where the doctor stated none. */
  readonly reason: string;
  readonly refused: number;
}

/** Accepted offers that rest on results of `giver`; one that rests on several counts for each. */
export interface FlowLine {
  readonly giver: FacilityId;
  readonly receiver: FacilityId;
  readonly accepted: number;
}

export interface MonthReport extends MonthFigures {
  readonly form: 1;
  /** YYYY-MM in `zone`: when orders were asked about. */
  readonly month: string;
  readonly zone: string;
  /** What was known then; with it the same report is made again byte for byte. */
  readonly asOf: Instant;
  readonly totals: Omit<MonthLine, 'facility' | 'target'> & {
    readonly netFen: number;
    readonly provisionalFen: number;
  };
  /** Facilities that asked, of those registered then. */
  readonly coverage: { readonly asking: number; readonly registered: number };
}
