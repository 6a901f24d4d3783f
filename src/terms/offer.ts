/** An offer: a decision shown to a doctor for a concrete order; stores its inputs and its catalogue's digest. */
import type { CheckResult } from './check.ts';
import type { Decision, ItemDecision } from './decision.ts';
import type { FacilityId } from './facility.ts';
import type { Instant } from './instant.ts';
import type { PatientRef } from './patient-link.ts';

export interface Offer {
  /** UUID; the card's uuid in CDS Hooks. */
  readonly id: string;
  readonly at: Instant;
  readonly facility: FacilityId;
  /** The asking facility's own Patient. */
  readonly patient: PatientRef;
  /** Pseudonyms (HMAC): of the encounter, '' without one; of the order's key. */
  readonly encounterMac: string;
  readonly orderMac: string;
  readonly catalogueDigest: string;
  readonly decision: RecordedDecision;
}

/**
 * A decision as it is kept: every check by code and state. Its sentences are made again from the inputs, which are kept
 * whole; in two languages they would be nine tenths of the row.
 */
export type RecordedDecision = Omit<Decision, 'items' | 'abnormal'> & {
  /** Absent in offers of before it was told. */
  readonly abnormal?: Decision['abnormal'];
  readonly items: readonly (Omit<ItemDecision, 'checks'> & { readonly checks: readonly RecordedCheck[] })[];
};

export type RecordedCheck = Pick<CheckResult, 'code' | 'state'>;
