/** R4's invariants that a result's meaning hangs on, by the type that they belong to; each names its key. */
import { asDecimal, compareDecimals } from '../../base/decimal.ts';
import type { Fields } from './check.ts';
import type { FhirCode } from './problems.ts';

export interface Fault {
  readonly code: FhirCode;
  readonly at: string;
}

type Rule = (value: Fields, path: string) => Fault | undefined;

const broken = (at: string): Fault => ({ code: 'fhir/invariant', at });
const has = (value: Fields, name: string): boolean => value[name] !== undefined || value[`_${name}`] !== undefined;
const hasValue = (value: Fields): boolean => Object.keys(value).some((key) => /^_?value[A-Z]/.test(key));
const listOf = (value: unknown): readonly Fields[] =>
  Array.isArray(value) ? value.filter((one): one is Fields => typeof one === 'object' && one !== null) : [];

const needsOne =
  (...names: readonly string[]): Rule =>
  (value, path) =>
    names.some((name) => has(value, name)) ? undefined : broken(path);
const wants =
  (name: string, needed: string): Rule =>
  (value, path) =>
    has(value, name) && !has(value, needed) ? broken(`${path}.${needed}`) : undefined;

const RULES: Readonly<Record<string, readonly Rule[]>> = {
  // obs-6, obs-7
  Observation: [
    (value, path) =>
      has(value, 'dataAbsentReason') && hasValue(value) ? broken(`${path}.dataAbsentReason`) : undefined,
    (value, path) => (hasValue(value) && repeatsCode(value) ? broken(`${path}.component`) : undefined),
  ],
  // obs-3
  'Observation.referenceRange': [needsOne('low', 'high', 'text')],
  // ext-1
  Extension: [
    (value, path) => (has(value, 'extension') === hasValue(value) ? broken(path) : undefined),
    (value, path) =>
      typeof value['url'] === 'string' && /\s/.test(value['url'])
        ? { code: 'fhir/bad-format', at: `${path}.url` }
        : undefined,
  ],
  // per-1
  Period: [
    ({ start, end }, path) =>
      typeof start === 'string' && typeof end === 'string' && isBefore(end, start) ? broken(path) : undefined,
  ],
  // qty-3
  Quantity: [wants('code', 'system')],
  // rng-2
  Range: [({ low, high }, path) => (isAbove(low, high) ? broken(path) : undefined)],
  // rat-1
  Ratio: [
    (value, path) =>
      has(value, 'numerator') === has(value, 'denominator') && (has(value, 'numerator') || has(value, 'extension'))
        ? undefined
        : broken(path),
  ],
  // att-1
  Attachment: [wants('data', 'contentType')],
  // cpt-2
  ContactPoint: [wants('value', 'system')],
  // org-1
  Organization: [needsOne('identifier', 'name')],
  // pat-1
  'Patient.contact': [needsOne('name', 'telecom', 'address', 'organization')],
  // prr-1
  ServiceRequest: [wants('orderDetail', 'code')],
  // ppc-1
  Consent: [needsOne('policy', 'policyRule')],
  // enc and the like have none that results need; a Narrative's is its filter's.
};

export function faultsOfInvariants(type: string, value: Fields, path: string): readonly Fault[] {
  const faults = (RULES[type] ?? []).flatMap((rule) => rule(value, path) ?? []);
  // It says that other rules hold: nobody here knows them.
  if (value['implicitRules'] !== undefined)
    faults.push({ code: 'fhir/modifier-extension', at: `${path}.implicitRules` });
  return faults;
}

/** A component says again what the Observation itself has a value for. */
function repeatsCode({ code, component }: Fields): boolean {
  const own = new Set(codingsOf(code));
  return own.size > 0 && listOf(component).some((one) => codingsOf(one['code']).some((coding) => own.has(coding)));
}

function codingsOf(concept: unknown): readonly string[] {
  const { coding } = (concept ?? {}) as { coding?: unknown };
  return listOf(coding).flatMap(({ system, code }) =>
    typeof code === 'string' ? [`${typeof system === 'string' ? system : ''}|${code}`] : [],
  );
}

/** Texts of one length and zone compare as they are; what is less precise may mean the same. */
function isBefore(left: string, right: string): boolean {
  if (left.includes('T') && right.includes('T')) return Date.parse(left) < Date.parse(right);
  const length = Math.min(left.length, right.length, 10);
  return left.slice(0, length) < right.slice(0, length);
}

function isAbove(low: unknown, high: unknown): boolean {
  const [a, b] = [valueOf(low), valueOf(high)];
  return a !== undefined && b !== undefined && compareDecimals(a, b) > 0;
}

function valueOf(quantity: unknown) {
  const { value } = (quantity ?? {}) as { value?: unknown };
  return typeof value === 'string' ? asDecimal(value) : undefined;
}
