/** Every flag that the registry may say has its words, in both languages (src/recognition/flag-words.ts). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isQualityFlag, isSignalFlag, qualityWords } from '../../../src/recognition/flag-words.ts';
import { QUALITY_FLAGS } from '../../../src/signals/quality.ts';
import { SITUATIONS } from '../../../src/terms/catalogue.ts';
import { NO_SIGNAL, OTHER_FLAG } from '../../../src/terms/signal-quality.ts';
import { QUALITY_MARKS } from '../../../src/units/generated/specimens.ts';
import { CATALOGUE_DIR } from '../../cases/recognition-world.ts';

const MARKS = [...new Set(QUALITY_MARKS.map(([, mark]) => mark))];

test.each([...MARKS, ...QUALITY_FLAGS, NO_SIGNAL, OTHER_FLAG])('%s has words of its own', (flag) => {
  expect(isQualityFlag(flag)).toBe(true);
  const { zh, en } = qualityWords([flag]);
  expect(zh).toMatch(/\p{Script=Han}/u);
  expect(en).toMatch(/^[A-Z][A-Za-z0-9 =+]+$/);
  if (flag !== OTHER_FLAG) expect(zh).not.toBe(qualityWords([OTHER_FLAG]).zh);
});

test('no two flags are called alike', () => {
  const names = [...MARKS, ...QUALITY_FLAGS, NO_SIGNAL].map((flag) => qualityWords([flag]).zh);
  expect(new Set(names).size).toBe(names.length);
});

test('several flags are told together, each once; one that is not known is another problem', () => {
  expect(qualityWords(['lead-off', 'wobbly', 'odd', 'lead-off'])).toEqual({
    zh: '导联脱落、其他质量问题',
    en: 'Lead off, Another quality problem',
  });
  expect(isQualityFlag('wobbly')).toBe(false);
});

test('a flag of a specimen is none of a signal', () => {
  expect(MARKS.some(isSignalFlag)).toBe(false);
  expect(QUALITY_FLAGS.every(isSignalFlag)).toBe(true);
});

test('the catalogue’s README names every flag and every situation that a table may say', () => {
  const readme = readFileSync(join(CATALOGUE_DIR, 'README.md'), 'utf8');
  const words = [...MARKS, ...QUALITY_FLAGS, NO_SIGNAL, ...SITUATIONS];
  expect(words.filter((word) => !readme.includes(`\`${word}\``))).toEqual([]);
});
