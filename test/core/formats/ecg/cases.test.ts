/** Every well-formed synthetic file says what its encoder put in (fixtures/ecg/README.md says what that proves). */
import { describe, expect, it } from 'vitest';
import { ECG_CASES, type EcgCase, type EcgTruth, type TruthLead } from '../../../../fixtures/ecg/cases.ts';
import { leadNumber } from '../../../../src/signals/leads.ts';
import { microvoltsAt, microvoltsOf } from '../../../../src/signals/physical.ts';
import type { Ecg, EcgGroup, EcgLead } from '../../../../src/terms/parsed/ecg.ts';
import { bundleText, groupsOfBundle, groupsToKeep, mapFile, readCase, sampleHash } from '../../../support/ecg-files.ts';

const EXACT_MICROVOLTS = 1e-6;
/** What makes a file worse than another, as this folder tells it. */
const SERIOUS = new Set(['error', 'fatal']);

const reads = new Map<EcgCase, { readonly bytes: Uint8Array } & ReturnType<typeof readCase>>();

/** Each file is made and read once. */
function readOnce(one: EcgCase) {
  const known = reads.get(one);
  if (known !== undefined) return known;
  const bytes = one.make();
  const made = { bytes, ...readCase(one, bytes) };
  reads.set(one, made);
  return made;
}

it.each(ECG_CASES.map((one) => [one.name, one] as const))('%s is read as it was written', (_, one) => {
  const { value, problems } = readOnce(one);
  expect(problems.filter(({ severity }) => SERIOUS.has(severity))).toEqual([]);
  const ecg = value as Ecg;
  expect(ecg.format).toBe(one.format);
  const { truth } = one;
  expect(leadFaults(ecg.groups, truth.leads, truth)).toEqual([]);
  const { medians } = truth;
  if (medians !== undefined)
    expect(leadFaults(ecg.medians, medians.leads, { rateHz: medians.rateHz, leads: [] })).toEqual([]);
  expect(ecg.groups[0]?.tail?.from).toBe(truth.calibrationFrom);
  expect(saidOf(ecg, truth)).toEqual(expectedOf(truth));
});

describe('FHIR', () => {
  it.each(ECG_CASES.map((one) => [one.name, one] as const))('gives back the integers of %s', (_, one) => {
    const { bytes, value } = readOnce(one);
    const ecg = value as Ecg;
    const back = groupsOfBundle(bundleText(mapFile(ecg, bytes)));
    const kept = groupsToKeep(ecg);
    expect(back.map(headOf)).toEqual(kept.map(headOf));
    expect(back.map(({ leads }) => leads.map(wordsOf))).toEqual(kept.map(({ leads }) => leads.map(wordsOf)));
  });
});

it('an ECG file is read the same from a Buffer and from within a larger one', () => {
  for (const one of ECG_CASES.filter(isFirstOfFormat)) {
    const { bytes, value: plain } = readOnce(one);
    const within = new Uint8Array(bytes.length + 7).fill(0xa5);
    within.set(bytes, 3);
    for (const other of [Buffer.from(bytes), within.subarray(3, 3 + bytes.length)])
      expect(readCase(one, other).value, one.name).toEqual(plain);
  }
});

function isFirstOfFormat(one: EcgCase): boolean {
  return ECG_CASES.find(({ format }) => format === one.format) === one;
}

/** One line for each lead that is missing or differs. */
function leadFaults(groups: readonly EcgGroup[], leads: readonly TruthLead[], truth: EcgTruth): readonly string[] {
  return leads.flatMap((lead) => {
    const rate = lead.rateHz ?? truth.rateHz;
    const found = groups
      .filter((group) => Number(group.rate.hz) === rate)
      .flatMap((group) => group.leads.filter((one) => one.derived !== true && isNamed(one, lead.name)));
    if (found.length === 0) return [`${lead.name} at ${rate} Hz is missing`];
    const faults = found.map((one) => differenceOf(one, lead, truth));
    return faults.some((fault) => fault === undefined) ? [] : [`${lead.name}: ${faults[0] ?? ''}`];
  });
}

function isNamed(lead: EcgLead, name: string): boolean {
  return lead.name === name || (lead.number !== undefined && lead.number === leadNumber(name));
}

function differenceOf(lead: EcgLead, truth: TruthLead, { exact = [], toleranceUv }: EcgTruth): string | undefined {
  const values = microvoltsOf(lead);
  if (values === undefined) return 'no scale';
  if (values.length !== truth.samples.length) return `${values.length} samples of ${truth.samples.length}`;
  const missing = new Set(truth.missing);
  for (const [k, value] of values.entries()) {
    if (missing.has(k) !== Number.isNaN(value)) return `sample ${k} is ${value}`;
    if (missing.has(k)) continue;
    const wanted = (truth.samples[k] as number) * truth.uvPerUnit + (truth.offsetUv ?? 0);
    const isExact = toleranceUv === undefined || exact.some(([from, to]) => k >= from && k < to);
    if (Math.abs(value - wanted) > (isExact ? EXACT_MICROVOLTS : toleranceUv)) return `sample ${k} is ${value} µV`;
  }
  return undefined;
}

/** What the truth asks for, from what was read. */
function saidOf(ecg: Ecg, truth: EcgTruth) {
  const { patient, acquisition, statements, confirmed } = ecg;
  const sexes = { male: 'M', female: 'F', other: undefined, unknown: undefined } as const;
  const global = ecg.measurements.filter(({ lead }) => lead === undefined);
  const named = [patient.family, patient.given].filter((part) => part !== undefined).join(' ');
  return {
    id: truth.patient?.id && patient.identifiers[0]?.value,
    name: truth.patient?.name && (patient.name ?? named),
    sex: truth.patient?.sex && sexes[patient.sex ?? 'unknown'],
    birth: truth.patient?.birth && patient.birthDate,
    acquired: truth.acquired && acquisition.start?.slice(0, truth.acquired.length),
    confirmed: truth.confirmed === undefined ? undefined : confirmed === 'confirmed',
    statements:
      truth.statements &&
      statements.filter(({ kind }) => kind !== 'summary').map(({ text }) => text.replace(' · ', ' ')),
    measurements:
      truth.measurements &&
      Object.fromEntries(
        Object.keys(truth.measurements).map((kind) => [
          kind,
          Number(global.find((one) => one.kind === kind || one.kind === `${kind}-bazett`)?.value),
        ]),
      ),
    sentinels: global.map(({ kind }) => kind as string).filter((kind) => truth.absent?.includes(kind)),
  };
}

function expectedOf({ patient, acquired, confirmed, statements, measurements }: EcgTruth) {
  return {
    id: patient?.id,
    name: patient?.name,
    sex: patient?.sex,
    birth: patient?.birth,
    acquired,
    confirmed,
    statements,
    measurements,
    sentinels: [],
  };
}

function headOf({ kind, rate }: EcgGroup) {
  return { kind, rate };
}

function wordsOf(lead: EcgLead) {
  const { name, number, scale, offset, samples, absent } = lead;
  const some = Array.from({ length: 20 }, (_, k) => microvoltsAt(lead, Math.floor((k * samples.length) / 20)));
  // A value that means "no sample" is kept where one of them is there.
  const holes = absent === undefined ? 0 : samples.filter((sample) => sample === absent).length;
  return { name, number, scale, offset, some, holes, count: samples.length, hash: sampleHash(lead) };
}
