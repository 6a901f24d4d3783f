/** Rows that are hard to carry: every table, every column, values that a way through lines, JSON or code pages would change. */
import type { Sql } from 'postgres';
import { TABLES } from '../../src/store/backup/table-rows.ts';

/** Of each table, or fewer where a unique index takes no more. */
export const FILLED_ROWS = 12;

/** Every row as PostgreSQL prints a composite: not the way that the backup reads. */
export async function rowsOf(sql: Sql, table: string): Promise<readonly string[]> {
  const rows = await sql.unsafe<{ row: string }[]>(`select t::text as row from "${table}" t`);
  return rows.map(({ row }) => row).toSorted();
}

/** The last number that the table's sequence gave; null where there is none. */
export async function lastGiven(sql: Sql, table: string): Promise<unknown> {
  const [sequence] = await sql.unsafe(`select pg_get_serial_sequence('${table}', 'position') as name`);
  if (sequence?.['name'] === null) return null;
  return [...(await sql.unsafe(`select last_value::text, is_called from ${String(sequence?.['name'])}`))];
}

/** Texts that a way through JSON, COPY, lines or code pages would change. */
const TEXTS = [
  '',
  'null',
  '\\N',
  '\\x41',
  '"quoted" \\back\\slash\\',
  'lines\r\nand\ttabs\u2028and\u2029separators\u0085\u0001\u001f',
  '血红蛋白 𠀀 é e\u0301 \u200f',
  '{"json": 0.0100, "e": 1E+2}',
  "it's; -- drop",
];

/** Over what travels in a page. */
const LONG = '长 long '.repeat(20_000);

/** Rows of every table with values of every column's type, chosen to be hard. */
export async function fillEveryTable(sql: Sql): Promise<void> {
  for (const table of TABLES.filter((name) => name !== 'reference_version')) {
    const columns = await sql<{ name: string; type: string; nullable: boolean; identity: boolean }[]>`
      select column_name as name, data_type as type, is_nullable = 'YES' as nullable, is_identity = 'YES' as identity
      from information_schema.columns where table_schema = 'public' and table_name = ${table} order by ordinal_position`;
    // A database of an earlier version lacks the table.
    if (columns.length === 0) continue;
    const own = columns.filter(({ identity }) => !identity);
    const casts = own.map(({ type }, index) => `$${index + 1}::text::${type}`).join(', ');
    for (let row = 0; row < FILLED_ROWS; row++) {
      const values = own.map((column, index) => hardValue(column, row, index));
      await sql.unsafe(
        `insert into "${table}" (${own.map(({ name }) => `"${name}"`).join(', ')}) values (${casts}) on conflict do nothing`,
        values,
      );
    }
  }
  await sql`update reference_version set version = 7`;
}

function hardValue(
  column: { type: string; nullable: boolean; name: string },
  row: number,
  index: number,
): string | null {
  if (column.nullable && (row + index) % 4 === 0) return null;
  const turn = row * 7 + index * 3;
  switch (column.type) {
    case 'smallint':
      return String(((turn * 331) % 65_536) - 32_768);
    case 'integer':
      return String(row % 2 === 0 ? turn : -2_147_483_648 + turn);
    case 'bigint':
      return String(row % 2 === 0 ? 9_007_199_254_740_991 - turn : turn);
    case 'boolean':
      return turn % 2 === 0 ? 'true' : 'false';
    case 'bytea':
      return `\\x${Buffer.from(Array.from({ length: row === 3 ? 90_000 : turn % 300 }, (_, place) => (place * 31 + turn) % 256)).toString('hex')}`;
    case 'timestamp with time zone':
      return new Date(Date.UTC(1899 + (turn % 300), turn % 12, 1 + (turn % 28), 0, 0, 0, turn % 1000)).toISOString();
    default:
      // Keys stay short enough for an index, and apart.
      if (['content', 'decision', 'profile', 'problems', 'comment'].includes(column.name))
        return row === 5 ? LONG : (TEXTS[turn % TEXTS.length] as string);
      return `${TEXTS[turn % TEXTS.length] as string} ${column.name} ${row}`;
  }
}
