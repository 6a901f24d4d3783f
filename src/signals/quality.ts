/**
 * What speaks against a recording, told from its samples: no lead is repaired and nothing is diagnosed (ecg.md 0.10, 6.6).
 * A flag names its leads; recognition judges by the flags alone.
 */
import type { Ecg, EcgGroup, EcgLead } from '../terms/parsed/ecg.ts';
import { INDEPENDENT_LEADS } from './leads.ts';
import { secondsOf, withoutTail } from './physical.ts';

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
  /** Bytes were lost or changed on their way; told by who read the file. */
  'corrupt',
  /** The same recording came for another patient too; told by the registry. */
  'contested',
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
    stated.filter(({ scale }) => scale === undefined),
  );
  if (INDEPENDENT_LEADS.some((number) => !traces.some(({ lead }) => lead.number === number)))
    found.push({ code: 'leads-missing', leads: [] });
  if (ecg.groups.some(({ rate }) => Number(rate.hz) < RATE_MIN)) found.push({ code: 'low-rate', leads: [] });
  const seconds = Math.max(...ecg.groups.map((group) => endOf(withoutTail(group))));
  if (seconds < SECONDS_MIN) found.push({ code: 'short', leads: [] });
  flag('lead-off', stated.filter(isConstant));
  flag('flat', stated.filter(isFlat));
  flag('saturated', stated.filter(isSaturated));
  flag('noise', stated.filter(isNoisy));
  flag(
    'amplitude',
    stated.filter(({ high, low }) => Math.max(high, -low) > AMPLITUDE_MICROVOLTS),
  );
  if (breaksEinthoven(stated)) found.push({ code: 'einthoven', leads: ['I', 'II', 'III'] });
  if (isLikelyReversed(traces)) found.push({ code: 'reversal', leads: ['I', 'II', 'III'] });
  return found;
}

/** A lead and the reach of its samples; offset and scale in µV, the scale undefined where the file gives none. */
interface Trace {
  readonly lead: EcgLead;
  readonly periodMs: number;
  readonly scale: number | undefined;
  readonly offset: number;
  /** Greatest and smallest integer stored; both 0 without a sample. */
  readonly top: number;
  readonly bottom: number;
  /** The same in µV; both 0 without a scale. */
  readonly high: number;
  readonly low: number;
}

function traceOf(group: EcgGroup, lead: EcgLead): Trace {
  const { samples, absent } = lead;
  let [top, bottom] = [-Infinity, Infinity];
  for (let k = 0; k < samples.length; k++) {
    const sample = samples[k] as number;
    if (sample === absent) continue;
    if (sample > top) top = sample;
    if (sample < bottom) bottom = sample;
  }
  if (top === -Infinity) [top, bottom] = [0, 0];
  const scale = lead.scale === undefined ? undefined : Number(lead.scale);
  const offset = Number(lead.offset);
  const ends = scale === undefined ? [0, 0] : [top * scale + offset, bottom * scale + offset];
  const trace = { lead, periodMs: Number(group.rate.periodMs), scale, offset, top, bottom };
  return { ...trace, high: Math.max(...ends), low: Math.min(...ends) };
}

/** Groups may follow one another: the end of the last counts. */
function endOf(group: EcgGroup): number {
  return Number(group.offsetMs ?? 0) / 1000 + secondsOf(group);
}

/** One value throughout, or no sample at all: an electrode that is not there. */
function isConstant({ scale, top, bottom }: Trace): boolean {
  return scale !== undefined && top === bottom;
}

function isFlat(trace: Trace): boolean {
  return trace.scale !== undefined && !isConstant(trace) && trace.high - trace.low < FLAT_MICROVOLTS;
}

function isSaturated({ lead, scale, offset, top, bottom, periodMs }: Trace): boolean {
  if (scale === undefined) return false;
  const { samples } = lead;
  const needed = Math.max(3, Math.round(SATURATED_MS / periodMs));
  return [top, bottom].some((extreme) => {
    if (Math.abs(extreme * scale + offset) < SATURATED_MICROVOLTS) return false;
    let run = 0;
    for (let k = 0; k < samples.length; k++) {
      run = samples[k] === extreme ? run + 1 : 0;
      if (run >= needed) return true;
    }
    return false;
  });
}

/** Half of the second differences over 4 ms are large: the QRS are too few to be half, muscle and mains are not. */
function isNoisy({ lead, scale, periodMs }: Trace): boolean {
  if (scale === undefined) return false;
  const { samples, absent } = lead;
  const step = Math.max(1, Math.round(4 / periodMs));
  const stride = strideOf(samples.length);
  const allowed = NOISE_MICROVOLTS / Math.abs(scale);
  let [large, all] = [0, 0];
  for (let k = step * 2; k < samples.length; k += stride) {
    const a = samples[k] as number;
    const b = samples[k - step] as number;
    const c = samples[k - step * 2] as number;
    if (a === absent || b === absent || c === absent) continue;
    all += 1;
    if (Math.abs(a - 2 * b + c) > allowed) large += 1;
  }
  return large * 2 > all;
}

/** A thousand places tell as much as all. Odd, so that no rhythm of mains or sampling is met at one phase. */
function strideOf(length: number): number {
  return Math.max(1, Math.floor(length / 1_000)) | 1;
}

/** II = I + III, where the file states all three; rounding of three leads is allowed for. */
function breaksEinthoven(stated: readonly Trace[]): boolean {
  const [one, two, three] = [1, 2, 61].map((number) => stated.find(({ lead }) => lead.number === number));
  if (one?.scale === undefined || two?.scale === undefined || three?.scale === undefined) return false;
  const allowed = Math.max(3 * one.scale, 3 * two.scale, 3 * three.scale, 15);
  const [a, b, c] = [one.lead.samples, two.lead.samples, three.lead.samples];
  const length = Math.min(a.length, b.length, c.length);
  const offset = two.offset - one.offset - three.offset;
  let wrong = 0;
  for (let k = 0; k < length; k++) {
    const i = a[k] as number;
    const ii = b[k] as number;
    const iii = c[k] as number;
    if (i === one.lead.absent || ii === two.lead.absent || iii === three.lead.absent) continue;
    if (Math.abs(ii * two.scale - i * one.scale - iii * three.scale + offset) > allowed) wrong += 1;
  }
  return wrong > length / 100;
}

/**
 * Arms exchanged: I points down while V6 points up, and aVR is no longer negative. Right arm and leg exchanged: II is
 * almost flat while the others are not. A suspicion that a person has to look at.
 */
function isLikelyReversed(traces: readonly Trace[]): boolean {
  const of = (number: number): Trace | undefined =>
    traces.find(({ lead, scale }) => lead.number === number && scale !== undefined);
  const [one, two, three, avr, v6] = [of(1), of(2), of(61), of(62), of(8)];
  if (one === undefined || two === undefined || three === undefined || avr === undefined || v6 === undefined)
    return false;
  // What stands at aVR then is aVL, which is low where the heart stands upright.
  const arms = polarityOf(one) < -150 && polarityOf(avr) > 50 && polarityOf(v6) > 150;
  const height = (trace: Trace): number => trace.high - trace.low;
  const leg = height(two) < 100 && height(one) > 400 && height(three) > 400;
  return arms || leg;
}

/** µV by which the highest point is further from the median than the lowest. */
function polarityOf({ lead, scale = 0, offset, high, low }: Trace): number {
  const { samples, absent } = lead;
  const stride = strideOf(samples.length);
  const some = samples.filter((sample, k) => k % stride === 0 && sample !== absent).toSorted();
  const middle = (some[some.length >> 1] ?? 0) * scale + offset;
  return high - middle - (middle - low);
}
