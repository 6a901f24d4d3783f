/** Which price counts for a price item (facts: recognition-domain 5.2, rule 2): always the asking facility's side. */
import { holdsOn } from '../base/local-day.ts';
import type { Catalogue, Price } from '../terms/catalogue.ts';
import type { Facility } from '../terms/facility.ts';

/**
 * The facility's own price on that day, else its area's for its level (the longest area prefix), else none:
 * then the saving is counted without amount. `on` is the asking facility's local day, YYYY-MM-DD.
 */
export function choosePrice(input: {
  readonly catalogue: Pick<Catalogue, 'prices'>;
  readonly priceItem: string;
  readonly asker: Pick<Facility, 'id' | 'level' | 'area'>;
  readonly on: string;
}): Price | undefined {
  const { asker, on } = input;
  const open = (pricesOf(input.catalogue.prices).get(input.priceItem) ?? []).filter((price) => holdsOn(price, on));
  const own = open.filter((price) => price.facility === asker.id);
  if (own.length > 0) return best(own);
  return best(
    open.filter(
      (price) => price.facility === undefined && price.level === asker.level && asker.area.startsWith(price.area ?? ''),
    ),
  );
}

const indexed = new WeakMap<readonly Price[], ReadonlyMap<string, readonly Price[]>>();

/** By price item; made once a list, which never changes. */
function pricesOf(prices: readonly Price[]): ReadonlyMap<string, readonly Price[]> {
  let index = indexed.get(prices);
  if (index === undefined) {
    index = Map.groupBy(prices, ({ priceItem }) => priceItem);
    indexed.set(prices, index);
  }
  return index;
}

/** Longest area first; then the latest from; then the lowest amount, so that no order of rows changes a sum. */
function best(prices: readonly Price[]): Price | undefined {
  return prices.toSorted(
    (left, right) =>
      (right.area?.length ?? 0) - (left.area?.length ?? 0) ||
      (right.validFrom < left.validFrom ? -1 : right.validFrom > left.validFrom ? 1 : 0) ||
      left.fen - right.fen,
  )[0];
}
