/** Read, vread and history of one resource (R4 http.html#read). What is not open looks like what is not there. */
import { permits } from '../../access/scopes.ts';
import { done, type Outcome, refuse } from '../../base/outcome.ts';
import type { FhirCaller } from '../../terms/fhir-caller.ts';
import type { StoredResource } from '../../terms/stored-resource.ts';
import type { Gateway } from '../gateway.ts';
import { bucketOfId } from '../id-source.ts';
import { auditAccess, refuseScope } from './audit-access.ts';
import { isInScope } from './found.ts';
import { provenancesOf, targetOfProvenance } from './provenance.ts';
import { openTargets } from './open-targets.ts';
import { fhirRefusal } from './refusals.ts';
import { openTo } from './rights.ts';

interface Named {
  readonly type: string;
  readonly id: string;
}

export async function readResource(
  gateway: Gateway,
  caller: FhirCaller,
  named: Named,
): Promise<Outcome<StoredResource>> {
  const versions = await readOpen(gateway, caller, named, (id, bucket) =>
    // Which version a Provenance tells of stands in its id.
    named.type === 'Provenance'
      ? gateway.store.fhir.versions({ bucket, id })
      : gateway.store.fhir.current([{ bucket, id }]),
  );
  return versions.ok ? first(versions.value) : versions;
}

export async function readVersion(
  gateway: Gateway,
  caller: FhirCaller,
  named: Named & { readonly version: string },
): Promise<Outcome<StoredResource>> {
  const versions = await readOpen(gateway, caller, named, async (id, bucket) => {
    const all = await gateway.store.fhir.versions({ bucket, id });
    return all.filter(({ version }) => String(version) === named.version);
  });
  return versions.ok ? first(versions.value) : versions;
}

/** Every version, the newest first. */
export async function readHistory(
  gateway: Gateway,
  caller: FhirCaller,
  named: Named,
): Promise<Outcome<readonly StoredResource[]>> {
  const versions = await readOpen(gateway, caller, named, (id, bucket) => gateway.store.fhir.versions({ bucket, id }));
  return versions.ok ? done(versions.value.toReversed()) : versions;
}

function first(resources: readonly StoredResource[]): Outcome<StoredResource> {
  const [resource] = resources;
  return resource === undefined ? refuse(fhirRefusal('gateway/not-there', 'address')) : done(resource);
}

/** One way for all: read, judge, audit. Refused with `gateway/scope` or `gateway/not-there`. */
async function readOpen(
  gateway: Gateway,
  caller: FhirCaller,
  { type, id }: Named,
  read: (id: string, bucket: NonNullable<ReturnType<typeof bucketOfId>>) => Promise<readonly StoredResource[]>,
): Promise<Outcome<readonly StoredResource[]>> {
  const { allowed, categories } = permits(caller.scopes, type, 'r');
  if (!allowed) return refuseScope(gateway, caller, { action: 'read', resource: type });
  const target = type === 'Provenance' ? targetOfProvenance(id) : undefined;
  const place = type === 'Provenance' ? (target?.id ?? '') : id;
  const bucket = bucketOfId(place);
  const there = bucket === undefined ? [] : await read(place, bucket);
  const stored = target === undefined ? there.filter((one) => one.type === type) : there;
  // What a Provenance tells of is read by the scopes of its own type.
  const open = await (target === undefined ? openTo : openTargets)(gateway, caller, stored);
  const shown = open.filter((one) => isInScope(one, categories));
  const told =
    target === undefined
      ? shown
      : await provenancesOf(
          gateway,
          shown.filter(({ version }) => version === target.version),
        );
  await auditAccess(gateway, caller, {
    action: 'read',
    // What is no id of ours is the caller's text, and is not kept.
    resource: bucket === undefined ? type : `${type}/${id}`,
    outcome: told.length === 0 ? 'denied' : 'success',
    detail: told.length === 0 ? 'gateway/not-there' : '',
    patients: stored.filter(({ patient }) => patient !== '').slice(0, 1),
  });
  return told.length === 0 ? refuse(fhirRefusal('gateway/not-there', 'address')) : done(told);
}
