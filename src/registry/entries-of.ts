/** Container version → result entries: every Observation has one, its item null until mapped (SETTLED 14). */
import { LIMITS } from '../base/limits.ts';
import type { ContainerElement, ContainerVersion } from '../terms/container.ts';
import type { FacilityId } from '../terms/facility.ts';
import type {
  CodeableConcept,
  Coding,
  DiagnosticReport,
  Observation,
  Reference,
  Resource,
  Specimen,
} from '../terms/fhir.ts';
import type { Instant } from '../terms/instant.ts';
import type { ResultEntry, ResultStatus } from '../terms/result-entry.ts';
import { specimenKindOf } from '../units/specimen.ts';
import { collectionTimeOf, otherTimeOf, type EntryTime } from './entry-time.ts';
import { conceptText, valueOfEntry } from './entry-value.ts';
import { qualityFlagsOf } from './quality-flags.ts';

export interface EntryContext {
  readonly facility: FacilityId;
  /** False for a test channel and for MSH-11 T or D. */
  readonly production: boolean;
  readonly knownFrom: Instant;
  /** IANA zone in which a date without time is an interval; the region's. */
  readonly regionZone: string;
  /** Of a lone Observation: the report and the specimen that it belongs to, which stand in containers of their own. */
  readonly beside?: readonly Resource[];
  /** The catalogue item of a code by the facility's map, else by LOINC (SETTLED 15). */
  readonly itemOf: (system: string, code: string, loinc: string | undefined) => string | null;
}

const LOINC = 'http://loinc.org';
const INTERPRETATION = 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation';
/** Flags of table 0078 that v3 no longer has; mapping keeps them as text. */
const FLAGS_WITHOUT_CODE = new Set(['QCF', 'TOX', 'AC', 'HM', 'OBX', 'MS', 'VS']);

/** In the order of the version's elements. Those of retracted results are there too, with their status. */
export function entriesOf(version: ContainerVersion, context: EntryContext): readonly ResultEntry[] {
  const held = version.elements.map(({ resource }) => resource);
  const around = [...held, ...(context.beside ?? [])];
  const report = around.find(({ resourceType }) => resourceType === 'DiagnosticReport') as DiagnosticReport | undefined;
  const specimens = new Map(
    around
      .filter(({ resourceType }) => resourceType === 'Specimen')
      .map((resource) => [`Specimen/${resource.id ?? ''}`, resource as Specimen]),
  );
  const surroundings = { version, report, specimens, context, collected: new Map() };
  return version.elements
    .filter(({ resource }) => resource.resourceType === 'Observation')
    .map((element) => entryOf(element, surroundings));
}

interface Surroundings {
  readonly version: ContainerVersion;
  readonly report: DiagnosticReport | undefined;
  readonly specimens: ReadonlyMap<string, Specimen>;
  readonly context: EntryContext;
  /** Collection times by specimen, worked out once for all results of it. */
  readonly collected: Map<Specimen | undefined, EntryTime | undefined>;
}

function entryOf(element: ContainerElement, around: Surroundings): ResultEntry {
  const { version, report, context } = around;
  const observation = element.resource as Observation;
  const specimen = specimenOf(observation, around);
  const { system, code, display, loinc, moreCodes } = codesOf(observation.code);
  const { collected } = around;
  if (!collected.has(specimen)) collected.set(specimen, collectionTimeOf(report, specimen, context.regionZone));
  const time =
    collected.get(specimen) ?? otherTimeOf({ observation, report, statedAt: element.statedAt }, context.regionZone);
  const referenceText = referenceTextOf(observation);
  const performer = performerOf(observation.performer) ?? performerOf(report?.performer);
  const method = conceptText(observation.method);
  const kind = specimen === undefined ? undefined : kindOf(specimen.type);
  const bodySite = conceptText(observation.bodySite);
  return {
    bucket: version.bucket,
    patient: version.patient,
    item: context.itemOf(system, code, loinc),
    facility: context.facility,
    ...(performer === undefined ? {} : { performer }),
    system,
    code,
    display,
    ...(loinc === undefined ? {} : { loinc }),
    ...(moreCodes === true ? { moreCodes } : {}),
    ...time,
    status: worseStatus(observation.status, report?.status),
    value: valueOfEntry(observation),
    ...(referenceText === undefined ? {} : { referenceText }),
    interpretation: interpretationsOf(observation.interpretation),
    ...(method === undefined ? {} : { method }),
    ...(kind === undefined ? {} : { specimen: kind }),
    ...(bodySite === undefined ? {} : { bodySite }),
    qualityFlags: qualityFlagsOf(observation, specimen),
    production: context.production,
    container: version.id,
    element: observation.id ?? '',
    version: element.version,
    knownFrom: context.knownFrom,
    knownTo: null,
  };
}

/** The code that the facility's map knows: the first that is no LOINC; a code without one is known by its text. */
function codesOf(
  concept: CodeableConcept | undefined,
): Pick<ResultEntry, 'system' | 'code' | 'display' | 'loinc' | 'moreCodes'> {
  const codings = concept?.coding ?? [];
  const hasCode = (coding: Coding) => coding.code !== undefined && coding.code !== '';
  const coding = codings.find((one) => one.system !== LOINC && hasCode(one)) ?? codings.find(hasCode) ?? codings[0];
  const loinc = codings.find(({ system }) => system === LOINC)?.code;
  const text = concept?.text ?? coding?.display ?? '';
  const more = codings.some((one) => hasCode(one) && one !== coding && !(one.system === LOINC && one.code === loinc));
  return {
    system: indexable(coding?.system ?? ''),
    code: indexable(coding?.code ?? text),
    display: coding?.display ?? (text === '' ? (coding?.code ?? '') : text),
    ...(loinc === undefined ? {} : { loinc }),
    ...(more ? { moreCodes: true } : {}),
  };
}

/** What is longer than any code is none: the Observation keeps it, the registry is not asked by it. */
function indexable(text: string): string {
  return text.length > LIMITS.codeLengthMax ? '' : text;
}

/** The one that the Observation names, else the report's or the container's when there is only one. */
function specimenOf(observation: Observation, { report, specimens }: Surroundings): Specimen | undefined {
  const named = observation.specimen?.reference;
  if (named !== undefined) return specimens.get(named);
  const [first, ...others] = report?.specimen ?? [];
  if (first?.reference !== undefined && others.length === 0) return specimens.get(first.reference);
  return specimens.size === 1 ? [...specimens.values()][0] : undefined;
}

function kindOf(type: CodeableConcept | undefined): string | undefined {
  const texts = [...(type?.coding ?? []).flatMap(({ code, display }) => [code, display]), type?.text];
  for (const text of texts) {
    const kind = text === undefined ? undefined : specimenKindOf(text);
    if (kind !== undefined) return kind;
  }
  return undefined;
}

/** The organisation as the message names it, else the id of its Organization. */
function performerOf(performers: readonly Reference[] | undefined): string | undefined {
  for (const { reference, display, type } of performers ?? []) {
    if (type !== 'Organization' && reference?.startsWith('Organization/') !== true) continue;
    return display ?? reference?.slice('Organization/'.length);
  }
  return undefined;
}

function referenceTextOf({ referenceRange }: Observation): string | undefined {
  const texts = (referenceRange ?? []).map(({ text, low, high }) => text ?? `${low?.value ?? ''}-${high?.value ?? ''}`);
  return texts.length === 0 ? undefined : [...new Set(texts)].join('; ');
}

function interpretationsOf(concepts: readonly CodeableConcept[] | undefined): readonly string[] {
  const codes = (concepts ?? []).flatMap(({ coding, text }) => [
    ...(coding ?? []).filter(({ system }) => system === INTERPRETATION).map(({ code }) => code ?? ''),
    ...(text !== undefined && FLAGS_WITHOUT_CODE.has(text) ? [text] : []),
  ]);
  return [...new Set(codes)].filter((code) => code !== '');
}

/** From worst to best; what stands behind `preliminary` may be recognised. */
const BADNESS: readonly ResultStatus[] = ['entered-in-error', 'cancelled', 'unknown', 'registered', 'preliminary'];

const REPORT_STATUS: Readonly<Record<string, ResultStatus>> = {
  registered: 'registered',
  partial: 'preliminary',
  preliminary: 'preliminary',
  final: 'final',
  amended: 'amended',
  corrected: 'corrected',
  appended: 'amended',
  cancelled: 'cancelled',
  'entered-in-error': 'entered-in-error',
};

/** The worse of OBX-11 and OBR-25 (SETTLED 19); between two that stand, the result's own. */
function worseStatus(own: Observation['status'], ofReport: string | undefined): ResultStatus {
  const report = ofReport === undefined ? own : (REPORT_STATUS[ofReport] ?? 'unknown');
  return BADNESS.find((status) => status === own || status === report) ?? own;
}
