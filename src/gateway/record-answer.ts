/** What is recorded of a question beside its offers: that it was asked, by whom, and each order that it was asked about. */
import type { AskedOrder } from '../terms/asked-order.ts';
import type { AuditEvent } from '../terms/audit-event.ts';
import type { DecideInput } from '../terms/decide-input.ts';
import type { Decision } from '../terms/decision.ts';
import type { Instant } from '../terms/instant.ts';
import type { PatientRef } from '../terms/patient-link.ts';
import type { Question } from '../terms/question.ts';
import type { Asker } from './answer.ts';
import type { Gateway } from './gateway.ts';
import type { MadeOffers } from './make-offers.ts';
import { inputsOf } from './offer-inputs.ts';
import { encounterMacOf, orderMacOf, patientMac, practitionerMacOf } from './pseudonyms.ts';

/** Without a patient there is nobody to count an order of. */
export function askedOf(
  gateway: Gateway,
  of: {
    readonly input: DecideInput;
    readonly decisions: readonly Decision[];
    readonly patient: PatientRef | undefined;
    readonly encounterMac: string;
    readonly byKey: MadeOffers['byKey'];
    readonly question: Question;
  },
): readonly AskedOrder[] {
  const { input, patient, encounterMac, byKey, question } = of;
  if (patient === undefined) return [];
  const practitionerMac = practitionerMacOf(gateway, input.asker.id, question.practitioner);
  return of.decisions.map((decision) => ({
    id: gateway.random.uuid(),
    at: input.at,
    facility: input.asker.id,
    target: decision.target ?? '',
    verdict: decision.verdict,
    coverage: decision.coverage,
    patientMac: patientMac(gateway, patient),
    encounterMac,
    orderMac: orderMacOf(gateway, input.asker.id, decision.key),
    offer: byKey.get(decision.key)?.id ?? null,
    patient,
    catalogueDigest: input.catalogue.digest,
    practitionerMac,
    inputs: inputsOf(input, decision, question.visit),
  }));
}

export function auditOf(
  gateway: Gateway,
  input: {
    readonly asker: Asker;
    readonly question: Question;
    readonly patient: PatientRef | undefined;
    readonly at: Instant;
    readonly offers: number;
    /** Results shown for comparison, without an offer. */
    readonly compared: number;
  },
): AuditEvent {
  const { asker, question, compared } = input;
  return {
    id: gateway.random.uuid(),
    at: input.at,
    facility: asker.facility.id,
    actor: asker.channel.id,
    action: 'check',
    patientMac: input.patient === undefined ? '' : patientMac(gateway, input.patient),
    encounterMac: encounterMacOf(gateway, asker.facility.id, question.encounter),
    purpose: question.purpose ?? 'TREAT',
    outcome: 'success',
    detail: `orders ${question.orders.length}, offers ${input.offers}${compared === 0 ? '' : `, compared ${compared}`}`,
  };
}
