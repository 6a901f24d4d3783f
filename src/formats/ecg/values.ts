/** Numbers, rates, scales, dates and names as ECG files write them. Whatever cannot be read is undefined, never a guess. */
import { asDecimal, type Decimal, scaleDecimal } from '../../base/decimal.ts';
import type { EcgMeasurement, EcgMeasurementKind, EcgPatient, EcgRate } from '../../terms/parsed/ecg.ts';

const NUMBER = /^([+-]?)0*(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

/** `+0500`, `.5`, `4.880`, `1e-3` as a Decimal of the same digits; undefined for anything that is no number. */
export function numberOf(text: string | undefined): Decimal | undefined {
  const match = text === undefined || text.length > 40 ? null : NUMBER.exec(text.trim());
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent] = match;
  if (whole === '' && fraction === '' && !/0/.test(text ?? '')) return undefined;
  const digits = `${whole === '' ? '0' : whole}${fraction === '' ? '' : `.${fraction}`}`;
  const isZero = /^[0.]+$/.test(digits);
  return asDecimal(`${sign === '-' && !isZero ? '-' : ''}${digits}${exponent === undefined ? '' : `e${exponent}`}`);
}

/** An integer of a binary field. */
export function decimalOf(value: number): Decimal {
  return String(value) as Decimal;
}

/** value × 10^exponent, written without an exponent where that is short; undefined for an exponent that is none. */
export function powerOfTen(value: Decimal, exponent: number): Decimal | undefined {
  if (!Number.isInteger(exponent) || Math.abs(exponent) > 30) return undefined;
  const power = `1${'0'.repeat(Math.abs(exponent))}` as Decimal;
  return exponent >= 0 ? scaleDecimal(value, power, ONE) : scaleDecimal(value, ONE, power);
}

export const ONE = '1' as Decimal;
export const ZERO = '0' as Decimal;
const THOUSAND = '1000' as Decimal;

/** Beyond these nothing is sampled. */
const [HZ_MIN, HZ_MAX] = [0.001, 1_000_000];

function isRate(hz: Decimal): boolean {
  return Number(hz) >= HZ_MIN && Number(hz) <= HZ_MAX;
}

/** From samples per second; undefined for zero and less, and for what is no rate. */
export function rateOfHz(hz: Decimal | undefined): EcgRate | undefined {
  if (hz === undefined || !isRate(hz)) return undefined;
  const periodMs = scaleDecimal(ONE, THOUSAND, hz);
  return periodMs === undefined ? undefined : { hz: plain(hz), periodMs };
}

/** From the milliseconds between two samples. */
export function rateOfPeriod(periodMs: Decimal | undefined): EcgRate | undefined {
  if (periodMs === undefined || !(Number(periodMs) > 0)) return undefined;
  const hz = scaleDecimal(ONE, THOUSAND, periodMs);
  return hz === undefined || !isRate(hz) ? undefined : { hz, periodMs: plain(periodMs) };
}

/** The same number without needless zeros or an exponent: `500`, for `500.0` and `5e2`. */
export function plain(value: Decimal): Decimal {
  return scaleDecimal(value, ONE, ONE) ?? value;
}

const MICROVOLTS: Readonly<Record<string, readonly [Decimal, Decimal]>> = {
  NV: [ONE, THOUSAND],
  UV: [ONE, ONE],
  MV: [THOUSAND, ONE],
  V: ['1000000' as Decimal, ONE],
};

const UNIT_WORDS: Readonly<Record<string, string>> = {
  MICROVOLT: 'UV',
  MICROVOLTS: 'UV',
  MILLIVOLT: 'MV',
  MILLIVOLTS: 'MV',
  NANOVOLT: 'NV',
  NANOVOLTS: 'NV',
  VOLT: 'V',
  VOLTS: 'V',
};

/** A voltage in µV; undefined when the unit is none of nV, uV, µV, mV, V. */
export function microvolts(value: Decimal | undefined, unit: string | undefined): Decimal | undefined {
  if (value === undefined || unit === undefined) return undefined;
  // Both code points of the micro sign.
  const name = unit.trim().replace(/[µμ]/, 'u').toUpperCase();
  const factor = MICROVOLTS[UNIT_WORDS[name] ?? name];
  return factor === undefined ? undefined : scaleDecimal(value, factor[0], factor[1]);
}

/** As `microvolts`, for what a unit stands for: a scale of nothing is none. */
export function scaleOf(value: Decimal | undefined, unit: string | undefined): Decimal | undefined {
  const scale = microvolts(value, unit);
  return scale === undefined || Number(scale) === 0 ? undefined : scale;
}

/** What lies before is written for "none". */
const YEAR_MIN = 1800;

/** Calendar parts as `YYYY-MM-DD[Thh:mm[:ss[.fff]]]`; undefined when there is no such day or time. */
export function dateTimeOfParts(
  date: readonly [year: number, month: number, day: number],
  time?: readonly [hour: number, minute: number, second?: number, fraction?: string],
): string | undefined {
  const [year, month, day] = date;
  const days = new Date(Date.UTC(year, month - 1, day));
  if (year < YEAR_MIN || year > 9999 || days.getUTCMonth() !== month - 1 || days.getUTCDate() !== day) return undefined;
  const text = `${pad(year, 4)}-${pad(month)}-${pad(day)}`;
  if (time === undefined) return text;
  const [hour, minute, second, fraction] = time;
  if (!(hour < 24 && minute < 60 && (second ?? 0) < 60)) return undefined;
  const seconds = second === undefined ? '' : `:${pad(second)}${fraction === undefined ? '' : `.${fraction}`}`;
  return `${text}T${pad(hour)}:${pad(minute)}${seconds}`;
}

function pad(value: number, length = 2): string {
  return String(value).padStart(length, '0');
}

const HL7_TIME =
  /^(\d{4})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:\.(\d{1,9}))?)?)?)?)?)?(?:([+-])(\d{2})(\d{2})?)?$/;

/** HL7 v3 TS (`YYYYMMDDHHMMSS.f±ZZZZ`, any precision) and ISO 8601; undefined when it is neither or no such time. */
export function timeOf(text: string | undefined): string | undefined {
  if (text === undefined || text.length > 40) return undefined;
  const [, date = '', rest = ''] = /^([^T ]*)[T ]?(.*)$/.exec(text.trim()) ?? [];
  const compact = `${date.replace(/^(\d{4})[-/](\d{2})[-/](\d{2})$/, '$1$2$3')}${rest.replaceAll(':', '').replace(/Z$/, '+0000')}`;
  const match = HL7_TIME.exec(compact);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction, sign, zoneHour, zoneMinute] = match;
  if (Number(year) < YEAR_MIN) return undefined;
  if (month === undefined) return year;
  if (day === undefined) return Number(month) >= 1 && Number(month) <= 12 ? `${year}-${month}` : undefined;
  const whole = [Number(year), Number(month), Number(day)] as const;
  if (hour === undefined) return dateTimeOfParts(whole);
  // A bare hour is no more than its day.
  if (minute === undefined) return dateTimeOfParts(whole);
  const local = dateTimeOfParts(whole, [Number(hour), Number(minute), ...secondsOf(second, fraction)]);
  if (local === undefined || sign === undefined) return local;
  return `${local}${sign}${zoneHour}:${zoneMinute ?? '00'}`;
}

function secondsOf(second: string | undefined, fraction: string | undefined): [number?, string?] {
  if (second === undefined) return [];
  return fraction === undefined ? [Number(second)] : [Number(second), fraction];
}

/** `M`, `Male`, `男`, `1` and the like. */
export function sexOf(text: string | undefined): EcgPatient['sex'] {
  switch (text?.trim().toUpperCase()) {
    case 'M':
    case 'MALE':
    case '男':
      return 'male';
    case 'F':
    case 'FEMALE':
    case '女':
      return 'female';
    case 'UN':
    case 'O':
    case 'OTHER':
      return 'other';
    case 'U':
    case 'UNKNOWN':
      return 'unknown';
    default:
      return undefined;
  }
}

/** What devices write where they have nothing: sentinels of SCP-ECG, Mindray and Philips. */
export function isSentinel(kind: EcgMeasurementKind, value: Decimal): boolean {
  const number = Number(value);
  if (number === 29_999 || number === 29_998 || number === 19_999 || number === -32_768 || number === 32_767)
    return true;
  if (kind.endsWith('axis')) return Math.abs(number) > 360;
  if (kind === 'r-v5' || kind === 's-v1' || kind === 'r-v5-plus-s-v1') return false;
  return number <= 0;
}

/** The measurement, unless it is a sentinel or no number. */
export function measured(
  kind: EcgMeasurementKind,
  value: Decimal | undefined,
  at: string,
  more: Pick<EcgMeasurement, 'lead' | 'edited'> = {},
): readonly EcgMeasurement[] {
  return value === undefined || isSentinel(kind, value) ? [] : [{ kind, value: plain(value), ...more, at }];
}

/** Drops undefined members, so that an absent thing has no key. */
export function present<T extends object>(members: { readonly [K in keyof T]: T[K] | undefined }): T {
  const made: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(members)) if (value !== undefined) made[key] = value;
  return made as T;
}
