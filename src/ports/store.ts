/**
 * What the gateway needs of its database, as operations. `store/` implements it over drizzle and
 * postgres.js, for PGlite and PostgreSQL alike; `test/store/contract.ts` is its contract.
 * Personal texts pass the cipher port inside the store. Every clinical query names its bucket.
 */
import type { AskedOrder } from '../terms/asked-order.ts';
import type { AuditEvent } from '../terms/audit-event.ts';
import type { FacilityId } from '../terms/facility.ts';
import type { Instant } from '../terms/instant.ts';
import type { LedgerEntry, Seal } from '../terms/ledger-entry.ts';
import type { Offer } from '../terms/offer.ts';
import type { DeliveryStore } from './store-deliveries.ts';
import type { UpstreamStore } from './store-upstreams.ts';
import type { AuditStore } from './store-audit.ts';
import type { AccessStore } from './store-access.ts';
import type { FhirStore } from './store-fhir.ts';
import type { JobStore } from './store-jobs.ts';
import type { IrregularityStore } from './store-irregularities.ts';
import type { NoticeStore } from './store-notices.ts';
import type { PastStore } from './store-past.ts';
import type { RepeatStore } from './store-repeats.ts';
import type { ReadStore } from './store-reads.ts';
import type { ReferenceStore } from './store-reference.ts';
import type { StoreTx } from './store-tx.ts';

/** The database is gone or full: translated to 503 and to silence on MLLP. Never carries a value. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
  /** Its disk has no room: reads go on. */
  readonly full: boolean;
  constructor(message: string, options: { readonly full: boolean } = { full: false }) {
    super(message);
    this.full = options.full;
  }
}

/** What the database would say to work that came now. */
export interface Standing {
  /** A standby, or one that was told to take no writes. */
  readonly readOnly: boolean;
  /** There is no room on its disk. */
  readonly full: boolean;
  /** Its schema is the one of this version. */
  readonly schemaOfNow: boolean;
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
  readonly fhir: FhirStore;
  readonly access: AccessStore;
  readonly audit: AuditStore;
  readonly upstreams: UpstreamStore;
  readonly deliveries: DeliveryStore;
  readonly jobs: JobStore;
  readonly ledger: LedgerStore;
  readonly past: PastStore;
  readonly repeats: RepeatStore;
  readonly notices: NoticeStore;
  readonly irregularities: IrregularityStore;
  /** Writes audit events and offers so that they are durable when the promise resolves (group commit). */
  recordAnswer(record: {
    readonly audit: readonly AuditEvent[];
    readonly offers: readonly Offer[];
    readonly entries: readonly LedgerEntry[];
    /** Of a question over a channel that counts. */
    readonly asked?: readonly AskedOrder[];
    /** Left in the same transaction. */
    readonly jobs?: readonly Parameters<StoreTx['enqueue']>[0][];
  }): Promise<void>;
  /** One cheap read; where the disk was full, a write that tries again. Throws StoreUnavailable. */
  standing(): Promise<Standing>;
  close(): Promise<void>;
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
  /** The last seal of every chain that has one, by chain. */
  heads(): Promise<readonly Pick<Seal, 'chain' | 'seq' | 'seal'>[]>;
  /** Of these days and later ones, by day; the newest of a longer list. */
  anchors(query: { readonly since: string; readonly limit: number }): Promise<readonly StoredAnchor[]>;
  /** Keeps it unless the day has one. */
  putAnchor(anchor: StoredAnchor): Promise<void>;
}

export interface StoredAnchor {
  /** YYYY-MM-DD in the region's zone. */
  readonly day: string;
  readonly at: Instant;
  /** JWS. */
  readonly anchor: string;
}
