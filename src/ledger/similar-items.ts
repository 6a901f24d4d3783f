/** What is nearly the same as a charge (facts: recognition-domain 5.4): done after its acceptance, it was not quite avoided. */
import type { Catalogue, PriceItem } from '../terms/catalogue.ts';
import { itemsOf } from './settle.ts';

/**
 * Items that an item of the charge contains, and items of charges with the same national code: what answers for the charge
 * itself reverses it, and is none of these.
 */
export function similarItems(
  charge: PriceItem,
  catalogue: Pick<Catalogue, 'panels' | 'priceItems' | 'containment'>,
  answering: (item: string) => readonly string[],
): readonly string[] {
  const own = itemsOf(charge, catalogue);
  const reversing = new Set(own.flatMap(answering));
  const inner = catalogue.containment.filter(({ outer }) => own.includes(outer)).map((pair) => pair.inner);
  const alike = [...catalogue.priceItems.values()]
    .filter(({ nationalCode, id }) => nationalCode !== '' && nationalCode === charge.nationalCode && id !== charge.id)
    .flatMap((other) => itemsOf(other, catalogue));
  return [...new Set([...inner, ...alike])].filter((item) => !reversing.has(item)).toSorted();
}
