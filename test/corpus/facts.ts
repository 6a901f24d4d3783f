/**
 * The facts that two FHIR bundles of one message are compared by: codes, values, units, statuses.
 * Ids, systems of our own making, order and wording of displays are no facts.
 */
import { createHash } from 'node:crypto';
import { Big } from 'big.js';

export type Json = Readonly<Record<string, unknown>>;

/** One resource's facts: fact name → what it says, sorted; an empty list is left out. */
export type Facts = Readonly<Record<string, readonly string[]>>;

export interface BundleFacts {
  readonly Observation: readonly Facts[];
  readonly DiagnosticReport: readonly Facts[];
  readonly Patient: readonly Facts[];
  readonly Specimen: readonly Facts[];
}

/** `bundle` comes from `parseExact`: its numbers are text. */
export function factsOf(bundle: Json): BundleFacts {
  const resources = flatten(bundle);
  const of = (type: string, read: (resource: Json) => Facts): Facts[] =>
    resources.filter((resource) => resource['resourceType'] === type).map((resource) => tidy(read(resource)));
  return {
    Observation: of('Observation', observationFacts),
    DiagnosticReport: of('DiagnosticReport', (one) => ({ code: codings(one['code']), status: texts(one['status']) })),
    Patient: of('Patient', (one) => ({ gender: texts(one['gender']), birthDate: hidden(one['birthDate']) })),
    Specimen: of('Specimen', (one) => ({ type: codings(one['type']) })),
  };
}

function flatten(bundle: Json): Json[] {
  const resources = list(bundle['entry']).map((entry) => entry['resource'] as Json);
  return resources.flatMap((one) => (one['resourceType'] === 'Bundle' ? flatten(one) : [one]));
}

function observationFacts(one: Json): Facts {
  const holders = [one, ...list(one['component'])];
  const quantities = holders.flatMap(quantitiesOf);
  const words = holders.flatMap((holder) => [
    ...texts(holder['valueString']),
    ...texts((holder['valueCodeableConcept'] as Json | undefined)?.['text']),
  ]);
  const moments = holders.flatMap((holder) => {
    const period = holder['valuePeriod'] as Json | undefined;
    return [holder['valueDateTime'], holder['valueTime'], period?.['start'], period?.['end']].flatMap(texts);
  });
  return {
    code: codings(one['code']),
    status: texts(one['status']),
    number: quantities
      .flatMap((quantity) => texts(quantity['value']))
      .map((number) => digest(new Big(number).toFixed())),
    comparator: quantities.flatMap((quantity) => texts(quantity['comparator'])),
    unit: quantities.flatMap((quantity) => texts(quantity['unit'])),
    unitCode: quantities.flatMap((quantity) => texts(quantity['code'])),
    valueCode: holders.flatMap((holder) => codings(holder['valueCodeableConcept'])),
    text: words.map((word) => digest(word.replaceAll(/\s+/g, ' ').trim())),
    moment: moments.map((moment) => digest(instantText(moment))),
    interpretation: list(one['interpretation']).flatMap(codes),
    absent: codes(one['dataAbsentReason']),
  };
}

function quantitiesOf(holder: Json): Json[] {
  const ratio = holder['valueRatio'] as Json | undefined;
  const range = holder['valueRange'] as Json | undefined;
  return [
    holder['valueQuantity'],
    ratio?.['numerator'],
    ratio?.['denominator'],
    range?.['low'],
    range?.['high'],
  ].filter((quantity): quantity is Json => typeof quantity === 'object' && quantity !== null);
}

/** `2026-03-01T08:00:00.000+08:00` and `2026-03-01T00:00:00Z` are one moment. */
function instantText(moment: string): string {
  return /T.*(Z|[+-]\d\d:\d\d)$/.test(moment) ? new Date(moment).toISOString() : moment;
}

/** Codes with the system named only where it is one of the world's: `loinc|718-7`, else `|WBC`. */
function codings(concept: unknown): string[] {
  return list((concept as Json | undefined)?.['coding']).flatMap((coding) =>
    texts(coding['code']).map((code) => `${systemName(coding['system'])}|${shownCode(code)}`),
  );
}

function systemName(system: unknown): string {
  if (system === 'http://loinc.org') return 'loinc';
  return system === 'http://snomed.info/sct' ? 'snomed' : '';
}

/** A code stands as it is; a sentence in a code's place is a value. */
function shownCode(code: string): string {
  return /^\S{1,24}$/.test(code) ? code : digest(code);
}

function codes(concept: unknown): string[] {
  return list((concept as Json | undefined)?.['coding']).flatMap((coding) => texts(coding['code']).map(shownCode));
}

function texts(value: unknown): string[] {
  return typeof value === 'string' && value.trim() !== '' ? [value] : [];
}

function hidden(value: unknown): string[] {
  return texts(value).map(digest);
}

/** What stands for a value in the committed list: enough to tell two apart, too short to look up. */
export function digest(value: string): string {
  return `#${createHash('sha256').update(value).digest('hex').slice(0, 8)}`;
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? (value as Json[]) : [];
}

function tidy(facts: Facts): Facts {
  const sorted = Object.entries(facts).map(([name, said]) => [name, [...new Set(said)].toSorted()] as const);
  return Object.fromEntries(sorted.filter(([, said]) => said.length > 0));
}
