/** The caller's own feed: its resources of a type in the order in which they last changed, a page at a time. */
import { LIMITS } from '../../base/limits.ts';
import { done, type Outcome, refuse } from '../../base/outcome.ts';
import type { FeedQuery } from '../../ports/store-fhir.ts';
import type { SearchQuery } from '../../search/query.ts';
import { readDate } from '../../search/values.ts';
import type { FhirCaller } from '../../terms/fhir-caller.ts';
import type { Instant } from '../../terms/instant.ts';
import type { StoredResource } from '../../terms/stored-resource.ts';
import type { Gateway } from '../gateway.ts';
import type { Cursor } from './cursor.ts';
import { type Found, type Sieve, sieve } from './found.ts';
import { fhirRefusal } from './refusals.ts';
import type { Page } from './search-resources.ts';

/** Rows read at a time. */
const ROWS = 200;
/** What a count may look at; beyond it the total is left out. */
const COUNTED_MAX = 50_000;

/** Ends a page early, with a next link, after `LIMITS.fhirFeedScanMax` rows that held nothing to show. */
export async function searchFeed(
  gateway: Gateway,
  caller: FhirCaller,
  search: { readonly query: SearchQuery; readonly filter: Sieve; readonly feed?: Cursor['feed'] },
): Promise<Outcome<Page>> {
  const { query, filter } = search;
  const [sort = { by: '_lastUpdated', descending: true }, ...more] = query.sort;
  if (sort.by !== '_lastUpdated' || more.some(({ by }) => by === 'date')) {
    return refuse(fhirRefusal('gateway/feed-order', '_sort'));
  }
  const base: FeedQuery = {
    facility: caller.facility.id,
    type: query.type,
    ascending: !sort.descending,
    limit: ROWS,
    ...boundsOf(query, gateway.regionZone),
  };
  const counts = query.summary === 'count' || query.total === 'accurate';
  const total = counts ? await countFeed(gateway, base, filter) : undefined;
  if (query.summary === 'count') return done({ matches: [], total, after: undefined });
  return done({ ...(await readPage(gateway, base, { ...search, wanted: query.count })), total });
}

async function readPage(
  gateway: Gateway,
  base: FeedQuery,
  search: { readonly filter: Sieve; readonly feed?: FeedCursor | undefined; readonly wanted: number },
): Promise<Pick<Page, 'matches' | 'after'>> {
  const matches: Found[] = [];
  let seen = 0;
  for await (const { resources, rows, on } of walk(gateway, base, search.feed)) {
    for (const stored of resources) {
      const found = sieve(stored, search.filter);
      if (found === undefined) continue;
      const last = matches.at(-1);
      if (last !== undefined && matches.length === search.wanted) return { matches, after: { feed: behind(last) } };
      matches.push(found);
    }
    seen += rows;
    if (on !== undefined && seen >= LIMITS.fhirFeedScanMax) return { matches, after: { feed: on } };
  }
  return { matches, after: undefined };
}

/** Undefined when there is more than may be looked at. */
async function countFeed(gateway: Gateway, base: FeedQuery, filter: Sieve): Promise<number | undefined> {
  let count = 0;
  let seen = 0;
  for await (const { resources, rows } of walk(gateway, base, undefined)) {
    count += resources.filter((stored) => sieve(stored, filter) !== undefined).length;
    seen += rows;
    if (seen > COUNTED_MAX) return undefined;
  }
  return count;
}

type FeedCursor = NonNullable<Cursor['feed']>;

interface Stretch {
  readonly resources: readonly StoredResource[];
  readonly rows: number;
  /** Where the feed goes on behind this stretch; undefined: it ends here. */
  readonly on: FeedCursor | undefined;
}

/** The feed from a place on, stretch by stretch. What stands at the place itself goes on behind its element. */
async function* walk(gateway: Gateway, base: FeedQuery, start: FeedCursor | undefined): AsyncGenerator<Stretch> {
  let from = start;
  for (;;) {
    const read = await gateway.store.fhir.feed(from === undefined ? base : { ...base, onFrom: from });
    const known = from;
    const resources = read.resources.filter((stored) => known === undefined || isBehind(stored, known));
    const on = read.rows < ROWS || read.last === undefined ? undefined : { ...read.last, element: LAST_ELEMENT };
    yield { resources, rows: read.rows, on };
    if (on === undefined) return;
    from = on;
  }
}

/** Behind every id: the row has been looked at whole. */
const LAST_ELEMENT = '~';

function isBehind(stored: StoredResource, known: FeedCursor): boolean {
  const isSameRow = (stored.container || stored.id) === known.id && stored.containerVersion === known.version;
  return !isSameRow || stored.id > known.element;
}

function behind(last: StoredResource): FeedCursor {
  const { bucket, containerVersion: version, id: element } = last;
  return { at: last.lastUpdated, bucket, id: last.container || element, version, element };
}

/** What `_lastUpdated` says of the time, as far as the index can use it; the resource decides in the end. */
function boundsOf({ criteria }: SearchQuery, zone: string): Partial<Pick<FeedQuery, 'from' | 'before'>> {
  let from: string | undefined;
  let before: string | undefined;
  for (const { name, modifier, values } of criteria) {
    const [value, ...others] = values;
    const date =
      name === '_lastUpdated' && modifier === '' && value !== undefined && others.length === 0
        ? readDate(value, zone)
        : undefined;
    if (date === undefined) continue;
    const behind = new Date(Date.parse(date.end) + 1).toISOString();
    if (['ge', 'gt', 'sa', 'eq'].includes(date.prefix)) from = later(from, date.start);
    if (['le', 'lt', 'eb', 'eq'].includes(date.prefix)) before = earlier(before, behind);
  }
  return {
    ...(from === undefined ? {} : { from: from as Instant }),
    ...(before === undefined ? {} : { before: before as Instant }),
  };
}

function later(known: string | undefined, bound: string): string {
  return known === undefined || bound > known ? bound : known;
}

function earlier(known: string | undefined, bound: string): string {
  return known === undefined || bound < known ? bound : known;
}
