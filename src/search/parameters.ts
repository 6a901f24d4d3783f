/**
 * The search parameters that this gateway serves, exactly (R4 searchparameter-registry.html): their kind, and where a
 * resource states what they ask for. What is not in this table is not advertised and not taken.
 */
export type ParameterKind = 'token' | 'reference' | 'date' | 'string' | 'quantity' | 'id';

export interface Parameter {
  readonly kind: ParameterKind;
  /** Paths into the resource, lists walked through: `code`, `value[x]` spelt out, `subject`. */
  readonly paths: readonly string[];
  /** Of a reference: the types that it may name, as the CapabilityStatement says them. */
  readonly targets?: readonly string[];
  /** Another name of the same parameter. */
  readonly is?: string;
}

const token = (...paths: string[]): Parameter => ({ kind: 'token', paths });
const date = (...paths: string[]): Parameter => ({ kind: 'date', paths });
const string = (...paths: string[]): Parameter => ({ kind: 'string', paths });
const reference = (targets: readonly string[], ...paths: string[]): Parameter => ({
  kind: 'reference',
  paths,
  targets,
});

const PATIENT = reference(['Patient'], 'subject');
const PERFORMERS = ['Organization', 'Practitioner', 'PractitionerRole'];
const NAMES = ['name.text', 'name.family', 'name.given', 'name.prefix', 'name.suffix'];

/** Of every type. */
const COMMON: Readonly<Record<string, Parameter>> = {
  _id: { kind: 'id', paths: ['id'] },
  _lastUpdated: date('meta.lastUpdated'),
};

const OWN: Readonly<Record<string, Readonly<Record<string, Parameter>>>> = {
  Patient: {
    identifier: token('identifier'),
    name: string(...NAMES),
    family: string('name.family'),
    given: string('name.given'),
    birthdate: date('birthDate'),
    gender: token('gender'),
  },
  Observation: {
    patient: PATIENT,
    subject: PATIENT,
    identifier: token('identifier'),
    code: token('code'),
    'combo-code': token('code', 'component.code'),
    category: token('category'),
    date: date('effectiveDateTime', 'effectivePeriod', 'effectiveInstant'),
    status: token('status'),
    performer: reference(PERFORMERS, 'performer'),
    'based-on': reference(['ServiceRequest'], 'basedOn'),
    encounter: reference(['Encounter'], 'encounter'),
    specimen: reference(['Specimen'], 'specimen'),
    device: reference(['Device'], 'device'),
    'value-quantity': { kind: 'quantity', paths: ['valueQuantity', 'valueSampledData.origin'] },
    'value-concept': token('valueCodeableConcept'),
  },
  DiagnosticReport: {
    patient: PATIENT,
    subject: PATIENT,
    identifier: token('identifier'),
    code: token('code'),
    category: token('category'),
    date: date('effectiveDateTime', 'effectivePeriod'),
    issued: date('issued'),
    status: token('status'),
    performer: reference(PERFORMERS, 'performer'),
    'results-interpreter': reference(PERFORMERS, 'resultsInterpreter'),
    'based-on': reference(['ServiceRequest'], 'basedOn'),
    encounter: reference(['Encounter'], 'encounter'),
    result: reference(['Observation'], 'result'),
    specimen: reference(['Specimen'], 'specimen'),
  },
  DocumentReference: {
    patient: PATIENT,
    subject: PATIENT,
    type: token('type'),
    status: token('status'),
  },
  Specimen: {
    patient: PATIENT,
    subject: PATIENT,
    identifier: token('identifier'),
    accession: token('accessionIdentifier'),
    type: token('type'),
    status: token('status'),
    collected: date('collection.collectedDateTime', 'collection.collectedPeriod'),
  },
  ServiceRequest: {
    patient: PATIENT,
    subject: PATIENT,
    identifier: token('identifier'),
    code: token('code'),
    category: token('category'),
    status: token('status'),
    authored: date('authoredOn'),
    requester: reference(PERFORMERS, 'requester'),
    encounter: reference(['Encounter'], 'encounter'),
    'based-on': reference(['ServiceRequest'], 'basedOn'),
    specimen: reference(['Specimen'], 'specimen'),
  },
  Encounter: {
    patient: PATIENT,
    subject: PATIENT,
    identifier: token('identifier'),
    status: token('status'),
    class: token('class'),
    date: date('period'),
  },
  Consent: {
    patient: reference(['Patient'], 'patient'),
    identifier: token('identifier'),
    status: token('status'),
    date: date('dateTime'),
  },
  Organization: { identifier: token('identifier'), name: string('name', 'alias') },
  Practitioner: { identifier: token('identifier'), name: string(...NAMES) },
  PractitionerRole: {
    identifier: token('identifier'),
    practitioner: reference(['Practitioner'], 'practitioner'),
    organization: reference(['Organization'], 'organization'),
  },
  Location: { identifier: token('identifier'), name: string('name', 'alias') },
  Device: {
    identifier: token('identifier'),
    'device-name': string('deviceName.name', 'type.text', 'type.coding.display'),
    type: token('type'),
    patient: reference(['Patient'], 'patient'),
  },
  RelatedPerson: { identifier: token('identifier'), patient: reference(['Patient'], 'patient') },
};

const SERVED: ReadonlyMap<string, Readonly<Record<string, Parameter>>> = new Map(
  Object.entries(OWN).map(([type, own]) => [type, { ...COMMON, ...own }]),
);

/** Types that are read and searched here; Provenance, AuditEvent and Subscription have doors of their own. */
export const SEARCHED_TYPES: readonly string[] = Object.keys(OWN);

/** By parameter name; undefined for a type that is not served. */
export function parametersOf(type: string): Readonly<Record<string, Parameter>> | undefined {
  return SERVED.get(type);
}

/** Types whose resources are about a Patient: a search of them names one. */
export function isAboutPatients(type: string): boolean {
  return type === 'Patient' || parametersOf(type)?.['patient'] !== undefined;
}

/** The date that `_sort=date` and the default order go by. */
export const MAIN_DATE: Readonly<Record<string, string>> = {
  Observation: 'date',
  DiagnosticReport: 'date',
  Specimen: 'collected',
  ServiceRequest: 'authored',
  Encounter: 'date',
  Consent: 'date',
};

/** Every value that stands at a path, lists walked through. */
export function valuesAt(resource: unknown, path: string): readonly unknown[] {
  if (!path.includes('.')) return valuesOf(resource, path);
  let values: readonly unknown[] = [resource];
  for (const step of path.split('.')) values = values.flatMap((value) => valuesOf(value, step));
  return values;
}

const NONE: readonly unknown[] = [];

function valuesOf(value: unknown, step: string): readonly unknown[] {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return NONE;
  const next = (value as Readonly<Record<string, unknown>>)[step];
  return Array.isArray(next) ? (next as unknown[]) : [next];
}
