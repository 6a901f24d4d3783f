/** Specimens and their quality in hospitals' words (src/units/specimen.ts, mappings/specimens.csv). */
import { describe, expect, test } from 'vitest';
import { readCsv } from '../../../src/runtime/node/read-csv.ts';
import { SPECIMEN_KINDS } from '../../../src/units/generated/specimens.ts';
import { qualityMarkOf, qualityMarksIn, specimenKindOf } from '../../../src/units/specimen.ts';

test.each([
  ['SER', 'serum'],
  ['血清', 'serum'],
  [' Serum ', 'serum'],
  ['ＳＥＲ', 'serum'],
  ['血浆', 'plasma'],
  ['全血', 'blood'],
  ['动脉血', 'arterial-blood'],
  ['UR', 'urine'],
  ['24小时尿', 'urine-day'],
  ['大便', 'stool'],
  ['', undefined],
  ['未知', undefined],
  ['x'.repeat(10_000), undefined],
])('%s is %s', (text, kind) => expect(specimenKindOf(text)).toBe(kind));

test('every kind that the catalogue asks for can be written by some hospital', () => {
  const kinds = new Set(SPECIMEN_KINDS.map(([, kind]) => kind));
  const asked = readCsv('mappings/catalogue/items.csv').records.flatMap(({ fields }) =>
    (fields['specimen'] ?? '').split('/'),
  );
  expect(asked.filter((kind) => kind !== '' && !kinds.has(kind))).toEqual([]);
});

test.each([
  ['HEM', 'haemolysed'],
  ['溶血', 'haemolysed'],
  ['乳糜', 'lipaemic'],
  ['QNS', 'insufficient'],
  ['H', undefined],
  ['血清', undefined],
])('the mark %s is %s', (text, mark) => expect(qualityMarkOf(text)).toBe(mark));

describe('marks in a note', () => {
  test.each([
    ['标本溶血', ['haemolysed']],
    ['标本重度溶血，脂血', ['haemolysed', 'lipaemic']],
    ['Sample is hemolyzed', ['haemolysed']],
    ['非常溶血', ['haemolysed']],
    ['无溶血', []],
    ['未见溶血及脂血', []],
    ['无溶血；有脂血', ['lipaemic']],
    ['溶血(-)', []],
    ['sample not hemolyzed', []],
    ['unhemolyzed', []],
    ['SB', []],
    ['', []],
  ])('%s', (note, marks) => expect(qualityMarksIn(note).toSorted()).toEqual(marks));
  test('a very long note is read to its limit', () =>
    expect(qualityMarksIn(`${'好'.repeat(1_000_000)}溶血`)).toEqual([]));
});
