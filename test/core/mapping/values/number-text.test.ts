/** Numbers as hospitals write them (src/mapping/values/number-text.ts). */
import { describe, expect, test } from 'vitest';
import { readNumberText } from '../../../../src/mapping/values/number-text.ts';

describe('a number text reads with its precision', () => {
  test.each([
    ['5.3', { value: '5.3' }],
    ['007.50', { value: '7.50' }],
    ['.5', { value: '0.5' }],
    ['5.', { value: '5' }],
    ['-.5', { value: '-0.5' }],
    ['+5', { value: '5' }],
    ['000', { value: '0' }],
    ['0.010', { value: '0.010' }],
    ['５．３', { value: '5.3' }],
    ['−5', { value: '-5' }],
    ['－２', { value: '-2' }],
    ['1.2E+05', { value: '1.2E+05' }],
    ['5.0×10^5', { value: '5.0e5' }],
    ['5.0×10⁵', { value: '5.0e5' }],
    ['2.1x10^-3', { value: '2.1e-3' }],
    ['10^5', { value: '1e5' }],
    [' 4.2 ', { value: '4.2' }],
    ['12345678901234567890.5', { value: '12345678901234567890.5' }],
  ])('%s', (text, expected) => expect(readNumberText(text)).toEqual(expected));
});

describe('a comparator is told from the number', () => {
  test.each([
    ['<0.5', '<', '0.5'],
    ['＜0.50', '<', '0.50'],
    ['>1000', '>', '1000'],
    ['≤5', '<=', '5'],
    ['≧5', '>=', '5'],
    ['<= 5', '<=', '5'],
    ['小于5', '<', '5'],
    ['＞＝3', '>=', '3'],
  ])('%s', (text, comparator, value) => expect(readNumberText(text)).toEqual({ comparator, value }));
  test('an equals sign is no comparator', () => expect(readNumberText('=5')).toEqual({ value: '5' }));
});

describe('a mark behind the number is handed over', () => {
  test.each([
    ['11.2↑', '11.2', '↑'],
    ['3.1 L', '3.1', 'L'],
    ['11.2 H', '11.2', 'H'],
    ['0.2↓↓', '0.2', '↓↓'],
    ['7.1*', '7.1', '*'],
  ])('%s', (text, value, rest) => expect(readNumberText(text)).toEqual({ value, rest }));
});

describe('a comma is read only when it can mean one thing', () => {
  test.each([
    ['1,234,567', { value: '1234567' }],
    ['1,234.5', { value: '1234.5' }],
    ['5,32', { value: '5.32', decimalComma: true }],
    ['0,123', { value: '0.123', decimalComma: true }],
    ['1234,567', { value: '1234.567', decimalComma: true }],
    ['1.234,5', { value: '1234.5', decimalComma: true }],
  ])('%s', (text, expected) => expect(readNumberText(text)).toEqual(expected));
  test.each(['1,234', '1,23,456', '12,', ',5', '1,234,56'])('%s reads as nothing', (text) =>
    expect(readNumberText(text)).toBeUndefined(),
  );
});

describe('what is not surely one number reads as nothing', () => {
  test.each(
    '- -- + 1+ ++ 0-2 1:80 ++(1.5) NaN Infinity 0x10 1E 1.2.3 . 5mmol/L 1e1234 ×10^5 2^5 阴性 1..2 5%'.split(' '),
  )('%s', (text) => expect(readNumberText(text)).toBeUndefined());
  test.each(['', ' ', '1 000', '5 mmol/L', '3.1 L H'])('"%s"', (text) => expect(readNumberText(text)).toBeUndefined());
});

test('in a value typed as text a plus sign is a grade and a comma a list', () => {
  expect(readNumberText('+1', 'text')).toBeUndefined();
  expect(readNumberText('16,18', 'text')).toBeUndefined();
  expect(readNumberText('5.3', 'text')).toEqual({ value: '5.3' });
  expect(readNumberText('<0.5', 'text')).toEqual({ comparator: '<', value: '0.5' });
});

test('a text of a million characters is refused by its length', () => {
  for (const piece of ['1', ',', '1,', '<', ' ', '.', '10^', '⁵']) {
    expect(readNumberText(piece.repeat(1_000_000))).toBeUndefined();
  }
});
