/** Quality marks (HR) by facility and item: reaches by level, batches, gaps, some lapsed (recognition-domain 1.5). */
import type { QualityMark } from '../terms/catalogue.ts';
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
    const random = randomFor(seed, 'marks', facility.id);
    const marks = facility.panels.flatMap((id) => panelMarks(facility, id, random, { start, days }));
    // An item of two panels has one mark.
    return [...new Map(marks.map((mark) => [mark.item, mark])).values()];
  });
}

interface Period {
  readonly start: number;
  readonly days: number;
}

/** A laboratory passes for a whole panel mostly; sometimes items are missing, sometimes a batch has run out. */
function panelMarks(facility: SimulatedFacility, id: string, random: Random, period: Period): readonly RegionMark[] {
  const high = facility.level > 1;
  const standing = random.weighted([
    ['whole', high ? 86 : 70],
    ['gaps', high ? 7 : 15],
    ['lapsed', high ? 5 : 8],
    ['none', high ? 2 : 7],
  ] as const);
  if (standing === 'none') return [];
  const terms = { ...reachOf(facility, random), ...termOf(random, period, standing === 'lapsed') };
  return panel(id)
    .analytes.filter(() => standing !== 'gaps' || random.chance(0.7))
    .map((item) => ({ facility: facility.id, item, ...terms }));
}

function termOf(
  random: Random,
  { start, days }: Period,
  lapsed: boolean,
): Pick<RegionMark, 'batch' | 'validFrom' | 'validTo' | 'lapsed'> {
  const second = random.chance(0.4);
  const from = start - (second ? 150 : 420) * DAY;
  const ends = lapsed ? start + Math.floor(days * random.next() * 0.5 - 5) * DAY : start + 700 * DAY;
  return {
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
