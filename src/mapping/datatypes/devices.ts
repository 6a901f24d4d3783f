/** OBX-18 (EI): the instrument that measured. */
import type { Device } from 'fhir/r4';
import { eiToIdentifier } from '../generated/datatypes.ts';
import type { Reading } from '../reading.ts';
import type { Run } from '../run.ts';

export function eiToDevice(s: Reading, f: number, r: number, c: number, run: Run): Device | undefined {
  const identifier = eiToIdentifier(s, f, r, c, run);
  return identifier === undefined ? undefined : { resourceType: 'Device', identifier: [identifier] };
}
