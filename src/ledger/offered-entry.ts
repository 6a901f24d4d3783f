/** The ledger's entry of an offer: what was shown, for which order, resting on which results. */
import type { LedgerEntry, LedgerKind, LedgerVisit } from '../terms/ledger-entry.ts';
import type { Offer } from '../terms/offer.ts';

/** `patientMac` is the pseudonym of the asking facility's Patient. */
export function offeredEntry(input: {
  readonly offer: Offer;
  readonly entryId: string;
  readonly patientMac: string;
}): LedgerEntry {
  return entryOf({ ...input, kind: 'offered', at: input.offer.at, catalogueDigest: input.offer.catalogueDigest });
}

/** What every kind of entry about an offer has in common: no saving and no reason. */
export function entryOf(input: {
  readonly offer: Offer;
  readonly entryId: string;
  readonly patientMac: string;
  readonly kind: LedgerKind;
  readonly at: LedgerEntry['at'];
  readonly catalogueDigest: string;
}): LedgerEntry {
  const { offer } = input;
  const relied = reliedOn(offer);
  return {
    id: input.entryId,
    form: 2,
    chain: offer.facility,
    kind: input.kind,
    at: input.at,
    offer: offer.id,
    patientMac: input.patientMac,
    encounterMac: offer.encounterMac,
    orderMac: offer.orderMac,
    target: offer.decision.target ?? '',
    savings: [],
    catalogueDigest: input.catalogueDigest,
    results: [...new Set(relied.map((entry) => `${entry.container}@${entry.version}`))].toSorted(),
    crossFacility: relied.some((entry) => entry.facility !== offer.facility),
    reason: '',
    countsAsRefusal: false,
    visit: visitOf(offer),
  };
}

function visitOf({ inputs }: Offer): LedgerVisit {
  const { class: of = '', drg = false, payer = '', split = null } = inputs?.visit ?? {};
  return { class: of, drg, payer, split };
}

/** The results that the card shows: those judged worth showing, never one that was not to be recognised. */
function reliedOn(offer: Offer) {
  return offer.decision.items.flatMap(({ entry, verdict }) =>
    entry === undefined || verdict === 'do-not' ? [] : [entry],
  );
}
