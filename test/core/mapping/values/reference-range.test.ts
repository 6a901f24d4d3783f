/** Reference range texts (src/mapping/values/reference-range.ts; facts hl7v2-oru-to-fhir 5). */
import { describe, expect, test } from 'vitest';
import { readReferenceRange } from '../../../../src/mapping/values/reference-range.ts';

const bounds = (text: string) => readReferenceRange(text).map((range) => ({ ...range, text: undefined }));

describe('two numbers are a range', () => {
  test.each([
    ['3.5-9.5', '3.5', '9.5'],
    ['5--6', '5', '6'],
    ['7 ~ 40', '7', '40'],
    ['3.3～6.1', '3.3', '6.1'],
    ['0—20', '0', '20'],
    ['3.5 – 5.5', '3.5', '5.5'],
    ['3 to 5', '3', '5'],
    ['3到5', '3', '5'],
    ['3至5', '3', '5'],
    ['3_5', '3', '5'],
    ['-3-3', '-3', '3'],
    ['-3~+3', '-3', '3'],
    ['-5--2'.replace('--', '~-'), '-5', '-2'],
    ['.5-1', '0.5', '1'],
    ['３．５-５．５', '3.5', '5.5'],
    ['(3.5-5.5)', '3.5', '5.5'],
    ['3,50-5,50', '3.50', '5.50'],
    ['4.50-4.50', '4.50', '4.50'],
  ])('%s', (text, low, high) => expect(bounds(text)).toEqual([{ low, high }]));
});

describe('a comparator is one bound, on the right side', () => {
  test.each([
    ['<5', { high: '5', highExclusive: true }],
    ['< 5', { high: '5', highExclusive: true }],
    ['＜5', { high: '5', highExclusive: true }],
    ['<=5', { high: '5' }],
    ['≤26', { high: '26' }],
    ['>5', { low: '5', lowExclusive: true }],
    ['≥5', { low: '5' }],
    ['<5 mg/L', { high: '5', highExclusive: true, unit: 'mg/L' }],
  ])('%s', (text, range) => expect(bounds(text)).toEqual([range]));
});

describe('a unit inside the text is handed over', () => {
  test.each([
    ['5-40 U/L', '5', '40', 'U/L'],
    ['3.5-9.5×10⁹/L', '3.5', '9.5', '×10⁹/L'],
    ['3.5mmol/L-5.5mmol/L', '3.5', '5.5', 'mmol/L'],
    ['0-5/HP', '0', '5', '/HP'],
  ])('%s', (text, low, high, unit) => expect(bounds(text)).toEqual([{ low, high, unit }]));
});

describe('a text with sexes is one range each', () => {
  const expected = [
    { low: '130', high: '175', appliesTo: 'male' },
    { low: '115', high: '150', appliesTo: 'female' },
  ];
  test.each([
    '男:130-175 女:115-150',
    '男130~175；女115~150',
    '男性：130-175,女性：115-150',
    'M 130-175 / F 115-150',
    '130-175 (M) / 115-150 (F)',
    'male 130-175 female 115-150',
  ])('%s', (text) => expect(bounds(text)).toEqual(expected));
  test('each part keeps its own text', () =>
    expect(readReferenceRange('男:130-175 女:115-150').map((range) => range.text)).toEqual(['130-175', '115-150']));
  test('one part that is not understood leaves the text alone', () =>
    expect(readReferenceRange('男:130-175 女:阴性')).toEqual([]));
  test('a bare letter behind a number is no sex', () => expect(readReferenceRange('3-5 M')).toEqual([]));
});

describe('what is not surely a range has no numbers', () => {
  test.each([
    '',
    '-',
    '-5',
    '5',
    '3.5-',
    '8-2',
    '阴性',
    '阴性(-)',
    'Negative',
    '0-偶见',
    'Ⅰ~Ⅱ',
    '++~+++',
    'NONE',
    'See Below',
    '<0.1 = Negative, >=0.1 = Positive',
    '0-999999999',
    '<999999999',
    '-3--1',
    '1,234-5,678',
    '>=10 protective',
    '3-5 bananas',
    '2026-03-01',
    '1:80',
  ])('"%s"', (text) => expect(readReferenceRange(text)).toEqual([]));
  test('a text of a million characters is refused by its length', () =>
    expect(readReferenceRange('1-'.repeat(500_000))).toEqual([]));
});
