/** One order group → DiagnosticReport with its Specimens and Observations, as one container (DESIGN 4). */
import type { DiagnosticReport, Reference } from 'fhir/r4';
import type { Bucket } from '../terms/bucket.ts';
import type { Observation } from '../terms/fhir.ts';
import type { Instant } from '../terms/instant.ts';
import type { MappedElement, MappedReport } from '../terms/mapped.ts';
import { absent } from './absent.ts';
import { type ElementCounts, resultKeyOf } from './element-key.ts';
import { obrToDiagnosticReport } from './generated/obr-diagnostic-report.ts';
import { orcToDiagnosticReport } from './generated/orc-diagnostic-report.ts';
import { prtToDiagnosticReport } from './generated/prt-diagnostic-report.ts';
import type { OrderGroup, ResultGroup, SpecimenGroup } from './group.ts';
import { mapEncounter } from './map-encounter.ts';
import { mapObservation, type ReportFacts } from './map-observation.ts';
import { mapServiceRequest, type RequestDraft } from './map-service-request.ts';
import { mapSpecimens, type SpecimenDraft } from './map-specimen.ts';
import { nteText } from './notes.ts';
import { isRetracted, statusOfReport, statusOfResults } from './report-status.ts';
import type { ReportKey } from './report-key.ts';
import type { Run } from './run.ts';
import { specimenOf } from './specimen-of.ts';
import { EXTENSIONS } from './systems.ts';
import { dateTimeOf } from './values/date-time.ts';

export interface ReportInput {
  readonly order: OrderGroup;
  readonly key: ReportKey;
  readonly bucket: Bucket;
  readonly subject: Reference | undefined;
  readonly sentAt: Instant | undefined;
  /** Specimens whose own observations stand in an earlier report of this message. */
  readonly observed: Set<SpecimenGroup>;
}

/** What later steps of the message still look at. */
export interface ReportDraft {
  readonly order: OrderGroup;
  readonly report: MappedReport;
  readonly diagnosticReport: DiagnosticReport & { id: string };
  readonly results: readonly { readonly group: ResultGroup; readonly observation: Observation & { id: string } }[];
}

export function mapReport(input: ReportInput, run: Run): ReportDraft {
  const { order, key, subject } = input;
  const { obr, orc } = order;
  run.zoneAssumed = false;
  const { id, bucket } = run.context.ids.idOf('report', key.key, input.bucket);
  const encounter =
    order.visit === undefined ? undefined : mapEncounter(order.visit, { bucket, subject, reportKey: key.key }, run);
  const request = mapServiceRequest(order, { bucket, subject, encounter, reportKey: key.key }, run);
  const specimens = mapSpecimens(order, { reportId: id, subject, request: request?.reference }, run);

  const report = { resourceType: 'DiagnosticReport', id } as DiagnosticReport & { id: string };
  if (obr !== undefined) obrToDiagnosticReport(report, obr, { ORC: orc, OBR: obr }, run);
  if (orc !== undefined) orcToDiagnosticReport(report, orc, { ORC: orc, OBR: obr }, run);
  for (const participation of order.participations) prtToDiagnosticReport(report, participation, {}, run);
  if (report.code === undefined) report.code = codeMissing(order, run);
  if (subject !== undefined) report.subject = subject;
  if (encounter !== undefined) report.encounter = encounter;
  if (request !== undefined) report.basedOn = [request.reference];
  if (specimens.length > 0) report.specimen = specimens.map((specimen) => specimen.reference);
  const conclusion = nteText(order.notes);
  if (conclusion !== undefined) report.conclusion = conclusion;

  const letter = obr?.peek(25, 1, 0, 1);
  if (letter === 'Y' || letter === 'Z') run.problem('mapping/order-unknown-to-sender', 'error', obr?.at(25) ?? '');
  const facts: ReportFacts = {
    id,
    near: { ORC: orc, OBR: obr },
    subject,
    encounter,
    statusOfResults: statusOfResults(letter),
    effectiveDateTime: report.effectiveDateTime,
    effectivePeriod: report.effectivePeriod,
    issued: report.issued,
  };
  const results = mapResults(input, facts, { report, request, specimens }, run);
  report.status ??=
    letter === undefined ? statusOfReport(results.map(({ observation }) => observation.status)) : 'unknown';
  if (request !== undefined) run.keep(request.bucket, request.resource);
  if (run.zoneAssumed) (report.extension ??= []).push({ url: EXTENSIONS.assumedZone, valueCode: run.zone });
  return {
    order,
    report: containerOf(input, { id, bucket, report, specimens, results, letter }, run),
    diagnosticReport: report,
    results,
  };
}

function codeMissing(order: OrderGroup, run: Run): DiagnosticReport['code'] {
  if (order.obr !== undefined) run.problem('mapping/report-code-missing', 'warning', order.obr.at(4));
  return absent();
}

type Results = {
  readonly group: ResultGroup;
  readonly key: string;
  readonly observation: Observation & { id: string };
}[];

function mapResults(
  input: ReportInput,
  facts: ReportFacts,
  of: {
    readonly report: DiagnosticReport;
    readonly request: RequestDraft | undefined;
    readonly specimens: readonly SpecimenDraft[];
  },
  run: Run,
): Results {
  const { ids, profile } = run.context;
  const counts: ElementCounts = new Map();
  const made: Results = [];
  const map = (group: ResultGroup): Observation & { id: string } => {
    const key = resultKeyOf(group.obx, counts, profile, run.memory);
    const observation = mapObservation(group, ids.elementIdOf(facts.id, key), facts, run);
    made.push({ group, key, observation });
    return observation;
  };
  for (const group of input.order.results) {
    const observation = map(group);
    const specimen = specimenOf(group, of.specimens, run);
    if (specimen !== undefined) observation.specimen = specimen.reference;
    const reference = { reference: `Observation/${observation.id}` };
    const type = group.obx.peek(29, 1, 0, 1);
    if ((type === 'QST' || type === 'SCI') && of.request !== undefined)
      (of.request.resource.supportingInfo ??= []).push(reference);
    else (of.report.result ??= []).push(reference);
    for (const extension of observation.extension ?? []) {
      if (extension.url === EXTENSIONS.valueAttachment && extension.valueAttachment !== undefined) {
        (of.report.presentedForm ??= []).push(extension.valueAttachment);
      }
    }
  }
  for (const specimen of of.specimens) {
    if (specimen.group === undefined || input.observed.has(specimen.group)) continue;
    input.observed.add(specimen.group);
    for (const group of specimen.group.observations) {
      const observation = map(group);
      observation.focus = [specimen.reference];
      observation.specimen = specimen.reference;
    }
  }
  return made;
}

function containerOf(
  input: ReportInput,
  made: {
    readonly id: string;
    readonly bucket: Bucket;
    readonly report: DiagnosticReport & { id: string };
    readonly specimens: readonly SpecimenDraft[];
    readonly results: Results;
    readonly letter: string | undefined;
  },
  run: Run,
): MappedReport {
  const { order } = input;
  const at = positionOfOrder(order);
  const elements: MappedElement[] = [{ key: '', resource: made.report, at }];
  for (const { key, resource, at } of made.specimens) elements.push({ key, resource, at });
  for (const { key, observation, group } of made.results) {
    elements.push({
      key,
      resource: observation,
      at: group.obx.where(),
      statusLetter: group.obx.peek(11, 1, 0, 1) ?? '',
    });
  }
  const statedAt = startOf(order.obr?.peek(22, 1, 0, 1), run) ?? input.sentAt;
  const collectedAt = startOf(firstCollected(order), run) ?? startOf(order.obr?.peek(7, 1, 0, 1), run);
  return {
    bucket: made.bucket,
    id: made.id,
    numbered: input.key.numbered,
    at,
    ...(statedAt === undefined ? {} : { statedAt }),
    ...(collectedAt === undefined ? {} : { collectedAt }),
    retracted: isRetracted(made.letter),
    elements,
  };
}

/** The OBR, else the first OBX or SPM. */
export function positionOfOrder(order: OrderGroup): string {
  const first = order.obr ?? order.results[0]?.obx ?? order.specimens[0]?.spm;
  return first?.where() ?? '';
}

function firstCollected(order: OrderGroup): string | undefined {
  return order.specimens[0]?.spm.peek(17, 1, 1, 1) ?? order.specimens[0]?.spm.peek(17, 1, 0, 1);
}

function startOf(text: string | undefined, run: Run): Instant | undefined {
  return text === undefined ? undefined : dateTimeOf(text, run.zone)?.start;
}
