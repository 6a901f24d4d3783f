/** A notice: what somebody has to be told, because a result that was relied on has changed, or a doctor says that one is wrong. */
import type { Bucket } from './bucket.ts';
import type { Verdict } from './decision.ts';
import type { FacilityId } from './facility.ts';
import type { Instant } from './instant.ts';

/** What the gateway found of a result that an offer relied on (SETTLED 20). */
export const CHANGES = ['corrected', 'retracted', 'unlinked', 'mark-withdrawn'] as const;
export type Change = (typeof CHANGES)[number];

/** What a doctor says of a result. */
export const CONCERNS = ['wrong-person', 'wrong-value', 'wrong-image'] as const;
export type Concern = (typeof CONCERNS)[number];

export interface Notice {
  readonly id: string;
  readonly at: Instant;
  /** Whose queue it stands in: who relied on the result, or who gave it. */
  readonly facility: FacilityId;
  readonly kind: Change | Concern;
  /** The offer that named the result. */
  readonly offer: string;
  readonly item: string;
  readonly bucket: Bucket;
  readonly container: string;
  readonly element: string;
  /** As it is now; of a concern, as it was shown. */
  readonly version: number;
  /** What the decision would be now; '' of a concern. */
  readonly verdict: Verdict | '';
  /** Who says so; null: the gateway found it. */
  readonly reporter: FacilityId | null;
  /** What the doctor wrote; '' without a word. */
  readonly comment: string;
  readonly closedAt: Instant | null;
  readonly closedBy: string | null;
}
