/** A month as it is published: how many orders were asked about, what came of them, and what it was worth. Money is fen. */
import type { FacilityId } from './facility.ts';
import type { Instant } from './instant.ts';

/** What came of orders. */
export interface Figures {
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

/** The finest figures: by all that they are broken down by. Codes and pseudonyms; '' (level 0) where nobody said. */
export interface MonthCell extends Figures {
  readonly facility: FacilityId;
  /** Item or panel; '' where the ordered code is not mapped. */
  readonly target: string;
  readonly level: number;
  readonly specialty: string;
  readonly visitClass: string;
  readonly payer: string;
  /** Pseudonym of the doctor. */
  readonly doctor: string;
}

/** What one facility ordered of one item or panel. */
export type MonthLine = Pick<MonthCell, 'facility' | 'target'> & Figures;

export const DIMENSIONS = ['facility', 'level', 'category', 'specialty', 'visitClass', 'payer', 'doctor'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

export type DimensionLine = { readonly key: string } & Figures;

/** Orders *known* from a feed, and those of them that nobody asked about. */
export interface KnownLine {
  readonly facility: FacilityId;
  readonly target: string;
  readonly known: number;
  readonly unasked: number;
}

export interface RefusalLine {
  readonly facility: FacilityId;
  /** '' where the doctor stated none. */
  readonly reason: string;
  readonly refused: number;
}

/** Charges that were performed although they were there, by who did it again, whose result was there, and why. */
export interface RepeatLine {
  readonly facility: FacilityId;
  readonly giver: FacilityId;
  readonly priceItem: string;
  /** '' of what was missed. */
  readonly justification: string;
  readonly repeats: number;
  /** Of them, those that an offer was made of. */
  readonly offered: number;
  readonly fen: number;
  readonly unpriced: number;
}

/** Results of `giver` at `receiver`: accepted offers that rest on them, and repeats that missed them. */
export interface FlowLine {
  readonly giver: FacilityId;
  readonly receiver: FacilityId;
  readonly accepted: number;
  readonly missed: number;
}

/** Who gains what is net, as far as the askers told: every sum to the fen. */
export interface Attribution {
  /** Paid by case (DRG, DIP): the hospital's own cost. */
  readonly drgFen: number;
  readonly patientFen: number;
  readonly fundFen: number;
  readonly deductibleFen: number;
  readonly unattributedFen: number;
}

/** As the store reads it. */
export interface MonthFigures {
  readonly cells: readonly MonthCell[];
  readonly known: readonly KnownLine[];
  readonly refusals: readonly RefusalLine[];
  readonly repeats: readonly RepeatLine[];
  readonly accepted: readonly Omit<FlowLine, 'missed'>[];
  /** Net of accepted orders by how they are paid; `split` JSON, null where nobody said. */
  readonly paid: readonly { readonly drg: boolean; readonly split: string | null; readonly netFen: number }[];
  /** Visits with an order that was asked about. */
  readonly visits: number;
  readonly registered: number;
}

/** A share with what it is of. */
export interface Indicator {
  readonly id: string;
  readonly numerator: number;
  readonly denominator: number;
  /** Orders that were asked about, or that are known however they became known. */
  readonly of: 'asked' | 'known';
}

export interface MonthReport {
  readonly form: 2;
  /** YYYY-MM in `zone`: when orders were asked about, and repeats performed. */
  readonly month: string;
  readonly zone: string;
  /** What was known then; with it, and the catalogue that names classes, the same report is made again byte for byte. */
  readonly asOf: Instant;
  readonly catalogue: string;
  readonly totals: Figures & {
    readonly netFen: number;
    readonly provisionalFen: number;
    readonly visits: number;
    readonly known: number;
    readonly missed: number;
    readonly missedFen: number;
    readonly missedUnpriced: number;
    /** Of the missed, those whose results were another facility's. */
    readonly missedAcross: number;
    readonly justified: number;
  };
  readonly attribution: Attribution;
  readonly indicators: readonly Indicator[];
  /** Facilities that asked, and whose orders are known, of those registered then. */
  readonly coverage: { readonly asking: number; readonly feeding: number; readonly registered: number };
  readonly lines: readonly MonthLine[];
  readonly by: Readonly<Record<Dimension, readonly DimensionLine[]>>;
  readonly known: readonly KnownLine[];
  readonly refusals: readonly RefusalLine[];
  readonly repeats: readonly RepeatLine[];
  readonly flows: readonly FlowLine[];
}
