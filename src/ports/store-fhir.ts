/** Reads of the FHIR door: resources as stored texts. Rights are the gateway's; every read names bucket or facility. */
import type { Bucket } from '../terms/bucket.ts';
import type { FacilityId } from '../terms/facility.ts';
import type { Instant } from '../terms/instant.ts';
import type { PatientRef } from '../terms/patient-link.ts';
import type { StoredResource } from '../terms/stored-resource.ts';
import type { IdentifierQuery, Place, ResourcePlace } from './store-tx.ts';

export interface FhirStore {
  /** The newest version of each that is there, in no order. */
  current(places: readonly Place[]): Promise<readonly StoredResource[]>;
  /** Every version of one resource, the oldest first; empty when there is none. */
  versions(place: Place): Promise<readonly StoredResource[]>;
  /** What changed in one version of a container. */
  changedIn(version: Place & { readonly version: number }): Promise<readonly StoredResource[]>;
  /**
   * What is known of these Patients, newest versions only; at most `limit` containers, and as many rows, of each. `cut`: one
   * of them has as many, and there may be more.
   */
  ofPatients(query: PatientQuery): Promise<{ readonly resources: readonly StoredResource[]; readonly cut: boolean }>;
  /**
   * A facility's own resources of a type, each once, in the order in which it last changed. `rows` says how many container
   * versions or rows were looked at, and `last` where to go on when that was as many as asked for.
   */
  feed(query: FeedQuery): Promise<{
    readonly resources: readonly StoredResource[];
    readonly rows: number;
    readonly last: FeedPlace | undefined;
  }>;
  /** Places of resources that once stated this identifier. */
  byIdentifier(query: IdentifierQuery): Promise<readonly ResourcePlace[]>;
  /** A facility's Patients that hold this identifier now (identity index). */
  patientsByIdentifier(mac: string, facility: FacilityId): Promise<readonly PatientRef[]>;
  /** How each of these Patients stands to a facility, in their order. */
  standing(
    patients: readonly Pick<PatientRef, 'bucket' | 'patient'>[],
    facility: FacilityId,
  ): Promise<readonly Standing[]>;
  /** Elements of these Patients that offers to the facility for a named encounter rest on. */
  offered(query: {
    readonly patients: readonly Pick<PatientRef, 'bucket' | 'patient'>[];
    readonly facility: FacilityId;
    readonly since: Instant;
    /** Offers of this encounter only. */
    readonly encounterMac?: string;
  }): Promise<readonly string[]>;
}

export interface PatientQuery {
  readonly patients: readonly Pick<PatientRef, 'bucket' | 'patient'>[];
  readonly types: readonly string[];
  /** Observations only: those that may have one of these codes, whatever the system; absent: all. */
  readonly codes?: readonly string[];
  readonly limit: number;
}

export interface FeedQuery {
  readonly facility: FacilityId;
  readonly type: string;
  /** From here on, and before there, by the time at which the resource last changed. */
  readonly from?: Instant;
  readonly before?: Instant;
  /** Goes on with this container version or row, itself included. */
  readonly onFrom?: FeedPlace;
  readonly ascending: boolean;
  /** Containers or rows looked at. */
  readonly limit: number;
}

export interface FeedPlace {
  readonly at: Instant;
  readonly bucket: Bucket;
  readonly id: string;
  readonly version: number;
}

export interface Standing {
  readonly patient: PatientRef;
  /** All who are certainly the same human, itself first. */
  readonly set: readonly PatientRef[];
  /** Any of the set opted out. */
  readonly optedOut: boolean;
  /** Reasons of open items in the identity queue, of any of the set that belongs to the facility or is the Patient. */
  readonly openReasons: readonly string[];
}
