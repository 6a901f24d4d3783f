/**
 * Judges whether what one OBX states arrived in an Observation, by the tables of the facts (0085, the
 * value types). It knows the oracle and FHIR's element names, and nothing of src/.
 */
import type { OracleResult } from '../oracle.ts';

/** Parsed so that every number is its text. */
export type Json = Readonly<Record<string, unknown>>;

/** What may fail to arrive. */
export type Aspect = 'code' | 'number' | 'text' | 'unit' | 'status' | 'value';

/** Every type of table 0125 that has a rule (ORU → FHIR facts, section 3). */
export const KNOWN_TYPES: ReadonlySet<string> = new Set(
  'NM SN ST TX FT CE CWE CNE CF IS DT DTM TM TS DR NR VR NA MA ED RP EI XAD XTN XPN CX TN PN'.split(' '),
);

const NUMERIC = new Set(['NM', 'SN']);
const CODED = new Set(['CE', 'CWE', 'CNE', 'CF', 'IS']);
const MOMENTS = new Set(['DT', 'DTM', 'TM', 'TS', 'DR']);
const ATTACHED = new Set(['ED', 'RP']);

/** Table 0085, the suggested column; B, R, S, I, O, U, V and N are gaps of the IG that the facts fill. */
const STATUS: Readonly<Record<string, string>> = {
  F: 'final',
  C: 'corrected',
  A: 'amended',
  B: 'amended',
  P: 'preliminary',
  R: 'preliminary',
  S: 'preliminary',
  I: 'registered',
  O: 'registered',
  D: 'entered-in-error',
  W: 'entered-in-error',
  X: 'cancelled',
  U: 'final',
  V: 'final',
  N: 'cancelled',
};

/** An empty OBX-11 is unknown, or what OBR-25 says (facts, section 7). */
const BY_REPORT: Readonly<Record<string, string>> = {
  F: 'final',
  C: 'corrected',
  P: 'preliminary',
  X: 'cancelled',
  A: 'preliminary',
};

/** The aspects that did not arrive; `attachments` are those of the report that the Observation is in. */
export function missing(stated: OracleResult, observation: Json, attachments: readonly Json[]): Aspect[] {
  const lost: Aspect[] = [];
  if (!hasCode(stated, observation)) lost.push('code');
  if (!hasStatus(stated, observation)) lost.push('status');
  if (!stated.carries) return lost;
  const leaves = valueLeaves(observation);
  if (!hasNumbers(stated, observation, leaves)) lost.push('number');
  if (!hasUnit(stated, leaves)) lost.push('unit');
  if (KNOWN_TYPES.has(stated.type) && !hasValue(stated, observation, attachments)) lost.push('value');
  else if (!hasText(stated, leaves, attachments)) lost.push('text');
  return lost;
}

/** Whether the Observation holds a value, in itself, in a component or as an attachment. */
export function hasValue(stated: OracleResult, observation: Json, attachments: readonly Json[]): boolean {
  const holders = [observation, ...list(observation['component'])];
  if (holders.some((holder) => Object.keys(holder).some((key) => key.startsWith('value')))) return true;
  if (list(observation['extension']).some((extension) => extension['valueAttachment'] !== undefined)) return true;
  return ATTACHED.has(stated.type) && attachmentOf(stated, attachments);
}

function hasCode(stated: OracleResult, observation: Json): boolean {
  const code = observation['code'] as Json | undefined;
  const codes = list(code?.['coding']).map((coding) => coding['code']);
  if (stated.codes.length > 0)
    return stated.codes.every((one) => codes.includes(one) || bare(code?.['text']) === bare(one));
  if (stated.codeText === '') return true;
  const texts = [code?.['text'], ...list(code?.['coding']).map((coding) => coding['display'])];
  return texts.some((text) => bare(text).includes(bare(stated.codeText)));
}

function hasStatus(stated: OracleResult, observation: Json): boolean {
  const status = observation['status'];
  const expected = STATUS[stated.status];
  if (expected !== undefined) return status === expected;
  return status === 'unknown' || (stated.status === '' && status === BY_REPORT[stated.reportStatus]);
}

/** Every number stands in a Quantity with the precision that was sent; a text that holds it will do for SN. */
function hasNumbers(stated: OracleResult, observation: Json, leaves: readonly string[]): boolean {
  const quantities = [observation, ...list(observation['component'])].flatMap(quantitiesOf);
  const numbers = quantities.map((quantity) => quantity['value']);
  const wanted = stated.values.flatMap((value) => value.numbers);
  return wanted.every(
    (number) => numbers.includes(number) || (stated.type === 'SN' && leaves.some((leaf) => leaf.includes(number))),
  );
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
  ].filter((one): one is Json => typeof one === 'object' && one !== null);
}

/** OBX-6.2 or OBX-6.1 stands beside the value as it was written. */
function hasUnit(stated: OracleResult, leaves: readonly string[]): boolean {
  return (
    stated.units.length === 0 ||
    stated.units.some((unit) => leaves.some((leaf) => endsWithUnit(bare(leaf), bare(unit))))
  );
}

/** The unit alone, or behind something that is no letter of it: `7.5g/L` has g/L, `7.5mg/L` has not. */
function endsWithUnit(leaf: string, unit: string): boolean {
  return leaf === unit || (leaf.endsWith(unit) && !/\p{L}/u.test(leaf.charAt(leaf.length - unit.length - 1)));
}

/** Everything readable of OBX-5 is found again; blanks, line ends and the form of dates are no content. */
function hasText(stated: OracleResult, leaves: readonly string[], attachments: readonly Json[]): boolean {
  if (ATTACHED.has(stated.type)) return attachmentOf(stated, attachments) || leaves.length > 0;
  if (NUMERIC.has(stated.type) && stated.values.every((value) => value.numbers.length > 0)) return true;
  const all = bare(leaves.join(' '));
  const digits = all.replaceAll(/\D/g, '');
  return stated.values.every((value) =>
    value.components.every((component, i) => {
      const wanted = bare(component);
      if (wanted === '' || wanted === '""' || (CODED.has(stated.type) && !isShown(i))) return true;
      if (MOMENTS.has(stated.type)) return digits.includes(dayDigits(wanted));
      return all.includes(wanted);
    }),
  );
}

/** Of a coded value: identifier, text, alternate identifier, alternate text, original text. */
function isShown(index: number): boolean {
  return [0, 1, 3, 4, 8].includes(index);
}

/** Year, month and day: the rest may have moved with its zone. */
function dayDigits(moment: string): string {
  return moment.replaceAll(/\D.*$/g, '').slice(0, 8);
}

function attachmentOf(stated: OracleResult, attachments: readonly Json[]): boolean {
  const components = stated.values[0]?.components ?? [];
  if (stated.type === 'RP') return attachments.some((one) => bare(one['url']) === bare(components[0]));
  const data = bare(components[4] ?? '');
  return attachments.some((one) => {
    const held = typeof one['data'] === 'string' ? one['data'] : '';
    return held !== '' && (held === data || held.slice(0, 24) === data.slice(0, 24) || decoded(held).includes(data));
  });
}

function decoded(base64: string): string {
  return bare(new TextDecoder().decode(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))));
}

/** Every text below value[x], of the components too, and below the Observation's extensions and notes. */
function valueLeaves(observation: Json): string[] {
  const holders = [observation, ...list(observation['component'])];
  return holders.flatMap((holder) =>
    Object.entries(holder)
      .filter(([key]) => key.startsWith('value') || key.startsWith('_value') || key === 'extension')
      .flatMap(([, value]) => leavesOf(value)),
  );
}

function leavesOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(leavesOf);
}

function bare(text: unknown): string {
  return typeof text === 'string' ? text.replaceAll(/\s+/g, '') : '';
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? (value as Json[]) : [];
}
