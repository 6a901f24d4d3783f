/**
 * HL7 v2 results (ORU^R01, ORU^R30, OUL^R22 to R24) → FHIR R4 (facts hl7v2-oru-to-fhir; v2-to-fhir 1.0.0).
 * The tables of `mappings/hl7v2/` say which field becomes which element; this file and its neighbours say
 * which segments belong together, and what the ids are.
 */
import type { Reference } from 'fhir/r4';
import { LIMITS } from '../base/limits.ts';
import type { Instant } from '../terms/instant.ts';
import type { Mapped, MappedPatient, MappedReport } from '../terms/mapped.ts';
import type { Hl7Message } from '../terms/parsed/hl7v2.ts';
import { markConsumed } from './consumed.ts';
import { groupSegments, type PatientGroup, type SpecimenGroup } from './group.ts';
import { linkParents } from './link-parents.ts';
import { headerOf, mapHeader } from './map-header.ts';
import { mapPatient, type PatientDraft } from './map-patient.ts';
import { mapRelatives } from './map-relatives.ts';
import { mapReport, positionOfOrder, type ReportDraft } from './map-report.ts';
import { patientKeyOf } from './patient-key.ts';
import { Reading } from './reading.ts';
import { type Occurrences, type ReportKey, reportKeyOf } from './report-key.ts';
import { type MapContext, Run } from './run.ts';
import { EXTENSIONS } from './systems.ts';

export type { MapContext } from './run.ts';

/** Unread positions that are listed; a message with more of them is no laboratory report. */
const UNREAD_MAX = 10_000;

const TRIGGERS: ReadonlySet<string> = new Set([
  'ORU^R01',
  'ORU^R30',
  'ORU^R31',
  'ORU^R32',
  'OUL^R22',
  'OUL^R23',
  'OUL^R24',
]);

/**
 * Everything that the message states, as resources with keys and ids from `context.ids`. Never throws.
 * Every OBX becomes an Observation, or a problem at its position; what carried data and was not read is in `unread`.
 */
export function mapHl7v2(message: Hl7Message, context: MapContext): Mapped {
  const run = new Run(context);
  const readings = message.segments.map((segment) => new Reading(segment, message.delimiters));
  const msh = readings[0] as Reading;
  for (const reading of readings) markConsumed(reading);
  const header = mapHeader(msh, readings, run);
  const shared = headerOf(header, run);
  const patients = isMappable(msh, readings, run) ? mapPatients(readings, msh, header.sentAt, run) : [];
  const focus = patients.flatMap(({ reports }) =>
    reports.map((report): Reference => ({ reference: `DiagnosticReport/${report.id}` })),
  );
  if (focus.length > 0) header.message.focus = focus;
  if (run.zoneAssumedAt !== '') {
    (header.message.extension ??= []).push({ url: EXTENSIONS.assumedZone, valueCode: run.zone });
    run.problem('mapping/zone-assumed', 'information', run.zoneAssumedAt);
  }
  const unread: string[] = [];
  for (const reading of readings) reading.listUnread(unread, UNREAD_MAX);
  if (unread.length >= UNREAD_MAX) run.problem('mapping/more-unread', 'warning', 'MSH');
  return { header: shared, patients, problems: run.allProblems(), unread };
}

/** Calibration and controls are no results; other messages are not for this mapping. */
function isMappable(msh: Reading, readings: readonly Reading[], run: Run): boolean {
  const type = msh.peek(9, 1, 0, 1);
  const trigger = msh.peek(9, 1, 0, 2);
  if (type !== 'ORU' && type !== 'OUL') {
    run.problem('mapping/message-unsupported', 'error', msh.at(9));
    return false;
  }
  if (!TRIGGERS.has(`${type}^${trigger ?? ''}`)) run.problem('mapping/trigger-unusual', 'warning', msh.at(9));
  const results = readings.filter((reading) => reading.name === 'OBX');
  const kind = msh.peek(16, 1, 0, 1);
  if (kind === '1' || kind === '2') {
    run.problem('mapping/quality-control', 'warning', msh.at(16));
    for (const obx of results) run.problem('mapping/not-a-patient-result', 'information', obx.where());
    return false;
  }
  if (results.length <= LIMITS.resultsPerMessageMax) return true;
  run.problem('mapping/results-limit', 'error', msh.at(9));
  return false;
}

function mapPatients(
  readings: readonly Reading[],
  msh: Reading,
  sentAt: Instant | undefined,
  run: Run,
): readonly MappedPatient[] {
  const type = { code: msh.peek(9, 1, 0, 1) ?? '', trigger: msh.peek(9, 1, 0, 2) ?? '' };
  const groups = groupSegments(readings, run, type);
  const occurrences: Occurrences = new Map();
  return groups.flatMap((group) => mapGroup(group, { msh, sentAt, occurrences, observed: new Set() }, run));
}

interface MessageFacts {
  readonly msh: Reading;
  readonly sentAt: Instant | undefined;
  readonly occurrences: Occurrences;
  /** Specimens whose own observations stand in a report already. */
  readonly observed: Set<SpecimenGroup>;
}

/** One Patient with its reports; without a number of the facility, one Patient per report (SETTLED 7). */
function mapGroup(group: PatientGroup, message: MessageFacts, run: Run): readonly MappedPatient[] {
  const { profile } = run.context;
  const keys = group.orders.map((order) =>
    reportKeyOf(order, { msh: message.msh, at: positionOfOrder(order), occurrences: message.occurrences, profile }),
  );
  group.orders.forEach((order, i) => {
    const at = positionOfOrder(order);
    if (order.obr === undefined) run.problem('mapping/results-without-order', 'warning', at);
    else if (keys[i]?.numbered === false) run.problem('mapping/report-unnumbered', 'warning', order.obr.at(3));
    if (order.obr !== undefined && order.results.length === 0)
      run.problem('mapping/report-without-results', 'information', at);
  });
  const patientKey = patientKeyOf(group.pid, group.visits[0], profile)?.key;
  if (patientKey === undefined && group.orders.length === 0) {
    // Nothing that a Patient could be found by: unread, so that it is listed.
    if (group.pid !== undefined) run.problem('mapping/patient-without-report', 'warning', group.pid.where());
    return [];
  }
  const draft = mapPatient(group, run);
  if (draft === undefined) return withoutPatient(group, keys, message, run);
  if (patientKey !== undefined) return [onePatient(draft, patientKey, patientKey, { ...group, keys }, message, run)];
  run.problem('mapping/patient-unnumbered', 'warning', group.pid?.at(3) ?? '');
  return group.orders.map((order, i) => {
    const own = keys[i] as ReportKey;
    return onePatient(
      copyOf(draft),
      `report ${own.key}`,
      undefined,
      { orders: [order], relatives: group.relatives, keys: [own] },
      message,
      run,
    );
  });
}

function copyOf(draft: PatientDraft): PatientDraft {
  return { resource: { ...draft.resource }, facts: draft.facts };
}

function onePatient(
  draft: PatientDraft,
  key: string,
  patientKey: string | undefined,
  group: {
    readonly orders: PatientGroup['orders'];
    readonly relatives: PatientGroup['relatives'];
    readonly keys: readonly ReportKey[];
  },
  message: MessageFacts,
  run: Run,
): MappedPatient {
  const { ids } = run.context;
  const { facts } = draft;
  const reportKey = group.keys[0]?.key ?? key;
  const proposed = ids.bucketOf({ facts, ...(patientKey === undefined ? {} : { patientKey }), reportKey });
  const { id, bucket } = ids.idOf('patient', key, proposed);
  const subject = { reference: `Patient/${id}` };
  mapRelatives(group.relatives, { patient: subject, bucket }, run);
  const reports = mapReports(group.orders, group.keys, () => bucket, subject, message, run);
  return {
    patient: { bucket, resource: { ...draft.resource, id }, facts },
    shared: run.takeShared(),
    reports,
  };
}

function withoutPatient(
  group: PatientGroup,
  keys: readonly ReportKey[],
  message: MessageFacts,
  run: Run,
): readonly MappedPatient[] {
  if (group.orders.length === 0) return [];
  for (const order of group.orders) run.problem('mapping/patient-missing', 'warning', positionOfOrder(order));
  const { ids } = run.context;
  const reports = mapReports(
    group.orders,
    keys,
    (key) => ids.bucketOf({ reportKey: key.key }),
    undefined,
    message,
    run,
  );
  return [{ shared: run.takeShared(), reports }];
}

function mapReports(
  orders: PatientGroup['orders'],
  keys: readonly ReportKey[],
  bucketOf: (key: ReportKey) => MappedReport['bucket'],
  subject: Reference | undefined,
  message: MessageFacts,
  run: Run,
): readonly MappedReport[] {
  const drafts: ReportDraft[] = orders.map((order, i) => {
    const key = keys[i] as ReportKey;
    return mapReport(
      { order, key, bucket: bucketOf(key), subject, sentAt: message.sentAt, observed: message.observed },
      run,
    );
  });
  linkParents(drafts, run);
  return drafts.map(({ report }) => report);
}
