/**
 * A FHIR search (R4 search.html): where to look, what of it is open to the caller, what satisfies every parameter,
 * in order, a page of it. What stands in an index only narrows; the resource itself decides.
 */
import { permits } from '../../access/scopes.ts';
import { LIMITS } from '../../base/limits.ts';
import { done, type Outcome, refuse } from '../../base/outcome.ts';
import { compareKeys, defaultSort, sortKeyOf } from '../../search/order.ts';
import { type Pairs, parseQuery } from '../../search/parse-query.ts';
import type { SearchQuery } from '../../search/query.ts';
import { readToken } from '../../search/values.ts';
import type { FhirCaller } from '../../terms/fhir-caller.ts';
import type { StoredResource } from '../../terms/stored-resource.ts';
import type { Gateway } from '../gateway.ts';
import { auditAccess, refuseScope } from './audit-access.ts';
import { type Cursor, readCursor, writeCursor } from './cursor.ts';
import { type Found, type Sieve, sieve } from './found.ts';
import { includedWith } from './include-resources.ts';
import { fhirRefusal } from './refusals.ts';
import { isOpened, type Opening, openTo } from './rights.ts';
import { scopeOf } from './search-scope.ts';
import { searchFeed } from './search-feed.ts';
import { valueSetsOf } from './value-sets.ts';

export interface SearchRequest {
  readonly type: string;
  readonly pairs: Pairs;
  /** Prefer: handling=lenient. */
  readonly lenient: boolean;
  /** The query as it came, for the audit. */
  readonly asked: string;
  /** True for an operation that needs all that matches at once: no page ends early. */
  readonly wholeSet?: boolean;
}

export interface SearchPage {
  readonly query: SearchQuery;
  readonly matches: readonly Found[];
  readonly included: readonly Found[];
  readonly total: number | undefined;
  /** Cursors of this page and of the next one. */
  readonly self: string;
  readonly next: string | undefined;
}

export async function searchResources(
  gateway: Gateway,
  asking: FhirCaller,
  asked: SearchRequest,
): Promise<Outcome<SearchPage>> {
  const cursorText = asked.pairs.find(([name]) => name === '_cursor')?.[1];
  const cursor = cursorText === undefined ? undefined : readCursor(gateway, asking, cursorText);
  if (cursorText !== undefined && (cursor === undefined || cursor.type !== asked.type)) {
    return refuse(fhirRefusal('gateway/bad-cursor', '_cursor'));
  }
  const request = cursor === undefined ? asked : { ...asked, ...cursor, pairs: pairsWithCount(cursor, asked) };
  const caller = cursor === undefined ? asking : { ...asking, circumstances: cursor.circumstances };

  const parsed = parseQuery(request.type, request.pairs, { lenient: request.lenient, zone: gateway.regionZone });
  if (!parsed.ok) return parsed;
  const query = request.wholeSet === true ? { ...parsed.value, count: LIMITS.fhirContainersMax * 100 } : parsed.value;
  const permission = permits(caller.scopes, query.type, 's');
  if (!permission.allowed)
    return refuseScope(gateway, caller, { action: 'search', resource: query.type, query: request.asked });
  const sets = query.criteria.filter(({ modifier }) => modifier === 'in').flatMap(({ values }) => values);
  const valueSets = valueSetsOf(sets, await gateway.reference.current());
  if (valueSets === undefined) return refuse(fhirRefusal('gateway/unknown-value-set', 'code:in'));
  const filter = {
    gateway,
    criteria: query.criteria,
    categories: permission.categories,
    valueSets,
    now: gateway.clock.now(),
  };

  const found = await pageOf(gateway, caller, { query, filter, cursor });
  if (!found.ok) {
    await audit(gateway, caller, request, { matches: [], denied: found.refusal.code });
    return found;
  }
  const { matches, total, after } = found.value;
  const shown = query.summary === 'count' ? [] : matches;
  const included = await includedWith(gateway, caller, query, shown);
  await audit(gateway, caller, request, { matches: [...shown, ...included] });
  const place: Cursor = {
    type: query.type,
    pairs: request.pairs,
    lenient: request.lenient,
    circumstances: caller.circumstances,
  };
  return done({
    query,
    matches: shown,
    included,
    total,
    self: writeCursor(gateway, caller, { ...place, ...(cursor === undefined ? {} : placeIn(cursor)) }),
    next:
      after === undefined || query.summary === 'count'
        ? undefined
        : writeCursor(gateway, caller, { ...place, ...after }),
  });
}

function placeIn({ after, feed }: Cursor): Partial<Cursor> {
  return { ...(after === undefined ? {} : { after }), ...(feed === undefined ? {} : { feed }) };
}

/** A client may ask for another page size on our link: the rest of the search stands in the cursor. */
function pairsWithCount(cursor: Cursor, asked: SearchRequest): Pairs {
  const count = asked.pairs.filter(([name]) => name === '_count');
  return count.length === 0 ? cursor.pairs : [...cursor.pairs.filter(([name]) => name !== '_count'), ...count];
}

export interface Page {
  readonly matches: readonly Found[];
  readonly total: number | undefined;
  /** Where the next page goes on; undefined: this was the last. */
  readonly after: Pick<Cursor, 'after' | 'feed'> | undefined;
}

async function pageOf(
  gateway: Gateway,
  caller: FhirCaller,
  search: { readonly query: SearchQuery; readonly filter: Sieve; readonly cursor: Cursor | undefined },
): Promise<Outcome<Page>> {
  const { query, filter, cursor } = search;
  const scope = await scopeOf(gateway, caller, query);
  switch (scope.kind) {
    case 'too-broad':
      return refuse(fhirRefusal('gateway/search-too-broad', 'query'));
    case 'feed':
      return searchFeed(gateway, caller, {
        query,
        filter,
        ...(cursor?.feed === undefined ? {} : { feed: cursor.feed }),
      });
    case 'places': {
      const stored = await gateway.store.fhir.current(scope.places);
      const open = await openTo(
        gateway,
        caller,
        stored.filter(({ type }) => type === query.type),
      );
      return done(pageFrom(gateway, search, open));
    }
    case 'patients': {
      const stored = await ofPatients(gateway, query, scope.openings);
      return stored.ok ? done(pageFrom(gateway, search, stored.value)) : stored;
    }
  }
}

/** Codes narrow the read where the registry knows them; every other parameter is judged by the resource. */
async function ofPatients(
  gateway: Gateway,
  query: SearchQuery,
  openings: readonly Opening[],
): Promise<Outcome<readonly StoredResource[]>> {
  const codes = query.type === 'Observation' ? codesOf(query) : undefined;
  const { resources, cut } = await gateway.store.fhir.ofPatients({
    patients: openings.map(({ patient }) => patient),
    types: [query.type],
    ...(codes === undefined ? {} : { codes }),
    limit: LIMITS.fhirContainersMax,
  });
  // What would not be whole is not answered.
  if (cut) return refuse(fhirRefusal('gateway/search-too-large', 'query'));
  return done(resources.filter((resource) => isOpened(resource, openings)));
}

/** Undefined when no parameter names whole codes. */
function codesOf({ criteria }: SearchQuery): readonly string[] | undefined {
  const named = criteria.find(({ name, modifier }) => name === 'code' && modifier === '');
  const codes = named?.values.map((value) => readToken(value).code);
  return codes === undefined || codes.includes('') ? undefined : codes;
}

function pageFrom(
  gateway: Gateway,
  {
    query,
    filter,
    cursor,
  }: { readonly query: SearchQuery; readonly filter: Sieve; readonly cursor: Cursor | undefined },
  stored: readonly StoredResource[],
): Page {
  const sorts = query.sort.length === 0 ? defaultSort(query.type) : query.sort;
  const keyed = stored
    .flatMap((one) => sieve(one, filter) ?? [])
    .map((found) => ({ found, key: sortKeyOf(found, sorts, gateway.regionZone) }))
    .toSorted((left, right) => compareKeys(left.key, right.key, sorts));
  const after = cursor?.after;
  const rest = after === undefined ? keyed : keyed.filter(({ key }) => compareKeys(key, after, sorts) > 0);
  const page = rest.slice(0, query.count);
  const last = page.at(-1);
  return {
    matches: page.map(({ found }) => found),
    total: query.total === 'none' ? undefined : keyed.length,
    after: last === undefined || rest.length <= page.length ? undefined : { after: last.key },
  };
}

async function audit(
  gateway: Gateway,
  caller: FhirCaller,
  request: SearchRequest,
  result: { readonly matches: readonly StoredResource[]; readonly denied?: string },
): Promise<void> {
  await auditAccess(gateway, caller, {
    action: 'search',
    resource: request.type,
    outcome: result.denied === undefined ? 'success' : 'denied',
    detail: result.denied ?? `found ${result.matches.length}`,
    query: request.asked,
    patients: result.matches.filter(({ patient }) => patient !== ''),
  });
}
