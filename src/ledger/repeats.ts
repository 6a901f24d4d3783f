/**
 * Repeats, found after the fact (facts: recognition-domain 5.2): of what a report charges for, every item had a result of the
 * same human, or one that contains it, that was known, final and within its window when the new sample was taken. Offered or
 * not, at whatever connected facility.
 */
import type { Catalogue, PriceItem } from '../terms/catalogue.ts';
import type { Instant } from '../terms/instant.ts';
import type { ResultEntry } from '../terms/result-entry.ts';
import { itemsOf } from './settle.ts';

const HOUR_MS = 3_600_000;
const FINAL: ReadonlySet<string> = new Set(['final', 'amended', 'corrected']);

export interface RepeatInput {
  /** Results of one report, each as it was first final. */
  readonly report: readonly ResultEntry[];
  /** Results of the same human in other reports, as they were known when the report's sample was taken. */
  readonly earlier: readonly ResultEntry[];
  readonly catalogue: Pick<Catalogue, 'panels' | 'priceItems'>;
  /** Items whose results answer for an item: itself, and what contains it. */
  readonly answering: (item: string) => readonly string[];
  readonly windowHours: (item: string) => number;
  readonly amountOf: (priceItem: string) => number | undefined;
}

export interface Repeat {
  readonly charge: PriceItem;
  readonly performedAt: Instant;
  /** The freshest of what was there. */
  readonly earlier: ResultEntry;
  readonly ageHours: number;
}

export function repeatsOf(input: RepeatInput): readonly Repeat[] {
  const performed = new Map<string, ResultEntry>();
  for (const entry of input.report) if (entry.item !== null) performed.set(entry.item, entry);
  return performedCharges(new Set(performed.keys()), input).flatMap((charge) => {
    const items = itemsOf(charge, input.catalogue);
    const there = items.map((item) => freshestBefore(item, performed.get(item), input));
    const known = there.filter((entry) => entry !== undefined);
    if (known.length < items.length) return [];
    const earlier = known.reduce((left, right) => (right.effectiveStart > left.effectiveStart ? right : left));
    const performedAt = items.map((item) => performed.get(item)?.effectiveStart ?? '').toSorted()[0] as Instant;
    const ageHours = Math.floor((Date.parse(performedAt) - Date.parse(earlier.effectiveStart)) / HOUR_MS);
    return [{ charge, performedAt, earlier, ageHours: Math.max(0, ageHours) }];
  });
}

function isUsable({ status, production }: ResultEntry): boolean {
  return production && FINAL.has(status);
}

function freshestBefore(
  item: string,
  again: ResultEntry | undefined,
  { earlier, answering, windowHours }: RepeatInput,
): ResultEntry | undefined {
  if (again === undefined) return undefined;
  const answers = answering(item);
  const taken = Date.parse(again.effectiveStart);
  const oldest = taken - windowHours(item) * HOUR_MS;
  const there = earlier.filter((entry) => {
    const began = Date.parse(entry.effectiveStart);
    return entry.item !== null && answers.includes(entry.item) && isUsable(entry) && began < taken && began >= oldest;
  });
  return there.toSorted((left, right) => (left.effectiveStart < right.effectiveStart ? 1 : -1))[0];
}

/** What these results cost: each item paid for once, by the charge that pays for most of them; calculated items cost nothing. */
export function performedCharges(
  items: ReadonlySet<string>,
  of: Pick<RepeatInput, 'catalogue' | 'amountOf'>,
): readonly PriceItem[] {
  const { catalogue, amountOf } = of;
  const derived = new Set(
    [...catalogue.panels.values()]
      .filter(({ required }) => required.every((item) => items.has(item)))
      .flatMap((panel) => panel.derived),
  );
  const fitting = [...catalogue.priceItems.values()]
    .map((charge) => ({ charge, pays: itemsOf(charge, catalogue), fen: amountOf(charge.id) }))
    .filter(({ pays }) => pays.length > 0 && pays.every((item) => items.has(item) && !derived.has(item)))
    .toSorted(
      (left, right) =>
        right.pays.length - left.pays.length ||
        Number(left.fen === undefined) - Number(right.fen === undefined) ||
        (left.fen ?? 0) - (right.fen ?? 0) ||
        (left.charge.id < right.charge.id ? -1 : 1),
    );
  const paid = new Set<string>();
  return fitting.flatMap(({ charge, pays }) => {
    if (pays.some((item) => paid.has(item))) return [];
    for (const item of pays) paid.add(item);
    return [charge];
  });
}
