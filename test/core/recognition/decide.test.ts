/** The decision as a function: stable, the same for the same content, one answer an order. */
import { describe, expect, test } from 'vitest';
import { decide } from '../../../src/recognition/decide.ts';
import { check as sameItem } from '../../../src/recognition/checks/same-item.ts';
import { CHECK_CODES } from '../../../src/terms/check.ts';
import type { CatalogueItem } from '../../../src/terms/catalogue.ts';
import type { FacilityId } from '../../../src/terms/facility.ts';
import type { ResultEntry } from '../../../src/terms/result-entry.ts';
import { cityMarks, entryOf, FACILITIES, instant, questionOf, sampleCatalogue } from '../../cases/recognition-world.ts';

const sample = sampleCatalogue();
const catalogue = { ...sample, marks: cityMarks(sample) };

test('two orders of one target in one question are both answered, alike and apart', () => {
  const [first, second, third] = decide(questionOf(catalogue, [entryOf(catalogue, 'K')], ['K', 'K', 'ELECTROLYTES']));
  expect(first?.key).toBe('order-1');
  expect(second).toEqual({ ...first, key: 'order-2' });
  expect(second).not.toBe(first);
  expect(third?.coverage).toBe('partial');
});

test('a question without orders has no decisions', () => {
  expect(decide(questionOf(catalogue, [], []))).toEqual([]);
});

test('a judged result names every check once, in the order of their list, in two languages', () => {
  const [decision] = decide(questionOf(catalogue, [entryOf(catalogue, 'K')], ['K']));
  const checks = decision?.items[0]?.checks ?? [];
  expect(checks.map(({ code }) => code)).toEqual([...CHECK_CODES]);
  expect(checks.every(({ why }) => /\p{Script=Han}/u.test(why.zh) && /^[A-Z]/.test(why.en))).toBe(true);
});

test('the order in which candidates come says nothing', () => {
  const entries = [
    entryOf(catalogue, 'K', { facility: 'county' as FacilityId }),
    entryOf(catalogue, 'K', { facility: 'township' as FacilityId }),
    entryOf(catalogue, 'K'),
    entryOf(catalogue, 'K', { version: 2 }),
  ];
  const answers = [entries, entries.toReversed(), [...entries.slice(2), ...entries.slice(0, 2)]].map((some) =>
    decide(questionOf(catalogue, some, ['K'])),
  );
  expect(answers[1]).toEqual(answers[0]);
  expect(answers[2]).toEqual(answers[0]);
});

test.each<[string, Partial<ResultEntry>, Partial<ResultEntry>]>([
  ['known later', { knownFrom: instant('2026-03-10 09:00') }, { container: 'z', version: 9, element: 'z' }],
  ['of the later container', { container: 'b' }, { container: 'a', version: 9, element: 'z' }],
  ['of the later version', { container: 'a', version: 2 }, { container: 'a', element: 'z' }],
  ['of the later element', { container: 'a', element: 'b' }, { container: 'a', element: 'a' }],
])('of two results of one moment the one %s is shown, whichever comes first', (_, winner, other) => {
  const [first, second] = [entryOf(catalogue, 'K', winner), entryOf(catalogue, 'K', other)];
  for (const entries of [
    [first, second],
    [second, first],
  ]) {
    expect(decide(questionOf(catalogue, entries, ['K']))[0]?.items[0]?.entry).toBe(first);
  }
});

test('sentences name items, facilities, days and ages, and no value of the result', () => {
  const value = { kind: 'quantity', value: '7.77' as never, unit: 'mmol/L', ucum: 'mmol/L' } as const;
  const entries = ['N', 'HH', '?'].flatMap((flag) => [
    entryOf(catalogue, 'K', {
      value,
      interpretation: [flag],
      method: 'SECRET',
      specimen: 'SECRET',
      referenceText: 'SECRET',
    }),
    entryOf(catalogue, 'K', {
      value,
      facility: 'far' as FacilityId,
      display: 'SECRET',
      code: 'SECRET',
      qualityFlags: ['SECRET'],
    }),
  ]);
  for (const entry of entries) {
    const text = JSON.stringify(decide(questionOf(catalogue, [entry], ['K']))[0]?.items[0]?.checks);
    expect(text).not.toMatch(/SECRET|7\.77|patient-/);
  }
});

test('what an opt-out closes looks absent: the answer is the same with results and without', () => {
  const legal = { encounter: 'known', optedOut: true } as const;
  const targets = ['K', 'LIPIDS', 'COAGULATION'];
  const entries = ['K', 'TC', 'INR'].map((id) => entryOf(catalogue, id, { interpretation: ['HH'] }));
  const closed = decide(questionOf(catalogue, entries, targets, { legal }));
  expect(closed).toEqual(decide(questionOf(catalogue, [], targets, { legal })));
  expect(closed.map(({ verdict }) => verdict)).toEqual(['do-not', 'do-not', 'do-not']);
  expect(JSON.stringify(closed)).toContain('legal-basis');
});

test('a result that is not certainly this person is neither named nor described', () => {
  const question = questionOf(catalogue, [entryOf(catalogue, 'K')], ['K']);
  const [decision] = decide({ ...question, candidates: { ...question.candidates, patients: [] } });
  expect(decision?.verdict).toBe('do-not');
  expect(decision?.items[0]?.entry).toBeUndefined();
  expect(decision?.items[0]?.checks.map(({ code, state }) => [code, state])).toEqual([['certain-person', 'failed']]);
});

test('a catalogue without a consequence for a check decides against the result', () => {
  const bare = { ...catalogue, consequences: [] };
  const [decision] = decide(questionOf(bare, [entryOf(catalogue, 'K', { facility: 'township' as FacilityId })], ['K']));
  expect(decision?.verdict).toBe('do-not');
});

test('a facility named by two registered names leads to neither, so the reporting one is judged', () => {
  const township = FACILITIES.get('township' as FacilityId);
  const city = FACILITIES.get('city' as FacilityId);
  if (township === undefined || city === undefined) throw new Error('the world lacks its facilities');
  const twin = { ...city, id: 'twin' as FacilityId };
  const facilities = new Map([[twin.id, twin], ...FACILITIES]);
  const entry = entryOf(catalogue, 'K', { facility: township.id, performer: city.name });
  const [decision] = decide(questionOf(catalogue, [entry], ['K'], { facilities }));
  expect(decision?.items[0]?.checks.find(({ code }) => code === 'quality-mark')?.state).toBe('unknown');
});

describe('same item', () => {
  const item = catalogue.items.get('K') as CatalogueItem;
  const input = questionOf(catalogue, [], []);
  const context = { input, atMs: 0, item, certain: new Set<string>(), newestCritical: undefined, lastValues: [] };

  test('passes for the item, fails for another, and is unknown while the code is not mapped', () => {
    expect(sameItem({ ...context, entry: entryOf(catalogue, 'K') }).state).toBe('passed');
    expect(sameItem({ ...context, entry: entryOf(catalogue, 'NA') }).state).toBe('failed');
    expect(sameItem({ ...context, entry: entryOf(catalogue, 'K', { item: null }) }).state).toBe('unknown');
  });
});

test('an hour of asking that cannot be read opens no window', () => {
  const [decision] = decide(questionOf(catalogue, [entryOf(catalogue, 'K')], ['K'], { at: instant('never') }));
  expect(decision?.verdict).toBe('do-not');
});
