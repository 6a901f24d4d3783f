/**
 * Settling: when the term of an acceptance ends, what was done again at any connected facility is reversed, the rest settled.
 * Two months later it is looked at once more, for results that came late: a reversal then restates the settlement.
 */
import { localDay } from '../base/local-day.ts';
import { itemsOf, settlement, standingAcceptance, termEnd } from '../ledger/settle.ts';
import { answering } from '../recognition/catalogue-index.ts';
import { windowHoursOf } from '../recognition/window-of.ts';
import type { StoreTx } from '../ports/store-tx.ts';
import type { Catalogue } from '../terms/catalogue.ts';
import type { FacilityFacts } from '../terms/facility.ts';
import type { Instant } from '../terms/instant.ts';
import type { Job } from '../terms/job.ts';
import type { LedgerEntry } from '../terms/ledger-entry.ts';
import { catalogueOf } from './catalogue-of.ts';
import type { Gateway } from './gateway.ts';

const LATE_MS = 60 * 86_400_000;

/** In the transaction that appends an acceptance; one that saves nothing has nothing to settle. */
export async function enqueueSettling(
  tx: StoreTx,
  accepted: LedgerEntry,
  rules: { readonly catalogue: Catalogue; readonly asker: FacilityFacts; readonly regionZone: string },
): Promise<void> {
  if (accepted.kind !== 'accepted' || accepted.savings.length === 0) return;
  await enqueue(tx, accepted.offer, endOf(accepted, rules));
}

function enqueue(tx: StoreTx, offer: string, due: Instant): Promise<void> {
  return tx.enqueue({ kind: 'settle', orderingKey: `settle ${offer}`, due, reference: offer });
}

/** The longest window of what is saved counts: the longer the term, the more repeats are found. */
function endOf(
  accepted: LedgerEntry,
  rules: { readonly catalogue: Catalogue; readonly asker: FacilityFacts; readonly regionZone: string },
): Instant {
  const { catalogue, asker, regionZone } = rules;
  const on = localDay(accepted.at, regionZone);
  const windows = savedItems(accepted, catalogue).flatMap((id) => {
    const item = catalogue.items.get(id);
    return item === undefined ? [] : [windowHoursOf(catalogue, item, asker, on)];
  });
  return termEnd(accepted.at, Math.max(0, ...windows));
}

function savedItems({ savings }: LedgerEntry, catalogue: Catalogue): readonly string[] {
  const charges = savings.flatMap(({ priceItem }) => catalogue.priceItems.get(priceItem) ?? []);
  return [...new Set(charges.flatMap((charge) => itemsOf(charge, catalogue)))];
}

/** Handler of `settle`. Replies to the offer and other rounds wait meanwhile: the offer is locked. */
export async function settleOffer(gateway: Gateway, { reference: id }: Pick<Job, 'reference'>): Promise<void> {
  const reference = await gateway.reference.current();
  const digests = await gateway.store.transaction((tx) => tx.entriesOf(id));
  const digest = standingAcceptance(digests)?.catalogueDigest;
  const catalogue = digest === undefined ? undefined : await catalogueOf(gateway, digest);
  if (catalogue === undefined) return;
  await gateway.store.transaction(async (tx) => {
    const offer = await tx.readOffer(id);
    const entries = await tx.entriesOf(id);
    const accepted = standingAcceptance(entries);
    const asker = offer?.inputs?.asker ?? (offer === undefined ? undefined : reference.facilities.get(offer.facility));
    if (offer === undefined || asker === undefined || accepted?.catalogueDigest !== catalogue.digest) return;
    const at = gateway.clock.now();
    const end = endOf(accepted, { catalogue, asker, regionZone: gateway.regionZone });
    // An acceptance that was revoked and given again has a later term, and a job of its own.
    if (at < end) return;
    const answers = (item: string): readonly string[] => answering(catalogue, item);
    const performed = await tx.performed({
      patient: offer.patient,
      items: [...new Set(savedItems(accepted, catalogue).flatMap(answers))],
      after: accepted.at,
      until: end,
    });
    const appended = settlement({
      entries,
      performed,
      catalogue,
      answering: answers,
      at,
      entryId: () => gateway.random.uuid(),
    });
    await tx.appendLedger(appended);
    const late = new Date(Date.parse(end) + LATE_MS).toISOString() as Instant;
    if (appended.length > 0 && at < late) await enqueue(tx, id, late);
  });
}
