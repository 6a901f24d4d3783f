/**
 * The directory: (facility, kind, business key as HMAC) → (bucket, id). The only authority for ids
 * (DESIGN 4): two first sights at once meet here, a late ID card changes nothing.
 */
import type { Bucket } from './bucket.ts';
import type { FacilityId } from './facility.ts';
import type { IdentityFacts } from './mapped.ts';

export type DirectoryKind =
  | 'report'
  | 'recording'
  | 'loose'
  | 'patient'
  | 'person'
  | 'encounter'
  | 'service-request'
  | 'organization'
  | 'practitioner'
  | 'practitioner-role'
  | 'related-person'
  | 'location'
  | 'device'
  | 'consent'
  | 'subscription';

/** What a message asks the directory for: "this key is that id, unless you know better". */
export interface DirectoryClaim {
  readonly facility: FacilityId;
  readonly kind: DirectoryKind;
  /** HMAC of the business key under the index key, base64url. */
  readonly mac: string;
  readonly bucket: Bucket;
  readonly id: string;
}

/** Ids for one message: proposals of the id key, overruled by what the directory already holds. */
export interface IdSource {
  /**
   * The bucket that a patient, and all that hangs on it, lives in: from the strongest identifier at
   * first sight (SETTLED 2), or where the directory already holds the Patient.
   */
  bucketOf(known: { readonly facts?: IdentityFacts; readonly patientKey?: string; readonly reportKey: string }): Bucket;
  /** The bucket of a shared resource that belongs to no patient (Organization, Practitioner, …). */
  sharedBucketOf(kind: DirectoryKind, businessKey: string): Bucket;
  /** The id of a container or shared resource. `bucket` counts only at first sight. */
  idOf(kind: DirectoryKind, businessKey: string, bucket: Bucket): { readonly id: string; readonly bucket: Bucket };
  /** The id of an Observation or Specimen within its container (SETTLED 2). */
  elementIdOf(containerId: string, elementKey: string): string;
}
