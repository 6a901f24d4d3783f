/** The compiler's quality marks (HR): whose, for which item, valid when, and over which reach (国卫医发〔2022〕6号). */
import type { CatalogueItem, MarkReach, QualityMark } from '../terms/catalogue.ts';
import type { FacilityId } from '../terms/facility.ts';
import { byText, refuseOverlaps } from './catalogue-tables.ts';
import type { Row } from './catalogue-tables.ts';

const REACHES: readonly MarkReach[] = ['national', 'region', 'province', 'city', 'district', 'agreement'];

/** Digits of an area prefix (GB/T 2260) by reach. */
const PREFIX_DIGITS: Partial<Record<MarkReach, number>> = { region: 2, province: 2, city: 4, district: 6 };

export function compileMarks(rows: readonly Row[], items: ReadonlyMap<string, CatalogueItem>): readonly QualityMark[] {
  const compiled = rows.map((row) => {
    const mark = compileMark(row, items);
    const scope = JSON.stringify([mark.facility, mark.item, mark.reach, mark.within]);
    return { row, mark, scope, period: mark, key: JSON.stringify([scope, mark.validFrom]) };
  });
  // Two batches of one facility, item and reach on one day contradict each other: which one holds?
  refuseOverlaps(compiled, 'overlapping-mark');
  return compiled.toSorted((left, right) => byText(left.key, right.key)).map(({ mark }) => mark);
}

function compileMark(row: Row, items: ReadonlyMap<string, CatalogueItem>): QualityMark {
  const item = row.required('item');
  if (item !== '' && !items.has(item)) row.wrong('item', 'unknown-item');
  const reach = row.word('reach', REACHES);
  const within = row.list('within');
  if (row.optional('reach') === reach && !fits(reach, within)) row.wrong('within', 'bad-reach');
  return {
    facility: row.required('facility') as FacilityId,
    item,
    reach,
    within,
    label: row.required('label'),
    batch: row.required('batch'),
    ...row.period(),
  };
}

function fits(reach: MarkReach, within: readonly string[]): boolean {
  if (reach === 'national') return within.length === 0;
  if (within.length === 0) return false;
  const digits = PREFIX_DIGITS[reach];
  return digits === undefined || within.every((prefix) => prefix.length === digits && /^\d+$/.test(prefix));
}
