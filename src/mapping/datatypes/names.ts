/** XPN.1 as a family name: FN.1; a name sent in one piece (`张三` in XPN.1) stays one piece. */
import type { Reading } from '../reading.ts';

export function xpnToFamily(s: Reading, f: number, r: number, c: number): string | undefined {
  // FN.2 to 5 tell how the surname is made up; FN.1 is the surname.
  return c === 0 ? s.part(f, r, 1, 1) : s.part(f, r, c, 1);
}
