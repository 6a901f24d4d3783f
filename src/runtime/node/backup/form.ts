/**
 * A backup as a file: gzip of lines of JSON. The first names form, time, keys and schema; then come pages, one line that
 * names the table and counts the rows and one line for each of these; the last holds identities and sums, and tells a whole
 * file from a cut one.
 */
import { hash } from 'node:crypto';
import { z } from 'zod';
import type { KeyMarks } from '../../keys.ts';

const name = z.string().regex(/^[a-z_]{1,63}$/);
const mark = z.string().regex(/^[A-Za-z0-9_-]{8}$/);

export const headForm = z.strictObject({
  concordBackup: z.literal(1),
  at: z.string(),
  keys: z.strictObject({ index: mark, id: mark, pseudonym: mark, ciphers: z.array(mark).min(1).max(100) }),
  migrations: z.array(z.strictObject({ tag: z.string(), digest: z.string() })).min(1),
});
export type BackupHead = z.infer<typeof headForm>;

export const pageForm = z.strictObject({ table: name, lines: z.int().min(1).max(100_000) });

export const endForm = z.strictObject({
  identities: z.array(z.strictObject({ table: name, column: name, last: z.int() })),
  sums: z.array(z.strictObject({ table: name, rows: z.int(), sum: z.string().regex(/^[0-9a-f]{32}$/) })),
});
export type BackupEnd = z.infer<typeof endForm>;

/** The file cannot be written, or is not a whole backup: says where, never what stands there. */
export class BackupFault extends Error {
  override readonly name = 'BackupFault';
}

/** 128 bits of a row's SHA-256. */
export function hashRow(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 32);
}

/** Which of the keys at hand are not those that the backup needs; undefined when all are there. */
export function keysMissing(head: BackupHead, marks: KeyMarks): string | undefined {
  const missing = [
    ...(head.keys.index === marks.index ? [] : ['INDEX_KEY']),
    ...(head.keys.id === marks.id ? [] : ['ID_KEY']),
    ...(head.keys.pseudonym === marks.pseudonym ? [] : ['PSEUDONYM_KEY']),
    ...(head.keys.ciphers.every((one) => marks.ciphers.includes(one)) ? [] : ['CIPHER_KEY or CIPHER_KEYS_OLD']),
  ];
  return missing.length === 0 ? undefined : missing.join(', ');
}
