/** What the region remembers while it runs: counters, quotas, and what is still to happen. Small, whatever the region's size. */
import type { SimulatedFacility } from './facilities.ts';
import { createHeap } from './heap.ts';
import type { Heap } from './heap.ts';
import { createPopulation } from './people.ts';
import type { Population } from './people.ts';
import { createRota, randomFor } from './random.ts';
import type { Random, Rota } from './random.ts';
import type { RegionEvent } from './region-event.ts';
import { localDay } from './when.ts';

export interface Setting {
  readonly seed: string;
  readonly people: number;
  readonly days: number;
  /** Milliseconds since 1970. */
  readonly start: number;
  /** Doctor's visits per person and year, first ones. */
  readonly visitsPerYear: number;
}

/** Something that happens at its time, and what comes of it. */
export type Happening = (at: number) => Iterable<RegionEvent>;

export interface World {
  readonly setting: Setting;
  readonly population: Population;
  readonly random: Random;
  readonly rota: Rota;
  readonly agenda: Heap<Happening>;
  /** 1, 2, 3 … for a name; `day` makes a count that starts again each day. */
  next(name: string): number;
  nextOfDay(name: string, at: number): number;
  /** MSH-10: of its own for each message, or the facility's last one used again. */
  controlId(facility: SimulatedFacility, again: boolean): { readonly id: string; readonly again: boolean };
}

export function createWorld(setting: Setting): World {
  const { seed, people, days, start } = setting;
  const counters = new Map<string, number>();
  const daily = new Map<string, { day: string; count: number }>();
  const lastControl = new Map<string, string>();
  const next = (name: string): number => {
    const count = (counters.get(name) ?? 0) + 1;
    counters.set(name, count);
    return count;
  };
  return {
    setting,
    population: createPopulation({ seed, size: people, start, days }),
    random: randomFor(seed, 'world'),
    rota: createRota(seed),
    agenda: createHeap<Happening>(),
    next,
    nextOfDay(name, at) {
      const day = localDay(at);
      const held = daily.get(name);
      const count = held?.day === day ? held.count + 1 : 1;
      daily.set(name, { day, count });
      return count;
    },
    controlId(facility, again) {
      const last = lastControl.get(facility.id);
      if (again && last !== undefined) return { id: last, again };
      const count = next(`control ${facility.id}`);
      const made =
        facility.level === 3 ? `${facility.sender.slice(0, 4)}${String(count).padStart(8, '0')}` : String(count);
      lastControl.set(facility.id, made);
      return { id: made, again: false };
    },
  };
}
