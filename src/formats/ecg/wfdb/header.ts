/** Header of a WFDB record (`.hea`; PhysioNet, header(5)): a record line, a line for each signal, comments. */
import { type Decimal, scaleDecimal } from '../../../base/decimal.ts';
import type { EcgRate } from '../../../terms/parsed/ecg.ts';
import { dateTimeOfParts, microvolts, numberOf, ONE, rateOfHz, ZERO } from '../values.ts';

export interface WfdbHeader {
  readonly record: string;
  readonly segments: number;
  readonly rate: EcgRate | undefined;
  /** Samples a signal; undefined when not stated. */
  readonly samples: number | undefined;
  readonly start: string | undefined;
  readonly signals: readonly WfdbSignal[];
  /** A signal that is announced has no line that can be read: how samples lie in the files is then unknown. */
  readonly incomplete: boolean;
  readonly comments: readonly string[];
}

export interface WfdbSignal {
  readonly file: string;
  readonly format: number;
  /** Samples in a frame. */
  readonly perFrame: number;
  readonly byteOffset: number;
  /** µV of one unit and of the sample 0; undefined when the unit is no voltage, or the gain 0: not calibrated. */
  readonly scale: Decimal | undefined;
  readonly offset: Decimal;
  readonly first: number | undefined;
  readonly checksum: number | undefined;
  readonly label: string;
  /** Line of the header, from 1. */
  readonly at: string;
}

const RECORD =
  /^([A-Za-z0-9_-]{1,80})(?:\/(\d{1,6}))?\s+(\d{1,4})(?:\s+([0-9.eE+-]{1,20})(?:\/\S*)?(?:\s+(\d{1,12})(?:\s+(\S+)(?:\s+(\S+))?)?)?)?\s*$/;
const SIGNAL =
  /^(\S+)\s+(\d{1,3})(?:x(\d{1,4}))?(?::\d+)?(?:\+(\d{1,10}))?(?:\s+([0-9.eE+-]{1,24})(?:\((-?\d{1,10})\))?(?:\/(\S+))?(?:\s+\d+(?:\s+(-?\d{1,10})(?:\s+(-?\d{1,10})(?:\s+(-?\d{1,6})(?:\s+-?\d+(?:\s+(.*))?)?)?)?)?)?)?\s*$/;

/** Undefined when the first line is no record line. */
export function readWfdbHeader(text: string): WfdbHeader | undefined {
  const lines = text.split(/\r\n|\n|\r/);
  const comments = lines.filter((line) => line.startsWith('#')).map((line) => line.slice(1).trim());
  const own = lines
    .map((line, k) => ({ line, number: k + 1 }))
    .filter(({ line }) => line.trim() !== '' && !line.startsWith('#'));
  const record = RECORD.exec(own[0]?.line ?? '');
  if (record === null) return undefined;
  const [, name = '', segments, count = '0', frequency, samples, time, date] = record;
  const signals = own.slice(1, 1 + Number(count)).flatMap(({ line, number }) => signalOf(line, `line ${number}`));
  return {
    record: name,
    segments: segments === undefined ? 0 : Number(segments),
    rate: rateOfHz(frequency === undefined ? ('250' as Decimal) : numberOf(frequency)),
    samples: samples === undefined || samples === '0' ? undefined : Number(samples),
    start: startOf(time, date),
    signals,
    incomplete: signals.length < Number(count),
    comments,
  };
}

function signalOf(line: string, at: string): readonly WfdbSignal[] {
  const match = SIGNAL.exec(line);
  if (match === null) return [];
  const [, file = '', format = '', frame, byteOffset, gainText, baselineText, unit, zero, first, checksum, label = ''] =
    match;
  // The standard would assume 200 a millivolt where none is stated: an assumption is no voltage.
  const gain = numberOf(gainText) ?? ZERO;
  const perUnit = microvolts(ONE, unit ?? 'mV');
  const scale = perUnit === undefined ? undefined : scaleDecimal(perUnit, ONE, gain);
  const baseline = numberOf(baselineText) ?? numberOf(zero) ?? ZERO;
  const below = perUnit === undefined ? undefined : scaleDecimal(perUnit, baseline, gain);
  const offset = below === undefined || Number(below) === 0 ? ZERO : scaleDecimal(below, '-1' as Decimal, ONE);
  return [
    {
      file,
      format: Number(format),
      perFrame: Number(frame ?? 1),
      byteOffset: Number(byteOffset ?? 0),
      scale,
      offset: offset ?? ZERO,
      first: first === undefined ? undefined : Number(first),
      checksum: checksum === undefined ? undefined : Number(checksum),
      label: label.trim(),
      at,
    },
  ];
}

/** `HH:MM:SS[.fff]` and `DD/MM/YYYY`. */
function startOf(time: string | undefined, date: string | undefined): string | undefined {
  const day = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(date ?? '');
  const clock = /^(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{1,6}))?$/.exec(time ?? '');
  if (day === null) return undefined;
  const parts = [Number(day[3]), Number(day[2]), Number(day[1])] as const;
  if (clock === null) return dateTimeOfParts(parts);
  const [hour, minute, second, fraction] = [Number(clock[1]), Number(clock[2]), Number(clock[3]), clock[4]];
  return dateTimeOfParts(parts, fraction === undefined ? [hour, minute, second] : [hour, minute, second, fraction]);
}
