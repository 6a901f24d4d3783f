/** What `decide` looks up in a catalogue, made once per catalogue: it never changes under its digest. */
import type { Catalogue, ConsequenceRow, QualityMark } from '../terms/catalogue.ts';
import type { CheckCode, CheckConsequence } from '../terms/check.ts';
import type { FacilityId } from '../terms/facility.ts';

type Marks = ReadonlyMap<FacilityId, ReadonlyMap<string, readonly QualityMark[]>>;

const marks = new WeakMap<Catalogue, Marks>();
const consequences = new WeakMap<Catalogue, ReadonlyMap<string, ConsequenceRow>>();

/** Marks by facility and item. A facility that is not here has none on file. */
export function marksOf(catalogue: Catalogue): Marks {
  const known = marks.get(catalogue);
  if (known !== undefined) return known;
  const index = new Map<FacilityId, Map<string, QualityMark[]>>();
  for (const mark of catalogue.marks) {
    const items = index.get(mark.facility) ?? new Map<string, QualityMark[]>();
    items.set(mark.item, [...(items.get(mark.item) ?? []), mark]);
    index.set(mark.facility, items);
  }
  marks.set(catalogue, index);
  return index;
}

/** What a check that failed, or could not be judged, leads to for this item: its own row, else `*`, else do-not. */
export function consequenceOf(
  catalogue: Catalogue,
  of: { readonly check: CheckCode; readonly item: string; readonly state: 'failed' | 'unknown' },
): CheckConsequence {
  let index = consequences.get(catalogue);
  if (index === undefined) {
    index = new Map(catalogue.consequences.map((row) => [`${row.check} ${row.item}`, row]));
    consequences.set(catalogue, index);
  }
  const row = index.get(`${of.check} ${of.item}`) ?? index.get(`${of.check} *`);
  return row === undefined ? 'do-not' : row[of.state];
}
