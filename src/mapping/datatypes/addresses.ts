/** XAD.1 (SAD) as a line: dwelling number and street before the street address when they stand apart. */
import type { Reading } from '../reading.ts';

export function xadToLine(s: Reading, f: number, r: number, c: number): string | undefined {
  if (c !== 0) return s.part(f, r, c, 1);
  const [street, name, dwelling] = [s.part(f, r, 1, 1), s.part(f, r, 1, 2), s.part(f, r, 1, 3)];
  const line = street ?? [dwelling, name].filter((part) => part !== undefined).join(' ');
  return line === '' ? undefined : line;
}
