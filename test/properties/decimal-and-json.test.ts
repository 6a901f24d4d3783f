/** Properties of numbers, ranges, units, dates and canonical JSON: never throw, round trips, linear time. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { asDecimal, compareDecimals, type Decimal } from '../../src/base/decimal.ts';
import { printResource, readResource } from '../../src/base/json.ts';
import { interpretationOf } from '../../src/mapping/values/abnormal-flag.ts';
import { dateOf, dateTimeOf, timeOf } from '../../src/mapping/values/date-time.ts';
import { readNumberText } from '../../src/mapping/values/number-text.ts';
import { readReferenceRange } from '../../src/mapping/values/reference-range.ts';
import { comparableUnit, convertUnit } from '../../src/units/convert.ts';
import { SPELLINGS } from '../../src/units/generated/spellings.ts';
import { toUcum } from '../../src/units/to-ucum.ts';

const RUNS = { numRuns: 1_000 };
const messy = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom(...Array.from('0123456789.,-+~<>=≤≥eE×x10^*/( )男女MFLHgmulU↑↓％２．［］')),
    maxLength: 40,
  }),
);

test('no reader of values throws, whatever the text', () => {
  fc.assert(
    fc.property(messy, messy, (text, other) => {
      readNumberText(text);
      readNumberText(text, 'text');
      readReferenceRange(text);
      interpretationOf([text, other]);
      dateTimeOf(text, 'Asia/Shanghai');
      dateTimeOf(text, other);
      dateOf(text);
      timeOf(text);
      toUcum(text);
      comparableUnit(text, other, 'GLU');
      convertUnit({ value: '1.5' as Decimal, from: text, to: other, molarMassOf: 'GLU' });
      readResource(text);
    }),
    RUNS,
  );
});

test('a number that reads is a FHIR decimal, and reads as itself', () => {
  fc.assert(
    fc.property(messy, (text) => {
      const read = readNumberText(text);
      if (read === undefined) return;
      expect(asDecimal(read.value)).toBe(read.value);
      expect(readNumberText(read.value)?.value).toBe(read.value);
    }),
    RUNS,
  );
});

test('every plain decimal reads as written', () => {
  const decimal = fc
    .tuple(
      fc.boolean(),
      fc.bigInt({ min: 0n, max: 10n ** 15n }),
      fc.string({ unit: fc.constantFrom(...Array.from('0123456789')), maxLength: 8 }),
    )
    .map(([minus, whole, fraction]) => `${minus ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`);
  fc.assert(
    fc.property(decimal, decimal, (a, b) => {
      expect(readNumberText(a)).toEqual({ value: a });
      const ordered = compareDecimals(a as Decimal, b as Decimal) <= 0;
      const [range] = readReferenceRange(`${a}~${b}`);
      const sane = (b.split('.')[0] as string).length <= 8;
      if (ordered && sane) expect(range).toMatchObject({ low: a, high: b });
      else expect(range).toBeUndefined();
    }),
    RUNS,
  );
});

test('a range that reads has its low end at or below its high end', () => {
  fc.assert(
    fc.property(messy, (text) => {
      for (const { low, high } of readReferenceRange(text)) {
        expect(low ?? high).toBeDefined();
        if (low !== undefined && high !== undefined) expect(compareDecimals(low, high)).toBeLessThanOrEqual(0);
      }
    }),
    RUNS,
  );
});

test('a time that reads lies in its own interval, in any zone', () => {
  const zone = fc.constantFrom('Asia/Shanghai', 'America/New_York', 'UTC', 'Pacific/Apia', 'Australia/Lord_Howe');
  const date = fc.date({
    min: new Date('1900-01-01T00:00:00Z'),
    max: new Date('2099-12-31T00:00:00Z'),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(date, zone, fc.constantFrom(4, 6, 8, 10, 12, 14), (at, where, length) => {
      const text = at
        .toISOString()
        .replace(/[-:TZ]|\.\d+/g, '')
        .slice(0, length);
      const read = dateTimeOf(text, where);
      expect(read).toBeDefined();
      if (read === undefined) return;
      expect(read.start <= read.end).toBe(true);
      expect(read.value.replace(/[-:T]/g, '').startsWith(text.slice(0, length === 10 ? 8 : length))).toBe(true);
      if (length >= 12) expect(new Date(read.value).toISOString()).toBe(read.start);
    }),
    RUNS,
  );
});

test('converting there and back gives the same number, to twelve digits', () => {
  const codes = [...new Set(SPELLINGS.map(([, code]) => code))];
  const value = fc.integer({ min: 1, max: 1_000_000 }).map((n) => `${n / 1000}` as Decimal);
  fc.assert(
    fc.property(value, fc.constantFrom(...codes), fc.constantFrom(...codes), (number, from, to) => {
      const there = convertUnit({ value: number, from, to, molarMassOf: 'GLU' });
      expect(comparableUnit(from, to, 'GLU') === 'same' || comparableUnit(from, to, 'GLU') === 'convertible').toBe(
        there !== undefined,
      );
      if (there === undefined) return;
      const back = convertUnit({ value: there, from: to, to: from, molarMassOf: 'GLU' });
      expect(Number(back) / Number(number)).toBeCloseTo(1, 9);
    }),
    { numRuns: 5_000 },
  );
});

const key = fc.oneof(
  fc.constantFrom('value', 'valueQuantity', 'low', 'resourceType', 'id', 'contained', 'code'),
  fc.string(),
);
const anyJson = fc.letrec<{ node: unknown }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small' },
    fc.string({ unit: 'binary' }),
    fc.boolean(),
    fc.constant(null),
    fc.maxSafeInteger(),
    fc.record({ valueDecimal: fc.double({ noNaN: true, noDefaultInfinity: true }) }),
    fc.array(tie('node'), { maxLength: 4 }),
    fc.dictionary(key, tie('node'), { maxKeys: 5 }),
  ),
})).node;

test('what reads prints to a fixed point, and means what JSON.parse says', () => {
  let readable = 0;
  fc.assert(
    fc.property(anyJson, (value) => {
      const text = JSON.stringify({ valueQuantity: { value: 1.5 }, ...(value as object), x: value });
      const read = readResource(text);
      if (read.value === undefined) {
        expect(read.problems).toHaveLength(1);
        return;
      }
      readable++;
      const printed = printResource(read.value as object);
      const again = readResource(printed);
      expect(again.problems).toEqual([]);
      expect(printResource(again.value as object)).toBe(printed);
      expect(JSON.parse(printed)).toEqual(JSON.parse(text));
    }),
    RUNS,
  );
  expect(readable).toBeGreaterThan(RUNS.numRuns / 4);
});

test('cut or altered text never throws', () => {
  const whole = printResource({ resourceType: 'Observation', id: 'x', valueQuantity: { value: '1.50', unit: '中' } });
  fc.assert(
    fc.property(fc.nat(whole.length), fc.nat(whole.length), fc.string({ maxLength: 3 }), (a, b, inserted) => {
      const { value, problems } = readResource(whole.slice(0, Math.min(a, b)) + inserted + whole.slice(Math.max(a, b)));
      expect(value === undefined).toBe(problems.some(({ severity }) => severity === 'fatal'));
    }),
    RUNS,
  );
});
