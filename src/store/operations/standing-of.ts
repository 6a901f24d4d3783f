/** What the database would say to work that came now. */
import { StoreUnavailable, type Standing } from '../../ports/store.ts';
import type { Database } from '../driver/database.ts';
import { StoreFault } from '../driver/fault.ts';
import { isSchemaOfNow } from '../migrate.ts';

const LOOK = `select pg_is_in_recovery() or current_setting('transaction_read_only')::boolean as "readOnly",
  (select string_agg(tag || ' ' || digest, ',' order by tag collate "C") from concord_migration) as migrations`;

/** A megabyte that is gone at once, where tables grow: small writes find room in pages that are there. */
const GROW = `create temporary table concord_room on commit drop as
  select n, md5(n::text) as filler from generate_series(1, 16384) n`;

export async function readStanding(database: Database): Promise<Standing> {
  try {
    const [looked] = await database.run<{ readOnly: boolean; migrations: string | null }>(LOOK);
    const readOnly = looked?.readOnly === true;
    return {
      readOnly,
      schemaOfNow: isSchemaOfNow(looked?.migrations ?? ''),
      full: !readOnly && (await isFull(database)),
    };
  } catch (error) {
    // No such table: somebody has taken the schema away.
    if (error instanceof StoreFault) return { readOnly: false, schemaOfNow: false, full: false };
    throw error;
  }
}

async function isFull(database: Database): Promise<boolean> {
  if (!database.isFull()) return false;
  try {
    await database.transaction((tx) => tx.run(GROW));
  } catch (error) {
    if (error instanceof StoreUnavailable && error.full) return true;
    // A role that may not make temporary tables: the next message finds out.
    if (!(error instanceof StoreFault)) throw error;
  }
  database.foundRoom();
  return false;
}
