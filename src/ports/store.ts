/**
 * What the gateway needs of its database, as operations. `store/` implements it over drizzle and
 * postgres.js, for PGlite and PostgreSQL alike; `test/store/contract.ts` is its contract.
 * Personal texts pass the cipher port inside the store. Every clinical query names its bucket.
 */
import type { AuditEvent } from '../terms/audit-event.ts';
import type { Bucket } from '../terms/bucket.ts';
import type { Catalogue } from '../terms/catalogue.ts';
import type { Channel, ChannelId } from '../terms/channel.ts';
import type { CodeMapRow, UnmappedCode } from '../terms/code-map.ts';
import type { ContainerKind, ContainerVersion } from '../terms/container.ts';
import type { Decision, Verdict } from '../terms/decision.ts';
import type { DirectoryClaim } from '../terms/directory.ts';
import type { Envelope, EnvelopeAnswer, EnvelopeOutcome } from '../terms/envelope.ts';
import type { Facility, FacilityId } from '../terms/facility.ts';
import type { Patient } from '../terms/fhir.ts';
import type { Instant } from '../terms/instant.ts';
import type { Job, JobKind } from '../terms/job.ts';
import type { LedgerEntry, Seal } from '../terms/ledger-entry.ts';
import type { MappedShared } from '../terms/mapped.ts';
import type { Offer } from '../terms/offer.ts';
import type { PatientLink, PatientRef } from '../terms/patient-link.ts';
import type { Reply, ReplyOutcome } from '../terms/reply.ts';
import type { ResultEntry } from '../terms/result-entry.ts';

/** The database is gone or full: translated to 503 and to silence on MLLP. Never carries a value. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

export interface Store {
  /**
   * One transaction: all of `work` or nothing. Retried from its start on serialisation failure,
   * deadlock and lost unique races (at most 5 times), so `work` must be repeatable.
   * Throws StoreUnavailable when the database cannot be reached.
   */
  transaction<T>(work: (tx: StoreTx) => Promise<T>): Promise<T>;
  readonly reference: ReferenceStore;
  readonly read: ReadStore;
  readonly jobs: JobStore;
  readonly ledger: LedgerStore;
  /** Writes audit events and offers so that they are durable when the promise resolves (group commit). */
  recordAnswer(record: {
    readonly audit: readonly AuditEvent[];
    readonly offers: readonly Offer[];
    readonly entries: readonly LedgerEntry[];
  }): Promise<void>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

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
  /** Appends versions and moves the directory's head to them. */
  writeContainers(versions: readonly (ContainerVersion & { knownFrom: Instant; envelope: string })[]): Promise<void>;
  /** Reads shared resources' current texts. */
  readResources(
    refs: readonly { bucket: Bucket; id: string }[],
  ): Promise<readonly (MappedShared & { version: number })[]>;
  /** Writes shared resources whose canonical text changed; the others cost nothing. */
  writeResources(resources: readonly MappedShared[], at: Instant): Promise<void>;

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
  /** Of these saving keys, those that an accepted and not revoked entry already holds. */
  savedKeys(keys: readonly string[]): Promise<readonly string[]>;
  /** Appends; refuses a second open acceptance of one saving key by a unique claim row. */
  appendLedger(entries: readonly LedgerEntry[]): Promise<void>;
  insertAudit(events: readonly AuditEvent[]): Promise<void>;
  enqueue(job: { kind: JobKind; orderingKey: string; due: Instant; reference: string }): Promise<void>;
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

export interface IdentityQueueItem {
  readonly id: string;
  readonly patient: PatientRef;
  readonly kind: 'conflict' | 'possible' | 'suspended';
  /** Other patients or the person concerned, ids only. */
  readonly others: readonly string[];
  readonly reason: string;
  readonly at: Instant;
}

/** Reads outside transactions, prepared once. */
export interface ReadStore {
  /**
   * A question in one read: the facility's own Patient by its directory key (undefined: not known), who is
   * certainly the same human, and the open entries of all of them for these items, newest effective first.
   */
  asked(query: {
    readonly facility: FacilityId;
    readonly mac: string;
    readonly items: readonly string[];
    readonly since: Instant;
    readonly limit: number;
  }): Promise<Asked | undefined>;
  /** Open entries of these pairs and items, newest effective first; one query. */
  candidates(query: {
    pairs: readonly PatientRef[];
    items: readonly string[];
    since: Instant;
    limit: number;
  }): Promise<readonly ResultEntry[]>;
  readHead(ref: ContainerRef): Promise<ContainerVersion | undefined>;
  envelopes(page: { limit: number; outcome?: EnvelopeOutcome; before?: string }): Promise<readonly EnvelopeSummary[]>;
  /** Accepted envelopes that no job will take up, the oldest first. */
  pendingEnvelopes(limit: number): Promise<readonly string[]>;
  /** Open items, of one kind or of all: conflicts first, then suspended links, then possible matches. */
  identityQueue(limit: number, kind?: IdentityQueueItem['kind']): Promise<readonly IdentityQueueItem[]>;
  /** Offers that relied on a result that has since been retracted (SETTLED 20), the newest first. */
  reliedOnRetracted(limit: number): Promise<readonly Reliance[]>;
  /** The newest first, with the last reply to each. */
  latestOffers(limit: number): Promise<readonly OfferSummary[]>;
  /** The newest first, of all chains, with their places where they are sealed. */
  latestLedger(limit: number): Promise<readonly LedgerLine[]>;
  /** Codes of the open entries: of all, or of those that have one of these codes, local or LOINC. */
  entryCodes(of?: readonly { facility: FacilityId; code: string }[]): Promise<readonly EntryCode[]>;
  counts(): Promise<Counts>;
}

export interface Asked {
  readonly ref: PatientRef;
  /** The Patient as the facility now states it. */
  readonly resource: Patient;
  /** The Patient first, then the others that are certainly linked to its Person. */
  readonly set: readonly PatientRef[];
  /** Reasons of the Patient's open items in the identity queue. */
  readonly openReasons: readonly string[];
  /** Any of the set opted out. */
  readonly optedOut: boolean;
  readonly entries: readonly ResultEntry[];
}

export interface EnvelopeSummary {
  readonly id: string;
  readonly facility: FacilityId;
  readonly receivedAt: Instant;
  readonly outcome: EnvelopeOutcome;
  readonly resultsIn: number;
  readonly resultsStored: number;
  readonly problems: number;
  readonly receipts: number;
}

/** One offer as a line: no person, no value. */
export interface OfferSummary {
  readonly id: string;
  readonly at: Instant;
  /** Who asked. */
  readonly facility: FacilityId;
  /** The ordered panel or item; '' when its code is not mapped. */
  readonly target: string;
  readonly verdict: Verdict;
  readonly coverage: Decision['coverage'];
  readonly lastReply: ReplyOutcome | null;
}

/** One result that an offer relied on, by its element. */
export interface Reliance {
  readonly offer: string;
  readonly at: Instant;
  /** Who asked. */
  readonly facility: FacilityId;
  readonly item: string;
  readonly container: string;
  readonly element: string;
}

export interface LedgerLine {
  readonly entry: LedgerEntry;
  /** Its place in the chain, and its hash as sealed; null: not sealed yet. */
  readonly seal: { readonly seq: number; readonly entryHash: string } | null;
}

/** Numbers for the page and the demo's print; no person's data. */
export interface Counts {
  readonly envelopes: Readonly<Record<EnvelopeOutcome, number>>;
  readonly receipts: number;
  readonly resultsIn: number;
  readonly resultsStored: number;
  readonly resultProblems: number;
  readonly patients: number;
  readonly persons: number;
  readonly offers: number;
  readonly accepted: number;
  readonly refused: number;
  readonly revoked: number;
  readonly savedFen: number;
  readonly acceptedWithoutAmount: number;
  readonly ledgerEntries: number;
  readonly sealedEntries: number;
}

/** Facilities, channels, maps and the catalogue: small, read whole, cached by the gateway by version. */
export interface ReferenceStore {
  /** Grows by one with every change below; a cheap read that tells whether caches are stale. */
  version(): Promise<number>;
  facilities(): Promise<readonly Facility[]>;
  putFacility(facility: Facility): Promise<void>;
  channels(): Promise<readonly StoredChannel[]>;
  /**
   * Reads all channels, writes the one that `decide` makes of them and answers it; undefined writes nothing.
   * Changes take turns, so that two at once never both find a door free. `decide` may be run again.
   */
  changeChannel(
    decide: (channels: readonly StoredChannel[]) => StoredChannel | undefined,
  ): Promise<StoredChannel | undefined>;
  codeMap(): Promise<readonly CodeMapRow[]>;
  putCodeMap(rows: readonly CodeMapRow[]): Promise<void>;
  unmapped(facility: FacilityId | null): Promise<readonly UnmappedCode[]>;
  activeCatalogue(): Promise<Catalogue | undefined>;
  putCatalogue(catalogue: Catalogue, at: Instant): Promise<void>;
}

export interface StoredChannel extends Channel {
  /** SHA-256 of the client secret (≥ 256 random bits), base64url; null for mllp and folder. */
  readonly secretHash: string | null;
  readonly revokedAt: Instant | null;
}

export interface JobStore {
  /** Takes due jobs, at most one per ordering key, leased until `leaseUntil` (SKIP LOCKED). */
  take(now: Instant, leaseUntil: Instant, kinds: readonly JobKind[], limit: number): Promise<readonly Job[]>;
  finish(id: string): Promise<void>;
  retry(id: string, due: Instant): Promise<void>;
}

export interface LedgerStore {
  /**
   * Takes the chain's lease, hands over the last seal and the unsealed entries (oldest first), and
   * appends the seals that `chain` returns, all in one transaction. False when another sealer holds it.
   */
  seal(
    chain: FacilityId,
    limit: number,
    seal: (last: Seal | undefined, entries: readonly LedgerEntry[]) => readonly Seal[],
  ): Promise<{ sealed: number } | false>;
  chains(): Promise<readonly FacilityId[]>;
  /** Seals by ascending place with their entries (undefined: the ledger has no such entry); paged. */
  page(
    chain: FacilityId,
    afterSeq: number,
    limit: number,
  ): Promise<readonly { entry: LedgerEntry | undefined; seal: Seal }[]>;
  /** Oldest first. */
  unsealed(chain: FacilityId): Promise<readonly LedgerEntry[]>;
}

export type { ChannelId };
