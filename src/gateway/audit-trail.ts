/** The audit trail for the operator: of a facility, of a human at all facilities, or all of it. Looking is written down too. */
import { done, type Outcome, refuse } from '../base/outcome.ts';
import type { AuditQuery } from '../ports/store-audit.ts';
import type { AuditEvent } from '../terms/audit-event.ts';
import type { FacilityId } from '../terms/facility.ts';
import type { Instant } from '../terms/instant.ts';
import type { PatientRef } from '../terms/patient-link.ts';
import { refusalOf } from './answer.ts';
import { patientMac } from './pseudonyms.ts';
import type { Gateway } from './gateway.ts';
import { bucketOfId } from './id-source.ts';

export interface TrailAsked {
  /** Whose acts. */
  readonly facility?: FacilityId;
  /** Id of any Patient of the human who was looked at: then the acts of all. */
  readonly patient?: string;
  readonly since?: Instant;
  readonly limit: number;
  /** Who looks. */
  readonly by: string;
}

/** What was asked in a query, and of whom by pseudonym, is left out: it is no operator's business to read identifiers. */
export type TrailLine = Omit<AuditEvent, 'id' | 'query' | 'patientMac' | 'encounterMac'>;

/** The newest first. Refused with `gateway/unknown-patient`. */
export async function auditTrail(gateway: Gateway, asked: TrailAsked): Promise<Outcome<readonly TrailLine[]>> {
  const { facility, patient, since, limit, by } = asked;
  const set = patient === undefined ? [] : await sameHumanAs(gateway, patient);
  const [first] = set;
  if (patient !== undefined && first === undefined)
    return refuse(refusalOf('not-found', 'gateway/unknown-patient', 'patient'));
  const records = set.map((one) => ({ mac: patientMac(gateway, one), own: true }));
  const events = await gateway.store.audit.page({
    of: ofWhom(facility, patient === undefined ? undefined : records),
    ...(since === undefined ? {} : { from: since }),
    limit,
  });
  const look: AuditEvent = {
    id: gateway.random.uuid(),
    at: gateway.clock.now(),
    facility: null,
    actor: by,
    action: 'search',
    patientMac: first === undefined ? '' : patientMac(gateway, first),
    encounterMac: '',
    purpose: '',
    outcome: 'success',
    detail: `found ${events.length}`,
    resource: 'AuditEvent',
  };
  await gateway.store.recordAnswer({ audit: [look], offers: [], entries: [] });
  const lines = events.map(({ id: _id, query: _query, patientMac: _mac, encounterMac: _visit, ...line }) => line);
  return done(lines);
}

function ofWhom(
  facility: FacilityId | undefined,
  records: readonly { readonly mac: string; readonly own: boolean }[] | undefined,
): AuditQuery['of'] {
  if (records !== undefined) return { records, facility: null, looks: [] };
  return facility === undefined ? 'all' : { facility };
}

async function sameHumanAs(gateway: Gateway, patient: string): Promise<readonly PatientRef[]> {
  const bucket = bucketOfId(patient);
  if (bucket === undefined) return [];
  const [stored] = await gateway.store.fhir.current([{ bucket, id: patient }]);
  if (stored?.type !== 'Patient') return [];
  const [standing] = await gateway.store.fhir.standing([{ bucket, patient }], stored.facility);
  return standing?.set ?? [];
}
