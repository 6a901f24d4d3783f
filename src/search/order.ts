/** The order of a search's answer, total and stable, as keys that a cursor can carry. */
import type { Interval } from '../base/date-interval.ts';
import { intervalOfValue } from './match-date.ts';
import { MAIN_DATE, parametersOf, valuesAt } from './parameters.ts';
import type { Sort } from './query.ts';

/** What is compared, in the order of the sorts, and the id last. */
export type SortKey = readonly string[];

/** The newest first by the type's own date, where the search does not say. */
export function defaultSort(type: string): readonly Sort[] {
  return MAIN_DATE[type] === undefined
    ? [{ by: '_lastUpdated', descending: true }]
    : [{ by: 'date', descending: true }];
}

export function sortKeyOf(
  found: { readonly type: string; readonly id: string; readonly lastUpdated: string; readonly resource: unknown },
  sorts: readonly Sort[],
  zone: string,
): SortKey {
  const keys = sorts.map(({ by, descending }) => {
    if (by === '_id') return found.id;
    if (by === '_lastUpdated') return found.lastUpdated;
    const intervals = dateOf(found.type, found.resource, zone);
    // The earliest moment ascending, the latest descending (R4 search.html 3.1.1.5.1); without a date: behind the others.
    const texts = intervals.map(({ start, end }) => (descending ? end : start)).toSorted();
    return (descending ? texts.at(-1) : texts[0]) ?? (descending ? '' : '~');
  });
  return [...keys, found.id];
}

function dateOf(type: string, resource: unknown, zone: string): readonly Interval[] {
  const parameter = parametersOf(type)?.[MAIN_DATE[type] ?? ''];
  return (parameter?.paths ?? []).flatMap((path) =>
    valuesAt(resource, path).flatMap((value) => intervalOfValue(value, zone) ?? []),
  );
}

/** Negative when `left` comes first. */
export function compareKeys(left: SortKey, right: SortKey, sorts: readonly Sort[]): number {
  for (let place = 0; place < left.length; place++) {
    const [a, b] = [left[place] ?? '', right[place] ?? ''];
    if (a === b) continue;
    const order = a < b ? -1 : 1;
    return sorts[place]?.descending === true ? -order : order;
  }
  return 0;
}
