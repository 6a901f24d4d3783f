/**
 * A question finds or makes the asking facility's Patient exactly as a message does (SETTLED 11). Its
 * local number is the Patient key; with a national or other document number alone, that number is.
 */
import { joinKey } from '../base/digest.ts';
import { isDocument } from '../identity/identity-keys.ts';
import { patientKeyOfIdentifiers } from '../mapping/patient-key.ts';
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
  const { profile } = facility;
  const local = facts.identifiers.filter((identifier) => !isDocument(identifier, profile));
  const key = patientKeyOfIdentifiers(local, profile);
  if (key !== undefined) return key;
  const [document] = facts.identifiers;
  return document === undefined ? '' : joinKey('document', document.value);
}

/** The directory's key of the asking facility's Patient. */
export function questionPatientMac(gateway: Gateway, facility: Facility, facts: IdentityFacts): string {
  const businessKey = questionPatientKey(facts, facility);
  return businessMac(gateway.ids, { facility: facility.id, kind: 'patient', businessKey });
}

/** Makes the Patient of a question, or notes what the question states anew: its link is judged again then. */
export async function makePatient(gateway: Gateway, facility: Facility, facts: IdentityFacts): Promise<void> {
  const key = questionPatientKey(facts, facility);
  const { facilities } = await gateway.reference.current();
  await untilIdsSettle((memory) =>
    gateway.store.transaction(async (tx) => {
      const ids = createMessageIds(gateway.ids, { facility: facility.id, production: true, known: memory });
      const bucket = ids.bucketOf({ facts, patientKey: key, reportKey: key });
      const { id } = ids.idOf('patient', key, bucket);
      const row = (await claimIds(tx, ids, memory)).get(id);
      await settlePatient(gateway, tx, {
        patient: { bucket: row?.bucket ?? bucket, patient: id, facility: facility.id },
        resource: patientOf(id, facts),
        facts,
        fresh: row?.fresh ?? true,
        production: true,
        facility,
        facilities,
        at: gateway.clock.now(),
      });
    }),
  );
}

/** The Patient as the question states it; `settlePatient` lays it over what is known. */
function patientOf(id: string, facts: IdentityFacts): Patient & { id: string } {
  const [name] = facts.names;
  return {
    resourceType: 'Patient',
    id,
    identifier: facts.identifiers.map(({ type, system, value }) => ({
      ...(type === ''
        ? {}
        : { type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: type }] } }),
      ...(system === '' ? {} : { system }),
      value,
    })),
    ...(name === undefined ? {} : { name: [{ text: name }] }),
    ...(facts.birthDate === undefined ? {} : { birthDate: facts.birthDate }),
    ...(facts.sex === undefined ? {} : { gender: facts.sex }),
  };
}

/** The asking facility's Patient of these facts, made where it is not known; they carry an identifier. */
export async function ownPatient(gateway: Gateway, facility: Facility, facts: IdentityFacts): Promise<PatientRef> {
  const query = {
    facility: facility.id,
    mac: questionPatientMac(gateway, facility, facts),
    items: [],
    since: gateway.clock.now(),
    limit: 1,
  };
  const known = await gateway.store.read.asked(query);
  if (known !== undefined) return known.ref;
  await makePatient(gateway, facility, facts);
  const made = await gateway.store.read.asked(query);
  if (made === undefined) throw new Error('a Patient that was made is not there');
  return made.ref;
}
