/** Which price items a recognised order, or the recognised part of it, would have cost (facts: recognition-domain 5.2, rule 3). */
import type { Catalogue, PriceItem } from '../terms/catalogue.ts';
import type { RecordedDecision } from '../terms/offer.ts';

/**
 * Price items whose whole coverage lies within what was ordered and recognised, no item paid for twice: one
 * that covers the ordered panel itself, else those of its items. A price item that pays for more than was
 * ordered is never claimed; of a panel recognised in part, only what pays for nothing that is still to be ordered, and
 * nothing where the panel is one charge. `amountOf` prefers what the asker has a price for, then the lower amount.
 */
export function savedPriceItems(
  decision: RecordedDecision,
  catalogue: Pick<Catalogue, 'panels' | 'priceItems'>,
  amountOf: (priceItem: string) => number | undefined,
): readonly PriceItem[] {
  const { target } = decision;
  if (target === undefined || decision.verdict !== 'recognise' || decision.coverage === 'none') return [];
  const panel = catalogue.panels.get(target);
  const partly = decision.coverage === 'partial';
  if (partly && [...catalogue.priceItems.values()].some(({ covers }) => covers.includes(target))) return [];
  const missing = new Set(partly ? decision.missing : []);
  const recognised = panel === undefined ? [target] : [...panel.required, ...panel.derived];
  const context = { target, ordered: new Set(recognised.filter((item) => !missing.has(item))), catalogue };
  const fitting = [...catalogue.priceItems.values()]
    .filter((priceItem) => priceItem.covers.length > 0 && fits(priceItem, context))
    .toSorted(
      (left, right) =>
        Number(amountOf(left.id) === undefined) - Number(amountOf(right.id) === undefined) ||
        right.covers.length - left.covers.length ||
        (amountOf(left.id) ?? 0) - (amountOf(right.id) ?? 0) ||
        (left.id < right.id ? -1 : 1),
    );
  const whole = panel === undefined ? undefined : fitting.find((priceItem) => priceItem.covers.includes(target));
  return whole === undefined ? withoutOverlap(fitting, context) : [whole];
}

interface Context {
  readonly target: string;
  /** The ordered item, or those items of the ordered panel that are recognised. */
  readonly ordered: ReadonlySet<string>;
  readonly catalogue: Pick<Catalogue, 'panels'>;
}

function fits(priceItem: PriceItem, { target, ordered, catalogue }: Context): boolean {
  return priceItem.covers.every((covered) => {
    if (covered === target || ordered.has(covered)) return true;
    const inner = catalogue.panels.get(covered);
    return inner !== undefined && inner.required.every((item) => ordered.has(item));
  });
}

/** Each item paid for once; calculated items cost nothing of their own. */
function withoutOverlap(fitting: readonly PriceItem[], context: Context): readonly PriceItem[] {
  const derived = context.catalogue.panels.get(context.target)?.derived ?? [];
  const paid = new Set<string>();
  return fitting.filter((priceItem) => {
    const items = priceItem.covers.flatMap((covered) => context.catalogue.panels.get(covered)?.required ?? [covered]);
    if (items.every((item) => derived.includes(item)) || items.some((item) => paid.has(item))) return false;
    for (const item of items) paid.add(item);
    return true;
  });
}
