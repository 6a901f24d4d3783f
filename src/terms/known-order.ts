/** An order that is known because its facility told it, asked about or not. Pseudonyms only. */
import type { FacilityId } from './facility.ts';
import type { Instant } from './instant.ts';
import type { PatientRef } from './patient-link.ts';

export interface KnownOrder {
  readonly facility: FacilityId;
  readonly orderMac: string;
  readonly cancelled: boolean;
  readonly at: Instant;
  /** Item or panel; '' where the code is not mapped. */
  readonly target: string;
  /** The asking facility's own Patient. */
  readonly patient: PatientRef;
  readonly patientMac: string;
  readonly encounterMac: string;
  readonly practitionerMac: string;
  readonly specialty: string;
  readonly visitClass: string;
  readonly payer: string;
}
