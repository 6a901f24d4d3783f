/** Every row of every table as one line of JSON, as the database itself writes it: the same text on both databases. */
import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core';
import type { TxSession } from '../driver/database.ts';
import * as clinical from '../schema/clinical-tables.ts';
import * as ledger from '../schema/ledger-tables.ts';
import * as path from '../schema/path-tables.ts';
import * as reference from '../schema/reference-tables.ts';

/** Some rows of one table; those of a table follow one another. */
export interface TablePart {
  readonly table: string;
  /** JSON objects, one line each. */
  readonly rows: readonly string[];
}

/** Rows of one round trip, and the characters from which a row travels alone: a page stays below 16 MB. */
const PAGE_ROWS = 256;
const LONE_ROW = 65_536;

export const TABLES: readonly string[] = [clinical, ledger, path, reference]
  .flatMap((tables): PgTable[] => Object.values(tables))
  .map((table) => getTableConfig(table).name)
  .toSorted();

/** Settings by which PostgreSQL and PGlite write equal values as equal texts; for the transaction only. */
const WRITING = ['bytea_output = hex', "timezone = 'UTC'", "datestyle = 'ISO, YMD'"];

/** Hands on all rows that the transaction sees, a page at a time. */
export async function readTables(tx: TxSession, take: (part: TablePart) => Promise<void>): Promise<void> {
  for (const setting of WRITING) tx.send(`set local ${setting}`);
  for (const table of await standingTables(tx)) {
    tx.send(`declare rows no scroll cursor for
      select case when length(line) < ${LONE_ROW} then line end as line, place
      from (select row_to_json(t)::text as line, t.ctid::text as place from "${table}" t offset 0) s`);
    for (;;) {
      const page = await tx.run<{ line: string | null; place: string }>(`fetch ${PAGE_ROWS} from rows`);
      for (const rows of [page.flatMap(({ line }) => line ?? [])]) if (rows.length > 0) await take({ table, rows });
      for (const { line, place } of page)
        if (line === null) await take({ table, rows: [await rowAt(tx, table, place)] });
      if (page.length < PAGE_ROWS) break;
    }
    await tx.run('close rows');
  }
}

/** Those of `TABLES` that the database has: one of an earlier version has fewer. */
export async function standingTables(tx: TxSession): Promise<readonly string[]> {
  const rows = await tx.run<{ table: string }>(
    `select t.name as "table" from json_array_elements_text($1::text::json) as t(name)
     where to_regclass(quote_ident(t.name)) is not null order by t.name collate "C"`,
    [JSON.stringify(TABLES)],
  );
  return rows.map(({ table }) => table);
}

/** A row's place does not change while the transaction looks at it. */
async function rowAt(tx: TxSession, table: string, place: string): Promise<string> {
  const [row] = await tx.run<{ line: string }>(
    `select row_to_json(t)::text as line from "${table}" t where t.ctid = $1::text::tid`,
    [place],
  );
  if (row === undefined) throw new Error('a row is gone that the transaction saw');
  return row.line;
}

/** An identity column, and the last number that it gave: numbers that were given are not given again. */
export interface Identity {
  readonly table: string;
  readonly column: string;
  readonly last: number;
}

/** Those that have given any number yet. */
export async function readIdentities(tx: TxSession): Promise<readonly Identity[]> {
  const columns = await tx.run<{ table: string; column: string; sequence: string }>(
    `select c.relname as "table", a.attname as "column", pg_get_serial_sequence(quote_ident(c.relname), a.attname) as sequence
     from pg_attribute a join pg_class c on c.oid = a.attrelid
     where a.attidentity <> '' and c.relnamespace = current_schema()::regnamespace order by 1, 2`,
  );
  const given: Identity[] = [];
  for (const { table, column, sequence } of columns) {
    const [state] = await tx.run<{ last: number; called: boolean }>(
      `select last_value as last, is_called as called from ${sequence}`,
    );
    if (state?.called === true && TABLES.includes(table)) given.push({ table, column, last: state.last });
  }
  return given;
}
