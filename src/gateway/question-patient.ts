/**
 * A question finds or makes the asking facility's Patient exactly as a message does (SETTLED 11). Its
 * local number is the Patient key; with a national or other document number alone, that number is.
 */
import { joinKey } from '../base/digest.ts';
import { factsOfPatient } from '../identity/facts-of-patient.ts';
import { isDocument } from '../identity/identity-keys.ts';
import { sameFacts } from '../identity/same-facts.ts';
import { patientBusinessKey } from '../mapping/patient-key.ts';
import type { StoreTx } from '../ports/store.ts';
import type { Facility } from '../terms/facility.ts';
import type { Patient } from '../terms/fhir.ts';
import type { IdentityFacts } from '../terms/mapped.ts';
import type { PatientRef } from '../terms/patient-link.ts';
import { claimIds, untilIdsSettle } from './claim-ids.ts';
import type { Gateway } from './gateway.ts';
import { businessMac, createMessageIds } from './id-source.ts';
import { settlePatient } from './settle-patients.ts';

/** The Patient key of a question, '' when it names no identifier at all. */
export function questionPatientKey(facts: IdentityFacts, facility: Facility): string {
  const local = facts.identifiers.find((identifier) => !isDocument(identifier, facility.profile));
  const chosen = local ?? facts.identifiers[0];
  if (chosen === undefined) return '';
  return local === undefined ? joinKey('document', chosen.value) : patientBusinessKey(local);
}

/** The facility's Patient for a question: one read when it is known with the same facts, else a transaction. */
export async function findOrMakePatient(gateway: Gateway, facility: Facility, facts: IdentityFacts): Promise<PatientRef> {
  const key = questionPatientKey(facts, facility);
  const mac = businessMac(gateway.ids, { facility: facility.id, kind: 'patient', businessKey: key });
  const known = await gateway.store.read.patientByMac({ facility: facility.id, kind: 'patient', mac });
  if (known !== undefined) {
    const stored = await gateway.store.read.readPatient(known);
    if (stored !== undefined && sameFacts(factsOfPatient(stored), facts)) return known;
  }
  return untilIdsSettle((memory) =>
    gateway.store.transaction(async (tx) => {
      const ids = createMessageIds(gateway.ids, { facility: facility.id, production: true, known: memory });
      const bucket = ids.bucketOf({ facts, patientKey: key, reportKey: key });
      const { id } = ids.idOf('patient', key, bucket);
      const row = (await claimIds(tx, ids, memory)).get(id);
      const patient = { bucket: row?.bucket ?? bucket, patient: id, facility: facility.id };
      const resource = await restatePatient(tx, patient, facts);
      const at = gateway.clock.now();
      await settlePatient(gateway, tx, { patient, resource, facts, fresh: row?.fresh ?? true, production: true, facility, at });
      return patient;
    }),
  );
}

/** What the question states, laid over what is already known of the Patient: an HIS sends less than a LIS. */
async function restatePatient(tx: StoreTx, patient: PatientRef, facts: IdentityFacts): Promise<Patient & { id: string }> {
  const [stored] = await tx.readResources([{ bucket: patient.bucket, id: patient.patient }]);
  const before = stored?.resource as unknown as Patient | undefined;
  const [name] = facts.names;
  return {
    ...before,
    resourceType: 'Patient',
    id: patient.patient,
    identifier: facts.identifiers.map(({ type, system, value }) => ({
      ...(type === '' ? {} : { type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: type }] } }),
      ...(system === '' ? {} : { system }),
      value,
    })),
    ...(name === undefined ? {} : { name: [{ text: name }] }),
    ...(facts.birthDate === undefined ? {} : { birthDate: facts.birthDate }),
    ...(facts.sex === undefined ? {} : { gender: facts.sex }),
  };
}
