/** A stored resource that was read, and whether a search and a scope let it through. */
import { type Category, isInCategory } from '../../access/scopes.ts';
import { matches } from '../../search/match.ts';
import { parametersOf } from '../../search/parameters.ts';
import type { SearchQuery } from '../../search/query.ts';
import type { Instant } from '../../terms/instant.ts';
import type { StoredResource } from '../../terms/stored-resource.ts';
import type { Gateway } from '../gateway.ts';
import { type Fields, readStored } from './present.ts';
import { type ValueSets, isInValueSet } from './value-sets.ts';

export interface Found extends StoredResource {
  readonly resource: Fields;
}

export interface Sieve {
  readonly gateway: Gateway;
  readonly criteria: SearchQuery['criteria'];
  readonly categories: readonly Category[] | undefined;
  readonly valueSets: ValueSets;
  readonly now: Instant;
}

/** Undefined when a criterion or the scope's category does not hold. */
export function sieve(
  stored: StoredResource,
  { gateway, criteria, categories, valueSets, now }: Sieve,
): Found | undefined {
  const resource = readStored(stored);
  if (categories !== undefined && !isOfCategory(stored.type, resource, categories)) return undefined;
  const context = {
    zone: gateway.regionZone,
    now,
    lastUpdated: stored.lastUpdated,
    inValueSet: (url: string) => isInValueSet(valueSets, url, stored.facility, resource),
  };
  return matches(resource, criteria, context) ? { ...stored, resource } : undefined;
}

/** What a read asks beside the rights: without categories the text is not read. */
export function isInScope(stored: StoredResource, categories: Sieve['categories']): boolean {
  return categories === undefined || isOfCategory(stored.type, readStored(stored), categories);
}

/** A scope with a category gives nothing of a type that has none. */
function isOfCategory(type: string, resource: Fields, categories: readonly Category[]): boolean {
  return parametersOf(type)?.['category'] !== undefined && isInCategory(resource, categories);
}
