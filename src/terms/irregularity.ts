/** What an auditor has to look at (facts: recognition-domain 5.4): signs with their evidence, and no verdict. */
import type { FacilityId } from './facility.ts';

export type IrregularityKind =
  /** A doctor accepts within seconds of being asked, nearly always. */
  | 'quick-acceptance'
  /** A recognition counted as another facility's rests on a result of the same house, or of the asker's own laboratory. */
  | 'own-as-other'
  /** After an acceptance something was done that is nearly the same under another code. */
  | 'similar-performed'
  /** A correction moved a collection to a later time, or a result was collected after it was known. */
  | 'moved-time';

export interface Irregularity {
  readonly kind: IrregularityKind;
  readonly facility: FacilityId;
  /** Pseudonym of a doctor, the giving facility, the code pair, or ''. */
  readonly subject: string;
  readonly count: number;
  /** What the count is of. */
  readonly of: number;
  /** Offers, or reports of what was sent; the first 20. */
  readonly evidence: readonly string[];
}
