/** ServiceRequests of a facility are orders that are known from then on (R4 servicerequest.html: status, intent). */
import type { StoreTx } from '../../../ports/store-tx.ts';
import type { FhirCaller } from '../../../terms/fhir-caller.ts';
import type { ServiceRequest } from '../../../terms/fhir.ts';
import type { Instant } from '../../../terms/instant.ts';
import type { Order } from '../../../terms/question.ts';
import type { Gateway } from '../../gateway.ts';
import { noteKnownOrders } from '../../note-known-orders.ts';
import type { Reference } from '../../reference-cache.ts';
import { namedPatient } from '../rights.ts';
import type { Placed } from './placed.ts';
import { patientIn } from './references.ts';

const ORDERED: ReadonlySet<string> = new Set(['active', 'on-hold', 'completed']);
const CANCELLED: ReadonlySet<string> = new Set(['revoked', 'entered-in-error']);
/** What is only proposed or planned is no order yet. */
const ORDERS: ReadonlySet<string> = new Set([
  'order',
  'original-order',
  'reflex-order',
  'filler-order',
  'instance-order',
]);

/** In the transaction that writes them; over a channel for trying things, and of nobody, none is known. */
export async function noteServiceRequests(
  gateway: Gateway,
  tx: StoreTx,
  caller: FhirCaller,
  of: { readonly writing: readonly Placed[]; readonly reference: Reference; readonly at: Instant },
): Promise<void> {
  if (caller.channel.test) return;
  const { facility } = caller;
  for (const { id, resource } of of.writing) {
    if (resource.resourceType !== 'ServiceRequest') continue;
    const request = resource as unknown as ServiceRequest;
    const [patient] = namedPatient(patientIn(resource));
    const cancelled = CANCELLED.has(request.status);
    if (patient === undefined || !ORDERS.has(request.intent) || !(cancelled || ORDERED.has(request.status))) continue;
    const key = request.identifier?.[0]?.value ?? id;
    await noteKnownOrders(gateway, tx, {
      facility,
      reference: of.reference,
      patient: { ...patient, facility: facility.id },
      encounter: caller.circumstances.encounter,
      practitioner: request.requester?.identifier?.value,
      visit: undefined,
      orders: [{ key, order: codedOrder(request, key), cancelled }],
      at: of.at,
    });
  }
}

/** Undefined where it carries no code: known all the same, under no target. */
function codedOrder({ code }: ServiceRequest, key: string): Order | undefined {
  const [first, ...alternatives] = (code?.coding ?? []).flatMap(({ system = '', code: value = '' }) =>
    value === '' ? [] : [{ system, code: value }],
  );
  return first === undefined ? undefined : { key, ...first, alternatives };
}
