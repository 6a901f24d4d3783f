/**
 * What a region generated, counted by the simulator itself: the independent side of the demo's sum
 * "results in = results stored + problems".
 */
import type { Flaw } from './lab-message.ts';
import type { Intent, MessagePurpose, RegionEvent } from './region-event.ts';

export interface RegionStats {
  /** Sendings, resends included. */
  readonly messages: number;
  /** Messages with bytes of their own. */
  readonly distinctMessages: number;
  readonly purposes: Readonly<Partial<Record<MessagePurpose, number>>>;
  /** OBR and OBX of distinct messages. */
  readonly reports: number;
  readonly results: number;
  /** OBX of all sendings. */
  readonly resultsSent: number;
  readonly flaws: Readonly<Partial<Record<Flaw, number>>>;
  /** People of whom a message or an order tells; those who came in unknown apart. */
  readonly people: number;
  readonly unknownMessages: number;
  /** Order events, the orders in them, and how many repeat what was done before. */
  readonly orderEvents: number;
  readonly orders: number;
  readonly repeatOrderEvents: number;
  readonly intents: Readonly<Partial<Record<Intent, number>>>;
  readonly facilities: number;
  readonly bytes: number;
}

export interface Tally {
  add(event: RegionEvent): void;
  stats(): RegionStats;
}

export function createTally(): Tally {
  const purposes: Partial<Record<MessagePurpose, number>> = {};
  const flaws: Partial<Record<Flaw, number>> = {};
  const intents: Partial<Record<Intent, number>> = {};
  const people = new Set<number>();
  const facilities = new Set<string>();
  const sums = {
    messages: 0,
    distinctMessages: 0,
    reports: 0,
    results: 0,
    resultsSent: 0,
    unknownMessages: 0,
    bytes: 0,
  };
  const asked = { orderEvents: 0, orders: 0, repeatOrderEvents: 0 };
  return {
    add(event) {
      facilities.add(event.facility);
      if (event.person !== undefined) people.add(event.person);
      if (event.kind === 'order') {
        asked.orderEvents++;
        asked.orders += event.orders.length;
        if (event.repeats) asked.repeatOrderEvents++;
        intents[event.intent] = (intents[event.intent] ?? 0) + 1;
        return;
      }
      sums.messages++;
      sums.resultsSent += event.results;
      sums.bytes += event.bytes.length;
      purposes[event.purpose] = (purposes[event.purpose] ?? 0) + 1;
      if (event.purpose === 'resend') return;
      sums.distinctMessages++;
      sums.reports += event.reports;
      sums.results += event.results;
      if (event.person === undefined) sums.unknownMessages++;
      for (const flaw of event.flaws) flaws[flaw] = (flaws[flaw] ?? 0) + 1;
    },
    stats: () => ({ ...sums, ...asked, purposes, flaws, intents, people: people.size, facilities: facilities.size }),
  };
}

/** Counts of the whole region; runs through its events once. */
export function countEvents(events: Iterable<RegionEvent>): RegionStats {
  const tally = createTally();
  for (const event of events) tally.add(event);
  return tally.stats();
}
