/**
 * The audit trail at the FHIR door: a facility's own acts, and of its own patients who looked at them, wherever. Of others'
 * acts it is told who, when and why, not how they asked.
 */
import { permits } from '../../access/scopes.ts';
import { done, type Outcome, refuse } from '../../base/outcome.ts';
import { isHeld } from '../../identity/held.ts';
import type { AboutPatient } from '../../ports/store-audit.ts';
import type { Pairs } from '../../search/parse-query.ts';
import type { AuditEvent } from '../../terms/audit-event.ts';
import type { FhirCaller } from '../../terms/fhir-caller.ts';
import type { Instant } from '../../terms/instant.ts';
import type { PatientRef } from '../../terms/patient-link.ts';
import { patientMac } from '../pseudonyms.ts';
import type { Gateway } from '../gateway.ts';
import { auditAccess, refuseScope } from './audit-access.ts';
import { LOOKS } from './audit-codes.ts';
import { readAuditQuery } from './audit-query.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { fhirRefusal } from './refusals.ts';
import { namedPatient } from './rights.ts';

export interface AuditPage {
  readonly events: readonly AuditEvent[];
  readonly next: string | undefined;
  /** The Patient that was asked about, for the entity of its events. */
  readonly patient: string | undefined;
}

export async function auditEvents(
  gateway: Gateway,
  caller: FhirCaller,
  asked: { readonly pairs: Pairs; readonly text: string },
): Promise<Outcome<AuditPage>> {
  const { text } = asked;
  if (!permits(caller.scopes, 'AuditEvent', 's').allowed)
    return refuseScope(gateway, caller, { action: 'search', resource: 'AuditEvent', query: text });
  const token = asked.pairs.find(([name]) => name === '_cursor')?.[1];
  const cursor = token === undefined ? undefined : readCursor(gateway, caller, token);
  if (token !== undefined && cursor?.type !== 'AuditEvent') return refuse(fhirRefusal('gateway/bad-cursor', '_cursor'));
  const pairs = cursor?.pairs ?? asked.pairs;
  const query = readAuditQuery(gateway, pairs);
  if (!query.ok) return query;
  const { patient, count, ...bounds } = query.value;
  const { facility } = caller;
  const [at, id] = cursor?.after ?? [];
  const events = await gateway.store.audit.page({
    of:
      patient === undefined
        ? { facility: facility.id }
        : { records: await recordsOf(gateway, caller, patient), facility: facility.id, looks: LOOKS },
    ...bounds,
    ...(at === undefined || id === undefined ? {} : { after: { at: at as Instant, id } }),
    limit: count + 1,
  });
  const page = events.slice(0, count);
  const last = page.at(-1);
  const next =
    last === undefined || events.length <= count
      ? undefined
      : writeCursor(gateway, caller, {
          type: 'AuditEvent',
          pairs,
          lenient: false,
          circumstances: caller.circumstances,
          after: [last.at, last.id],
        });
  // That somebody looked is written down too, once for the look and not for each line of it.
  await auditAccess(gateway, caller, {
    action: 'search',
    resource: 'AuditEvent',
    outcome: 'success',
    detail: `found ${page.length}`,
    query: text,
    patients: patient === undefined ? [] : [{ patient, facility: facility.id }],
  });
  return done({ events: page.map((event) => shown(caller, event)), next, patient });
}

export async function auditEvent(gateway: Gateway, caller: FhirCaller, id: string): Promise<Outcome<AuditEvent>> {
  const isId = /^[0-9a-f-]{36}$/.test(id);
  const access = { action: 'read', resource: isId ? `AuditEvent/${id}` : 'AuditEvent' } as const;
  if (!permits(caller.scopes, 'AuditEvent', 'r').allowed) return refuseScope(gateway, caller, access);
  const of = { facility: caller.facility.id };
  const [event] = isId ? await gateway.store.audit.page({ of, id, limit: 1 }) : [];
  const outcome = event === undefined ? 'denied' : 'success';
  const detail = event === undefined ? 'gateway/not-there' : '';
  await auditAccess(gateway, caller, { ...access, outcome, detail, patients: [] });
  return event === undefined ? refuse(fhirRefusal('gateway/not-there', 'address')) : done(shown(caller, event));
}

/**
 * How another hospital asked is its own business: not its channel, not its query, not what it found. And what the caller
 * was refused stays unknown to it here too: whether it was anybody's does not show.
 */
function shown(caller: FhirCaller, event: AuditEvent): AuditEvent {
  if (event.facility === caller.facility.id) return event.outcome === 'success' ? event : { ...event, patientMac: '' };
  const { query: _query, resource: _resource, ...rest } = event;
  return { ...rest, actor: '', detail: '', encounterMac: '', patientMac: '' };
}

/**
 * Every record of the human that the caller's own Patient is; of a Patient that may be two humans, and for a channel for
 * trying, its own alone. Of another facility's Patient: none.
 */
async function recordsOf(gateway: Gateway, caller: FhirCaller, patient: string): Promise<AboutPatient['records']> {
  const isOwn = (one: PatientRef): boolean => one.facility === caller.facility.id;
  const standings = await gateway.store.fhir.standing(namedPatient(patient), caller.facility.id);
  return standings
    .filter((standing) => isOwn(standing.patient))
    .flatMap((standing) => (caller.channel.test || isHeld(standing.openReasons) ? [standing.patient] : standing.set))
    .map((one) => ({ mac: patientMac(gateway, one), own: isOwn(one) }));
}
