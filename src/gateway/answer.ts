/**
 * "Is there already a result I can use?": gather → decide → record. The audit event, the offers and
 * their ledger entries are durable before the answer leaves (DESIGN 4).
 */
import { localDay } from '../base/local-day.ts';
import { LIMITS } from '../base/limits.ts';
import { done, type Outcome, type Refusal, refuse } from '../base/outcome.ts';
import { offeredEntry } from '../ledger/offered-entry.ts';
import { decide } from '../recognition/decide.ts';
import type { StandingOffer } from '../ports/store-reads.ts';
import type { OrderCode } from '../recognition/item-of.ts';
import type { Catalogue } from '../terms/catalogue.ts';
import type { Channel } from '../terms/channel.ts';
import type { Circumstances, DecideInput } from '../terms/decide-input.ts';
import type { Comparison, Decision } from '../terms/decision.ts';
import type { Facility, FacilityId } from '../terms/facility.ts';
import type { Instant } from '../terms/instant.ts';
import type { IdentityFacts } from '../terms/mapped.ts';
import type { Order, Question } from '../terms/question.ts';
import { gather } from './gather.ts';
import type { Gateway } from './gateway.ts';
import { eventJobs, remindOf } from './tell-events.ts';
import { makeOffers, type MadeOffers } from './make-offers.ts';
import { encounterMacOf, patientMac } from './pseudonyms.ts';
import { askedOf, auditOf } from './record-answer.ts';
import { noteUnmappedOrders } from './note-orders.ts';
import { type GatewayCode, SENTENCES } from './problems.ts';
import type { Reference } from './reference-cache.ts';

export interface Answer {
  /** True: made with sample catalogue data; every face says so. */
  readonly sample: boolean;
  readonly asker: FacilityId;
  /** An encounter at the asking facility was named: without one, what leads to no offer looks absent. */
  readonly treating: boolean;
  readonly items: readonly AnsweredOrder[];
  readonly facilities: ReadonlyMap<FacilityId, Facility>;
  readonly catalogue: Catalogue;
  readonly regionZone: string;
}

export interface AnsweredOrder {
  readonly decision: Decision;
  readonly offer: string | null;
  /** What was said to this offer already, at an earlier question of the encounter. */
  readonly answered: 'accepted' | 'refused' | null;
  /** What to order instead, where the order is recognised in part: each missing item as the asker codes it. */
  readonly toOrder: readonly { readonly item: string; readonly code: OrderCode | undefined }[];
  /** Earlier results to look at beside what is done anew; they are no offer, and nothing can be said to them. */
  readonly compared: readonly (Comparison & { readonly item: string })[];
}

export interface Asker {
  readonly facility: Facility;
  readonly channel: Channel;
}

export async function answer(gateway: Gateway, asker: Asker, question: Question): Promise<Outcome<Answer>> {
  const reference = await gateway.reference.current();
  const { catalogue } = reference;
  if (catalogue === undefined) return refuse(refusalOf('unavailable', 'gateway/no-catalogue', 'catalogue'));
  const wrong = faultOf(question);
  if (wrong !== undefined) return refuse(refusalOf('incorrect', wrong, 'orders'));
  const at = gateway.clock.now();
  const targets = question.orders.map((order) => ({ order, target: targetOf(reference, asker.facility, order) }));
  const encounterMac = encounterMacOf(gateway, asker.facility.id, question.encounter);
  // Asked for together: what was offered within the encounter hangs on nothing that is gathered.
  const standing = standingOffers(gateway, { asker, encounterMac, at });
  const gathered = await gather(gateway, {
    facility: asker.facility,
    test: asker.channel.test,
    facts: question.patient,
    targets,
    catalogue,
    at,
    today: localDay(at, gateway.regionZone),
    previous: true,
  });
  const { patient } = gathered;
  await noteUnmappedOrders(gateway, asker.facility, targets, reference);
  const input: DecideInput = {
    orders: targets,
    candidates: gathered.candidates,
    legal: { encounter: question.encounter === undefined ? 'unknown' : 'known', optedOut: gathered.optedOut },
    circumstances: circumstancesOf(question, gathered.facts),
    asker: asker.facility,
    facilities: reference.facilities,
    at,
    regionZone: gateway.regionZone,
    catalogue,
  };
  const decisions = decide(input);

  // A channel for trying things gets its answer and leaves no offer behind.
  const { fresh, byKey } =
    patient === undefined || asker.channel.test
      ? NO_OFFERS
      : makeOffers(gateway, {
          patient,
          encounterMac,
          decisions,
          input,
          visit: question.visit,
          standing: await standing,
        });
  const compared = decisions.flatMap((decision) => comparedOf(decision, asker)).length;
  await gateway.store.recordAnswer({
    audit: [auditOf(gateway, { asker, question, patient, at, offers: byKey.size, compared })],
    offers: fresh,
    jobs: eventJobs(gateway, { due: at, references: fresh.map(({ id }) => remindOf(id)) }),
    asked: asker.channel.test ? [] : askedOf(gateway, { input, decisions, patient, encounterMac, byKey, question }),
    entries: fresh.map((offer) =>
      offeredEntry({ offer, entryId: gateway.random.uuid(), patientMac: patientMac(gateway, offer.patient) }),
    ),
  });
  for (const { verdict } of decisions) gateway.meter.decision(verdict);
  return done({
    sample: catalogue.sample,
    asker: asker.facility.id,
    treating: question.encounter !== undefined,
    items: decisions.map((decision) => answered(decision, { byKey, reference, asker })),
    facilities: reference.facilities,
    catalogue,
    regionZone: gateway.regionZone,
  });
}

function answered(
  decision: Decision,
  of: { readonly byKey: MadeOffers['byKey']; readonly reference: Reference; readonly asker: Asker },
): AnsweredOrder {
  const offer = of.byKey.get(decision.key);
  const { lookup } = of.reference;
  const missing = decision.verdict === 'recognise' ? decision.missing : [];
  return {
    decision,
    offer: offer?.id ?? null,
    answered: offer?.answered ?? null,
    toOrder: missing.map((item) => ({ item, code: lookup.orderCodeOf(of.asker.facility.id, item) })),
    compared: comparedOf(decision, of.asker),
  };
}

/** A channel for trying things is shown nobody's values. */
function comparedOf({ items }: Decision, { channel }: Asker): AnsweredOrder['compared'] {
  if (channel.test) return [];
  return items.flatMap(({ item, comparison }) => (comparison === undefined ? [] : [{ item, ...comparison }]));
}

function faultOf({ orders }: Question): GatewayCode | undefined {
  if (orders.length > LIMITS.ordersPerQuestionMax) return 'gateway/too-many-orders';
  return new Set(orders.map(({ key }) => key)).size < orders.length ? 'gateway/order-key-repeated' : undefined;
}

const NO_OFFERS: MadeOffers = { fresh: [], byKey: new Map() };

/** Never refused before it is waited for: where nothing is offered nobody waits. */
function standingOffers(
  gateway: Gateway,
  of: { readonly asker: Asker; readonly encounterMac: string; readonly at: Instant },
): Promise<readonly StandingOffer[]> {
  const { asker, encounterMac, at } = of;
  if (encounterMac === '') return Promise.resolve([]);
  const since = new Date(Date.parse(at) - LIMITS.offerStandsHours * 3_600_000).toISOString() as Instant;
  const query = { facility: asker.facility.id, encounterMac, since, limit: LIMITS.offersPerEncounterMax };
  const reading = gateway.store.read.offersWithin(query);
  reading.catch(() => undefined);
  return reading;
}

function circumstancesOf({ situations }: Question, { birthDate, sex }: IdentityFacts): Circumstances {
  return {
    ...(birthDate === undefined ? {} : { birthDate }),
    ...(sex === undefined ? {} : { sex }),
    ...(situations === undefined ? {} : { situations }),
  };
}

export function targetOf(reference: Reference, facility: Facility, order: Order): string | undefined {
  for (const { system, code } of [order, ...(order.alternatives ?? [])]) {
    const loinc = system === 'http://loinc.org' ? code : undefined;
    const target = reference.lookup.itemOf(facility.id, 'order', system, code, loinc);
    if (target !== null) return target;
  }
  return undefined;
}

export function refusalOf(category: Refusal['category'], code: GatewayCode, at: string): Refusal {
  return { category, code, sentence: SENTENCES[code], at };
}
