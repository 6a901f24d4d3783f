/** What `decide` looks up in a catalogue, made once per catalogue: it never changes under its digest. */
import type { Catalogue, ConsequenceRow, QualityMark, SituationRow, WindowRow } from '../terms/catalogue.ts';
import type { CheckCode, CheckConsequence } from '../terms/check.ts';
import type { FacilityId } from '../terms/facility.ts';
import { reachable } from './containment.ts';

/** Makes something of a catalogue the first time that it is asked for. */
function once<T>(make: (catalogue: Catalogue) => T): (catalogue: Catalogue) => T {
  const made = new WeakMap<Catalogue, { readonly value: T }>();
  return (catalogue) => {
    let known = made.get(catalogue);
    if (known === undefined) made.set(catalogue, (known = { value: make(catalogue) }));
    return known.value;
  };
}

/** Marks by facility and item. A facility that is not here has none on file. */
export const marksOf = once((catalogue) => {
  const index = new Map<FacilityId, Map<string, QualityMark[]>>();
  for (const mark of catalogue.marks) {
    const items = index.get(mark.facility) ?? new Map<string, QualityMark[]>();
    items.set(mark.item, [...(items.get(mark.item) ?? []), mark]);
    index.set(mark.facility, items);
  }
  return index;
});

/** Windows of areas and levels by item. */
export const windowsOf = once(
  (catalogue): ReadonlyMap<string, readonly WindowRow[]> => Map.groupBy(catalogue.windows, ({ item }) => item),
);

/** Items whose results answer an order of this item too, by item; an item that nothing contains is not here. */
const containers = once((catalogue) => {
  const index = new Map<string, string[]>();
  for (const outer of new Set(catalogue.containment.map((pair) => pair.outer))) {
    for (const inner of reachable(catalogue.containment, outer)) index.set(inner, [...(index.get(inner) ?? []), outer]);
  }
  return index;
});

/** The item itself first, then what contains it. */
export function answering(catalogue: Catalogue, item: string): readonly string[] {
  return [item, ...(containers(catalogue).get(item) ?? [])];
}

const situations = once(
  (catalogue): ReadonlyMap<string, readonly SituationRow[]> => Map.groupBy(catalogue.situations, ({ item }) => item),
);

/** Situations that speak of this item, those that speak of all included. */
export function situationsOf(catalogue: Catalogue, item: string): readonly SituationRow[] {
  const index = situations(catalogue);
  return [...(index.get('*') ?? []), ...(index.get(item) ?? [])];
}

const consequences = once(
  (catalogue): ReadonlyMap<string, ConsequenceRow> =>
    new Map(catalogue.consequences.map((row) => [`${row.check} ${row.item}`, row])),
);

/** What a check that failed, or could not be judged, leads to for this item: its own row, else `*`, else do-not. */
export function consequenceOf(
  catalogue: Catalogue,
  of: { readonly check: CheckCode; readonly item: string; readonly state: 'failed' | 'unknown' },
): CheckConsequence {
  const index = consequences(catalogue);
  const row = index.get(`${of.check} ${of.item}`) ?? index.get(`${of.check} *`);
  return row === undefined ? 'do-not' : row[of.state];
}
