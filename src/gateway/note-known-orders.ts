/** Orders that a facility told are known from then on: what nobody asked about is counted too. */
import type { MappedOrders } from '../mapping/map-orders.ts';
import type { StoreTx } from '../ports/store-tx.ts';
import type { Facility } from '../terms/facility.ts';
import type { Instant } from '../terms/instant.ts';
import type { KnownOrder } from '../terms/known-order.ts';
import type { PatientRef } from '../terms/patient-link.ts';
import type { Hl7Message } from '../terms/parsed/hl7v2.ts';
import type { Order } from '../terms/question.ts';
import type { Visit } from '../terms/visit.ts';
import type { Gateway } from './gateway.ts';
import type { ReceiveInput } from './hl7v2-arrival.ts';
import { encounterMacOf, orderMacOf, patientMac, practitionerMacOf } from './pseudonyms.ts';
import { ownPatient, questionPatientKey } from './question-patient.ts';
import { targetOf } from './answer.ts';
import type { Reference } from './reference-cache.ts';

export interface KnownOrders {
  readonly facility: Facility;
  readonly patient: PatientRef;
  readonly encounter: string | undefined;
  readonly practitioner: string | undefined;
  readonly visit: Visit | undefined;
  readonly orders: readonly { readonly key: string; readonly order: Order | undefined; readonly cancelled: boolean }[];
}

/** What an order message makes known, with its facility's Patient found or made; undefined where nothing counts. */
export async function knownOrdersOf(
  gateway: Gateway,
  { facility, channel }: ReceiveInput,
  of: { readonly message: Hl7Message; readonly mapped: MappedOrders },
): Promise<KnownOrders | undefined> {
  const { patient: facts, orders, encounter, practitioner, visit } = of.mapped;
  const told = orders.filter(({ act }) => act !== 'other');
  const isTrial = channel.test || (of.message.msh.get(11) ?? 'P') !== 'P';
  if (isTrial || facts === undefined || told.length === 0) return undefined;
  if (questionPatientKey(facts, facility) === '') return undefined;
  const patient = await ownPatient(gateway, facility, facts);
  return {
    facility,
    patient,
    encounter,
    practitioner,
    visit,
    orders: told.map(({ key, order, act }) => ({ key, order, cancelled: act === 'cancel' })),
  };
}

export async function noteKnownOrders(
  gateway: Gateway,
  tx: StoreTx,
  of: KnownOrders & { readonly reference: Reference; readonly at: Instant },
): Promise<void> {
  const { facility, patient, visit, at } = of;
  const known = of.orders.map(
    ({ key, order, cancelled }): KnownOrder => ({
      facility: facility.id,
      orderMac: orderMacOf(gateway, facility.id, key),
      cancelled,
      at,
      target: order === undefined ? '' : (targetOf(of.reference, facility, order) ?? ''),
      patient,
      patientMac: patientMac(gateway, patient),
      encounterMac: encounterMacOf(gateway, facility.id, of.encounter),
      practitionerMac: practitionerMacOf(gateway, facility.id, of.practitioner),
      specialty: visit?.specialty ?? '',
      visitClass: visit?.class ?? '',
      payer: visit?.payer ?? '',
    }),
  );
  await tx.noteKnownOrders(known);
}
