/** A stored ECG for a page: read by who may read it, audited, and made whole again from its resources. */
import type { Device, DiagnosticReport, Patient } from 'fhir/r4';
import { permits } from '../../access/scopes.ts';
import { readResource as readText } from '../../base/json.ts';
import { done, type Outcome, refuse } from '../../base/outcome.ts';
import { ecgOfResources, isExcerpt, qualityIn } from '../../mapping/ecg/ecg-of-resources.ts';
import type { FhirCaller } from '../../terms/fhir-caller.ts';
import type { Observation } from '../../terms/fhir.ts';
import type { PatientRef } from '../../terms/patient-link.ts';
import type { Ecg } from '../../terms/parsed/ecg.ts';
import type { StoredResource } from '../../terms/stored-resource.ts';
import { auditAccess, refuseScope } from '../fhir/audit-access.ts';
import { fhirRefusal } from '../fhir/refusals.ts';
import { isInScope } from '../fhir/found.ts';
import { namedPatient, openTo } from '../fhir/rights.ts';
import type { Gateway } from '../gateway.ts';
import { bucketOfId } from '../id-source.ts';

export interface ShownEcg {
  readonly ecg: Ecg;
  /** What speaks against the recording: codes of `signals/quality.ts`, with leads. */
  readonly quality: ReturnType<typeof qualityIn>;
  /** Only its first seconds are stored as resources; all of it is in the original file. */
  readonly excerpt: boolean;
  /** The facility that it came from, by name. */
  readonly facility: string;
  /** False where the caller's scopes do not reach Patients: the page leaves out who it is. */
  readonly identity: boolean;
  readonly patient: Pick<PatientRef, 'bucket' | 'patient'> | undefined;
}

/**
 * By the id of the DiagnosticReport. Open to whom the report, or the measurements that an offer named, are open; all else
 * looks absent. Refused with `gateway/scope` or `gateway/not-there`.
 */
export async function showEcg(gateway: Gateway, caller: FhirCaller, id: string): Promise<Outcome<ShownEcg>> {
  const ofReports = permits(caller.scopes, 'DiagnosticReport', 'r');
  const ofResults = permits(caller.scopes, 'Observation', 'r');
  if (!ofReports.allowed || !ofResults.allowed)
    return refuseScope(gateway, caller, { action: 'read', resource: 'DiagnosticReport' });
  const bucket = bucketOfId(id);
  const found = bucket === undefined ? [] : await gateway.store.fhir.current([{ bucket, id }]);
  const report = found.find(({ type }) => type === 'DiagnosticReport');
  const parts = report === undefined ? [] : await partsOf(gateway, report);
  const open = report === undefined ? [] : await openTo(gateway, caller, [report, ...parts]);
  const inScope = (one: StoredResource): boolean =>
    isInScope(one, one.type === 'DiagnosticReport' ? ofReports.categories : ofResults.categories);
  // An offer names the measurements: with them comes the picture that they were taken from. A scope's categories hold for all.
  const isOpen = open.length > 0 && report !== undefined && [report, ...parts].every(inScope);
  const ecg = isOpen ? await makeWhole(gateway, caller, report, parts) : undefined;
  const panel = parts.find(({ kind, type }) => kind === 'report' && type === 'Observation');
  await auditAccess(gateway, caller, {
    action: 'read',
    resource: bucket === undefined ? 'DiagnosticReport' : `DiagnosticReport/${id}`,
    outcome: ecg === undefined ? 'denied' : 'success',
    detail: ecg === undefined ? 'gateway/not-there' : 'page',
    patients: found.filter(({ patient }) => patient !== '').slice(0, 1),
    // Whoever looked at the picture has seen the result.
    ...(panel === undefined ? {} : { viewed: panel.id }),
  });
  return ecg === undefined ? refuse(fhirRefusal('gateway/not-there', 'address')) : done(ecg);
}

/** True when both are of one patient's record, or of records that are certainly the same human's. */
export async function areOfOneHuman(
  gateway: Gateway,
  caller: FhirCaller,
  [one, other]: readonly [ShownEcg, ShownEcg],
): Promise<boolean> {
  if (one.patient === undefined || other.patient === undefined) return false;
  const { patient } = other.patient;
  if (one.patient.patient === patient) return true;
  const [standing] = await gateway.store.fhir.standing([one.patient], caller.facility.id);
  return standing?.set.some((member) => member.patient === patient) === true;
}

/** The Observations that the report names. */
async function partsOf(gateway: Gateway, report: StoredResource): Promise<readonly StoredResource[]> {
  const { result = [] } = valueOf<DiagnosticReport>(report);
  const places = result.flatMap(({ reference = '' }) => placeOf(reference));
  const found = places.length === 0 ? [] : await gateway.store.fhir.current(places);
  return found.filter(({ facility, patient }) => facility === report.facility && patient === report.patient);
}

async function makeWhole(
  gateway: Gateway,
  caller: FhirCaller,
  stored: StoredResource,
  parts: readonly StoredResource[],
): Promise<ShownEcg | undefined> {
  const report = valueOf<DiagnosticReport>(stored);
  const observations = parts.filter(({ type }) => type === 'Observation').map((part) => valueOf<Observation>(part));
  const named = [report.subject?.reference ?? '', observations[0]?.device?.reference ?? ''].flatMap(placeOf);
  const beside = named.length === 0 ? [] : await gateway.store.fhir.current(named);
  const patient = beside.find(({ type }) => type === 'Patient');
  const device = beside.find(({ type }) => type === 'Device');
  const ecg = ecgOfResources({
    report,
    observations,
    ...(patient === undefined ? {} : { patient: valueOf<Patient>(patient) }),
    ...(device === undefined ? {} : { device: valueOf<Device>(device) }),
  });
  // A report of another kind has no trace to show.
  if (ecg.groups.length === 0) return undefined;
  const { facilities } = await gateway.reference.current();
  const excerpt = observations.some(isExcerpt);
  return {
    ecg,
    quality: qualityIn(observations),
    excerpt,
    facility: facilities.get(stored.facility)?.name ?? '',
    identity: permits(caller.scopes, 'Patient', 'r').allowed,
    patient: namedPatient(stored.patient)[0],
  };
}

function placeOf(reference: string) {
  const id = reference.slice(reference.indexOf('/') + 1);
  const bucket = bucketOfId(id);
  return bucket === undefined ? [] : [{ bucket, id }];
}

function valueOf<T>(stored: StoredResource): T {
  return readText(stored.text).value as T;
}
