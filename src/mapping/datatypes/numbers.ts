/** NM and SI → FHIR numbers. */
import { readNumberText } from '../values/number-text.ts';
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

/** As it was written, as text (SETTLED 1); @types/fhir calls it a number. */
export function nmToDecimal(text: string, run: Run, s: Reading, f: number, r: number, c: number): number | undefined {
  const number = readNumberText(text, 'number');
  if (number !== undefined && number.comparator === undefined && number.rest === undefined)
    return number.value as unknown as number;
  run.problem('mapping/number-field-unreadable', 'warning', s.at(f, c, r));
  return undefined;
}
