/** What an accepted offer saves: one line per price item, never per analyte (DESIGN 5, Savings). */
import { joinKey } from '../base/digest.ts';
import type { Catalogue } from '../terms/catalogue.ts';
import type { FacilityFacts } from '../terms/facility.ts';
import type { Saving } from '../terms/ledger-entry.ts';
import type { Offer } from '../terms/offer.ts';
import { choosePrice } from './choose-price.ts';
import { savedPriceItems } from './saved-price-items.ts';

export interface SavingsInput {
  readonly offer: Pick<Offer, 'decision' | 'facility' | 'patient' | 'encounterMac'>;
  readonly catalogue: Pick<Catalogue, 'panels' | 'priceItems' | 'prices'>;
  readonly asker: Pick<FacilityFacts, 'id' | 'level' | 'area'>;
  /** The day of the offer in the region's zone, YYYY-MM-DD: the price's day, and the key's without an encounter. */
  readonly localDay: string;
  /** The pseudonym key's HMAC. */
  readonly mac: (text: string) => string;
}

/**
 * Sorted by price item. Of an order recognised in part, the price items that are dropped whole; a review card saves nothing.
 * A price that is not known gives a line without amount.
 */
export function savingsOf(input: SavingsInput): readonly Saving[] {
  const { offer, catalogue, asker, localDay } = input;
  const priceOf = (priceItem: string) => choosePrice({ catalogue, priceItem, asker, on: localDay });
  const priceItems = savedPriceItems(offer.decision, catalogue, (priceItem) => priceOf(priceItem)?.fen);
  return priceItems
    .map(({ id }) => {
      const price = priceOf(id);
      return { priceItem: id, fen: price?.fen ?? null, source: price?.source ?? '', key: savingKey(input, id) };
    })
    .toSorted((left, right) => (left.priceItem < right.priceItem ? -1 : 1));
}

/**
 * One price item is saved once for the asking facility's patient within an encounter, or within a day where
 * no encounter is told: draft ids change between hooks and are no part of it.
 */
export function savingKey(input: Pick<SavingsInput, 'offer' | 'localDay' | 'mac'>, priceItem: string): string {
  const { facility, patient, encounterMac } = input.offer;
  const visit = encounterMac === '' ? joinKey('day', input.localDay) : joinKey('encounter', encounterMac);
  return input.mac(joinKey('saving', facility, patient.patient, visit, priceItem));
}
