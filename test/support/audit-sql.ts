/** `fixtures/audit.sql` as an auditor runs it, at an instant. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { openSql } from './sql.ts';

const FILE = resolve(import.meta.dirname, '../../fixtures/audit.sql');

export interface Audited {
  readonly gross_fen: number;
  readonly reversed_fen: number;
  readonly settled_fen: number;
  readonly provisional_fen: number;
  readonly net_fen: number;
  readonly missed: number;
  readonly missed_fen: number;
  readonly justified: number;
}

export async function auditBySql(sql: ReturnType<typeof openSql>, now: string): Promise<Audited> {
  const text = readFileSync(FILE, 'utf8').replace('now()', `timestamptz '${now}'`);
  const results = (await sql.unsafe(text)) as unknown as readonly (readonly Record<keyof Audited, string>[])[];
  const [row] = results.at(-1) ?? [];
  if (row === undefined) throw new Error('the audit found no row');
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value)])) as unknown as Audited;
}
