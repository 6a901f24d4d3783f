/**
 * What speaks against a recording, told from its samples: no lead is repaired and nothing is diagnosed (ecg.md 0.10, 6.6).
 * A flag names its leads; recognition judges by the flags alone.
 */
import type { Ecg, EcgGroup, EcgLead } from '../terms/parsed/ecg.ts';
import { INDEPENDENT_LEADS } from './leads.ts';
import { microvoltsOf, secondsOf, withoutTail } from './physical.ts';

export const QUALITY_FLAGS = [
  'no-scale',
  'leads-missing',
  'low-rate',
  'short',
  'lead-off',
  'flat',
  'saturated',
  'noise',
  'amplitude',
  'einthoven',
  'reversal',
] as const;

export interface QualityFlag {
  readonly code: (typeof QUALITY_FLAGS)[number];
  /** Names of the leads; empty when it is of the whole. */
  readonly leads: readonly string[];
}

/** AHA/ACC/HRS 2007: at least 500 samples a second. */
const RATE_MIN = 500;
const SECONDS_MIN = 8;
const FLAT_MICROVOLTS = 50;
const NOISE_MICROVOLTS = 50;
const AMPLITUDE_MICROVOLTS = 20_000;
/** Standing at an extreme beyond this for so long is an amplifier at its end. */
const SATURATED_MICROVOLTS = 1_000;
const SATURATED_MS = 40;

/** In the order of `QUALITY_FLAGS`. */
export function qualityOf(ecg: Pick<Ecg, 'groups'>): readonly QualityFlag[] {
  const traces = ecg.groups.map(withoutTail).flatMap((group) => group.leads.map((lead) => traceOf(group, lead)));
  if (traces.length === 0) return [];
  const stated = traces.filter(({ lead }) => !lead.derived);
  const found: QualityFlag[] = [];
  const flag = (code: QualityFlag['code'], of: readonly Trace[]): void => {
    if (of.length > 0) found.push({ code, leads: [...new Set(of.map(({ lead }) => lead.name))] });
  };
  flag(
    'no-scale',
    stated.filter(({ values }) => values === undefined),
  );
  if (INDEPENDENT_LEADS.some((number) => !traces.some(({ lead }) => lead.number === number)))
    found.push({ code: 'leads-missing', leads: [] });
  if (ecg.groups.some(({ rate }) => Number(rate.hz) < RATE_MIN)) found.push({ code: 'low-rate', leads: [] });
  const seconds = Math.max(...ecg.groups.map((group) => endOf(withoutTail(group))));
  if (seconds < SECONDS_MIN) found.push({ code: 'short', leads: [] });
  flag('lead-off', stated.filter(isConstant));
  flag(
    'flat',
    stated.filter((trace) => !isConstant(trace) && trace.high - trace.low < FLAT_MICROVOLTS),
  );
  flag('saturated', stated.filter(isSaturated));
  flag(
    'noise',
    stated.filter((trace) => noiseOf(trace) > NOISE_MICROVOLTS),
  );
  flag(
    'amplitude',
    stated.filter(({ high, low }) => Math.max(high, -low) > AMPLITUDE_MICROVOLTS),
  );
  if (breaksEinthoven(stated)) found.push({ code: 'einthoven', leads: ['I', 'II', 'III'] });
  if (isLikelyReversed(traces)) found.push({ code: 'reversal', leads: ['I', 'II', 'III'] });
  return found;
}

interface Trace {
  readonly lead: EcgLead;
  readonly periodMs: number;
  /** µV; undefined without a scale. */
  readonly values: Float64Array | undefined;
  readonly high: number;
  readonly low: number;
}

function traceOf(group: EcgGroup, lead: EcgLead): Trace {
  const values = microvoltsOf(lead);
  let [high, low] = [-Infinity, Infinity];
  for (const value of values ?? []) {
    if (value > high) high = value;
    if (value < low) low = value;
  }
  const isEmpty = high === -Infinity;
  return { lead, periodMs: Number(group.rate.periodMs), values, high: isEmpty ? 0 : high, low: isEmpty ? 0 : low };
}

/** Groups may follow one another: the end of the last counts. */
function endOf(group: EcgGroup): number {
  return Number(group.offsetMs ?? 0) / 1000 + secondsOf(group);
}

/** One value throughout, or no sample at all: an electrode that is not there. */
function isConstant({ values, high, low }: Trace): boolean {
  return values !== undefined && high === low;
}

function isSaturated({ values, high, low, periodMs }: Trace): boolean {
  if (values === undefined) return false;
  const needed = Math.max(3, Math.round(SATURATED_MS / periodMs));
  return [high, low].some((extreme) => {
    if (Math.abs(extreme) < SATURATED_MICROVOLTS) return false;
    let run = 0;
    for (const value of values) {
      run = value === extreme ? run + 1 : 0;
      if (run >= needed) return true;
    }
    return false;
  });
}

/** Median of the second differences over 4 ms: the QRS are too few to move it, muscle and mains are not. */
function noiseOf({ values, periodMs }: Trace): number {
  if (values === undefined) return 0;
  const step = Math.max(1, Math.round(4 / periodMs));
  const stride = strideOf(values);
  const bends: number[] = [];
  for (let k = step * 2; k < values.length; k += stride) {
    const bend = (values[k] as number) - 2 * (values[k - step] as number) + (values[k - step * 2] as number);
    if (!Number.isNaN(bend)) bends.push(Math.abs(bend));
  }
  return medianOf(Float64Array.from(bends));
}

/** A thousand places tell as much as all. Odd, so that no rhythm of mains or sampling is met at one phase. */
function strideOf(values: Float64Array): number {
  return Math.max(1, Math.floor(values.length / 1_000)) | 1;
}

function medianOf(values: Float64Array): number {
  return values.toSorted()[values.length >> 1] ?? 0;
}

/** II = I + III, where the file states all three; rounding of three leads is allowed for. */
function breaksEinthoven(stated: readonly Trace[]): boolean {
  const [one, two, three] = [1, 2, 61].map((number) => stated.find(({ lead }) => lead.number === number));
  if (!one?.values || !two?.values || !three?.values) return false;
  const unit = Math.max(...[one, two, three].map(({ lead }) => Number(lead.scale)));
  const allowed = Math.max(3 * unit, 15);
  const length = Math.min(one.values.length, two.values.length, three.values.length);
  let wrong = 0;
  for (let k = 0; k < length; k++) {
    const difference = (two.values[k] as number) - (one.values[k] as number) - (three.values[k] as number);
    if (Math.abs(difference) > allowed) wrong += 1;
  }
  return wrong > length / 100;
}

/**
 * Arms exchanged: I points down while V6 points up, and aVR is no longer negative. Right arm and leg exchanged: II is
 * almost flat while the others are not. A suspicion that a person has to look at.
 */
function isLikelyReversed(traces: readonly Trace[]): boolean {
  const of = (number: number): Trace | undefined => traces.find(({ lead }) => lead.number === number);
  const [one, two, three, avr, v6] = [of(1), of(2), of(61), of(62), of(8)];
  if (!one?.values || !two?.values || !three?.values || !avr?.values || !v6?.values) return false;
  const isDown = (trace: Trace): boolean => polarityOf(trace) < -150;
  const isUp = (trace: Trace): boolean => polarityOf(trace) > 150;
  const arms = isDown(one) && isUp(avr) && isUp(v6);
  const height = (trace: Trace): number => trace.high - trace.low;
  const leg = height(two) < 100 && height(one) > 400 && height(three) > 400;
  return arms || leg;
}

/** µV by which the highest point is further from the median than the lowest. */
function polarityOf({ values, high, low }: Trace): number {
  const all = values ?? new Float64Array();
  const stride = strideOf(all);
  const middle = medianOf(all.filter((value, k) => k % stride === 0 && !Number.isNaN(value)));
  return high - middle - (middle - low);
}
