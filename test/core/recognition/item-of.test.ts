/** Local codes → items (SETTLED 15). */
import { describe, expect, test } from 'vitest';
import { createItemLookup } from '../../../src/recognition/item-of.ts';
import type { CodeMapRow } from '../../../src/terms/code-map.ts';
import type { FacilityId } from '../../../src/terms/facility.ts';
import { sampleCatalogue } from '../../cases/recognition-world.ts';

const CITY = 'city' as FacilityId;
const FAR = 'far' as FacilityId;
const row = (kind: CodeMapRow['kind'], code: string, target: string): CodeMapRow => ({
  facility: CITY,
  kind,
  code,
  system: 'LIS',
  display: '',
  target,
});

const lookup = createItemLookup(
  [
    row('result', 'JIA', 'K'),
    row('result', 'NOTE', ''),
    row('result', 'OLD', 'GONE'),
    row('result', 'GROUP', 'LIVER'),
    row('result', 'NA1', 'NA'),
    row('result', '2000-8', ''),
    row('order', 'JIA', 'ELECTROLYTES'),
    row('order', 'GGN', 'LIVER'),
  ],
  sampleCatalogue(),
);

describe('a result', () => {
  test('has the item that its facility maps its code to, whatever the system', () => {
    expect(lookup.itemOf(CITY, 'result', 'LIS', 'JIA')).toBe('K');
    expect(lookup.itemOf(CITY, 'result', 'OTHER', 'JIA')).toBe('K');
  });

  test("has none by another facility's map", () => {
    expect(lookup.itemOf(FAR, 'result', 'LIS', 'JIA')).toBeNull();
    expect(lookup.isMapped(FAR, 'result', 'LIS', 'JIA')).toBe(false);
  });

  test('has the item of its LOINC code without a row', () => {
    expect(lookup.itemOf(FAR, 'result', 'LIS', 'whatever', '2823-3')).toBe('K');
    expect(lookup.itemOf(FAR, 'result', 'http://loinc.org', '2823-3')).toBe('K');
    expect(lookup.itemOf(FAR, 'result', 'LN', '2823-3')).toBe('K');
  });

  test('has none by a LOINC code that only looks like one', () => {
    expect(lookup.itemOf(FAR, 'result', 'LIS', '2823-3')).toBeNull();
  });

  test("has the item of its facility's map when the LOINC code says another", () => {
    expect(lookup.itemOf(CITY, 'result', 'LIS', 'NA1', '2823-3')).toBe('NA');
  });

  test('has none when its facility maps the code, or its LOINC code, to nothing; and that needs no mapping', () => {
    expect(lookup.itemOf(CITY, 'result', 'LIS', 'NOTE', '2823-3')).toBeNull();
    expect(lookup.isMapped(CITY, 'result', 'LIS', 'NOTE', '2823-3')).toBe(true);
    expect(lookup.itemOf(CITY, 'result', 'LIS', 'calcium', '2000-8')).toBeNull();
    expect(lookup.itemOf(FAR, 'result', 'LIS', 'calcium', '2000-8')).toBe('CA');
  });

  test('is never a panel, nor what the catalogue does not have', () => {
    expect(lookup.itemOf(CITY, 'result', 'LIS', 'GROUP')).toBeNull();
    expect(lookup.itemOf(CITY, 'result', 'LIS', 'OLD')).toBeNull();
    expect(lookup.itemOf(FAR, 'result', 'LIS', 'x', '57021-8')).toBeNull();
  });

  test('has none and needs mapping when nothing is known of its code', () => {
    expect(lookup.itemOf(CITY, 'result', 'LIS', 'NEW')).toBeNull();
    expect(lookup.isMapped(CITY, 'result', 'LIS', 'NEW')).toBe(false);
  });
});

describe('an order', () => {
  test('may be a panel, by the map or by LOINC, and has its own kind of rows', () => {
    expect(lookup.itemOf(CITY, 'order', 'HIS', 'GGN')).toBe('LIVER');
    expect(lookup.itemOf(CITY, 'order', 'HIS', 'JIA')).toBe('ELECTROLYTES');
    expect(lookup.itemOf(FAR, 'order', 'HIS', 'x', '57021-8')).toBe('CBC');
  });

  test('may be a single item', () => {
    expect(lookup.itemOf(FAR, 'order', 'http://loinc.org', '2823-3')).toBe('K');
  });
});

test('without a catalogue nothing has an item', () => {
  const bare = createItemLookup([row('result', 'JIA', 'K')], undefined);
  expect(bare.itemOf(CITY, 'result', 'LIS', 'JIA')).toBeNull();
  expect(bare.itemOf(CITY, 'result', 'LIS', 'x', '2823-3')).toBeNull();
});
