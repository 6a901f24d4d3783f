/**
 * Registry on the path: merges each report of a message into its container, and moves the registry's
 * entries with it. What a correction changed, and only that, gets new entries; what was retracted
 * leaves the registry in the same transaction.
 */
import { LIMITS } from '../base/limits.ts';
import type { Problem } from '../base/problem.ts';
import type { ContainerRef, DirectoryRow, StoreTx } from '../ports/store-tx.ts';
import { contest } from '../registry/contest.ts';
import { diffEntries } from '../registry/diff-entries.ts';
import { type EntryContext, entriesOf } from '../registry/entries-of.ts';
import { mergeReport } from '../registry/merge-report.ts';
import type { Bucket } from '../terms/bucket.ts';
import type { ContainerVersion } from '../terms/container.ts';
import type { Observation } from '../terms/fhir.ts';
import type { Instant } from '../terms/instant.ts';
import type { IdentityFacts, Mapped, MappedReport } from '../terms/mapped.ts';
import type { PatientRef } from '../terms/patient-link.ts';
import type { ResultEntry } from '../terms/result-entry.ts';
import type { Sighting } from './arrival.ts';
import type { Gateway } from './gateway.ts';
import { recordVersions } from './record-versions.ts';
import type { Reference } from './reference-cache.ts';

export interface Registered {
  readonly problems: readonly Problem[];
  readonly resultsStored: number;
  readonly quarantined: boolean;
}

interface Writes {
  versions: (ContainerVersion & { knownFrom: Instant; envelope: string })[];
  retired: { bucket: Bucket; container: string; element: string }[];
  entries: ResultEntry[];
  problems: Problem[];
  resultsStored: number;
  quarantined: boolean;
}

export async function registerReports(
  gateway: Gateway,
  tx: StoreTx,
  input: {
    readonly mapped: Mapped;
    readonly rows: ReadonlyMap<string, DirectoryRow>;
    readonly production: boolean;
    readonly arrival: Sighting;
    readonly reference: Reference;
    readonly regionZone: string;
  },
): Promise<Registered> {
  const reports = input.mapped.patients.flatMap(({ patient, reports }) =>
    reports.map((report) => ({ patient, report })),
  );
  const heads = await readHeads(
    tx,
    reports.map(({ report }) => report),
    input.rows,
  );
  const writes: Writes = { versions: [], retired: [], entries: [], problems: [], resultsStored: 0, quarantined: false };
  for (const { patient, report } of reports) {
    const owner: PatientRef = {
      bucket: patient?.bucket ?? report.bucket,
      patient: patient?.resource.id ?? '',
      facility: input.arrival.facility.id,
    };
    await registerReport(
      tx,
      { ...input, report, owner, nobody: statesNobody(patient?.facts), head: heads.get(report.id) },
      writes,
    );
    const last = writes.versions.at(-1);
    if (last !== undefined && last.id === report.id) heads.set(report.id, last);
  }
  const { facility, receivedAt: at } = input.arrival;
  await recordVersions(
    gateway,
    tx,
    { facility: facility.id, at, reference: input.reference, production: input.production },
    writes,
  );
  return writes;
}

async function registerReport(
  tx: StoreTx,
  input: {
    readonly report: MappedReport;
    readonly owner: PatientRef;
    /** The message names no patient: that is not another one. */
    readonly nobody: boolean;
    readonly head: ContainerVersion | undefined;
    readonly production: boolean;
    readonly arrival: Sighting;
    readonly reference: Reference;
    readonly regionZone: string;
  },
  writes: Writes,
): Promise<void> {
  const { report, owner, head, arrival } = input;
  const merged = mergeReport(head, report, {
    facility: owner.facility,
    // A Person's other Patient may resend a report: it stays where it was first seen.
    patient: head?.patient ?? owner.patient,
    profile: arrival.facility.profile,
    arrivedAt: arrival.receivedAt,
    samePatient: head === undefined || input.nobody || (await isSamePatient(tx, owner, head)),
  });
  if (merged.kind === 'conflict') {
    writes.problems.push(...merged.problems);
    writes.quarantined = true;
    const isOther = merged.problems.some(({ code }) => code === 'registry/other-patient');
    const contested = isOther && head !== undefined && isRecording(report) ? contest(head) : undefined;
    if (contested !== undefined) moveTo(contested, input, writes);
    return;
  }
  writes.resultsStored += report.elements.filter((element) => element.resource.resourceType === 'Observation').length;
  writes.problems.push(...merged.problems, ...longCodes(report));
  if (merged.kind === 'unchanged') return;
  moveTo(merged.version, input, writes);
}

/** Of a recording, or of its report: several files tell of it. */
function isRecording({ elements }: MappedReport): boolean {
  return elements.some(({ joins }) => joins === true);
}

/** The version, and what the registry moves with it. */
function moveTo(
  version: ContainerVersion,
  input: {
    readonly head: ContainerVersion | undefined;
    readonly production: boolean;
    readonly arrival: Sighting;
    readonly reference: Reference;
    readonly regionZone: string;
  },
  writes: Writes,
): void {
  const { head, arrival } = input;
  const facility = arrival.facility.id;
  const context: EntryContext = {
    facility,
    production: input.production,
    regionZone: input.regionZone,
    knownFrom: arrival.receivedAt,
    itemOf: (system, code, loinc) => input.reference.lookup.itemOf(facility, 'result', system, code, loinc),
  };
  const moved = diffEntries(head === undefined ? [] : entriesOf(head, context), entriesOf(version, context));
  writes.versions.push({ ...version, knownFrom: arrival.receivedAt, envelope: arrival.envelope });
  writes.retired.push(...moved.retired);
  writes.entries.push(...moved.added);
}

/** A code that no index holds stays in its Observation and is told (`entriesOf` leaves it out). */
function longCodes(report: MappedReport): readonly Problem[] {
  return report.elements.flatMap(({ resource, at }): Problem[] => {
    if (resource.resourceType !== 'Observation') return [];
    const codings = (resource as unknown as Observation).code.coding ?? [];
    const tooLong = codings.some(
      ({ code = '', system = '' }) => Math.max(code.length, system.length) > LIMITS.codeLengthMax,
    );
    return tooLong ? [{ code: 'gateway/code-too-long', severity: 'warning', at: `${at}-3` }] : [];
  });
}

function statesNobody(facts: IdentityFacts | undefined): boolean {
  return facts === undefined || (facts.identifiers.length === 0 && facts.names.length === 0);
}

/** Same Patient, or another of the same Person's (SETTLED 21). */
async function isSamePatient(tx: StoreTx, owner: PatientRef, head: ContainerVersion): Promise<boolean> {
  if (head.patient === owner.patient) return true;
  const [mine, theirs] = await Promise.all([
    tx.linksOf(owner),
    tx.linksOf({ bucket: head.bucket, patient: head.patient, facility: head.facility }),
  ]);
  return mine.some((link) => theirs.some((other) => other.person === link.person));
}

async function readHeads(tx: StoreTx, reports: readonly MappedReport[], rows: ReadonlyMap<string, DirectoryRow>) {
  const known = reports.filter((report) => (rows.get(report.id)?.headVersion ?? 0) > 0);
  const refs = known.map(({ kind, bucket, id }): ContainerRef => ({ kind: kind ?? 'report', bucket, id }));
  const heads = refs.length === 0 ? [] : await tx.readHeads(refs);
  return new Map(heads.map((head) => [head.id, head]));
}
