/** An offer: a decision shown to a doctor for a concrete order; stores its inputs and its catalogue's digest. */
import type { LegalBasis } from './candidates.ts';
import type { CheckResult } from './check.ts';
import type { Decision, ItemDecision } from './decision.ts';
import type { Circumstances } from './decide-input.ts';
import type { FacilityFacts, FacilityId } from './facility.ts';
import type { Instant } from './instant.ts';
import type { PatientRef } from './patient-link.ts';
import type { Order } from './question.ts';
import type { ResultEntry } from './result-entry.ts';
import type { Visit } from './visit.ts';

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
  /** Absent in offers of before they were kept. */
  readonly inputs?: OfferInputs;
}

/**
 * What the decision was a function of, beside its catalogue and the results that it names: with these it is made again to the
 * letter, whatever was corrected, linked, mapped or configured since. Held sealed: a birth date is among them.
 */
export interface OfferInputs {
  readonly legal: LegalBasis;
  readonly circumstances: Circumstances;
  readonly priority?: Order['priority'];
  /** Priorities of the question's other orders, each once; null: one stated none. */
  readonly beside: readonly (NonNullable<Order['priority']> | null)[];
  /** Patients that were certainly the asked person. */
  readonly patients: readonly PatientRef[];
  readonly asker: FacilityFacts;
  /** Facilities that gave or are named by a result, as they were. */
  readonly facilities: readonly FacilityFacts[];
  /** Results of the ordered items that were judged; an offer names those of its decision there alone. */
  readonly others: readonly ResultEntry[];
  readonly regionZone: string;
  /** As the asker told it; no input of the decision, and kept with it. */
  readonly visit?: Visit;
}

/**
 * A decision as it is kept: every check by code and state. Its sentences are made again from the inputs, which are kept
 * whole; in two languages they would be nine tenths of the row. What was shown for comparison is no part of an offer.
 */
export type RecordedDecision = Omit<Decision, 'items' | 'abnormal'> & {
  /** Absent in offers of before it was told. */
  readonly abnormal?: Decision['abnormal'];
  readonly items: readonly (Omit<ItemDecision, 'checks' | 'comparison'> & {
    readonly checks: readonly RecordedCheck[];
  })[];
};

export type RecordedCheck = Pick<CheckResult, 'code' | 'state'>;
