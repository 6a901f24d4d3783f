/** Quality marks (HR) by facility and item: reaches by level, batches, gaps, some lapsed (recognition-domain 1.5). */
import type { QualityMark } from '../terms/catalogue.ts';
import { ANALYTES } from './analytes.ts';
import { FACILITIES } from './facilities.ts';
import type { SimulatedFacility } from './facilities.ts';
import { panel } from './panels.ts';
import { randomFor } from './random.ts';
import type { Random } from './random.ts';
import { DAY, localDay } from './when.ts';

export interface RegionMark extends QualityMark {
  /** The simulator's own word on it: ended before or while the region runs. */
  readonly lapsed: boolean;
}

export function marksOf(seed: string, start: number, days: number): readonly RegionMark[] {
  return FACILITIES.flatMap((facility) => {
    const offered = new Set(facility.panels.flatMap((id) => panel(id).analytes));
    const random = randomFor(seed, 'marks', facility.id);
    const share = facility.level === 1 ? 0.75 : 0.96;
    return [...ANALYTES.keys()]
      .filter((item) => offered.has(item))
      .filter(() => random.chance(share))
      .map((item) => markOf(facility, item, random, { start, days }));
  });
}

function markOf(
  facility: SimulatedFacility,
  item: string,
  random: Random,
  { start, days }: { readonly start: number; readonly days: number },
): RegionMark {
  const reach = reachOf(facility, random);
  const second = random.chance(0.4);
  const from = start - (second ? 150 : 420) * DAY;
  const lapsed = random.chance(0.04);
  const ends = lapsed ? start + Math.floor(days * random.next() * 0.5) * DAY - 5 * DAY : start + 700 * DAY;
  return {
    facility: facility.id,
    item,
    ...reach,
    batch: `${localDay(from).slice(0, 4)}-${second ? '2' : '1'}`,
    validFrom: localDay(from),
    // Open, but for batches with a term.
    ...(lapsed || random.chance(0.3) ? { validTo: localDay(ends) } : {}),
    lapsed,
  };
}

function reachOf(facility: SimulatedFacility, random: Random): Pick<QualityMark, 'reach' | 'within' | 'label'> {
  if (facility.level === 3) {
    return random.chance(0.2)
      ? { reach: 'national', within: [], label: '全国HR' }
      : { reach: 'province', within: ['99'], label: '岚省HR' };
  }
  if (facility.level === 2) {
    return random.chance(0.85)
      ? { reach: 'city', within: ['9901'], label: '澜川HR' }
      : { reach: 'district', within: [facility.area], label: '县HR' };
  }
  return { reach: 'agreement', within: facility.alliances, label: '医共体HR' };
}
