/** Everything that a decision is a function of (DESIGN 5); stored with the offer so that it can be made again. */
import type { Candidates, LegalBasis } from './candidates.ts';
import type { Catalogue, Situation } from './catalogue.ts';
import type { FacilityFacts, FacilityId } from './facility.ts';
import type { Instant } from './instant.ts';
import type { Order } from './question.ts';

/** What is known of the asked patient beside the results. */
export interface Circumstances {
  /** `YYYY`, `YYYY-MM` or `YYYY-MM-DD`. */
  readonly birthDate?: string;
  readonly sex?: 'male' | 'female' | 'other' | 'unknown';
  /** All that hold; absent: the asker does not say. */
  readonly situations?: readonly Situation[];
}

export interface DecideInput {
  /** Each order with the panel or item that the asker's code map gives it. */
  readonly orders: readonly { readonly order: Order; readonly target: string | undefined }[];
  readonly candidates: Candidates;
  readonly legal: LegalBasis;
  readonly circumstances: Circumstances;
  readonly asker: FacilityFacts;
  readonly facilities: ReadonlyMap<FacilityId, FacilityFacts>;
  readonly at: Instant;
  /** IANA zone that bounds days and dates without time. */
  readonly regionZone: string;
  readonly catalogue: Catalogue;
}
