/** An offer: a decision shown to a doctor for a concrete order; stores its inputs and its catalogue's digest. */
import type { Decision } from './decision.ts';
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
  readonly decision: Decision;
}
