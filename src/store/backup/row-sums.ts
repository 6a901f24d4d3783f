/** Rows counted and summed table by table: equal sums mean equal rows, in whatever order they were read. */
import type { TablePart } from './table-rows.ts';

export interface TableSum {
  readonly table: string;
  readonly rows: number;
  /** Sum of the rows' hashes modulo 2^128, 32 hexadecimal digits. */
  readonly sum: string;
}

export interface RowSums {
  add(part: TablePart): void;
  /** By table; a table without rows has none. */
  sums(): readonly TableSum[];
}

const MODULUS = 1n << 128n;

/** `hash`: 128 bits of a row's text as hexadecimal digits, from a hash that nobody finds two texts for. */
export function createRowSums(hash: (text: string) => string): RowSums {
  const byTable = new Map<string, { rows: number; sum: bigint }>();
  return {
    add({ table, rows }) {
      const held = byTable.get(table) ?? { rows: 0, sum: 0n };
      byTable.set(table, held);
      for (const row of rows) held.sum = (held.sum + BigInt(`0x${hash(row)}`)) % MODULUS;
      held.rows += rows.length;
    },
    sums: () =>
      [...byTable]
        .map(([table, { rows, sum }]) => ({ table, rows, sum: sum.toString(16).padStart(32, '0') }))
        .toSorted((a, b) => (a.table < b.table ? -1 : 1)),
  };
}

/** The first table whose rows are not the same on both sides. */
export function differingTable(left: readonly TableSum[], right: readonly TableSum[]): string | undefined {
  const texts = (sums: readonly TableSum[]): ReadonlyMap<string, string> =>
    new Map(sums.map(({ table, rows, sum }) => [table, `${rows} ${sum}`]));
  const [a, b] = [texts(left), texts(right)];
  return [...new Set([...a.keys(), ...b.keys()])].find((table) => a.get(table) !== b.get(table));
}
