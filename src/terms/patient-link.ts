/** Why a Patient is (certainly, possibly) a Person; links have a history and never rewrite a result. */
import type { Bucket } from './bucket.ts';
import type { FacilityId } from './facility.ts';
import type { Instant } from './instant.ts';

export type Certainty = 'certain' | 'possible' | 'none' | 'conflict';

/** One facility's Patient, by the pair that every clinical key starts with. */
export interface PatientRef {
  readonly bucket: Bucket;
  readonly patient: string;
  readonly facility: FacilityId;
}

/** A Patient that is certainly in the Person's set; the only kind that `decide` accepts. */
export interface CertainPatient extends PatientRef {
  readonly certainty: 'certain';
}

export interface PatientLink {
  readonly patient: PatientRef;
  /** Person id. */
  readonly person: string;
  readonly certainty: 'certain' | 'possible';
  /** `national-id`, `steward`, … */
  readonly ground: string;
  readonly by: string;
  readonly from: Instant;
  readonly to: Instant | null;
}
