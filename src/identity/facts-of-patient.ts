/** Reads back from a FHIR R4 Patient (as mapping writes it) what identity judges a record by. */
import type { HumanName, Identifier, Patient } from '../terms/fhir.ts';
import type { IdentityFacts, StatedIdentifier } from '../terms/mapped.ts';

const TABLE_0203 = 'http://terminology.hl7.org/CodeSystem/v2-0203';
const CJK = /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Co}]/u;

export function factsOfPatient(resource: Patient): IdentityFacts {
  const { birthDate, gender } = resource;
  return {
    identifiers: (resource.identifier ?? []).flatMap(statedIdentifier),
    names: officialFirst(resource.name ?? [])
      .map(nameText)
      .filter((name) => name !== ''),
    ...(birthDate === undefined ? {} : { birthDate }),
    ...(gender === undefined ? {} : { sex: gender }),
    at: 'Patient',
  };
}

/** `text` as the source wrote it, else family and given joined: with a space where letters are not CJK. */
export function nameText(name: HumanName): string {
  const parts = [name.family ?? '', ...(name.given ?? [])].map((part) => part.trim()).filter((part) => part !== '');
  if (parts.length === 0) return (name.text ?? '').trim();
  return parts.join(parts.some((part) => CJK.test(part)) ? '' : ' ');
}

function officialFirst(names: readonly HumanName[]): readonly HumanName[] {
  const official = names.filter((name) => name.use === 'official');
  return [...official, ...names.filter((name) => name.use !== 'official')];
}

function statedIdentifier(identifier: Identifier, index: number): StatedIdentifier[] {
  if (identifier.value === undefined || identifier.value === '') return [];
  const codings = identifier.type?.coding ?? [];
  const coding = codings.find((one) => one.system === TABLE_0203) ?? codings[0];
  const at = `Patient.identifier[${index}]`;
  return [
    { type: coding?.code ?? identifier.type?.text ?? '', system: identifier.system ?? '', value: identifier.value, at },
  ];
}
