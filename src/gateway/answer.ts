/**
 * "Is there already a result I can use?": gather → decide → record. The audit event, the offers and
 * their ledger entries are durable before the answer leaves (DESIGN 4).
 */
import { joinKey } from '../base/digest.ts';
import { LIMITS } from '../base/limits.ts';
import { done, type Outcome, type Refusal, refuse } from '../base/outcome.ts';
import { isHeld } from '../identity/held.ts';
import { agreesWithOwnRecord } from '../identity/own-record.ts';
import { offeredEntry } from '../ledger/offered-entry.ts';
import { decide } from '../recognition/decide.ts';
import type { AuditEvent } from '../terms/audit-event.ts';
import type { Candidates } from '../terms/candidates.ts';
import type { Catalogue } from '../terms/catalogue.ts';
import type { Channel } from '../terms/channel.ts';
import type { DecideInput } from '../terms/decide-input.ts';
import type { Decision } from '../terms/decision.ts';
import type { Facility, FacilityId } from '../terms/facility.ts';
import type { Instant } from '../terms/instant.ts';
import type { IdentityFacts } from '../terms/mapped.ts';
import type { Offer, RecordedDecision } from '../terms/offer.ts';
import type { CertainPatient, PatientRef } from '../terms/patient-link.ts';
import type { Order, Question } from '../terms/question.ts';
import type { Gateway } from './gateway.ts';
import { type GatewayCode, SENTENCES } from './problems.ts';
import { type AskedPatient, findOrMakePatient, findPatient, questionPatientKey } from './question-patient.ts';
import type { Reference } from './reference-cache.ts';

export interface Answer {
  /** True: made with sample catalogue data; every face says so. */
  readonly sample: boolean;
  readonly asker: FacilityId;
  /** An encounter at the asking facility was named: without one, what leads to no offer looks absent. */
  readonly treating: boolean;
  readonly items: readonly { readonly decision: Decision; readonly offer: string | null }[];
  readonly facilities: ReadonlyMap<FacilityId, Facility>;
  readonly catalogue: Catalogue;
  readonly regionZone: string;
}

export interface Asker {
  readonly facility: Facility;
  readonly channel: Channel;
}

export async function answer(gateway: Gateway, asker: Asker, question: Question): Promise<Outcome<Answer>> {
  const reference = await gateway.reference.current();
  const { catalogue } = reference;
  if (catalogue === undefined) return refuse(refusalOf('unavailable', 'gateway/no-catalogue', 'catalogue'));
  if (question.orders.length > LIMITS.ordersPerQuestionMax) {
    return refuse(refusalOf('incorrect', 'gateway/too-many-orders', 'orders'));
  }
  if (new Set(question.orders.map(({ key }) => key)).size < question.orders.length) {
    return refuse(refusalOf('incorrect', 'gateway/order-key-repeated', 'orders'));
  }
  const at = gateway.clock.now();
  const asked = await askedPatient(gateway, asker, question);
  const patient = asked?.ref;

  const targets = question.orders.map((order) => ({ order, target: targetOf(reference, asker.facility, order) }));
  const gathered = await gather(gateway, { asked, facts: question.patient, targets, catalogue, at });
  const decisions = decide({
    orders: targets,
    candidates: gathered.candidates,
    legal: { encounter: question.encounter === undefined ? 'unknown' : 'known', optedOut: gathered.optedOut },
    asker: asker.facility,
    facilities: reference.facilities,
    at,
    regionZone: gateway.regionZone,
    catalogue,
  });

  // A channel for trying things gets its answer and leaves no offer behind.
  const offers =
    patient === undefined || asker.channel.test
      ? []
      : offersOf(gateway, { asker, question, patient, decisions, catalogue, at });
  await gateway.store.recordAnswer({
    audit: [auditOf(gateway, { asker, question, patient, at, offers: offers.length })],
    offers,
    entries: offers.map((offer) =>
      offeredEntry({ offer, entryId: gateway.random.uuid(), patientMac: patientMac(gateway, offer.patient) }),
    ),
  });
  const offered = new Map(offers.map((offer) => [offer.decision.key, offer.id]));
  return done({
    sample: catalogue.sample,
    asker: asker.facility.id,
    treating: question.encounter !== undefined,
    items: decisions.map((decision) => ({ decision, offer: offered.get(decision.key) ?? null })),
    facilities: reference.facilities,
    catalogue,
    regionZone: gateway.regionZone,
  });
}

/** Without any identifier there is nobody to find: the question is answered, and nobody is made up. */
async function askedPatient(gateway: Gateway, asker: Asker, { patient }: Question): Promise<AskedPatient | undefined> {
  if (questionPatientKey(patient, asker.facility) === '') return undefined;
  const find = asker.channel.test ? findPatient : findOrMakePatient;
  return find(gateway, asker.facility, patient);
}

/** Candidates of the whole certain set: index reads by bucket, no write. */
export async function gather(
  gateway: Gateway,
  input: {
    readonly asked: AskedPatient | undefined;
    readonly facts: IdentityFacts;
    readonly targets: DecideInput['orders'];
    readonly catalogue: Catalogue;
    readonly at: Instant;
  },
): Promise<{ candidates: Candidates; optedOut: boolean }> {
  const { asked, catalogue, at } = input;
  const { read } = gateway.store;
  const items = itemsOf(input.targets, catalogue);
  if (asked === undefined || items.length === 0) return { candidates: { patients: [], entries: [] }, optedOut: false };
  const { set, openReasons, optedOut } = await read.standing(asked.ref);
  // Alone it is a set of itself, for its own facility, when the name agrees and no steward is awaited (SETTLED 10).
  const alone = set.length === 1;
  const certain = alone ? agreesWithOwnRecord(input.facts, asked.own, openReasons) : !isHeld(openReasons);
  if (!certain) return { candidates: { patients: [], entries: [] }, optedOut: false };
  const patients = set.map((patient): CertainPatient => ({ ...patient, certainty: 'certain' }));
  const since = sinceOf(items, catalogue, at);
  const entries = await read.candidates({ pairs: patients, items, since, limit: LIMITS.candidatesMax });
  return { candidates: { patients, entries }, optedOut };
}

function targetOf(reference: Reference, facility: Facility, order: Order): string | undefined {
  for (const { system, code } of [order, ...(order.alternatives ?? [])]) {
    const loinc = system === 'http://loinc.org' ? code : undefined;
    const target = reference.lookup.itemOf(facility.id, 'order', system, code, loinc);
    if (target !== null) return target;
  }
  return undefined;
}

function itemsOf(targets: DecideInput['orders'], catalogue: Catalogue): readonly string[] {
  const items = targets.flatMap(({ target }) => {
    if (target === undefined) return [];
    const panel = catalogue.panels.get(target);
    return panel === undefined ? [target] : [...panel.required, ...panel.derived];
  });
  return [...new Set(items)];
}

/** Expired results are read too, one window further back: a doctor may be told that the last one is too old. */
function sinceOf(items: readonly string[], catalogue: Catalogue, at: Instant): Instant {
  const hours = Math.max(0, ...items.map((item) => catalogue.items.get(item)?.windowHours ?? 0));
  return new Date(Date.parse(at) - 2 * Math.max(hours, 24) * 3_600_000).toISOString() as Instant;
}

function offersOf(
  gateway: Gateway,
  input: {
    readonly asker: Asker;
    readonly question: Question;
    readonly patient: PatientRef;
    readonly decisions: readonly Decision[];
    readonly catalogue: Catalogue;
    readonly at: Instant;
  },
): readonly Offer[] {
  const { asker, question, patient, at } = input;
  return input.decisions
    .filter((decision) => decision.verdict !== 'do-not')
    .map((decision) => ({
      id: gateway.random.uuid(),
      at,
      facility: asker.facility.id,
      patient,
      encounterMac: encounterMac(gateway, asker.facility.id, question.encounter),
      orderMac: gateway.pseudonym.text(joinKey('order', asker.facility.id, decision.key)),
      catalogueDigest: input.catalogue.digest,
      decision: recorded(decision),
    }));
}

function recorded(decision: Decision): RecordedDecision {
  return {
    ...decision,
    items: decision.items.map((item) => ({ ...item, checks: item.checks.map(({ code, state }) => ({ code, state })) })),
  };
}

export function patientMac(gateway: Gateway, patient: PatientRef): string {
  return gateway.pseudonym.text(joinKey('patient', patient.facility, patient.patient));
}

function encounterMac(gateway: Gateway, facility: FacilityId, encounter: string | undefined): string {
  return encounter === undefined ? '' : gateway.pseudonym.text(joinKey('encounter', facility, encounter));
}

function auditOf(
  gateway: Gateway,
  input: {
    readonly asker: Asker;
    readonly question: Question;
    readonly patient: PatientRef | undefined;
    readonly at: Instant;
    readonly offers: number;
  },
): AuditEvent {
  const { asker, question } = input;
  return {
    id: gateway.random.uuid(),
    at: input.at,
    facility: asker.facility.id,
    actor: asker.channel.id,
    action: 'check',
    patientMac: input.patient === undefined ? '' : patientMac(gateway, input.patient),
    encounterMac: encounterMac(gateway, asker.facility.id, question.encounter),
    purpose: 'treatment',
    outcome: 'success',
    detail: `orders ${question.orders.length}, offers ${input.offers}`,
  };
}

export function refusalOf(category: Refusal['category'], code: GatewayCode, at: string): Refusal {
  return { category, code, sentence: SENTENCES[code], at };
}
