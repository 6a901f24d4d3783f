/** Gives every target its id, by the directory, and rewrites references to what they became (SETTLED 2). */
import { factsOfPatient } from '../../../identity/facts-of-patient.ts';
import type { StoreTx } from '../../../ports/store-tx.ts';
import type { FhirCaller } from '../../../terms/fhir-caller.ts';
import type { Patient } from '../../../terms/fhir.ts';
import { claimIds } from '../../claim-ids.ts';
import type { Gateway } from '../../gateway.ts';
import { bucketOfText, createMessageIds, type KnownIds, type MessageIds } from '../../id-source.ts';
import { withOwnedMeta } from './owned-meta.ts';
import type { Placed } from './placed.ts';
import { patientIn, rewriteReferences } from './references.ts';
import type { FoundReferences } from './resolve-references.ts';
import { bucketFor, type Target } from './targets.ts';

/** In the order of the targets. Throws IdsOverruled, and WriteRefused for a reference that leads nowhere. */
export async function placeTargets(
  gateway: Gateway,
  tx: StoreTx,
  caller: FhirCaller,
  input: { readonly targets: readonly Target[]; readonly found: FoundReferences; readonly known: KnownIds },
): Promise<readonly Placed[]> {
  const { targets, found, known } = input;
  const production = !caller.channel.test;
  const ids = createMessageIds(gateway.ids, { facility: caller.facility.id, production, known });
  const addresses = new Map(found.references);
  const places = new Map<Target, Pick<Placed, 'id' | 'bucket'>>();
  const place = (target: Target): void => {
    const { draft, existing } = target;
    const { id, bucket } = existing ?? propose(gateway, ids, target, addresses);
    places.set(target, { id, bucket });
    for (const address of draft.addresses) addresses.set(address, `${draft.type}/${id}`);
  };
  // Patients first: what is about them lives in their buckets.
  const isPatient = ({ draft }: Target): boolean => draft.type === 'Patient';
  targets.filter(isPatient).forEach(place);
  targets.filter((target) => !isPatient(target)).forEach(place);
  const rows = await claimIds(tx, ids, known);
  found.check(addresses);
  return targets.map((target): Placed => {
    const { id, bucket } = places.get(target) as Pick<Placed, 'id' | 'bucket'>;
    const owned = withOwnedMeta(rewriteReferences(target.draft.resource, addresses), caller.channel);
    const row = rows.get(id);
    const resource = { ...owned, resourceType: target.draft.type, id };
    return { target, id, bucket, mac: row?.mac ?? '', fresh: row?.fresh ?? false, resource };
  });
}

function propose(
  gateway: Gateway,
  ids: MessageIds,
  { draft, kind, key }: Target,
  addresses: ReadonlyMap<string, string>,
): Pick<Placed, 'id' | 'bucket'> {
  if (draft.type === 'Patient') {
    const facts = factsOfPatient(draft.resource as unknown as Patient);
    return ids.idOf(kind, key, ids.bucketOf({ facts, patientKey: key, reportKey: key }));
  }
  const patient = patientIn(draft.resource, addresses);
  return ids.idOf(
    kind,
    key,
    bucketFor(patient, () => bucketOfText(gateway.ids.index, key)),
  );
}
