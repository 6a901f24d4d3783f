/** Exact decimals (src/base/decimal.ts). */
import { expect, test } from 'vitest';
import { asDecimal, compareDecimals, scaleDecimal, type Decimal } from '../../../src/base/decimal.ts';

const d = (text: string) => text as Decimal;

test.each(['0', '-0.50', '1e3', '1.2E+05', '12345678901234567890.5', '0.010'])('%s is a decimal as written', (text) =>
  expect(asDecimal(text)).toBe(text),
);

test.each(['', '.5', '5.', '+5', '007', '1,5', 'NaN', 'Infinity', '1e', '1e9999999', '9'.repeat(65), ' 1'])(
  '"%s" is none',
  (text) => expect(asDecimal(text)).toBeUndefined(),
);

test('comparison is by value', () => {
  expect(compareDecimals(d('1.0'), d('1.00'))).toBe(0);
  expect(compareDecimals(d('0.1'), d('0.30000000000000000001'))).toBe(-1);
  expect(compareDecimals(d('1e3'), d('999.9'))).toBe(1);
});

test('scaling is exact where floating point is not', () => {
  expect(scaleDecimal(d('0.1'), d('3'), d('1'))).toBe('0.3');
  expect(scaleDecimal(d('1'), d('1'), d('3'))).toBe('0.333333333333');
  expect(scaleDecimal(d('123456789.123456789'), d('10'), d('1'))).toBe('1234567891.23456789');
});

test('nothing comes of a zero divisor or an absurd exponent', () => {
  expect(scaleDecimal(d('1'), d('1'), d('0'))).toBeUndefined();
  expect(scaleDecimal(d('1e999'), d('1e999'), d('1'))).toBeUndefined();
});
