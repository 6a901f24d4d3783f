/** Reads the whole database as it was at one instant, while others go on writing. */
import { connect } from '../open-store.ts';
import { checkSchema, readApplied, type Applied } from '../migrate.ts';
import { type Identity, readIdentities, readTables, type TablePart } from './table-rows.ts';

/** What is handed on, in this order: the schema, every row, the identities. */
export interface BackUpTaker {
  schema(migrations: readonly Applied[]): Promise<void>;
  rows(part: TablePart): Promise<void>;
  identities(identities: readonly Identity[]): Promise<void>;
}

/**
 * One transaction that reads one snapshot and locks nothing on a server; the embedded database does nothing else meanwhile.
 * Throws SchemaMismatch unless the database is at this version, StoreUnavailable when it is lost on the way.
 */
export async function backUp(url: string, taker: BackUpTaker): Promise<void> {
  const database = connect({ url, lanes: 1, readers: 1 });
  try {
    await checkSchema(database);
    await database.transaction(async (tx) => {
      tx.send('set transaction isolation level repeatable read read only');
      await taker.schema(await readApplied(tx));
      await readTables(tx, (part) => taker.rows(part));
      await taker.identities(await readIdentities(tx));
    });
  } finally {
    await database.close();
  }
}
