/**
 * `Provenance?target=Observation/[id]` (R4 provenance.html#search): of every version of the targets, or of the one that is
 * named. Who may read the target may read where it came from, and nobody else.
 */
import { permits } from '../../access/scopes.ts';
import { LIMITS } from '../../base/limits.ts';
import { done, type Outcome, refuse } from '../../base/outcome.ts';
import { type Pairs, searchRefusal } from '../../search/parse-query.ts';
import type { FhirCaller } from '../../terms/fhir-caller.ts';
import type { Gateway } from '../gateway.ts';
import { bucketOfId } from '../id-source.ts';
import { auditAccess, refuseScope } from './audit-access.ts';
import type { Found } from './found.ts';
import { provenancesOf, targetOfProvenance } from './provenance.ts';
import { fhirRefusal } from './refusals.ts';
import { openTargets } from './open-targets.ts';

interface Target {
  /** Absent: whatever the type. */
  readonly type?: string;
  readonly id: string;
  /** Absent: every version. */
  readonly version?: number;
}

const TARGET = /^(?:([A-Z][A-Za-z]{1,40})\/)?([A-Za-z0-9.-]{1,64})(?:\/_history\/([1-9]\d{0,8}))?$/;

/** Refused with `gateway/scope`, `search/not-served`, `search/bad-value`, `gateway/search-too-broad` or `-too-large`. */
export async function searchProvenance(
  gateway: Gateway,
  caller: FhirCaller,
  asked: { readonly pairs: Pairs; readonly text: string },
): Promise<Outcome<readonly Found[]>> {
  const access = { action: 'search', resource: 'Provenance', query: asked.text } as const;
  if (!permits(caller.scopes, 'Provenance', 's').allowed) return refuseScope(gateway, caller, access);
  const targets = targetsOf(asked.pairs);
  if (!targets.ok) return targets;
  const stored = await Promise.all(
    targets.value.map(async ({ type, id, version }) => {
      const bucket = bucketOfId(id);
      const versions = bucket === undefined ? [] : await gateway.store.fhir.versions({ bucket, id });
      return versions.filter(
        (one) => (type === undefined || one.type === type) && (version === undefined || one.version === version),
      );
    }),
  );
  const open = await openTargets(gateway, caller, stored.flat());
  if (open.length > LIMITS.fhirPageMax) return refuse(fhirRefusal('gateway/search-too-large', 'query'));
  const found = await provenancesOf(gateway, open.toReversed());
  await auditAccess(gateway, caller, {
    ...access,
    outcome: 'success',
    detail: `found ${found.length}`,
    patients: open.filter(({ patient }) => patient !== ''),
  });
  return done(found);
}

function targetsOf(pairs: Pairs): Outcome<readonly Target[]> {
  let targets: readonly Target[] | undefined;
  for (const [name, value] of pairs) {
    if (name === '_format' || name === '_pretty' || name === '_count') continue;
    if (name !== 'target' && name !== '_id') return searchRefusal('search/not-served', 'parameter');
    // Two parameters would have to hold both.
    if (targets !== undefined) return searchRefusal('search/too-much', 'target');
    const read = value.split(',').map((one) => (name === 'target' ? readTarget(one) : targetOfProvenance(one)));
    if (read.length > LIMITS.fhirValuesMax) return searchRefusal('search/too-much', 'target');
    const known = read.filter((one) => one !== undefined);
    // An id that is none of ours is nothing's; a target that is no reference is a mistake.
    if (name === 'target' && known.length < read.length) return searchRefusal('search/bad-value', 'target');
    targets = known;
  }
  return targets === undefined ? refuse(fhirRefusal('gateway/search-too-broad', 'target')) : done(targets);
}

function readTarget(text: string): Target | undefined {
  const [, type, id, version] = TARGET.exec(text) ?? [];
  if (id === undefined) return undefined;
  return {
    id,
    ...(type === undefined ? {} : { type }),
    ...(version === undefined ? {} : { version: Number(version) }),
  };
}
