/** ID of HL7 table 0136 → boolean. */
import type { Reading } from '../reading.ts';
import type { Run } from '../run.ts';

export function idToBoolean(text: string, run: Run, s: Reading, f: number, r: number, c: number): boolean | undefined {
  const word = text.toUpperCase();
  if (word === 'Y' || word === 'YES' || word === '是') return true;
  if (word === 'N' || word === 'NO' || word === '否') return false;
  run.problem('mapping/code-unknown', 'warning', s.at(f, c, r));
  return undefined;
}
