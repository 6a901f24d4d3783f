/** PV1 → Encounter, as much as a laboratory report carries. */
import type { Encounter, Reference } from 'fhir/r4';
import { joinKey } from '../base/digest.ts';
import type { Bucket } from '../terms/bucket.ts';
import { absent } from './absent.ts';
import { pv1ToEncounter } from './generated/pv1-encounter.ts';
import type { Reading } from './reading.ts';
import type { Run } from './run.ts';

/** Undefined when PV1 states nothing. The visit number makes it one Encounter for all its reports. */
export function mapEncounter(
  pv1: Reading,
  of: { readonly bucket: Bucket; readonly subject: Reference | undefined; readonly reportKey: string },
  run: Run,
): Reference | undefined {
  const encounter = { resourceType: 'Encounter' } as Encounter;
  pv1ToEncounter(encounter, pv1, {}, run);
  if (Object.keys(encounter).length === 1) return undefined;
  encounter.status ??= 'unknown';
  encounter.class ??= absent();
  if (of.subject !== undefined) encounter.subject = of.subject;
  const number = pv1.peek(19, 1, 0, 1);
  const key = number === undefined ? joinKey('report', of.reportKey) : joinKey('visit', number);
  const { id, bucket } = run.context.ids.idOf('encounter', key, of.bucket);
  run.keep(bucket, { ...encounter, id });
  return { reference: `Encounter/${id}` };
}
