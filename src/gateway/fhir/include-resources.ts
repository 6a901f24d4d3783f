/** What comes along with a page: the targets of references that the search asked for (`_include`). */
import { permits } from '../../access/scopes.ts';
import { LIMITS } from '../../base/limits.ts';
import { parametersOf, valuesAt } from '../../search/parameters.ts';
import type { SearchQuery } from '../../search/query.ts';
import { readReference } from '../../search/values.ts';
import type { FhirCaller } from '../../terms/fhir-caller.ts';
import type { StoredResource } from '../../terms/stored-resource.ts';
import type { Gateway } from '../gateway.ts';
import { bucketOfId } from '../id-source.ts';
import { type Found, sieve } from './found.ts';
import { openTo } from './rights.ts';
import { provenancesOf } from './provenance.ts';

/** Who performed or ordered an opened result is named by it, and may be seen with it. */
const NAMED_ALONG: ReadonlySet<string> = new Set([
  'Organization',
  'Practitioner',
  'PractitionerRole',
  'Device',
  'Location',
]);

export async function includedWith(
  gateway: Gateway,
  caller: FhirCaller,
  query: SearchQuery,
  matches: readonly Found[],
): Promise<readonly Found[]> {
  const included = query.include.length === 0 ? [] : await targetsOf(gateway, caller, query, matches);
  const told =
    query.revinclude && permits(caller.scopes, 'Provenance', 's').allowed ? await provenancesOf(gateway, matches) : [];
  return [...included, ...told];
}

async function targetsOf(
  gateway: Gateway,
  caller: FhirCaller,
  { type, include }: SearchQuery,
  matches: readonly Found[],
): Promise<readonly Found[]> {
  const parameters = parametersOf(type) ?? {};
  const paths = include.flatMap((name) => parameters[name]?.paths ?? []);
  const there = new Set(matches.map(({ id }) => id));
  const wanted = new Map<string, string>();
  for (const { resource } of matches) {
    for (const value of paths.flatMap((path) => valuesAt(resource, path))) {
      const { reference } = value as { reference?: unknown };
      const target = typeof reference === 'string' ? readReference(reference) : undefined;
      if (target !== undefined && !there.has(target.id)) wanted.set(target.id, target.type);
    }
  }
  const places = [...wanted.keys()].slice(0, LIMITS.fhirIncludesMax).flatMap((id) => {
    const bucket = bucketOfId(id);
    return bucket === undefined ? [] : [{ bucket, id }];
  });
  const stored = (await gateway.store.fhir.current(places)).filter(({ id, type }) => wanted.get(id) === type);
  const along = stored.filter(({ type }) => NAMED_ALONG.has(type));
  const others = stored.filter(({ type }) => !NAMED_ALONG.has(type));
  const open = [...along, ...(await openTo(gateway, caller, others))];
  return open.flatMap((one) => scoped(gateway, caller, one));
}

/** The caller's scopes hold for what comes along too. */
function scoped(gateway: Gateway, caller: FhirCaller, stored: StoredResource): readonly Found[] {
  const { allowed, categories } = permits(caller.scopes, stored.type, 'r');
  if (!allowed) return [];
  const found = sieve(stored, { gateway, criteria: [], categories, valueSets: NO_VALUE_SETS, now: stored.lastUpdated });
  return found === undefined ? [] : [found];
}

const NO_VALUE_SETS = {
  lookup: { itemOf: () => null, isMapped: () => false, orderCodeOf: () => undefined },
  items: new Map(),
};
