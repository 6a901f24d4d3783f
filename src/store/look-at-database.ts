/** What a database is like, told without a gateway: for an operator who wants to know why one does not start, or should not. */
import type { Instant } from '../terms/instant.ts';
import type { Database } from './driver/database.ts';
import { knowsMigrations, readApplied, sameMigrations, schemaOfNow } from './migrate.ts';
import { connect } from './open-store.ts';

export interface DatabaseFacts {
  /** `behind`: `concord migrate` brings it up. `unknown`: of a newer version, or somebody else's. */
  readonly schema: 'current' | 'empty' | 'behind' | 'unknown';
  /** The database's clock. */
  readonly now: Instant;
  readonly encoding: string;
  readonly readOnly: boolean;
  /** Settings by which what is committed is not on the disk yet. */
  readonly notDurable: readonly string[];
  /** Marks of the keys that rows were written with; none where there are no rows. */
  readonly indexKeys: readonly string[];
  readonly cipherKeys: readonly string[];
  /** Of the newest message. */
  readonly newest: Instant | null;
}

const SERVER = `select clock_timestamp()::timestamptz(3) as now, current_setting('server_encoding') as encoding,
  pg_is_in_recovery() or current_setting('default_transaction_read_only')::boolean as "readOnly",
  current_setting('fsync') as fsync, current_setting('full_page_writes') as "fullPageWrites",
  current_setting('synchronous_commit') as "synchronousCommit"`;

/** Oldest and newest by their indexes: rows of a key that was exchanged lie at one end. */
const SAMPLE = 200;
const INDEX_KEYS = `select distinct key_id as mark from (select key_id from identifier order by mac limit ${SAMPLE}) s`;
const CIPHER_KEYS = `select distinct key_id as mark from (
  (select key_id from envelope order by received_at desc nulls first, id desc nulls first limit ${SAMPLE}) union all
  (select key_id from envelope order by received_at asc nulls last, id asc nulls last limit ${SAMPLE})) s`;
const NEWEST = 'select max(received_at) as newest from envelope';

/** Changes nothing. Throws StoreUnavailable. */
export async function lookAtDatabase(url: string): Promise<DatabaseFacts> {
  const database = connect({ url, lanes: 1, readers: 1 });
  try {
    const [server] = await database.run<{
      now: Instant;
      encoding: string;
      readOnly: boolean;
      fsync: string;
      fullPageWrites: string;
      synchronousCommit: string;
    }>(SERVER);
    if (server === undefined) throw new Error('a query of settings gave no row');
    const { now, encoding, readOnly, fsync, fullPageWrites, synchronousCommit } = server;
    const schema = await schemaState(database);
    const rows = schema === 'current' ? await lookAtRows(database) : { indexKeys: [], cipherKeys: [], newest: null };
    const durable = { fsync, full_page_writes: fullPageWrites, synchronous_commit: synchronousCommit };
    const notDurable = Object.entries(durable).flatMap(([name, value]) => (value === 'off' ? [name] : []));
    return { schema, now, encoding, readOnly, notDurable, ...rows };
  } finally {
    await database.close();
  }
}

async function schemaState(database: Database): Promise<DatabaseFacts['schema']> {
  const applied = await readApplied(database);
  if (applied.length === 0) return 'empty';
  if (sameMigrations(applied, schemaOfNow)) return 'current';
  return knowsMigrations(applied) ? 'behind' : 'unknown';
}

async function lookAtRows(database: Database): Promise<Pick<DatabaseFacts, 'indexKeys' | 'cipherKeys' | 'newest'>> {
  const marks = async (text: string): Promise<readonly string[]> =>
    (await database.run<{ mark: string }>(text)).map(({ mark }) => mark);
  const [newest] = await database.run<{ newest: Instant | null }>(NEWEST);
  return { indexKeys: await marks(INDEX_KEYS), cipherKeys: await marks(CIPHER_KEYS), newest: newest?.newest ?? null };
}
