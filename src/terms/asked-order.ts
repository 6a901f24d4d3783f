/** An order that was asked about, whatever came of it: what every rate is a share of. Pseudonyms only. */
import type { Decision, Verdict } from './decision.ts';
import type { FacilityId } from './facility.ts';
import type { Instant } from './instant.ts';
import type { OfferInputs } from './offer.ts';
import type { PatientRef } from './patient-link.ts';

export interface AskedOrder {
  readonly id: string;
  readonly at: Instant;
  readonly facility: FacilityId;
  /** Item or panel; '' where the code is not mapped. */
  readonly target: string;
  readonly verdict: Verdict;
  readonly coverage: Decision['coverage'];
  readonly patientMac: string;
  readonly encounterMac: string;
  readonly orderMac: string;
  /** The offer that stands for it. */
  readonly offer: string | null;
  /** The asking facility's own Patient. */
  readonly patient: PatientRef;
  readonly catalogueDigest: string;
  /** Pseudonym; '' where nobody is named. */
  readonly practitionerMac: string;
  /** What the decision was a function of: with it the order is decided again, also under other rules. */
  readonly inputs: OfferInputs;
}
