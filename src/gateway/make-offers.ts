/**
 * Offers of a question: one card for what rests on the same results within an encounter, however many hooks and drafts ask
 * for it. What was answered is not shown again; with another result, or another verdict, it is another card.
 */
import type { StandingOffer } from '../ports/store-reads.ts';
import type { DecideInput } from '../terms/decide-input.ts';
import type { Decision } from '../terms/decision.ts';
import type { Offer, RecordedDecision } from '../terms/offer.ts';
import type { PatientRef } from '../terms/patient-link.ts';
import type { Visit } from '../terms/visit.ts';
import type { Gateway } from './gateway.ts';
import { inputsOf, recorded, withoutTold } from './offer-inputs.ts';
import { orderMacOf } from './pseudonyms.ts';

export interface MadeOffers {
  /** To be written. */
  readonly fresh: readonly Offer[];
  /** By the order's key: the offer that stands for it, and what was said to it already; none where there is nothing to offer. */
  readonly byKey: ReadonlyMap<string, { readonly id: string; readonly answered: 'accepted' | 'refused' | null }>;
}

interface Offering {
  readonly patient: PatientRef;
  readonly encounterMac: string;
  readonly decisions: readonly Decision[];
  readonly input: DecideInput;
  readonly visit: Visit | undefined;
  /** Of this encounter, the newest first. */
  readonly standing: readonly StandingOffer[];
}

export function makeOffers(gateway: Gateway, of: Offering): MadeOffers {
  const { patient, bucket } = of.patient;
  const own = of.standing.filter((one) => one.patient.patient === patient && one.patient.bucket === bucket);
  // Oldest first, so that of two alike the newest is kept.
  const known = new Map<string, Pick<StandingOffer, 'id' | 'lastReply'>>(
    own.toReversed().map(({ id, lastReply, decision }) => [restingOn(decision), { id, lastReply }]),
  );
  const fresh: Offer[] = [];
  const byKey = new Map<string, { id: string; answered: 'accepted' | 'refused' | null }>();
  for (const decision of of.decisions) {
    if (decision.verdict === 'do-not') continue;
    const key = restingOn(decision);
    let offer = known.get(key);
    if (offer === undefined) {
      const made = offerOf(gateway, of, decision);
      fresh.push(made);
      known.set(key, (offer = { id: made.id, lastReply: null }));
    }
    const { id, lastReply } = offer;
    byKey.set(decision.key, { id, answered: lastReply === 'revoked' ? null : lastReply });
  }
  return { fresh, byKey };
}

function offerOf(gateway: Gateway, { patient, encounterMac, input, visit }: Offering, decision: Decision): Offer {
  return {
    id: gateway.random.uuid(),
    at: input.at,
    facility: input.asker.id,
    patient,
    encounterMac,
    orderMac: orderMacOf(gateway, input.asker.id, decision.key),
    catalogueDigest: input.catalogue.digest,
    decision: recorded(decision),
    inputs: withoutTold(inputsOf(input, decision, visit), decision),
  };
}

/** What makes a card the same card: target, verdict, what is missing, and the very results, in their versions. */
function restingOn({ target, verdict, missing, items }: RecordedDecision | Decision): string {
  const results = items.map(({ item, verdict: of, entry }) => [item, of, entry?.element, entry?.version]);
  return JSON.stringify([target, verdict, missing, results]);
}
