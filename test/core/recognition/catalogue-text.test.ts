/** A catalogue as stored text: it comes back whole, and a changed letter is noticed. */
import { expect, test } from 'vitest';
import { printCatalogue, readCatalogue } from '../../../src/recognition/catalogue-text.ts';
import { cityMarks, sampleCatalogue } from '../../cases/recognition-world.ts';
import { compileCatalogue } from '../../../src/recognition/compile-catalogue.ts';
import { tablesOf } from '../../../src/recognition/tables-of.ts';

test('a catalogue comes back from its text as it was, marks included', () => {
  const sample = sampleCatalogue();
  const marked = compileCatalogue(tablesOf({ ...sample, marks: cityMarks(sample) })).value;
  expect(marked?.marks).toHaveLength(sample.items.size);
  if (marked === undefined) return;
  expect(readCatalogue(printCatalogue(marked))).toEqual({ value: marked, problems: [] });
});

test.each<[string, (text: string) => string]>([
  ['a longer window', (text) => text.replace('"windowHours":72', '"windowHours":720')],
  ['a lower price', (text) => text.replace('"fen":425', '"fen":1')],
  ['another digest', (text) => text.replace(/"digest":"./, '"digest":"!')],
  ['no sample any more', (text) => text.replace('"sample":true', '"sample":false')],
  ['half of it', (text) => text.slice(0, text.length / 2)],
  ['another shape', () => '{"items":7}'],
  ['nothing', () => ''],
])('%s is noticed', (_, spoil) => {
  const text = printCatalogue(sampleCatalogue());
  expect(spoil(text)).not.toBe(text);
  expect(readCatalogue(spoil(text))).toEqual({
    value: undefined,
    problems: [{ code: 'recognition/unreadable-catalogue', severity: 'fatal', at: '' }],
  });
});
