/** PID-9: another name of the patient. */
import type { HumanName } from 'fhir/r4';
import { xpnToHumanName } from '../generated/datatypes.ts';
import type { Reading } from '../reading.ts';
import type { Run } from '../run.ts';

export function xpnToAlias(s: Reading, f: number, r: number, c: number, run: Run): HumanName | undefined {
  const name = xpnToHumanName(s, f, r, c, run);
  if (name !== undefined) name.use ??= 'nickname';
  return name;
}
