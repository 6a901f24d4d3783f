/** How long a result of an item may be used by this asker: the row that speaks of it most closely, else the strict default. */
import { holdsOn } from '../base/local-day.ts';
import type { Catalogue, CatalogueItem, WindowRow } from '../terms/catalogue.ts';
import type { Facility } from '../terms/facility.ts';
import { windowsOf } from './catalogue-index.ts';

/** Hours; 0: never. `on` is the local day of the question, YYYY-MM-DD: an area's rule holds from its day on. */
export function windowHoursOf(
  catalogue: Catalogue,
  item: CatalogueItem,
  asker: Pick<Facility, 'level' | 'area'>,
  on: string,
): number {
  let best: WindowRow | undefined;
  for (const row of windowsOf(catalogue).get(item.id) ?? []) {
    const speaks =
      asker.area.startsWith(row.area) && (row.level === undefined || row.level === asker.level) && holdsOn(row, on);
    if (speaks && (best === undefined || isCloser(row, best))) best = row;
  }
  return best?.hours ?? item.windowHours;
}

/** The smaller area, then the row of a level. Periods of one scope never overlap, so that there is no third question. */
function isCloser(row: WindowRow, than: WindowRow): boolean {
  if (row.area.length !== than.area.length) return row.area.length > than.area.length;
  return row.level !== undefined && than.level === undefined;
}
