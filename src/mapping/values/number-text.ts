/**
 * Numbers as hospitals write them → FHIR decimals with their precision (HL7 v2.5 2.A.46 NM, facts
 * hl7v2-oru-to-fhir 3). Never a guess: a text that is not surely one number reads as undefined.
 */
import { asDecimal, type Decimal } from '../../base/decimal.ts';

export interface NumberText {
  readonly comparator?: '<' | '<=' | '>=' | '>';
  /** Leading zeros and `+` gone, digits otherwise as sent: `007.50` → `7.50`. */
  readonly value: Decimal;
  /** A mark behind the number, as written: `↑`, `H`, `*`. Arrows are surely flags; a letter may be a unit. */
  readonly rest?: string;
  /** True when a comma was read as the decimal point: worth a problem. */
  readonly decimalComma?: true;
}

/** What most senders write; needs no reading. */
const PLAIN = /^(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/;

/** Longer texts are no numbers; the cap also keeps every step below linear. */
const LENGTH_MAX = 80;

const MARK = /^(?:[↑↓]{1,3}|[*★!]{1,2}|HH?|LL?|hh?|ll?|N|A|[HL]?[↑↓]|高|低|偏高|偏低)$/;

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/**
 * `declared` says whether the sender typed the value as a number (NM, SN) or as text (ST, TX): in a text a
 * leading `+` may be a grade (`+1`) and a comma may part a list (`16,18`), so neither is read as a number.
 */
export function readNumberText(text: string, declared: 'number' | 'text' = 'number'): NumberText | undefined {
  if (PLAIN.test(text)) return { value: text as Decimal };
  if (text.length > LENGTH_MAX) return undefined;
  const plain = normalise(text);
  const compared = splitComparator(plain);
  const match = /^([+-]?)([\d.,]+)(.*)$/s.exec(compared.tail);
  if (match === null) return undefined;
  const [, sign = '', digits = '', tail = ''] = match;
  if (declared === 'text' && sign === '+') return undefined;
  const number = readDigits(digits);
  if (number === undefined || (number.decimalComma && declared === 'text')) return undefined;
  const power = readPower(number.text, tail);
  if (power === undefined) return undefined;
  const value = asDecimal((sign === '-' ? '-' : '') + power.text);
  const rest = power.tail.trim();
  if (value === undefined || (rest !== '' && !MARK.test(rest))) return undefined;
  return {
    ...(compared.comparator === undefined ? {} : { comparator: compared.comparator }),
    value,
    ...(rest === '' ? {} : { rest }),
    ...(number.decimalComma ? { decimalComma: true } : {}),
  };
}

/** Full-width forms to plain ones; superscripts to `^n`, before NFKC would make `10⁵` a 105. */
function normalise(text: string): string {
  let plain = text.trim();
  if (/^[\x20-\x7e]*$/.test(plain)) return plain;
  plain = plain.replace(/[⁻⁺]?[⁰¹²³⁴-⁹]+/g, (run) => {
    const digits = Array.from(run, (c) => (c === '⁻' ? '-' : c === '⁺' ? '' : String(SUPERSCRIPTS.indexOf(c))));
    return `^${digits.join('')}`;
  });
  return plain.normalize('NFKC').replaceAll('−', '-').trim();
}

const COMPARATORS: readonly (readonly [string, '<' | '<=' | '>=' | '>' | undefined])[] = [
  ['<=', '<='],
  ['>=', '>='],
  ['≤', '<='],
  ['≦', '<='],
  ['⩽', '<='],
  ['≥', '>='],
  ['≧', '>='],
  ['⩾', '>='],
  ['小于等于', '<='],
  ['大于等于', '>='],
  ['小于', '<'],
  ['大于', '>'],
  ['<', '<'],
  ['>', '>'],
  ['=', undefined],
];

function splitComparator(plain: string): { comparator?: '<' | '<=' | '>=' | '>'; tail: string } {
  for (const [sign, comparator] of COMPARATORS) {
    if (!plain.startsWith(sign)) continue;
    const tail = plain.slice(sign.length).trim();
    return comparator === undefined ? { tail } : { comparator, tail };
  }
  return { tail: plain };
}

/** Digits with points and commas → digits with one point; undefined when a comma could be either. */
function readDigits(text: string): { text: string; decimalComma?: true } | undefined {
  if (/^\d*\.?\d*$/.test(text)) return text === '.' ? undefined : { text: trimZeros(text) };
  if (/^[1-9]\d{0,2}(,\d{3}){2,}(\.\d+)?$/.test(text) || /^[1-9]\d{0,2}(,\d{3})+\.\d+$/.test(text)) {
    return { text: trimZeros(text.replaceAll(',', '')) };
  }
  if (/^[1-9]\d{0,2}(\.\d{3})+,\d+$/.test(text)) {
    return { text: trimZeros(text.replaceAll('.', '').replace(',', '.')), decimalComma: true };
  }
  // `1,234` is a thousand or a fraction; `0,123`, `5,32`, `1234,567` can only be fractions.
  if (/^\d+,\d+$/.test(text) && !/^[1-9]\d{0,2},\d{3}$/.test(text)) {
    return { text: trimZeros(text.replace(',', '.')), decimalComma: true };
  }
  return undefined;
}

function trimZeros(text: string): string {
  const [whole = '', fraction = ''] = text.split('.');
  const trimmed = whole.replace(/^0+(?=\d)/, '');
  return (trimmed === '' ? '0' : trimmed) + (fraction === '' ? '' : `.${fraction}`);
}

/** `E+05` is kept as written; `×10^5` and `x10⁵` become `e5`; a bare `10^5` is `1e5`. */
function readPower(digits: string, tail: string): { text: string; tail: string } | undefined {
  const written = /^([eE][+-]?\d{1,3})(.*)$/s.exec(tail);
  if (written) return { text: digits + (written[1] as string), tail: written[2] as string };
  const times = /^\s*[×xX*]\s*10\s*\^\s*\(?([+-]?)0*(\d{1,2})\)?(.*)$/s.exec(tail);
  if (times) return { text: `${digits}e${times[1] === '-' ? '-' : ''}${times[2] as string}`, tail: times[3] as string };
  const bare = /^\^([+-]?)(\d{1,2})(.*)$/s.exec(tail);
  if (bare && digits === '10')
    return { text: `1e${bare[1] === '-' ? '-' : ''}${bare[2] as string}`, tail: bare[3] as string };
  return bare ? undefined : { text: digits, tail };
}
