/**
 * OBX-7 texts → reference ranges with numbers (facts hl7v2-oru-to-fhir 5). What is not surely a range gives
 * none; the caller keeps the raw text always (`Observation.referenceRange.text`).
 */
import { compareDecimals, type Decimal } from '../../base/decimal.ts';
import { toUcum } from '../../units/to-ucum.ts';
import { readNumberText } from './number-text.ts';

export interface RangeText {
  readonly low?: Decimal;
  readonly high?: Decimal;
  /** `>5`: 5 itself lies outside. FHIR's range bounds are inclusive and cannot say so; the text does. */
  readonly lowExclusive?: true;
  readonly highExclusive?: true;
  /** The unit as written inside the text. */
  readonly unit?: string;
  readonly appliesTo?: 'male' | 'female';
  /** The part of the text that this range was read from, in plain characters. */
  readonly text: string;
}

const LENGTH_MAX = 200;
/** An upper bound of nine digits or more says "no bound" in some exports, never a measurement. */
const UPPER_DIGITS_MAX = 8;

/** Texts remembered: a laboratory prints the same few hundred for ever. The memory starts anew when full. */
const REMEMBERED_MAX = 2048;
const remembered = new Map<string, readonly RangeText[]>();

/** Every range of the text, one per sex when it names sexes; [] when any part of it is not understood. */
export function readReferenceRange(text: string): readonly RangeText[] {
  if (text.length > LENGTH_MAX) return [];
  let ranges = remembered.get(text);
  if (ranges === undefined) {
    ranges = readRanges(text);
    if (remembered.size >= REMEMBERED_MAX) remembered.clear();
    remembered.set(text, ranges);
  }
  return ranges;
}

function readRanges(text: string): readonly RangeText[] {
  const plain = normalise(text);
  if (plain === '' || !/\d/.test(plain)) return [];
  const parts = splitBySex(plain);
  const ranges = parts.map((part) => readOne(part.text, part.appliesTo));
  return ranges.every((range) => range !== undefined) ? ranges : [];
}

function normalise(text: string): string {
  const plain = text.trim();
  if (/^[\x20-\x7e]*$/.test(plain)) return plain;
  // Superscripts stay for the unit: `×10⁹/L`. Everything else full-width becomes plain.
  const wide = plain.replace(/[^⁰¹²³⁴-⁹⁻]+/g, (run) => run.normalize('NFKC'));
  return wide
    .replace(/[—–‐‑−－―]/g, '-')
    .replace(/[〜∼]/g, '~')
    .trim();
}

const MALE = /^(?:男性?|male|m)$/i;
const SEX = /(男性?|女性?|\b(?:[Ff]emale|FEMALE|[Mm]ale|MALE)\b|(?<![A-Za-z0-9/])[MF](?![A-Za-z0-9/]))/g;

/** `男:130-175 女:115-150`, `M 4-15 / F 5-23`, `9-50 (M) / 7-40 (F)`; without sexes the text is one part. */
function splitBySex(plain: string): readonly { text: string; appliesTo?: 'male' | 'female' }[] {
  const marks = [...plain.matchAll(SEX)];
  if (marks.length === 0) return [{ text: plain }];
  const ahead = plain.slice(0, marks[0]?.index ?? 0).replace(/[([\s]/g, '') === '';
  // A bare letter behind a number may be a unit: there it names a sex in brackets only.
  if (!ahead && marks.some((mark) => /^[MF]$/.test(mark[0]) && plain[mark.index - 1] !== '(')) return [{ text: plain }];
  return marks.map((mark, i) => {
    const start = mark.index;
    const end = start + mark[0].length;
    const text = ahead
      ? plain.slice(end, marks[i + 1]?.index ?? plain.length)
      : plain.slice(i === 0 ? 0 : (marks[i - 1] as RegExpExecArray).index + (marks[i - 1]?.[0].length ?? 0), start);
    const bare = text.replace(/^[\s:;,，；/)\]]+/, '').replace(/[\s;,，；/([]+$/, '');
    return { text: bare, appliesTo: MALE.test(mark[0]) ? ('male' as const) : ('female' as const) };
  });
}

const SEPARATOR = /^(?:\s*(--|-|~|_|～|到|至)\s*|\s+(to)\s+)/i;
const NUMBER = /^[+-]?(?:\d[\d.,]*|\.\d+)(?:[eE][+-]?\d{1,2}(?!\d))?/;
const COMPARATOR = /^(<=|>=|=<|=>|[<>≤≥≦≧⩽⩾])\s*/;

function readOne(text: string, appliesTo: 'male' | 'female' | undefined): RangeText | undefined {
  const inner = unwrap(text);
  const sex = appliesTo === undefined ? {} : { appliesTo };
  const bounds = COMPARATOR.test(inner) ? readBound(inner) : readPair(inner);
  return bounds === undefined ? undefined : { ...bounds, ...sex, text };
}

/** `(3.5-5.5)`, `[3.5-5.5]`: brackets around the whole say nothing. */
function unwrap(text: string): string {
  const match = /^[([【]([^()[\]【】]*)[)\]】]$/.exec(text.trim());
  return (match?.[1] ?? text).trim();
}

/** `<a` is an upper bound, `>a` a lower one. */
function readBound(inner: string): Omit<RangeText, 'text'> | undefined {
  const sign = COMPARATOR.exec(inner) as RegExpExecArray;
  const tail = inner.slice(sign[0].length);
  const number = NUMBER.exec(tail);
  const value = number === null ? undefined : bound(number[0]);
  const unit = number === null ? undefined : readUnit(tail.slice(number[0].length));
  if (value === undefined || unit === undefined) return undefined;
  const exclusive = sign[1] === '<' || sign[1] === '>';
  if ('<≤≦⩽'.includes(sign[1]?.replace('=', '') ?? '')) {
    return sane(value) ? { high: value, ...(exclusive ? { highExclusive: true } : {}), ...unit } : undefined;
  }
  return { low: value, ...(exclusive ? { lowExclusive: true } : {}), ...unit };
}

function readPair(inner: string): Omit<RangeText, 'text'> | undefined {
  const first = NUMBER.exec(inner);
  if (first === null) return undefined;
  const [lowText] = first;
  const afterLow = inner.slice(lowText.length);
  const { unit: lowUnit, tail } = unitBeforeSeparator(afterLow);
  const separator = SEPARATOR.exec(tail);
  if (separator === null) return undefined;
  const afterSeparator = tail.slice(separator[0].length);
  const second = NUMBER.exec(afterSeparator);
  if (second === null) return undefined;
  // `-3--1` is -3 to -1 or -3 to 1; nobody can tell.
  if (separator[1] === '--' && lowText.startsWith('-')) return undefined;
  const low = bound(lowText);
  const high = bound(second[0]);
  const unit = readUnit(afterSeparator.slice(second[0].length));
  if (low === undefined || high === undefined || unit === undefined) return undefined;
  if (lowUnit !== undefined && lowUnit !== unit.unit) return undefined;
  return compareDecimals(low, high) <= 0 && sane(high) ? { low, high, ...unit } : undefined;
}

/** `3.5mmol/L-5.5mmol/L`: a unit may stand behind each number. */
function unitBeforeSeparator(text: string): { unit?: string; tail: string } {
  for (let at = 1; at < Math.min(text.length, 24); at++) {
    const rest = text.slice(at);
    if (!SEPARATOR.test(rest)) continue;
    const unit = text.slice(0, at).trim();
    if (unit !== '' && toUcum(unit) !== undefined) return { unit, tail: rest };
  }
  return { tail: text };
}

/** {} when nothing follows; undefined when what follows is no unit. */
function readUnit(text: string): { unit?: string } | undefined {
  const unit = text.trim().replace(/^\((.*)\)$/, '$1');
  if (unit === '') return {};
  return toUcum(unit) === undefined ? undefined : { unit };
}

function bound(text: string): Decimal | undefined {
  const number = readNumberText(text);
  return number === undefined || number.rest !== undefined || number.comparator !== undefined
    ? undefined
    : number.value;
}

function sane(high: Decimal): boolean {
  return (high.split(/[.eE]/)[0] as string).length <= UPPER_DIGITS_MAX;
}
