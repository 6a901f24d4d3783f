/** Puts a backup into an empty database, in one transaction: all of it, compared with what was read, or nothing. */
import type { TxSession } from '../driver/database.ts';
import { StoreFault } from '../driver/fault.ts';
import {
  type Applied,
  applyMigrations,
  knowsMigrations,
  readApplied,
  sameMigrations,
  SchemaMismatch,
} from '../migrate.ts';
import { connect } from '../open-store.ts';
import { createRowSums, differingTable, type TableSum } from './row-sums.ts';
import { standingTables, type Identity, readTables, type TablePart, TABLES } from './table-rows.ts';

export interface Backup {
  readonly migrations: readonly Applied[];
  /** From the first row to the last; called anew when the database asks for another attempt. */
  rows(): AsyncIterable<TablePart>;
  /** Known once all rows were read. */
  end(): { readonly identities: readonly Identity[]; readonly sums: readonly TableSum[] };
}

/** The database holds something already, or does not hold what the backup has. */
export class RestoreFault extends Error {
  override readonly name = 'RestoreFault';
}

/** Characters of rows that go in with one statement. */
const STATEMENT_CHARACTERS = 1_000_000;

/**
 * An older version's backup goes into the schema that it was made of, which then is brought up to this version. Throws
 * RestoreFault, SchemaMismatch for the backup of a newer version, StoreUnavailable. `hash`: see `createRowSums`.
 */
export async function restore(
  url: string,
  backup: Backup,
  hash: (text: string) => string,
): Promise<readonly TableSum[]> {
  if (!knowsMigrations(backup.migrations))
    throw new SchemaMismatch(
      'the backup was made by another version than those this one came from — restore it by that',
    );
  const database = connect({ url, lanes: 1, readers: 1 });
  try {
    return await database.transaction(async (tx) => {
      await prepareSchema(tx, backup.migrations);
      for await (const part of backup.rows()) await insertRows(tx, part);
      const { identities, sums } = backup.end();
      await setIdentities(tx, identities);
      const held = createRowSums(hash);
      await readTables(tx, (part) => Promise.resolve(held.add(part)));
      const differing = differingTable(held.sums(), sums);
      if (differing !== undefined)
        throw new RestoreFault(`the table ${differing} does not hold what the backup has — nothing was restored`);
      await applyMigrations(tx);
      return sums;
    });
  } finally {
    await database.close();
  }
}

async function prepareSchema(tx: TxSession, migrations: readonly Applied[]): Promise<void> {
  const applied = await readApplied(tx);
  if (applied.length === 0) await applyMigrations(tx, migrations.length);
  else if (!sameMigrations(applied, migrations))
    throw new RestoreFault('the database is of another version than the backup — restore into a new, empty one');
  for (const table of await standingTables(tx)) {
    // A migration lays one row: the version of the reference tables, 0 as long as none was changed.
    const condition = table === 'reference_version' ? 'where version > 0' : '';
    const [row] = await tx.run<{ taken: boolean }>(`select exists (select 1 from "${table}" ${condition}) as taken`);
    if (row?.taken === true)
      throw new RestoreFault(
        `the database is not empty (${table}) — restore into a new, empty one; nothing was changed`,
      );
  }
  await tx.run('delete from reference_version');
}

async function insertRows(tx: TxSession, { table, rows }: TablePart): Promise<void> {
  if (!TABLES.includes(table)) throw new RestoreFault('the backup names a table that this version does not have');
  let batch: string[] = [];
  let characters = 0;
  const send = async (): Promise<void> => {
    if (batch.length === 0) return;
    await insertBatch(tx, table, batch);
    batch = [];
    characters = 0;
  };
  for (const row of rows) {
    if (characters + row.length > STATEMENT_CHARACTERS) await send();
    batch.push(row);
    characters += row.length;
  }
  await send();
}

async function insertBatch(tx: TxSession, table: string, rows: readonly string[]): Promise<void> {
  try {
    await tx.run(
      `insert into "${table}" overriding system value
       select * from json_populate_recordset(null::"${table}", $1::text::json)`,
      [`[${rows.join(',')}]`],
    );
  } catch (error) {
    if (!(error instanceof StoreFault)) throw error;
    throw new RestoreFault(`a row is none of the table ${table} — the backup is damaged; nothing was restored`);
  }
}

async function setIdentities(tx: TxSession, identities: readonly Identity[]): Promise<void> {
  for (const { table, column, last } of identities) {
    if (!TABLES.includes(table)) throw new RestoreFault('the backup names a table that this version does not have');
    await tx.run('select setval(pg_get_serial_sequence($1, $2), $3)', [table, column, last]);
  }
}
