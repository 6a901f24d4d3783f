/** NK1 → RelatedPerson beside the Patient. */
import type { Reference, RelatedPerson } from 'fhir/r4';
import type { Bucket } from '../terms/bucket.ts';
import { nk1ToRelatedPerson } from './generated/nk1-related-person.ts';
import type { Reading } from './reading.ts';
import type { Run } from './run.ts';
import { sharedKey } from './shared-key.ts';

export function mapRelatives(
  relatives: readonly Reading[],
  of: { readonly patient: Reference; readonly bucket: Bucket },
  run: Run,
): void {
  for (const nk1 of relatives) {
    const relative: RelatedPerson = { resourceType: 'RelatedPerson', patient: of.patient };
    nk1ToRelatedPerson(relative, nk1, {}, run);
    const key = Object.keys(relative).length === 2 ? undefined : sharedKey(relative);
    if (key === undefined) continue;
    const { id, bucket } = run.context.ids.idOf('related-person', key, of.bucket);
    run.keep(bucket, { ...relative, id });
  }
}
