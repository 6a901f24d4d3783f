/**
 * A region by seed (issue 01, section 9): facilities, codes, marks, prices and what happens over months, in time
 * order. It knows nothing of recognition or the ledger, so that what the gateway makes of it can be checked.
 */
import type { CodeMapRow } from '../terms/code-map.ts';
import type { Price } from '../terms/catalogue.ts';
import type { Instant } from '../terms/instant.ts';
import { FACILITIES } from './facilities.ts';
import type { SimulatedFacility } from './facilities.ts';
import { codeMap } from './local-codes.ts';
import { marksOf } from './marks.ts';
import type { RegionMark } from './marks.ts';
import type { Population } from './people.ts';
import { pricesOf } from './prices.ts';
import type { RegionEvent } from './region-event.ts';
import { planVisit } from './visits.ts';
import { DAY, fromInstant, startOfLocalDay } from './when.ts';
import { createWorld } from './world.ts';
import type { Setting } from './world.ts';

export interface RegionOptions {
  readonly seed: string | number;
  /** Default 240. */
  readonly people?: number;
  /** Default 90. */
  readonly days?: number;
  /** Default 2026-03-01T00:00+08:00. */
  readonly start?: Instant;
  /** Times as many people; default 1, about 300 messages and 80 orders. */
  readonly scale?: number;
  /** First visits per person and year; default 1.4. */
  readonly visitsPerYear?: number;
}

export interface RegionChannel {
  readonly facility: SimulatedFacility['id'];
  readonly kind: 'mllp' | 'client';
  readonly port?: number;
  readonly test: boolean;
}

export interface Region {
  readonly setting: Setting;
  readonly facilities: readonly SimulatedFacility[];
  readonly channels: readonly RegionChannel[];
  readonly codes: readonly CodeMapRow[];
  readonly marks: readonly RegionMark[];
  readonly prices: readonly Price[];
  readonly population: Population;
  /** From the start, the same each time; memory does not grow with the length of the region. */
  events(): Generator<RegionEvent, void, undefined>;
}

const FIRST_PORT = 2601;
const DEFAULT_START = '2026-02-28T16:00:00.000Z' as Instant;

export function simulateRegion(options: RegionOptions): Region {
  const setting: Setting = {
    seed: String(options.seed),
    people: Math.max(Math.round((options.people ?? 240) * (options.scale ?? 1)), 80),
    days: Math.max(options.days ?? 90, 1),
    start: fromInstant(options.start ?? DEFAULT_START),
    visitsPerYear: options.visitsPerYear ?? 1.4,
  };
  return {
    setting,
    facilities: FACILITIES,
    channels: channelsOf(),
    codes: codeMap(),
    marks: marksOf(setting.seed, setting.start, setting.days),
    prices: pricesOf(setting.start, setting.days),
    population: createWorld(setting).population,
    events: () => happen(setting),
  };
}

/** Each facility has a client for its questions; results come over MLLP or that client; one tries things on a test channel. */
function channelsOf(): readonly RegionChannel[] {
  let port = FIRST_PORT;
  return FACILITIES.flatMap((facility): readonly RegionChannel[] => [
    { facility: facility.id, kind: 'client', test: false },
    ...(facility.via === 'mllp' ? [{ facility: facility.id, kind: 'mllp', port: port++, test: false } as const] : []),
    ...(facility.testChannel ? [{ facility: facility.id, kind: 'mllp', port: port++, test: true } as const] : []),
  ]);
}

function* happen(setting: Setting): Generator<RegionEvent, void, undefined> {
  const world = createWorld(setting);
  const perDay = (setting.people * setting.visitsPerYear) / 365;
  let owed = 0.5;
  for (let day = 0; day < setting.days; day++) {
    const today = startOfLocalDay(setting.start) + day * DAY;
    // Sundays are quiet, Mondays are not.
    owed += perDay * (WEEKDAYS[new Date(today + DAY / 2).getUTCDay()] as number);
    for (; owed >= 1; owed--) planVisit(world, today);
    yield* until(today + DAY - 1);
  }
  yield* until(Number.POSITIVE_INFINITY);

  function* until(limit: number): Generator<RegionEvent, void, undefined> {
    for (let next = world.agenda.popUntil(limit); next !== undefined; next = world.agenda.popUntil(limit)) {
      yield* next.entry(next.at);
    }
  }
}

const WEEKDAYS = [0.4, 1.4, 1.2, 1.1, 1.1, 1.1, 0.7];
