/**
 * The audit trail at the FHIR door: a facility's own acts, and of its own patients who looked at them, wherever. Of others'
 * acts it is told who, when and why, not how they asked.
 */
import { permits } from '../../access/scopes.ts';
import { done, type Outcome, refuse } from '../../base/outcome.ts';
import type { AuditQuery } from '../../ports/store-audit.ts';
import { readDate, readReference } from '../../search/values.ts';
import type { AuditEvent } from '../../terms/audit-event.ts';
import type { FhirCaller } from '../../terms/fhir-caller.ts';
import type { Instant } from '../../terms/instant.ts';
import { patientMac } from '../answer.ts';
import type { Gateway } from '../gateway.ts';
import type { Pairs } from '../../search/parse-query.ts';
import { searchRefusal } from '../../search/parse-query.ts';
import { auditAccess } from './audit-access.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { fhirRefusal } from './refusals.ts';
import { namedPatient } from './rights.ts';

export interface AuditPage {
  readonly events: readonly AuditEvent[];
  readonly next: string | undefined;
  /** The Patient that was asked about, for the entity of its events. */
  readonly patient: string | undefined;
}

const COUNT_DEFAULT = 50;
const COUNT_MAX = 500;

export async function auditEvents(
  gateway: Gateway,
  caller: FhirCaller,
  asked: { readonly pairs: Pairs; readonly text: string },
): Promise<Outcome<AuditPage>> {
  if (!permits(caller.scopes, 'AuditEvent', 's').allowed) return refuse(fhirRefusal('gateway/scope', 'Authorization'));
  const token = asked.pairs.find(([name]) => name === '_cursor')?.[1];
  const cursor = token === undefined ? undefined : readCursor(gateway, caller, token);
  if (token !== undefined && cursor?.type !== 'AuditEvent') return refuse(fhirRefusal('gateway/bad-cursor', '_cursor'));
  const pairs = cursor?.pairs ?? asked.pairs;
  const query = readQuery(gateway, pairs);
  if (!query.ok) return query;
  const { patient, count, ...bounds } = query.value;
  const about = patient === undefined ? undefined : await pseudonymsOf(gateway, caller, patient);
  const [at, id] = cursor?.after ?? [];
  const events = await gateway.store.audit.page({
    facility: about === undefined ? caller.facility.id : null,
    ...(about === undefined ? {} : { macs: about }),
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
    query: asked.text,
    patients: patient === undefined ? [] : [{ patient, facility: caller.facility.id }],
  });
  return done({ events: page.map((event) => shown(caller, event)), next, patient });
}

export async function auditEvent(gateway: Gateway, caller: FhirCaller, id: string): Promise<Outcome<AuditEvent>> {
  if (!permits(caller.scopes, 'AuditEvent', 'r').allowed) return refuse(fhirRefusal('gateway/scope', 'Authorization'));
  const isId = /^[0-9a-f-]{36}$/.test(id);
  const [event] = isId ? await gateway.store.audit.page({ facility: caller.facility.id, id, limit: 1 }) : [];
  return event === undefined ? refuse(fhirRefusal('gateway/not-there', 'address')) : done(shown(caller, event));
}

/** How another hospital asked is its own business: not its channel, not its query, not what it found. */
function shown(caller: FhirCaller, event: AuditEvent): AuditEvent {
  if (event.facility === caller.facility.id) return event;
  const { query: _query, resource: _resource, ...rest } = event;
  return { ...rest, actor: '', detail: '', encounterMac: '' };
}

/** Of every record of the human that the caller's own Patient is: nobody's of another facility's. */
async function pseudonymsOf(gateway: Gateway, caller: FhirCaller, patient: string): Promise<readonly string[]> {
  const standings = await gateway.store.fhir.standing(namedPatient(patient), caller.facility.id);
  return standings
    .filter((standing) => standing.patient.facility === caller.facility.id)
    .flatMap(({ set }) => set.map((one) => patientMac(gateway, one)));
}

type Asked = Pick<AuditQuery, 'from' | 'before'> & { readonly patient: string | undefined; readonly count: number };

function readQuery(gateway: Gateway, pairs: Pairs): Outcome<Asked> {
  let asked: Asked = { patient: undefined, count: COUNT_DEFAULT };
  for (const [name, value] of pairs) {
    if (name === '_format' || name === '_pretty' || name === '_cursor') continue;
    if (name === 'patient' || name === 'entity') {
      const patient = readReference(value);
      if (patient === undefined || (patient.type !== '' && patient.type !== 'Patient'))
        return searchRefusal('search/bad-value', 'patient');
      asked = { ...asked, patient: patient.id };
    } else if (name === 'date' || name === '_lastUpdated') {
      const date = readDate(value, gateway.regionZone);
      if (date === undefined) return searchRefusal('search/bad-value', 'date');
      asked = { ...asked, ...boundsOf(date) };
    } else if (name === '_count') {
      if (!/^[1-9]\d{0,5}$/.test(value)) return searchRefusal('search/bad-value', '_count');
      asked = { ...asked, count: Math.min(Number(value), COUNT_MAX) };
    } else return searchRefusal('search/not-served', 'parameter');
  }
  return done(asked);
}

function boundsOf({
  prefix,
  start,
  end,
}: NonNullable<ReturnType<typeof readDate>>): Pick<AuditQuery, 'from' | 'before'> {
  const behind = new Date(Date.parse(end) + 1).toISOString() as Instant;
  switch (prefix) {
    case 'ge':
      return { from: start as Instant };
    case 'gt':
    case 'sa':
      return { from: behind };
    case 'le':
      return { before: behind };
    case 'lt':
    case 'eb':
      return { before: start as Instant };
    default:
      return { from: start as Instant, before: behind };
  }
}
