/** Small hand-made reports of made-up people, as mapping would put them out. */
import { printResource } from '../../../src/base/json.ts';
import type { Bucket } from '../../../src/terms/bucket.ts';
import type { ContainerVersion } from '../../../src/terms/container.ts';
import { DEFAULT_PROFILE, type FacilityId, type FacilityProfile } from '../../../src/terms/facility.ts';
import type { DiagnosticReport, Observation, Resource, Specimen } from '../../../src/terms/fhir.ts';
import type { Instant } from '../../../src/terms/instant.ts';
import type { MappedElement, MappedReport } from '../../../src/terms/mapped.ts';
import { mergeReport, type MergeContext, type Merged } from '../../../src/registry/merge-report.ts';

export const ID = 'ab00000000000000000000';
export const BUCKET = 7 as Bucket;
export const FACILITY = 'F1' as FacilityId;

const STATUS: Readonly<Record<string, string>> = {
  F: 'final',
  C: 'corrected',
  A: 'amended',
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
  '': 'unknown',
};

/** `day(3)` = 3 March 2026, 08:00 UTC; `day(3, 5)` five hours later. */
export function day(number: number, hours = 0): Instant {
  return new Date(Date.UTC(2026, 2, number, 8 + hours)).toISOString() as Instant;
}

/** `{ WBC: 'F 6.2' }`: letter, then the value if any. */
export interface Told {
  readonly at?: Instant;
  /** OBR-25. */
  readonly report?: string;
  readonly results?: Readonly<Record<string, string>>;
  readonly collected?: Instant;
  readonly specimen?: Partial<Specimen>;
  readonly more?: Partial<DiagnosticReport>;
}

export function told({ at, report = 'F', results = {}, collected, specimen, more }: Told): MappedReport {
  const names = Object.keys(results);
  const elements: MappedElement[] = [
    {
      key: '',
      at: 'OBR[1]',
      resource: {
        resourceType: 'DiagnosticReport',
        id: ID,
        status: report === '' ? 'unknown' : (STATUS[report] ?? report),
        code: { text: 'CBC' },
        ...(names.length === 0 ? {} : { result: names.map((name) => ({ reference: `Observation/${ID}.${name}` })) }),
        ...more,
        ...(report === 'X' ? { status: 'cancelled' } : {}),
      } as DiagnosticReport & { id: string },
    },
    ...names.map((name, index) => result(name, results[name] as string, `OBX[${index + 1}]`)),
  ];
  if (specimen !== undefined) {
    const resource = { resourceType: 'Specimen', id: `${ID}.tube`, ...specimen } as Resource & { id: string };
    elements.push({ key: 'specimen|1', at: 'SPM[1]', resource });
  }
  return {
    bucket: BUCKET,
    id: ID,
    numbered: true,
    at: 'OBR[1]',
    ...(at === undefined ? {} : { statedAt: at }),
    ...(collected === undefined ? {} : { collectedAt: collected }),
    retracted: ['X', 'D', 'W'].includes(report),
    elements,
  };
}

function result(name: string, text: string, at: string): MappedElement {
  const [letter = '', value] = text.split(' ');
  const resource = {
    resourceType: 'Observation',
    id: `${ID}.${name}`,
    status: STATUS[letter],
    code: { coding: [{ system: 'urn:local', code: name }] },
    ...(value === undefined ? {} : { valueQuantity: { value, unit: 'g/L' } }),
  } as Observation & { id: string };
  return { key: name, at, statusLetter: letter, resource };
}

export function context(changes: Partial<MergeContext> & { readonly profile?: FacilityProfile } = {}): MergeContext {
  return {
    facility: FACILITY,
    patient: 'p1',
    profile: DEFAULT_PROFILE,
    arrivedAt: day(28),
    samePatient: true,
    ...changes,
  };
}

/** Merges the messages in this order and returns each step. */
export function steps(messages: readonly Told[], changes: Partial<MergeContext> = {}): readonly Merged[] {
  const all: Merged[] = [];
  let head: ContainerVersion | undefined;
  for (const message of messages) {
    const merged = mergeReport(head, told(message), context(changes));
    all.push(merged);
    if (merged.kind === 'new-version') head = merged.version;
  }
  return all;
}

export function headOf(merged: readonly Merged[]): ContainerVersion {
  const last = merged.findLast((step) => step.kind === 'new-version');
  if (last === undefined) throw new Error('nothing was stored');
  return last.version;
}

/** `{ '': 'final', WBC: 'final 6.2' }` */
export function states(version: ContainerVersion): Readonly<Record<string, string>> {
  return Object.fromEntries(
    version.elements
      .filter(({ resource }) => resource.resourceType !== 'Specimen')
      .map(({ key, resource }) => {
        const { status, valueQuantity } = resource as Observation;
        return [key, valueQuantity === undefined ? status : `${status} ${valueQuantity.value}`];
      }),
  );
}

export function textOf(version: ContainerVersion): string {
  return printResource(version);
}
