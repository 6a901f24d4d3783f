/** How Patients stand to a facility: who is the same human, who opted out, what a steward has to look at, what was offered. */
import type { FhirStore, Standing } from '../../ports/store-fhir.ts';
import type { FacilityId } from '../../terms/facility.ts';
import type { PatientRef } from '../../terms/patient-link.ts';
import type { Session } from '../driver/database.ts';
import { rowsParam } from '../driver/statement.ts';

const PATIENTS = 'json_to_recordset($1::text::json) as p(bucket smallint, patient text collate "C")';

/** One row a Patient that is known; its set as JSON. */
const STANDING = `with asked as (
    select p.bucket, p.patient, (select r.facility from resource r where r.bucket = p.bucket and r.id = p.patient
      order by r.version desc limit 1) as facility from ${PATIENTS}
  ), members as (
    select a.bucket as of_bucket, a.patient as of_patient, a.bucket, a.patient, a.facility from asked a
    union
    select a.bucket, a.patient, m.bucket, m.patient, m.facility from asked a
    join patient_link l on l.bucket = a.bucket and l.patient = a.patient and l.closed_at is null and l.certainty = 'certain'
    join patient_link m on m.person = l.person and m.closed_at is null and m.certainty = 'certain'
  )
  select a.bucket, a.patient, a.facility,
    (select json_agg(json_build_object('bucket', m.bucket, 'patient', m.patient, 'facility', m.facility)
      order by m.bucket, m.patient)::text from members m where m.of_bucket = a.bucket and m.of_patient = a.patient) as set,
    exists (select 1 from members m join opt_out o on o.bucket = m.bucket and o.patient = m.patient and o.opted_out
      where m.of_bucket = a.bucket and m.of_patient = a.patient) as "optedOut",
    (select coalesce(json_agg(distinct q.reason), '[]')::text from members m
      join identity_queue q on q.bucket = m.bucket and q.patient = m.patient and q.closed_at is null
      where m.of_bucket = a.bucket and m.of_patient = a.patient
        and (m.facility = $2 or (m.bucket = a.bucket and m.patient = a.patient))) as reasons
  from asked a where a.facility is not null`;

interface StandingRow extends PatientRef {
  readonly set: string;
  readonly optedOut: boolean;
  readonly reasons: string;
}

export async function readStanding(
  session: Session,
  patients: Parameters<FhirStore['standing']>[0],
  facility: FacilityId,
): Promise<readonly Standing[]> {
  if (patients.length === 0) return [];
  const param = rowsParam(patients.map(({ bucket, patient }) => ({ bucket, patient })));
  const rows = await session.run<StandingRow>(STANDING, [param, facility]);
  return rows.map(({ bucket, patient, facility, set, optedOut, reasons }) => {
    const self = { bucket, patient, facility };
    const others = (JSON.parse(set) as PatientRef[]).filter((one) => one.patient !== patient || one.bucket !== bucket);
    return { patient: self, set: [self, ...others], optedOut, openReasons: JSON.parse(reasons) as string[] };
  });
}

const OFFERED = `select distinct o.element from ${PATIENTS}
  join container c on c.bucket = p.bucket and c.patient = p.patient and c.version = 1
  join offer_result o on o.bucket = c.bucket and o.container = c.id
  join offer f on f.id = o.offer and f.facility = $2 and f.encounter_mac <> '' and f.at >= $3
    and ($4::text is null or f.encounter_mac = $4)`;

export async function readOffered(
  session: Session,
  query: Parameters<FhirStore['offered']>[0],
): Promise<readonly string[]> {
  if (query.patients.length === 0) return [];
  const patients = rowsParam(query.patients.map(({ bucket, patient }) => ({ bucket, patient })));
  const rows = await session.run<{ element: string }>(OFFERED, [
    patients,
    query.facility,
    query.since,
    query.encounterMac ?? null,
  ]);
  return rows.map(({ element }) => element);
}

const PATIENTS_BY_IDENTIFIER =
  'select bucket, patient, facility from identifier where mac = $1 and facility = $2 order by bucket, patient';

export function patientsWithIdentifier(
  session: Session,
  mac: string,
  facility: FacilityId,
): Promise<readonly PatientRef[]> {
  return session.run<PatientRef>(PATIENTS_BY_IDENTIFIER, [mac, facility]);
}
