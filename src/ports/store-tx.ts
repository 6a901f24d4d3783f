/** What happens inside one transaction of the store: all of it or nothing. Every clinical operation names its bucket. */
import type { AuditEvent } from '../terms/audit-event.ts';
import type { BreakGlass, GlassOpening } from '../terms/break-glass.ts';
import type { Bucket } from '../terms/bucket.ts';
import type { UnmappedCode } from '../terms/code-map.ts';
import type { ContainerKind, ContainerVersion } from '../terms/container.ts';
import type { DirectoryClaim } from '../terms/directory.ts';
import type { Envelope, EnvelopeAnswer, EnvelopeOutcome } from '../terms/envelope.ts';
import type { FacilityId } from '../terms/facility.ts';
import type { Instant } from '../terms/instant.ts';
import type { JobKind } from '../terms/job.ts';
import type { KnownOrder } from '../terms/known-order.ts';
import type { LedgerEntry } from '../terms/ledger-entry.ts';
import type { MappedShared } from '../terms/mapped.ts';
import type { Notice } from '../terms/notice.ts';
import type { Offer } from '../terms/offer.ts';
import type { PatientLink, PatientRef } from '../terms/patient-link.ts';
import type { Reply } from '../terms/reply.ts';
import type { ResultEntry } from '../terms/result-entry.ts';
import type { Delivery } from '../terms/subscription.ts';
import type { StoredResource } from '../terms/stored-resource.ts';
import type { HeldJob } from './store-jobs.ts';

/** Operations inside a transaction. */
export interface StoreTx {
  /**
   * What this facility's MSH-10 was used for before: the envelope of the same bytes with its answer (its
   * receipt is counted), and whether other bytes came under it.
   */
  seenBefore(key: { facility: FacilityId; controlMac: string; digest: string }): Promise<{
    readonly resend: { id: string; outcome: EnvelopeOutcome; ack: Uint8Array } | undefined;
    readonly reused: boolean;
  }>;
  /** Inserts; on the unique key (facility, controlMac, digest) a lost race is retried as a resend. */
  insertEnvelope(envelope: Envelope): Promise<void>;
  finishEnvelope(id: string, answer: EnvelopeAnswer): Promise<void>;
  readEnvelope(id: string): Promise<(Envelope & { outcome: EnvelopeOutcome; ack: Uint8Array | null }) | undefined>;

  /**
   * Writes each claim unless its key is there, and answers what the directory holds for each, in the
   * order of the claims. Rows of kinds that head containers and patients are locked until commit,
   * in key order, so that two messages of one report take turns.
   */
  claim(claims: readonly DirectoryClaim[]): Promise<readonly DirectoryRow[]>;
  readHeads(containers: readonly ContainerRef[]): Promise<readonly ContainerVersion[]>;
  /** Recordings of a Patient that began between two instants, newest versions; this transaction's own may be missing. */
  recordingsNear(query: {
    readonly patient: PatientRef;
    readonly from: Instant;
    readonly until: Instant;
    readonly limit: number;
  }): Promise<readonly ContainerVersion[]>;
  /** Appends versions and moves the directory's head to them. */
  writeContainers(versions: readonly (ContainerVersion & { knownFrom: Instant; envelope: string })[]): Promise<void>;
  /** Reads shared resources' current texts. */
  readResources(
    refs: readonly { bucket: Bucket; id: string }[],
  ): Promise<readonly (MappedShared & { version: number })[]>;
  /** Writes a facility's shared resources whose canonical text changed; the others cost nothing. */
  writeResources(
    resources: readonly MappedShared[],
    from: { readonly facility: FacilityId; readonly at: Instant },
  ): Promise<void>;
  /** Consents about these Patients, newest versions, this transaction's own writes included; `cut`: there may be more. */
  consentsOf(
    patients: readonly PatientRef[],
    limit: number,
  ): Promise<{ readonly resources: readonly StoredResource[]; readonly cut: boolean }>;
  /** The newest version of each that is there, rows of their own locked until commit. */
  readPlaces(places: readonly Place[]): Promise<readonly StoredResource[]>;
  /** Notes business identifiers of resources; known ones cost nothing. */
  writeResourceIdentifiers(rows: readonly ResourceIdentifierRow[]): Promise<void>;
  /** The facility's resources of a type that once stated this identifier; the reader looks whether they still do. */
  findByIdentifier(query: IdentifierQuery): Promise<readonly ResourcePlace[]>;

  /** Closes the open entries of these elements (knownTo = at). */
  retireEntries(
    elements: readonly { bucket: Bucket; container: string; element: string }[],
    at: Instant,
  ): Promise<void>;
  insertEntries(entries: readonly ResultEntry[]): Promise<void>;

  /** Patients of all facilities that hold this identifier (HMAC), with their open links. */
  patientsByIdentifier(mac: string): Promise<readonly PatientRef[]>;
  /** Replaces the identifier index rows of one patient. */
  writeIdentifiers(patient: PatientRef, identifiers: readonly IdentifierRow[]): Promise<void>;
  /** Open links of a patient. */
  linksOf(patient: PatientRef): Promise<readonly PatientLink[]>;
  /** Patients certainly linked to the person, now. */
  membersOf(person: string): Promise<readonly PatientLink[]>;
  openLink(link: PatientLink): Promise<void>;
  /** Ends the open link at `to`; its history stays. */
  closeLink(patient: PatientRef, person: string, to: Instant, by: string): Promise<void>;
  /** Queues, or brings up to date what is open of this patient for the same reason. */
  queueIdentity(item: IdentityQueueItem): Promise<void>;
  /** What a steward or the queue already holds about a patient. */
  identityHistory(patient: PatientRef): Promise<{
    /** Reasons of its open items in the queue. */
    readonly openReasons: readonly string[];
    /** Its last link was ended by a steward (closeLink with another `by` than `identity`) and none is open. */
    readonly unlinkedBySteward: boolean;
  }>;
  closeIdentityItems(patient: PatientRef, at: Instant): Promise<void>;
  setOptOut(patient: PatientRef, optOut: boolean, at: Instant): Promise<void>;

  /** Notes codes that no map knows, for the mapping queue; known ones cost nothing and wait for nobody. */
  noteUnmapped(codes: readonly Omit<UnmappedCode, 'seen'>[]): Promise<void>;
  /** Re-indexes open entries of exactly these codes to their items (a change of map or catalogue; no correction). */
  reindex(changes: readonly Omit<EntryCode, 'display'>[]): Promise<number>;

  readOffer(id: string): Promise<Offer | undefined>;
  repliesOf(offer: string): Promise<readonly Reply[]>;
  insertReply(reply: Reply): Promise<void>;
  /** Ledger entries of an offer, oldest first. */
  entriesOf(offer: string): Promise<readonly LedgerEntry[]>;
  /**
   * Results of these items, of the Patient and of everybody certainly linked to it, that began after one instant and not
   * later than another; neither test data nor what was withdrawn. By time, then by element.
   */
  performed(query: {
    readonly patient: PatientRef;
    readonly items: readonly string[];
    readonly after: Instant;
    readonly until: Instant;
  }): Promise<readonly PerformedResult[]>;
  /** Appends orders that a facility told; known ones cost nothing. */
  noteKnownOrders(orders: readonly KnownOrder[]): Promise<void>;
  /** Some offer relied on a result of these reports. */
  isReliedOn(reports: readonly { readonly bucket: Bucket; readonly container: string }[]): Promise<boolean>;
  /** Open rows of these elements. */
  openEntries(
    elements: readonly Pick<ResultEntry, 'bucket' | 'container' | 'element'>[],
  ): Promise<readonly ResultEntry[]>;
  /** Ids of those that were not there: of an offer's result each change is noticed once. */
  insertNotices(notices: readonly Notice[]): Promise<readonly string[]>;
  /** Of these saving keys, those that an accepted and not revoked entry already holds. */
  savedKeys(keys: readonly string[]): Promise<readonly string[]>;
  /** Appends; refuses a second open acceptance of one saving key by a unique claim row. */
  appendLedger(entries: readonly LedgerEntry[]): Promise<void>;
  /**
   * Opens, unless an opening of the same Patient by the same channel still lasts, or the channel has opened as many since
   * then. Openings of one channel take turns until commit.
   */
  openGlass(glass: BreakGlass, bound: { readonly since: Instant; readonly max: number }): Promise<GlassOpening>;
  insertAudit(events: readonly AuditEvent[]): Promise<void>;
  /** One notification, numbered behind the last of its subscription and patient. */
  insertDelivery(
    delivery: Pick<Delivery, 'id' | 'subscription' | 'bucket' | 'patient' | 'focus' | 'at'>,
  ): Promise<void>;
  /** A dead one waits again, with a day before it. */
  reviveDelivery(id: string, at: Instant): Promise<void>;
  /** Ends a job in the transaction that does its work: then it is done once. False: another one has taken it, so roll back. */
  finishJob(job: HeldJob): Promise<boolean>;
  enqueue(job: { kind: JobKind; orderingKey: string; due: Instant; reference: string }): Promise<void>;
}

export interface PerformedResult {
  readonly item: string;
  readonly facility: FacilityId;
  readonly container: string;
  readonly version: number;
  readonly effectiveStart: Instant;
}

/** A code as open entries hold it, and the item that they stand under. */
export interface EntryCode {
  readonly facility: FacilityId;
  readonly system: string;
  readonly code: string;
  /** The LOINC code stated beside the local one. */
  readonly loinc?: string;
  readonly item: string | null;
  readonly display: string;
}

export interface DirectoryRow extends DirectoryClaim {
  /** 0 before the first version. */
  readonly headVersion: number;
  /** True when this claim wrote the row. */
  readonly fresh: boolean;
}

export interface ContainerRef {
  readonly kind: ContainerKind;
  readonly bucket: Bucket;
  readonly id: string;
}

export interface IdentifierRow {
  /** HMAC of `system|value` under the index key. */
  readonly mac: string;
  readonly keyId: string;
  /** `national-id`, `document`, `local`. */
  readonly kind: 'national-id' | 'document' | 'local';
}

/** An id of ours leads to its bucket; an element's id to its container. */
export interface Place {
  readonly bucket: Bucket;
  readonly id: string;
}

/** Where a resource is: in a container, or (container '') a row of its own. */
export interface ResourcePlace {
  readonly facility: FacilityId;
  readonly type: string;
  readonly bucket: Bucket;
  readonly id: string;
  readonly container: string;
}

export interface ResourceIdentifierRow extends ResourcePlace {
  /** HMAC of the identifier's value under the index key. */
  readonly mac: string;
  /** As stated; '' without one. */
  readonly system: string;
}

export interface IdentifierQuery {
  /** null: of every facility. */
  readonly facility: FacilityId | null;
  readonly type: string;
  readonly mac: string;
  /** Absent: whatever the system. */
  readonly system?: string;
  readonly limit: number;
}

export interface IdentityQueueItem {
  readonly id: string;
  readonly patient: PatientRef;
  readonly kind: 'conflict' | 'possible' | 'suspended';
  /** Other patients or the person concerned, ids only. */
  readonly others: readonly string[];
  readonly reason: string;
  readonly at: Instant;
}
