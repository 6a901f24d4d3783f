/**
 * `Patient/$match` (R4 patient-operation-match.html) among the caller's own records. Certain as identity judges it: a
 * stated national number and an agreeing name. What is merely possible comes only when the client asks for it.
 */
import { permits } from '../../access/scopes.ts';
import { done, type Outcome } from '../../base/outcome.ts';
import { factsOfPatient } from '../../identity/facts-of-patient.ts';
import { identityKeys } from '../../identity/identity-keys.ts';
import { agreesWithOwnRecord } from '../../identity/own-record.ts';
import type { Patient } from '../../terms/fhir.ts';
import type { FhirCaller } from '../../terms/fhir-caller.ts';
import type { StoredResource } from '../../terms/stored-resource.ts';
import type { Gateway } from '../gateway.ts';
import { auditAccess, refuseScope } from './audit-access.ts';
import { readStored } from './present.ts';

export interface PatientMatch {
  readonly stored: StoredResource;
  readonly grade: 'certain' | 'possible';
}

export async function matchPatient(
  gateway: Gateway,
  caller: FhirCaller,
  input: { readonly patient: Patient; readonly onlyCertain: boolean; readonly count: number },
): Promise<Outcome<readonly PatientMatch[]>> {
  if (!permits(caller.scopes, 'Patient', 's').allowed)
    return refuseScope(gateway, caller, { action: 'search', resource: 'Patient' });
  const { facility } = caller;
  const asked = factsOfPatient(input.patient);
  const keys = identityKeys(asked, { facility: facility.id, profile: facility.profile });
  // By which kind of key each record was found: a national number or the facility's own can make it certain.
  const strong = new Map<string, boolean>();
  const places = new Map<string, { bucket: StoredResource['bucket']; id: string }>();
  for (const { kind, text } of keys) {
    for (const { bucket, patient } of await gateway.store.fhir.patientsByIdentifier(
      gateway.ids.index.text(text),
      facility.id,
    )) {
      places.set(patient, { bucket, id: patient });
      strong.set(patient, (strong.get(patient) ?? false) || kind !== 'document');
    }
  }
  const stored = await gateway.store.fhir.current([...places.values()]);
  const standings = await gateway.store.fhir.standing(
    stored.map(({ bucket, id }) => ({ bucket, patient: id })),
    facility.id,
  );
  const reasons = new Map(standings.map(({ patient, openReasons }) => [patient.patient, openReasons]));
  const matches = stored
    .map((one): PatientMatch => {
      const own = factsOfPatient(readStored(one) as unknown as Patient);
      const certain = strong.get(one.id) === true && agreesWithOwnRecord(asked, own, reasons.get(one.id) ?? []);
      return { stored: one, grade: certain ? 'certain' : 'possible' };
    })
    .filter(({ grade }) => grade === 'certain' || !input.onlyCertain)
    .toSorted((left, right) =>
      left.grade === right.grade ? (left.stored.id < right.stored.id ? -1 : 1) : left.grade === 'certain' ? -1 : 1,
    )
    .slice(0, input.count);
  await auditAccess(gateway, caller, {
    action: 'search',
    resource: 'Patient',
    outcome: 'success',
    detail: `$match ${matches.length}`,
    patients: matches.map(({ stored: one }) => one),
  });
  return done(matches);
}
