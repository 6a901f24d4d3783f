/** A month or a year decided again under another catalogue, with what was known then: what would have come of it. */

export interface WhatIf {
  readonly form: 1;
  /** Orders asked about in [from, until). */
  readonly from: string;
  readonly until: string;
  /** Digest of the catalogue that is tried, and of those that decided then. */
  readonly candidate: string;
  readonly sample: boolean;
  readonly decidedBy: readonly string[];
  /** Orders that cannot be decided again: asked about before inputs were kept. */
  readonly undecidable: number;
  readonly was: WhatIfSide;
  readonly would: WhatIfSide;
  /** Orders that would be recognised and were not, and the other way round. */
  readonly gained: number;
  readonly lost: number;
  /** Orders whose verdict or coverage would be another. */
  readonly differing: number;
  /** By item or panel. */
  readonly lines: readonly WhatIfLine[];
}

/** One order a patient, visit and target; its best verdict counts, as in a month's report. */
export interface WhatIfSide {
  readonly orders: number;
  readonly recognise: number;
  readonly review: number;
  readonly doNot: number;
  /** What all recognised orders together would cost, each charge once a visit: the most that could be saved. */
  readonly possibleFen: number;
  readonly unpriced: number;
  readonly risks: WhatIfRisks;
}

/** Recognised orders that rest on a result which, as is known today, … */
export interface WhatIfRisks {
  /** … was corrected or withdrawn after the order. */
  readonly corrected: number;
  /** … carries a critical flag. */
  readonly critical: number;
  /** … the next test of the item, within 30 days, differed from by more than the reference change value. */
  readonly changed: number;
}

export interface WhatIfLine {
  readonly target: string;
  readonly was: WhatIfSide;
  readonly would: WhatIfSide;
  readonly gained: number;
  readonly lost: number;
}
