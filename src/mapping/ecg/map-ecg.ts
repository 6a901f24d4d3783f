/**
 * An ECG → FHIR R4 (ecg.md 3.3): DiagnosticReport, measurements and the original file in a `report` container, the waveform
 * in a `recording`, Patient, Device and Organization shared. One recording is one report, whatever format brings it.
 */
import type { Device, Reference } from 'fhir/r4';
import { joinKey } from '../../base/digest.ts';
import { secondsOf, withoutTail } from '../../signals/physical.ts';
import { qualityOf, type QualityFlag } from '../../signals/quality.ts';
import { signalHash } from '../../signals/signal-hash.ts';
import type { Bucket } from '../../terms/bucket.ts';
import type { Observation } from '../../terms/fhir.ts';
import type { Instant } from '../../terms/instant.ts';
import type { IdentityFacts, Mapped, MappedElement, MappedPatient, MappedReport } from '../../terms/mapped.ts';
import type { Ecg, EcgGroup } from '../../terms/parsed/ecg.ts';
import { dateTimeOf, type DateTimeText } from '../values/date-time.ts';
import { type MapContext, Run } from '../run.ts';
import { EXTENSIONS } from '../systems.ts';
import { patientKeyOfIdentifiers } from '../patient-key.ts';
import { documentOf, type EcgSource } from './document.ts';
import { mapEcgPatient } from './ecg-patient.ts';
import { measurementsOf } from './measurements.ts';
import { diagnosticReportOf } from './report.ts';
import { waveformOf } from './waveform.ts';

/** Beyond a minute the waveform stays in its file; what is shown of it is this long (FHIR texts end at 1 MiB). */
const INLINE_SECONDS = 60;
const EXCERPT_SECONDS = 10;
/** Of all leads of a group: more is stored as an excerpt, however short it lasts. */
const INLINE_SAMPLES = 1_000_000;

export function mapEcg(ecg: Ecg, source: EcgSource, context: MapContext): Mapped {
  const run = new Run(context);
  const start = timeOf(ecg, run);
  const draft = mapEcgPatient(ecg.patient, run);
  const numberKey = patientKeyOfIdentifiers(draft?.facts.identifiers ?? [], context.profile);
  const key = keyOf(ecg, source, numberKey === undefined ? (draft?.facts ?? NOBODY) : undefined);
  const patientKey = numberKey ?? joinKey('report', key);
  const bucket = context.ids.bucketOf({
    reportKey: key,
    patientKey,
    ...(draft === undefined ? {} : { facts: draft.facts }),
  });
  const patient =
    draft === undefined
      ? undefined
      : {
          bucket,
          resource: { ...draft.resource, id: context.ids.idOf('patient', patientKey, bucket).id },
          facts: draft.facts,
        };
  const subject = patient === undefined ? undefined : { reference: `Patient/${patient.resource.id}` };
  const made = reportsOf(ecg, { source, key, bucket, subject, start, quality: qualityIn(ecg, source) }, run);
  const mapped: MappedPatient = {
    ...(patient === undefined ? {} : { patient }),
    shared: run.takeShared(),
    reports: made,
  };
  return { patients: [mapped], problems: run.allProblems(), unread: unreadOf(ecg) };
}

const NOBODY: Pick<IdentityFacts, 'names' | 'birthDate' | 'sex'> = { names: [] };

/**
 * One recording is one report: by its signal, where that tells whose it is, else by the bytes of its file. Without a number
 * nothing says that two files are of one human: what they state of him is part of the key, so that no name stands over
 * another's tracing.
 */
function keyOf(ecg: Ecg, source: EcgSource, unnumbered: typeof NOBODY | undefined): string {
  const signal = signalHash(ecg);
  if (signal === undefined) return joinKey('ecg', 'file', source.digest);
  if (unnumbered === undefined) return joinKey('ecg', 'signal', signal);
  const { names, birthDate = '', sex = '' } = unnumbered;
  return joinKey('ecg', 'signal', signal, 'unnumbered', names[0] ?? '', birthDate, sex);
}

function qualityIn(ecg: Ecg, { corrupt }: EcgSource): readonly QualityFlag[] {
  const found = qualityOf(ecg);
  return corrupt ? [...found, { code: 'corrupt', leads: [] }] : found;
}

/** What the file states and no resource holds; it is in the original. */
function unreadOf({ patient, acquisition }: Ecg): readonly string[] {
  const stated = (of: object, names: readonly string[], at: string): readonly string[] =>
    names.filter((name) => (of as Record<string, unknown>)[name] !== undefined).map((name) => `${at}.${name}`);
  return [
    ...stated(patient, ['age', 'heightCm', 'weightKg'], 'patient'),
    ...stated(
      acquisition,
      ['id', 'department', 'room', 'bed', 'visit', 'reason', 'priority', 'technician', 'referrer'],
      'acquisition',
    ),
  ];
}

function timeOf(ecg: Ecg, run: Run): DateTimeText | undefined {
  const { start, startAt = '' } = ecg.acquisition;
  const time = start === undefined ? undefined : dateTimeOf(start, run.zone);
  if (time?.zoneAssumed === true) run.problem('mapping/zone-assumed', 'information', startAt);
  if (time === undefined && ecg.format !== 'pdf') run.problem('mapping/recording-undated', 'warning', startAt);
  return time;
}

interface Facts {
  readonly source: EcgSource;
  readonly key: string;
  readonly bucket: Bucket;
  readonly subject: Reference | undefined;
  readonly start: DateTimeText | undefined;
  readonly quality: readonly QualityFlag[];
}

function reportsOf(ecg: Ecg, facts: Facts, run: Run): readonly MappedReport[] {
  const { ids } = run.context;
  const { bucket, subject, start, key } = facts;
  const device = deviceOf(ecg, run);
  const common = {
    ...(subject === undefined ? {} : { subject }),
    ...(start === undefined ? {} : { effectiveDateTime: start.value }),
  };
  // Formats name the device in different words: in the waveform each would make a new version of all samples.
  const recording = recordingOf(ecg, { ...facts, common }, run);
  // The directory may know the report, and that it lives elsewhere: with another patient.
  const { id, bucket: home } = ids.idOf('report', key, bucket);
  const elements: MappedElement[] = [];
  const document = documentOf(ecg, facts.source, { id: ids.elementIdOf(id, documentKey(facts.source)), subject });
  const waveforms = recording?.elements.map(({ resource }) => ({ reference: `Observation/${resource.id}` })) ?? [];
  if (ecg.format !== 'pdf') {
    const measurements = measurementsOf(
      ecg,
      { seconds: Math.max(0, ...ecg.groups.map(secondsOf)), quality: facts.quality },
      {
        resourceType: 'Observation',
        id: ids.elementIdOf(id, 'measurements'),
        status: ecg.confirmed === 'confirmed' ? 'final' : 'preliminary',
        category: PROCEDURE,
        ...common,
        ...(device === undefined ? {} : { device }),
        ...notesOf(ecg),
        ...(waveforms.length === 0 ? {} : { derivedFrom: waveforms }),
      },
    );
    elements.push({
      key: 'measurements',
      resource: measurements as MappedElement['resource'],
      at: 'measurements',
      joins: true,
    });
  }
  const results = [...elements.map(({ resource }) => ({ reference: `Observation/${resource.id}` })), ...waveforms];
  const report = diagnosticReportOf(
    ecg,
    facts.source,
    { id, document: document.id, subject, start, results, assumedZone: assumedZone(start, run) },
    run,
  );
  const statedAt = statedAtOf(ecg, start, run);
  const base = {
    numbered: true,
    retracted: false,
    statedAt,
    ...(start === undefined ? {} : { collectedAt: start.start }),
  };
  const made: MappedReport = {
    ...base,
    bucket: home,
    id,
    at: 'report',
    elements: [
      { key: '', resource: report, at: 'report', joins: true },
      ...elements,
      { key: documentKey(facts.source), resource: document, at: 'file' },
    ],
  };
  return recording === undefined ? [made] : [{ ...base, ...recording }, made];
}

/**
 * When it was said: when it was edited, else when it was recorded; never later than it came, whatever the cart's clock says.
 * What states no time at all gives way to all that does.
 */
function statedAtOf(ecg: Ecg, start: DateTimeText | undefined, run: Run): Instant {
  const { editedAt } = ecg.acquisition;
  const edited = editedAt === undefined ? undefined : dateTimeOf(editedAt, run.zone)?.start;
  const stated = edited ?? start?.start ?? NEVER;
  const { receivedAt } = run.context;
  if (receivedAt === undefined || stated <= receivedAt) return stated;
  run.problem('mapping/recording-ahead', 'warning', ecg.acquisition.startAt ?? '');
  return receivedAt;
}

const NEVER = '1970-01-01T00:00:00.000Z' as Instant;

/** What was noted beside the statements. */
function notesOf({ statements }: Ecg): Pick<Observation, 'note'> {
  const note = statements.filter(({ kind }) => kind === 'comment').map(({ text }) => ({ text }));
  return note.length === 0 ? {} : { note };
}

const PROCEDURE = [
  { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'procedure' }] },
];

function documentKey({ digest }: EcgSource): string {
  return `document|${digest}`;
}

function assumedZone(start: DateTimeText | undefined, run: Run) {
  return start?.zoneAssumed === true ? [{ url: EXTENSIONS.assumedZone, valueCode: run.zone }] : [];
}

/** Waveforms and median beats, one Observation a group; undefined when the file holds no lead. */
function recordingOf(
  ecg: Ecg,
  facts: Facts & { readonly common: Partial<Observation> },
  run: Run,
): Pick<MappedReport, 'kind' | 'bucket' | 'id' | 'at' | 'elements'> | undefined {
  const groups = [...ecg.groups.map(withoutTail), ...ecg.medians];
  if (groups.length === 0) return undefined;
  const { ids } = run.context;
  const { id, bucket } = ids.idOf('recording', facts.key, facts.bucket);
  const counts = new Map<string, number>();
  const elements = groups.map((group): MappedElement => {
    // Files order their groups as they like: a group is known by when and how it was sampled.
    const place = [group.kind, group.rate.hz, group.offsetMs ?? '0', String(samplesOf(group))].join('|');
    const nth = (counts.get(place) ?? 0) + 1;
    counts.set(place, nth);
    const key = `${place}|${nth}`;
    const isExcerpt = secondsOf(group) > INLINE_SECONDS || samplesOf(group) * group.leads.length > INLINE_SAMPLES;
    const resource = waveformOf(isExcerpt ? excerptOf(group) : group, {
      resourceType: 'Observation',
      id: ids.elementIdOf(id, key),
      ...(isExcerpt ? { extension: [{ url: EXTENSIONS.excerpt, valueBoolean: true }] } : {}),
      // What was recorded was recorded; what is said of it may be preliminary.
      status: 'final',
      category: PROCEDURE,
      ...facts.common,
    });
    return { key, resource: resource as MappedElement['resource'], at: group.at, joins: true };
  });
  return { kind: 'recording', bucket, id, at: 'recording', elements };
}

/** Of the longest lead. */
function samplesOf({ leads }: EcgGroup): number {
  return Math.max(0, ...leads.map(({ samples }) => samples.length));
}

function excerptOf(group: EcgGroup): EcgGroup {
  const seconds = Math.round((EXCERPT_SECONDS * 1000) / Number(group.rate.periodMs));
  const count = Math.min(seconds, Math.floor(INLINE_SAMPLES / group.leads.length));
  return { ...group, leads: group.leads.map((lead) => ({ ...lead, samples: lead.samples.slice(0, count) })) };
}

function deviceOf({ device }: Ecg, run: Run): Reference | undefined {
  const { maker, model, serial, software } = device;
  if (model === undefined && serial === undefined) return undefined;
  const draft: Device = {
    resourceType: 'Device',
    ...(maker === undefined ? {} : { manufacturer: maker }),
    ...(serial === undefined ? {} : { serialNumber: serial }),
    ...(model === undefined ? {} : { deviceName: [{ name: model, type: 'model-name' as const }] }),
    ...(software === undefined ? {} : { version: [{ value: software }] }),
    ...(serial === undefined
      ? {}
      : { identifier: [{ system: run.identifierSystemNamed('device'), value: joinSerial(model, serial) }] }),
  };
  return run.share(draft);
}

/** Serial numbers are a maker's: two models may share one. */
function joinSerial(model: string | undefined, serial: string): string {
  return model === undefined ? serial : `${model}/${serial}`;
}
