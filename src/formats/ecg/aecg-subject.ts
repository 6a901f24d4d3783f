/** The patient of an aECG, from where the schema has it and from where Mindray's R series puts it. */
import type { EcgPatient } from '../../terms/parsed/ecg.ts';
import { attributeOf, childOf, descendantsOf, pathOf, textOf, type XmlElement } from '../xml/element.ts';
import type { EcgDraft } from './draft.ts';
import { numberOf, present, sexOf, timeOf } from './values.ts';

const AGE_UNITS = { YEARS: 'a', MONTHS: 'mo', WEEKS: 'wk', DAYS: 'd', HOURS: 'h' } as const;

export function readSubject(root: XmlElement, draft: EcgDraft): void {
  const subject = descendantsOf(root, 'trialSubject')[0];
  if (subject === undefined) return;
  const person = childOf(subject, 'subjectDemographicPerson') ?? childOf(subject, 'subjectDemographicPersonInfo');
  if (textOf(person, 'PatientID') !== undefined || attributeOf(childOf(subject, 'id'), 'extension') === 'trialSubject')
    draft.version = 'mindray';
  const name = childOf(person, 'name');
  draft.patient = present<EcgPatient>({
    identifiers: identifiersOf(subject, person),
    family: textOf(name, 'family'),
    given: textOf(name, 'given'),
    name: childOf(name, 'family') === undefined ? textOf(name) : undefined,
    birthDate: timeOf(attributeOf(childOf(person, 'birthTime'), 'value'))?.slice(0, 10),
    sex: sexOf(attributeOf(childOf(person, 'administrativeGenderCode'), 'code')),
    age: ageOf(person) ?? statedAge(root),
    at: pathOf(subject),
  });
  draft.acquisition = present({ ...draft.acquisition, bed: textOf(person, 'Bed'), room: textOf(person, 'Room') });
}

/** Mindray writes the literal text `trialSubject` where the schema wants the number. */
function identifiersOf(subject: XmlElement, person: XmlElement | undefined): EcgPatient['identifiers'] {
  const found: EcgPatient['identifiers'][number][] = [];
  const own = childOf(person, 'PatientID');
  const second = childOf(person, 'SecondPatientID');
  const id = childOf(subject, 'id');
  const extension = attributeOf(id, 'extension') ?? attributeOf(id, 'root');
  if (own !== undefined && textOf(own) !== undefined) found.push({ value: textOf(own) as string, at: pathOf(own) });
  else if (id !== undefined && extension !== undefined && extension !== 'trialSubject')
    found.push({ value: extension, at: pathOf(id) });
  if (second !== undefined && textOf(second) !== undefined)
    found.push({ value: textOf(second) as string, kind: 'second', at: pathOf(second) });
  return found;
}

/** `P57years` as Mindray writes it. */
function ageOf(person: XmlElement | undefined): EcgPatient['age'] {
  const match = /^P?(\d{1,3}) ?(years|months|weeks|days|hours)$/i.exec(textOf(person, 'Age') ?? '');
  const value = numberOf(match?.[1]);
  const unit = AGE_UNITS[(match?.[2] ?? '').toUpperCase() as keyof typeof AGE_UNITS];
  return value === undefined || unit === undefined ? undefined : { value, unit };
}

/** LOINC 21612-7 (reported age) as a control variable. */
function statedAge(root: XmlElement): EcgPatient['age'] {
  for (const observation of descendantsOf(root, 'relatedObservation')) {
    if (attributeOf(childOf(observation, 'code'), 'code') !== '21612-7') continue;
    const value = childOf(observation, 'value');
    const unit = attributeOf(value, 'unit');
    const age = numberOf(attributeOf(value, 'value'));
    const known = (['a', 'mo', 'wk', 'd', 'h'] as const).find((one) => one === unit);
    if (age !== undefined && known !== undefined) return { value: age, unit: known };
  }
  return undefined;
}
