/** The patient of an ECG → Patient, and the facts that identity judges it by. */
import type { HumanName, Patient } from 'fhir/r4';
import type { IdentityFacts } from '../../terms/mapped.ts';
import type { EcgPatient } from '../../terms/parsed/ecg.ts';
import { nameText } from '../map-patient.ts';
import type { PatientDraft } from '../map-patient.ts';
import { V2 } from '../systems.ts';
import type { Run } from '../run.ts';

const VISIT = { coding: [{ system: `${V2}0203`, code: 'VN' }] };

/** Undefined when the file names nobody. */
export function mapEcgPatient(patient: EcgPatient, run: Run): PatientDraft | undefined {
  const { birthDate, sex } = patient;
  const name = nameOf(patient);
  const identifier = patient.identifiers.map(({ value, kind }) => ({
    ...(kind === 'visit' ? { type: VISIT } : {}),
    system: run.localIdentifierSystem,
    value,
  }));
  if (identifier.length === 0 && name === undefined) {
    run.problem('mapping/patient-without-identity', 'warning', patient.at);
    return undefined;
  }
  const resource: Patient = {
    resourceType: 'Patient',
    ...(identifier.length === 0 ? {} : { identifier }),
    ...(name === undefined ? {} : { name: [name] }),
    ...(sex === undefined ? {} : { gender: sex }),
    ...(birthDate === undefined ? {} : { birthDate }),
  };
  return { resource, facts: factsOf(patient, name, run) };
}

function nameOf({ name, family, given }: EcgPatient): HumanName | undefined {
  if (name !== undefined) return { text: name };
  if (family === undefined && given === undefined) return undefined;
  return { ...(family === undefined ? {} : { family }), ...(given === undefined ? {} : { given: [given] }) };
}

function factsOf(patient: EcgPatient, name: HumanName | undefined, run: Run): IdentityFacts {
  const { birthDate, sex, at } = patient;
  const written = name === undefined ? '' : (name.text ?? nameText(name));
  return {
    identifiers: patient.identifiers.map(({ value, kind, at: where }) => ({
      type: kind === 'visit' ? 'VN' : '',
      system: run.localIdentifierSystem,
      value,
      at: where,
    })),
    names: written === '' ? [] : [written],
    ...(birthDate === undefined ? {} : { birthDate }),
    ...(sex === undefined ? {} : { sex }),
    at,
  };
}
