/** OBX-5 by OBX-2 → value[x] (facts hl7v2-oru-to-fhir 3). Each function gives undefined when its form does not fit. */
import type { Decimal } from '../../base/decimal.ts';
import type { Quantity, Range, Ratio, SampledData } from '../../terms/fhir.ts';
import { toUcum } from '../../units/to-ucum.ts';
import type { Reading } from '../reading.ts';
import type { Run } from '../run.ts';
import { DATA_ABSENT_EXTENSION, EXTENSIONS, UCUM } from '../systems.ts';
import { type NumberText, readNumberText } from '../values/number-text.ts';
import { unitOf, withUnit } from './units.ts';

const OBX_6 = 6;
const ZERO = '0' as Decimal;

/** NM: a number, or a comparator and a number. */
export function nmToQuantity(s: Reading, f: number, r: number, _c: number, run: Run): Quantity | undefined {
  const text = s.whole(f, r);
  if (text === undefined) return undefined;
  const number = readNumberText(text, 'number');
  if (number === undefined) {
    run.problem('mapping/number-unreadable', 'warning', s.at(f, 0, r));
    return undefined;
  }
  tellOddNumber(number, s, f, r, run);
  return quantityOf(number, text, s, run);
}

/** ST and TX whose text is exactly a number, with a unit beside it: also a quantity, the text kept. */
export function stToQuantity(s: Reading, f: number, r: number, _c: number, run: Run): Quantity | undefined {
  if (!s.has(OBX_6)) return undefined;
  const text = s.whole(f, r);
  const number = text === undefined ? undefined : readNumberText(text, 'text');
  if (text === undefined || number === undefined) return undefined;
  tellOddNumber(number, s, f, r, run);
  const quantity = quantityOf(number, text, s, run);
  quantity.extension = [{ url: EXTENSIONS.sourceText, valueString: text }];
  return quantity;
}

function quantityOf(number: NumberText, text: string, s: Reading, run: Run): Quantity {
  const quantity: Quantity = { value: number.value };
  if (number.comparator !== undefined) quantity.comparator = number.comparator;
  withUnit(quantity, unitOf(s, run));
  if (number.rest !== undefined || number.decimalComma === true) {
    quantity.extension = [{ url: EXTENSIONS.sourceText, valueString: text }];
  }
  return quantity;
}

function tellOddNumber(number: NumberText, s: Reading, f: number, r: number, run: Run): void {
  if (number.decimalComma === true) run.problem('mapping/number-comma', 'warning', s.at(f, 0, r));
  if (number.rest !== undefined) run.problem('mapping/number-mark', 'information', s.at(f, 0, r));
}

/** SN (v2.5 2.A.71): comparator ^ number ^ separator or suffix ^ number. */
interface StructuredNumber {
  readonly comparator: string;
  readonly first: Decimal | undefined;
  readonly separator: string;
  readonly second: Decimal | undefined;
}

const COMPARATORS: ReadonlyMap<string, '<' | '<=' | '>=' | '>' | ''> = new Map([
  ['', ''],
  ['=', ''],
  ['<', '<'],
  ['>', '>'],
  ['<=', '<='],
  ['>=', '>='],
  ['≤', '<='],
  ['≥', '>='],
  ['＜', '<'],
  ['＞', '>'],
]);

function readStructured(s: Reading, f: number, r: number): StructuredNumber | undefined {
  const [one, two, three, four] = [s.part(f, r, 0, 1), s.part(f, r, 0, 2), s.part(f, r, 0, 3), s.part(f, r, 0, 4)];
  if (two === undefined && three === undefined && four === undefined) {
    const number = one === undefined ? undefined : readNumberText(one, 'number');
    if (number === undefined || number.rest !== undefined) return undefined;
    return { comparator: number.comparator ?? '', first: number.value, separator: '', second: undefined };
  }
  const decimal = (text: string | undefined): Decimal | undefined => {
    const number = text === undefined ? undefined : readNumberText(text, 'number');
    return number === undefined || number.comparator !== undefined || number.rest !== undefined
      ? undefined
      : number.value;
  };
  return { comparator: one ?? '', first: decimal(two), separator: three ?? '', second: decimal(four) };
}

/** One number: the comparator only where FHIR has it (the IG passes `=`, which R4 refuses). */
export function snToQuantity(s: Reading, f: number, r: number, _c: number, run: Run): Quantity | undefined {
  const number = readStructured(s, f, r);
  if (number === undefined || number.separator !== '' || number.second !== undefined || number.first === undefined)
    return undefined;
  const comparator = COMPARATORS.get(number.comparator);
  if (comparator === undefined) return undefined;
  const quantity: Quantity = { value: number.first };
  if (comparator !== '') quantity.comparator = comparator;
  return withUnit(quantity, unitOf(s, run));
}

/** `1:128`: the comparator stands with the numerator. */
export function snToRatio(s: Reading, f: number, r: number): Ratio | undefined {
  const number = readStructured(s, f, r);
  if (number === undefined || (number.separator !== ':' && number.separator !== '/' && number.separator !== '：'))
    return undefined;
  const comparator = COMPARATORS.get(number.comparator);
  if (comparator === undefined || number.first === undefined || number.second === undefined) return undefined;
  const numerator: Quantity = { value: number.first };
  if (comparator !== '') numerator.comparator = comparator;
  return { numerator, denominator: { value: number.second } };
}

export function snToRange(s: Reading, f: number, r: number, _c: number, run: Run): Range | undefined {
  const number = readStructured(s, f, r);
  if (number === undefined || number.separator !== '-' || COMPARATORS.get(number.comparator) !== '') return undefined;
  if (number.first === undefined || number.second === undefined) return undefined;
  const unit = unitOf(s, run);
  return { low: withUnit({ value: number.first }, unit), high: withUnit({ value: number.second }, unit) };
}

/** What no other form holds: `<>`, `+`, and what cannot be read, as `c n1 s n2`. */
export function snToString(s: Reading, f: number, r: number, _c: number, run: Run): string | undefined {
  const parts = [1, 2, 3, 4].map((n) => s.part(f, r, 0, n) ?? '');
  const stated = parts.join('').trim() === '' ? undefined : parts;
  if (stated === undefined) return undefined;
  const meant = stated[0] === '<>' || stated[2] === '+';
  if (!meant) run.problem('mapping/structured-number-unreadable', 'warning', s.at(f, 0, r));
  return stated.filter((part) => part !== '').join(' ');
}

/** NR: low ^ high. */
export function nrToRange(s: Reading, f: number, r: number, _c: number, run: Run): Range | undefined {
  const bound = (n: number): Quantity | undefined => {
    const text = s.part(f, r, 0, n);
    const number = text === undefined ? undefined : readNumberText(text, 'number');
    if (number === undefined || number.comparator !== undefined || number.rest !== undefined) return undefined;
    return withUnit({ value: number.value }, unitOf(s, run));
  };
  const [low, high] = [bound(1), bound(2)];
  if (low === undefined && high === undefined) return undefined;
  return { ...(low === undefined ? {} : { low }), ...(high === undefined ? {} : { high }) };
}

/** CQ: number ^ unit (its first subcomponent). */
export function cqToQuantity(s: Reading, f: number, r: number, c: number): Quantity | undefined {
  const text = s.part(f, r, c, 1);
  const number = text === undefined ? undefined : readNumberText(text, 'number');
  if (number === undefined) return undefined;
  const quantity: Quantity = { value: number.value };
  if (number.comparator !== undefined) quantity.comparator = number.comparator;
  const unit = c === 0 ? s.part(f, r, 2, 1) : s.part(f, r, c, 2);
  if (unit === undefined) return quantity;
  quantity.unit = unit;
  const code = toUcum(unit)?.code;
  if (code !== undefined) {
    quantity.system = UCUM;
    quantity.code = code;
  }
  return quantity;
}

/**
 * NA and MA: samples of one channel, or of several side by side (one per component). R4 joins the numbers
 * with blanks (the IG says `^`). The samples are the values themselves, so zero is zero. HL7 states no sampling
 * period: it is marked as unknown, not invented.
 */
export function naToSampledData(s: Reading, f: number, _r: number, _c: number, run: Run): SampledData | undefined {
  const samples: string[] = [];
  const repetitions = s.count(f);
  let dimensions = 1;
  for (let r = 1; r <= repetitions; r++) {
    const components = s.segment.components(f, r);
    if (repetitions > 1 && r === 1) dimensions = components;
    if (repetitions > 1 && components !== dimensions) return undefined;
    for (let n = 1; n <= components; n++) {
      const text = s.peek(f, r, 0, n);
      const number = text === undefined ? undefined : readNumberText(text, 'number');
      if (number === undefined || number.comparator !== undefined || number.rest !== undefined) return undefined;
      samples.push(number.value);
    }
  }
  if (samples.length === 0) return undefined;
  s.markField(f);
  return {
    origin: withUnit({ value: ZERO }, unitOf(s, run)),
    _period: { extension: [{ url: DATA_ABSENT_EXTENSION, valueCode: 'unknown' }] },
    dimensions,
    data: samples.join(' '),
  } as unknown as SampledData;
}

/** The repetition as its text, delimiters that were not escaped included. */
export function valueToString(s: Reading, f: number, r: number): string | undefined {
  return s.whole(f, r);
}
