/** Audit of what is read, searched and refused at the FHIR door: durable before an answer leaves (DESIGN 4, BALP). */
import type { AuditAction, AuditEvent } from '../../terms/audit-event.ts';
import { joinKey } from '../../base/digest.ts';
import { type Outcome, refuse } from '../../base/outcome.ts';
import type { FhirCaller } from '../../terms/fhir-caller.ts';
import type { FacilityId } from '../../terms/facility.ts';
import { eventJobs, viewOf } from '../tell-events.ts';
import { patientMac } from '../pseudonyms.ts';
import type { Gateway } from '../gateway.ts';
import { fhirRefusal } from './refusals.ts';
import { namedPatient } from './rights.ts';

export interface Access {
  readonly action: AuditAction;
  /** `Observation/id` or `Observation`. */
  readonly resource: string;
  readonly outcome: AuditEvent['outcome'];
  /** Codes and counts of ours. */
  readonly detail: string;
  readonly query?: string;
  /** Element id of the result that was looked at by something else than itself: its picture. */
  readonly viewed?: string;
  /** Whose data it was: one event each; one event in all when it was nobody's. */
  readonly patients: readonly { readonly patient: string; readonly facility: FacilityId }[];
}

/** Resolves when the events are durable; throws StoreUnavailable when they cannot be: then nothing is shown. */
export async function auditAccess(gateway: Gateway, caller: FhirCaller, access: Access): Promise<void> {
  const { encounter, purpose } = caller.circumstances;
  const base = {
    at: gateway.clock.now(),
    facility: caller.facility.id,
    actor: caller.channel.id,
    action: access.action,
    encounterMac:
      encounter === undefined ? '' : gateway.pseudonym.text(joinKey('encounter', caller.facility.id, encounter)),
    purpose,
    outcome: access.outcome,
    detail: access.detail,
    resource: access.resource,
    ...(access.query === undefined ? {} : { query: access.query }),
  };
  // A page of results is mostly one patient's.
  const patients = new Map(access.patients.map((one) => [one.patient, one]));
  const macs = [...patients.values()].flatMap(({ patient, facility }) =>
    namedPatient(patient).map((named) => patientMac(gateway, { ...named, facility })),
  );
  const whose = macs.length === 0 ? [''] : macs;
  const audit = whose.map((mac): AuditEvent => ({ id: gateway.random.uuid(), ...base, patientMac: mac }));
  const [type = '', element = ''] = access.resource.split('/');
  const viewed = access.viewed ?? (type === 'Observation' ? element : undefined);
  const isView = access.action === 'read' && access.outcome === 'success' && base.encounterMac !== '';
  const references = isView && viewed !== undefined ? [viewOf(caller.facility.id, base.encounterMac, viewed)] : [];
  const jobs = eventJobs(gateway, { due: base.at, references });
  await gateway.store.recordAnswer({ audit, offers: [], entries: [], jobs });
}

/** Refused for want of a scope: written down before it is said. */
export async function refuseScope(
  gateway: Gateway,
  caller: FhirCaller,
  asked: Pick<Access, 'action' | 'resource' | 'query'>,
): Promise<Outcome<never>> {
  await auditAccess(gateway, caller, { ...asked, outcome: 'denied', detail: 'gateway/scope', patients: [] });
  return refuse(fhirRefusal('gateway/scope', 'Authorization'));
}
