/** Opens the store: migrates the database, then hands out its operations (`ports/store.ts`). */
import type { Clock, Timer } from '../ports/clock.ts';
import type { Keys } from '../ports/keys.ts';
import type { ReadStore } from '../ports/store-reads.ts';
import type { Store } from '../ports/store.ts';
import { type Database, openDatabase } from './driver/database.ts';
import { openSingle } from './driver/single.ts';
import { createGroupCommit } from './group-commit.ts';
import { checkSchema, migrate } from './migrate.ts';
import { createAccessStore } from './operations/access.ts';
import { asked } from './operations/asked.ts';
import { readBacklog, readLastStored } from './operations/backlog.ts';
import { pageAudit } from './operations/audit-reads.ts';
import { createGlassReads } from './operations/break-glass.ts';
import { insertAudit } from './operations/audit.ts';
import { readHead } from './operations/containers.ts';
import { createContext, type StoreContext } from './operations/context.ts';
import { createDeliveryStore } from './operations/deliveries.ts';
import { readCounts } from './operations/counts.ts';
import type { DirectoryMemory } from './operations/directory.ts';
import { candidates, entryCodes } from './operations/entries.ts';
import { channelsOf, pageEnvelopes, readFile, pendingEnvelopes } from './operations/envelopes.ts';
import { readIdentityQueue } from './operations/identity.ts';
import { createJobStore, enqueue } from './operations/jobs.ts';
import { appendLedger, createLedgerStore, latestLedger } from './operations/ledger.ts';
import { createFhirStore } from './operations/fhir-store.ts';
import { monthFigures } from './operations/month-figures.ts';
import { insertAsked, insertOffers, latestOffers, offersWithin, reliedOnRetracted } from './operations/offers.ts';
import { createIrregularityStore } from './operations/irregularities.ts';
import { createNoticeStore } from './operations/notices.ts';
import { createPastStore } from './operations/past.ts';
import { createRepeatStore } from './operations/repeats.ts';
import { createReferenceStore } from './operations/reference.ts';
import { readStanding } from './operations/standing-of.ts';
import { createUpstreamStore } from './operations/upstreams.ts';
import { createStoreTx } from './store-tx.ts';

export interface StoreSettings {
  /** `postgres://…`, or `unix:` and the path of the embedded database's socket. */
  readonly url: string;
  readonly keys: Keys;
  readonly clock: Clock;
  /** Connections for transactions, and for reads outside of them. */
  readonly lanes?: number;
  readonly readers?: number;
  /** False behind a pooler without prepared statements. */
  readonly prepare?: boolean;
  /** False while there is no room on the disk: then nothing more is written. */
  readonly hasRoom?: () => boolean;
  /** By which a server that hangs is found; absent, or with the embedded database: it is waited for. */
  readonly timer?: Timer;
}

const EMBEDDED = 'unix:';

/** Throws StoreUnavailable when the database cannot be reached, SchemaMismatch when it is another version's. */
export async function openStore(settings: StoreSettings): Promise<Store> {
  const database = connect(settings);
  try {
    await migrate(database);
  } catch (error) {
    await database.close();
    throw error;
  }
  return createStore(database, createContext(settings.keys, settings.clock));
}

/** A store whose connection lives for one request and whose memory lives on: sockets are a request's own on Workers. */
export interface RequestStore {
  readonly store: Store;
  /** Throws SchemaMismatch unless the database is at this version; nothing is migrated here. */
  readonly checkSchema: () => Promise<void>;
  /** The request is answered: waits for what it left running, then closes its connection. The next opens its own. */
  readonly release: () => Promise<void>;
}

/** Opens nothing yet. One request at a time may use it. */
export function openRequestStore(settings: StoreSettings & { readonly pooled: boolean }): RequestStore {
  const { url, prepare = true, pooled } = settings;
  const database = openSingle({ url, prepare, pooled });
  return {
    store: createStore(database, createContext(settings.keys, settings.clock)),
    checkSchema: () => checkSchema(database),
    release: () => database.release(),
  };
}

/** Without migrating. The embedded database has four connections and does one thing at a time. */
export function connect(settings: Omit<StoreSettings, 'keys' | 'clock'>): Database {
  const { url, prepare = true } = settings;
  const embedded = url.startsWith(EMBEDDED);
  return openDatabase({
    ...(embedded ? { socket: url.slice(EMBEDDED.length) } : { url }),
    prepare,
    lanes: settings.lanes ?? (embedded ? 2 : 8),
    readers: settings.readers ?? (embedded ? 2 : 4),
    ...(settings.hasRoom === undefined ? {} : { hasRoom: settings.hasRoom }),
    ...(settings.timer === undefined || embedded ? {} : { timer: settings.timer }),
  });
}

function createStore(database: Database, context: StoreContext): Store {
  const memory: DirectoryMemory = new Map();
  const recordAnswer = createGroupCommit<Parameters<Store['recordAnswer']>[0]>((records) =>
    database.transaction((tx) => {
      insertOffers(
        tx,
        context,
        records.flatMap(({ offers }) => offers),
      );
      insertAsked(
        tx,
        context,
        records.flatMap(({ asked = [] }) => asked),
      );
      appendLedger(
        tx,
        records.flatMap(({ entries }) => entries),
      );
      insertAudit(
        tx,
        context,
        records.flatMap(({ audit }) => audit),
      );
      for (const job of records.flatMap(({ jobs = [] }) => jobs)) enqueue(tx, job);
      return Promise.resolve();
    }),
  );
  return {
    transaction: (work) => database.transaction((tx) => work(createStoreTx(tx, context, memory))),
    reference: createReferenceStore(database, context),
    read: createReadStore(database, context),
    fhir: createFhirStore(database, context),
    access: createAccessStore(database),
    upstreams: createUpstreamStore(database, context),
    audit: { page: (query) => pageAudit(database, context, query), ...createGlassReads(database, context) },
    deliveries: createDeliveryStore(database),
    jobs: createJobStore(database),
    ledger: createLedgerStore(database),
    past: createPastStore(database, context),
    repeats: createRepeatStore(database, context),
    notices: createNoticeStore(database, context),
    irregularities: createIrregularityStore(database),
    recordAnswer,
    standing: () => readStanding(database),
    close: () => database.close(),
  };
}

function createReadStore(database: Database, context: StoreContext): ReadStore {
  return {
    asked: (query) => asked(database, context, query),
    candidates: (query) => candidates(database, query),
    readHead: (ref) => readHead(database, ref),
    envelopes: (page) => pageEnvelopes(database, page),
    file: (key) => readFile(database, context, key),
    channelsOf: (envelopes) => channelsOf(database, envelopes),
    pendingEnvelopes: (limit) => pendingEnvelopes(database, limit),
    identityQueue: (limit, kind) => readIdentityQueue(database, limit, kind),
    entryCodes: (of) => entryCodes(database, of),
    reliedOnRetracted: (limit) => reliedOnRetracted(database, limit),
    monthFigures: (query) => monthFigures(database, query),
    offersWithin: (query) => offersWithin(database, query),
    latestOffers: (limit) => latestOffers(database, limit),
    latestLedger: (limit) => latestLedger(database, limit),
    counts: () => readCounts(database),
    backlog: (now) => readBacklog(database, now),
    lastStored: () => readLastStored(database),
  };
}
