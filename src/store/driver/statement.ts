/**
 * Statements made once from the drizzle tables. Rows travel as one JSON parameter, so that a statement
 * has one text, prepared once, for any number of rows (measured faster than VALUES at ten rows).
 */
import { getTableColumns, getTableName } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';

/** `e.known_from as "knownFrom", …`: the columns under the names that TypeScript has for them. */
export function columnsOf(table: PgTable, alias = ''): string {
  const prefix = alias === '' ? '' : `${alias}.`;
  return Object.entries(getTableColumns(table))
    .map(([property, column]) => `${prefix}${column.name} as "${property}"`)
    .join(', ');
}

/** `json_to_recordset($n) as r("knownFrom" timestamptz, …)` over all columns or those named. */
export function recordsOf(table: PgTable, alias: string, parameter = 1, only?: readonly string[]): string {
  const columns = Object.entries(getTableColumns(table))
    .filter(([property]) => only === undefined || only.includes(property))
    .map(([property, column]) => `"${property}" ${column.getSQLType()}`);
  return `json_to_recordset($${parameter}::text::json) as ${alias}(${columns.join(', ')})`;
}

/** Inserts the rows of one JSON parameter; identity columns are left to the database. */
export function insertOf(table: PgTable, conflict = ''): string {
  const columns = Object.entries(getTableColumns(table)).filter(([, column]) => column.generatedIdentity === undefined);
  const names = columns.map(([, column]) => column.name).join(', ');
  const values = columns.map(([property]) => `r."${property}"`).join(', ');
  return `insert into ${getTableName(table)} (${names}) select ${values} from ${recordsOf(table, 'r')} ${conflict}`.trimEnd();
}

/** A text that PostgreSQL cannot hold: NUL, or half of a surrogate pair. The value is not told. */
export class UnstorableText extends Error {
  override readonly name = 'UnstorableText';
  constructor() {
    super('a text holds NUL or half a surrogate pair — the formats have to report and replace it');
  }
}

/** The text, checked; throws UnstorableText. */
export function storable(text: string): string {
  if (text.includes('\u0000') || !text.isWellFormed()) throw new UnstorableText();
  return text;
}

const SUSPECT = /\\u(?:0000|d[89a-f])/;

/** Rows as the one JSON parameter that `recordsOf` reads; throws UnstorableText. */
export function rowsParam(rows: readonly object[]): string {
  const text = JSON.stringify(rows);
  // JSON.stringify writes exactly these as escapes; a backslash in the data may look alike, so look again.
  if (SUSPECT.test(text))
    for (const row of rows) for (const value of Object.values(row)) if (typeof value === 'string') storable(value);
  return text;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Bytes as PostgreSQL's text form of bytea, for a row that travels as JSON. */
export function byteaText(bytes: Uint8Array): string {
  let text = '\\x';
  for (const byte of bytes) text += HEX[byte];
  return text;
}

/** The driver's bytes (a Buffer on Node) as a plain array over the same memory. */
export function plainBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
