/** Values of search parameters, read: tokens, dates, quantities, references (R4 search.html 3.1.1.4). */
import { asDecimal, type Decimal } from '../base/decimal.ts';
import { dateInterval, type Interval } from '../base/date-interval.ts';
import type { ParameterKind } from './parameters.ts';
import type { SearchCode } from './problems.ts';
import type { Prefix } from './query.ts';

const PREFIX = /^(eq|ne|gt|lt|ge|le|sa|eb|ap)(?=[-+\d.])/;

export interface TokenValue {
  /** Undefined: whatever the system; '': none. */
  readonly system: string | undefined;
  /** '' with a system alone: whatever the code. */
  readonly code: string;
}

export function readToken(text: string): TokenValue {
  const at = firstBar(text);
  if (at < 0) return { system: undefined, code: unescaped(text) };
  return { system: unescaped(text.slice(0, at)), code: unescaped(text.slice(at + 1)) };
}

function firstBar(text: string): number {
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '|') return i;
  }
  return -1;
}

export function unescaped(text: string): string {
  return text.replaceAll(/\\([\\,|$])/g, '$1');
}

export interface DateValue extends Interval {
  readonly prefix: Prefix;
}

const DATE_TIME = /^\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/;

/** A date without zone is one of the region's; a blank before the zone is the `+` that a URL lost. */
export function readDate(text: string, zone: string): DateValue | undefined {
  const prefix = (PREFIX.exec(text)?.[1] ?? 'eq') as Prefix;
  const date = text.slice(PREFIX.test(text) ? 2 : 0).replace(/ (?=\d\d:\d\d$)/, '+');
  if (!DATE_TIME.test(date)) return undefined;
  const interval = date.includes('T')
    ? ofTime(date, zone)
    : isCalendarDate(date)
      ? dateInterval(date, zone)
      : undefined;
  return interval === undefined ? undefined : { prefix, ...interval };
}

/** To the minute, the second or finer: the interval that it leaves open. */
function ofTime(text: string, zone: string): Interval | undefined {
  if (!isCalendarDate(text.slice(0, 10))) return undefined;
  const [, wall = '', seconds, fraction = '', offset] = /^(.{16})(:\d\d)?(\.\d+)?(Z|[+-]\d\d:\d\d)?$/.exec(text) ?? [];
  const written = `${wall}${seconds ?? ':00'}${fraction}`;
  const day = dateInterval(text.slice(0, 10), zone);
  if (day === undefined) return undefined;
  const ms =
    offset === undefined
      ? Date.parse(day.start) + (Date.parse(`${written}Z`) - Date.parse(`${text.slice(0, 10)}T00:00:00Z`))
      : Date.parse(written + offset);
  if (Number.isNaN(ms)) return undefined;
  const width = seconds === undefined ? 60_000 : fraction === '' ? 1000 : 1;
  return { start: new Date(ms).toISOString(), end: new Date(ms + width - 1).toISOString() };
}

function isCalendarDate(text: string): boolean {
  const [year = '', month = '01', day = '01'] = text.split('-');
  const ms = Date.parse(`${year}-${month}-${day}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(`${year}-${month}-${day}`);
}

export interface QuantityValue {
  readonly prefix: Prefix;
  readonly number: Decimal;
  readonly system: string;
  readonly code: string;
}

export function readQuantity(text: string): QuantityValue | undefined {
  const prefix = (PREFIX.exec(text)?.[1] ?? 'eq') as Prefix;
  const [written = '', system = '', code = '', ...more] = text.slice(PREFIX.test(text) ? 2 : 0).split('|');
  const number = asDecimal(written);
  return number === undefined || more.length > 0
    ? undefined
    : { prefix, number, system: unescaped(system), code: unescaped(code) };
}

/** `Type/id`, `id`, or an address that ends so. */
export interface ReferenceValue {
  /** '' when the value is a bare id. */
  readonly type: string;
  readonly id: string;
}

const REFERENCE = /^(?:(https?:\/\/[^?#]+\/))?(?:([A-Z][A-Za-z]{1,40})\/)?([A-Za-z0-9.-]{1,64})$/;

export function readReference(text: string): ReferenceValue | undefined {
  const found = REFERENCE.exec(text);
  if (found === null || (found[1] !== undefined && found[2] === undefined)) return undefined;
  return { type: found[2] ?? '', id: found[3] as string };
}

export function faultOfValue(said: {
  readonly kind: ParameterKind;
  readonly modifier: string;
  readonly value: string;
  readonly zone: string;
}): SearchCode | undefined {
  const { kind, modifier, value, zone } = said;
  if (modifier === 'missing') return value === 'true' || value === 'false' ? undefined : 'search/bad-value';
  const wrong =
    value === '' ||
    (kind === 'date' && readDate(value, zone) === undefined) ||
    (kind === 'quantity' && readQuantity(value) === undefined) ||
    (kind === 'id' && !/^[A-Za-z0-9.-]{1,64}$/.test(value)) ||
    (kind === 'reference' && modifier === '' && readReference(value) === undefined) ||
    (kind === 'reference' && modifier === 'identifier' && readToken(value).code === '');
  return wrong ? 'search/bad-value' : undefined;
}
