/**
 * HL7 v2 dates and times (v2.5 2.A.21 DT, 2.A.22 DTM, 2.A.75 TM, 2.A.77 TS) → FHIR, with the precision kept
 * and nothing invented. The spellings that hospital systems put there (`2026-03-01 08:15:30`,
 * `20260301 0815`) are read too.
 *
 * FHIR wants seconds with minutes: `0815` becomes `08:15:00` (the only padding there is). It has no hour
 * without minutes: a time of an hour alone keeps its date in FHIR, and its hour in `start` and `end`.
 */
import { offsetAtLocal } from '../../base/zone.ts';
import type { Instant } from '../../terms/instant.ts';

export interface DateTimeText {
  /** FHIR dateTime: `2026`, `2026-03`, `2026-03-01`, `2026-03-01T08:15:30+08:00`. */
  readonly value: string;
  /** First instant that the text can mean. */
  readonly start: Instant;
  /** Last millisecond that it can mean; equals `start` from minutes on. */
  readonly end: Instant;
  /** True when the text named no offset although the result needs one. */
  readonly zoneAssumed: boolean;
}

interface Parts {
  readonly year: number;
  readonly month: number | undefined;
  readonly day: number | undefined;
  readonly hour: number | undefined;
  readonly minute: number | undefined;
  readonly second: number | undefined;
  /** Digits behind the seconds' point, as written. */
  readonly fraction: string | undefined;
  /** Minutes east of UTC, when written. */
  readonly offset: number | undefined;
}

const LENGTH_MAX = 40;
/** No living patient, and no date that software writes for "none" (0001, 1753), lies before. */
const YEAR_MIN = 1800;

const HL7 =
  /^(\d{4})(?:(\d\d)(?:(\d\d)(?:[ T]?(\d\d)(?:(\d\d)(?:(\d\d)(?:\.(\d{1,9}))?)?)?)?)?)?(Z|[+-]\d\d(?:\d\d)?)?$/;
const ISO =
  /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:(?:T| {1,3})(\d{1,2}):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:?\d\d)?)?$/;
const TIME = /^(\d\d)(?::?(\d\d)(?::?(\d\d)(?:\.(\d{1,9}))?)?)?([+-]\d\d(?:\d\d)?)?$/;

/** Texts remembered per zone: one report repeats its few times in every OBX. The memory starts anew when full. */
const REMEMBERED_MAX = 1024;
const ZONES_MAX = 64;
const remembered = new Map<string, Map<string, DateTimeText | undefined>>();

/** A DTM or TS; `zone` is the IANA zone of texts without offset. Undefined when it is no date that exists. */
export function dateTimeOf(text: string, zone: string): DateTimeText | undefined {
  if (text.length > LENGTH_MAX) return undefined;
  let known = remembered.get(zone);
  if (known === undefined) {
    if (remembered.size >= ZONES_MAX) remembered.clear();
    remembered.set(zone, (known = new Map()));
  }
  let read = known.get(text);
  if (read === undefined && !known.has(text)) {
    read = readDateTime(text, zone);
    if (known.size >= REMEMBERED_MAX) known.clear();
    known.set(text, read);
  }
  return read;
}

function readDateTime(text: string, zone: string): DateTimeText | undefined {
  const parts = readParts(text);
  if (parts === undefined) return undefined;
  const { year, month, day, hour, minute, second } = parts;
  const local = Date.UTC(year, (month ?? 1) - 1, day ?? 1, hour ?? 0, minute ?? 0, second ?? 0);
  const offset = parts.offset ?? offsetAtLocal(local, zone);
  if (offset === undefined) return undefined;
  const startMs = local - offset * 60_000 + milliseconds(parts.fraction);
  const zoneAssumed = parts.offset === undefined;
  const start = instant(startMs);
  if (start === undefined) return undefined;
  if (minute !== undefined) return { value: printFull(parts, offset), start, end: start, zoneAssumed };
  const next = localAfter(parts);
  const endOffset = parts.offset ?? offsetAtLocal(next, zone) ?? offset;
  const endMs = next - endOffset * 60_000 - 1;
  // An hour or day that the zone's clocks skipped would end before it begins: it keeps its written length.
  const end = instant(endMs < startMs ? next - offset * 60_000 - 1 : endMs);
  return end === undefined ? undefined : { value: printDate(parts), start, end, zoneAssumed };
}

/** A FHIR instant (at least to the second): undefined when the text is coarser than minutes. */
export function instantOf(text: string, zone: string): string | undefined {
  const read = dateTimeOf(text, zone);
  return read !== undefined && read.value.length > 10 ? read.value : undefined;
}

/** A FHIR date from a DT, or the date part of a DTM as the sender wrote it. */
export function dateOf(text: string): string | undefined {
  const parts = readParts(text);
  return parts === undefined ? undefined : printDate(parts);
}

/** A FHIR time (`hh:mm:ss`) from a TM. FHIR times have no zone: an offset is dropped. */
export function timeOf(text: string): string | undefined {
  if (text.length > LENGTH_MAX) return undefined;
  const match = TIME.exec(text.trim());
  if (match === null || match[2] === undefined) return undefined;
  const [, hour = '', minute, second, fraction] = match;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second ?? 0) > 59) return undefined;
  return `${hour}:${minute}:${second ?? '00'}${fraction === undefined ? '' : `.${fraction}`}`;
}

function readParts(text: string): Parts | undefined {
  if (text.length > LENGTH_MAX) return undefined;
  const plain = text.trim();
  const hl7 = HL7.exec(plain);
  if (hl7 !== null) {
    const [, year, month, day, hour, minute, second, fraction, offset] = hl7;
    return checked({ year, month, day, hour, minute, second, fraction, offset });
  }
  const iso = ISO.exec(plain);
  if (iso === null) return undefined;
  const [, year, , month, day, hour, minute, second, fraction, offset] = iso;
  return checked({ year, month, day, hour, minute, second, fraction, offset });
}

type Written = { readonly [K in keyof Parts]-?: string | undefined };

function checked(written: Written): Parts | undefined {
  const year = Number(written.year);
  const month = numberOf(written.month);
  const day = numberOf(written.day);
  const hour = numberOf(written.hour);
  const minute = numberOf(written.minute);
  const second = numberOf(written.second);
  const offset = readOffset(written.offset);
  if (year < YEAR_MIN || offset === false) return undefined;
  if (month !== undefined && (month < 1 || month > 12)) return undefined;
  if (day !== undefined && (day < 1 || day > daysIn(year, month as number))) return undefined;
  if ((hour ?? 0) > 23 || (minute ?? 0) > 59 || (second ?? 0) > 59) return undefined;
  return { year, month, day, hour, minute, second, fraction: written.fraction, offset };
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

/** Minutes; false when it is no offset in use (beyond -12:00 and +14:00). `+08` means `+0800`. */
function readOffset(text: string | undefined): number | undefined | false {
  if (text === undefined) return undefined;
  if (text === 'Z') return 0;
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(3).replace(':', '') || '0');
  if (minutes > 59) return false;
  const offset = (text.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
  return offset < -12 * 60 || offset > 14 * 60 ? false : offset;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Wall-clock start of the hour, day, month or year after the one written. */
function localAfter({ year, month, day, hour }: Parts): number {
  if (month === undefined) return Date.UTC(year + 1, 0, 1);
  if (day === undefined) return Date.UTC(year, month, 1);
  return hour === undefined ? Date.UTC(year, month - 1, day + 1) : Date.UTC(year, month - 1, day, hour + 1);
}

function milliseconds(fraction: string | undefined): number {
  return fraction === undefined ? 0 : Number(fraction.padEnd(3, '0').slice(0, 3));
}

function instant(ms: number): Instant | undefined {
  return Number.isFinite(ms) && Math.abs(ms) < 8.64e15 ? (new Date(ms).toISOString() as Instant) : undefined;
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

function printDate({ year, month, day }: Parts): string {
  if (month === undefined) return String(year);
  return day === undefined ? `${year}-${two(month)}` : `${year}-${two(month)}-${two(day)}`;
}

function printFull(parts: Parts, offset: number): string {
  const { hour = 0, minute = 0, second = 0, fraction } = parts;
  const away = Math.abs(offset);
  return (
    `${printDate(parts)}T${two(hour)}:${two(minute)}:${two(second)}${fraction === undefined ? '' : `.${fraction}`}` +
    `${offset < 0 ? '-' : '+'}${two(Math.floor(away / 60))}:${two(away % 60)}`
  );
}
