/** PID, PD1 and their notes → Patient, and the facts that identity judges it by. */
import type { HumanName, Patient } from 'fhir/r4';
import type { IdentityFacts, StatedIdentifier } from '../terms/mapped.ts';
import { pd1ToPatient } from './generated/pd1-patient.ts';
import { pidToPatient } from './generated/pid-patient.ts';
import { prtToPatient } from './generated/prt-patient.ts';
import type { PatientGroup } from './group.ts';
import { nteText } from './notes.ts';
import type { Reading } from './reading.ts';
import type { Run } from './run.ts';
import { EXTENSIONS } from './systems.ts';

export interface PatientDraft {
  /** Without id: the directory gives it. */
  readonly resource: Patient;
  readonly facts: IdentityFacts;
}

/** Undefined when the group has no PID, or one that states nothing. */
export function mapPatient(group: PatientGroup, run: Run): PatientDraft | undefined {
  const { pid } = group;
  if (pid === undefined) return undefined;
  const resource: Patient = { resourceType: 'Patient' };
  pidToPatient(resource, pid, {}, run);
  if (Object.keys(resource).length === 1) return undefined;
  if (group.pd1 !== undefined) pd1ToPatient(resource, group.pd1, {}, run);
  for (const participation of group.participations) prtToPatient(resource, participation, {}, run);
  const note = nteText(group.notes);
  if (note !== undefined) (resource.extension ??= []).push({ url: EXTENSIONS.note, valueString: note });
  if (resource.identifier === undefined && resource.name === undefined) {
    run.problem('mapping/patient-without-identity', 'warning', pid.where());
  }
  return { resource, facts: factsOf(resource, pid) };
}

function factsOf(resource: Patient, pid: Reading): IdentityFacts {
  const { birthDate, gender } = resource;
  const places = placesOfNumbers(pid);
  const identifiers = (resource.identifier ?? []).map(
    (identifier): StatedIdentifier => ({
      type: identifier.type?.coding?.[0]?.code ?? '',
      system: identifier.system ?? '',
      value: identifier.value ?? '',
      at: places.get(identifier.value ?? '') ?? pid.where(),
    }),
  );
  return {
    identifiers,
    names: officialFirst(resource.name ?? [])
      .map(nameText)
      .filter((name) => name !== ''),
    ...(birthDate === undefined ? {} : { birthDate }),
    ...(gender === undefined ? {} : { sex: gender }),
    at: pid.where(),
  };
}

/** Where each number stands first. */
function placesOfNumbers(pid: Reading): ReadonlyMap<string, string> {
  const places = new Map<string, string>();
  for (const field of [3, 2, 4, 19]) {
    for (let r = 1, n = pid.count(field); r <= n; r++) {
      const value = pid.peek(field, r, 0, 1);
      if (value !== undefined && !places.has(value)) places.set(value, pid.at(field, 0, r));
    }
  }
  return places;
}

function officialFirst(names: readonly HumanName[]): readonly HumanName[] {
  if (names.length < 2) return names;
  return [...names.filter((name) => name.use === 'official'), ...names.filter((name) => name.use !== 'official')];
}

const CJK = /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Co}]/u;

/** Family and given joined, with a blank where letters are not CJK. */
export function nameText(name: HumanName): string {
  const parts = [name.family ?? '', ...(name.given ?? [])].filter((part) => part !== '');
  return parts.join(parts.some((part) => CJK.test(part)) ? '' : ' ');
}
