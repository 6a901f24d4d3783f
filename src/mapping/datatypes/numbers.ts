/** NM and SI → FHIR whole numbers. */
import type { Reading } from '../reading.ts';
import type { Run } from '../run.ts';

export function nmToPositiveInt(
  text: string,
  run: Run,
  s: Reading,
  f: number,
  r: number,
  c: number,
): number | undefined {
  const number = /^\+?0*\d{1,9}$/.test(text) ? Number(text) : 0;
  if (number > 0) return number;
  run.problem('mapping/number-field-unreadable', 'warning', s.at(f, c, r));
  return undefined;
}
