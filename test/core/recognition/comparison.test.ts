/** What is shown for comparison, for any results at all: never used, and never another's (src/recognition/comparison.ts). */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { decide } from '../../../src/recognition/decide.ts';
import { SITUATIONS } from '../../../src/terms/catalogue.ts';
import type { FacilityId } from '../../../src/terms/facility.ts';
import type { Instant } from '../../../src/terms/instant.ts';
import type { ResultEntry } from '../../../src/terms/result-entry.ts';
import { cityMarks, entryOf, instant, questionOf, sampleCatalogue } from '../../cases/recognition-world.ts';

const sample = sampleCatalogue();
const catalogue = { ...sample, marks: cityMarks(sample) };
const NOW = Date.parse(instant('2026-03-10 10:00'));

const anyEcg = fc
  .record({
    item: fc.constantFrom('ECG12', 'ECG12', 'ECG-HOLTER'),
    hours: fc.integer({ min: -3, max: 24 * 400 }),
    facility: fc.constantFrom('city', 'county', 'township', 'far', 'stranger'),
    status: fc.constantFrom('final', 'final', 'preliminary', 'corrected', 'entered-in-error', 'cancelled', 'unknown'),
    flags: fc.subarray(['noise', 'lead-off', 'low-rate', 'no-signal']),
    production: fc.constantFrom(true, true, false),
    signal: fc.boolean(),
  })
  .map((of): ResultEntry => {
    const start = new Date(NOW - of.hours * 3_600_000).toISOString() as Instant;
    return entryOf(catalogue, of.item, {
      facility: of.facility as FacilityId,
      effectiveStart: start,
      effectiveEnd: start,
      status: of.status as 'final',
      qualityFlags: of.flags,
      production: of.production,
      ...(of.signal ? { loinc: catalogue.items.get(of.item)?.loinc ?? '' } : {}),
    });
  });

const anyQuestion = fc
  .record({
    entries: fc.array(anyEcg, { maxLength: 8 }),
    situations: fc.option(fc.subarray([...SITUATIONS]), { nil: undefined }),
    priority: fc.constantFrom(undefined, 'routine' as const, 'stat' as const),
    encounter: fc.constantFrom('known' as const, 'known' as const, 'unknown' as const),
    optedOut: fc.constantFrom(false, false, true),
  })
  .map(({ entries, situations, priority, ...legal }) => {
    const asked = questionOf(catalogue, entries, ['ECG12', 'ECG-HOLTER'], { legal });
    return {
      ...asked,
      orders: asked.orders.map(({ order, target }) => ({
        order: { ...order, ...(priority === undefined ? {} : { priority }) },
        target,
      })),
      circumstances: situations === undefined ? {} : { situations },
    };
  });

test('a comparison is the last standing result of a certain person, beside a decision that offers nothing', () => {
  let compared = 0;
  fc.assert(
    fc.property(anyQuestion, (input) => {
      const certain = new Set(input.candidates.patients.map(({ patient }) => patient));
      for (const { verdict, coverage, items } of decide(input)) {
        for (const { item, comparison } of items) {
          if (comparison === undefined) continue;
          compared++;
          const { entry } = comparison;
          expect([verdict, coverage, item, entry.item]).toEqual(['do-not', 'none', 'ECG12', 'ECG12']);
          expect([certain.has(entry.patient), entry.production]).toEqual([true, true]);
          expect(['preliminary', 'final', 'corrected']).toContain(entry.status);
          expect(input.legal).toEqual({ encounter: 'known', optedOut: false });
          const isStat = input.orders.some(({ order }) => order.priority === 'stat');
          const said = input.circumstances.situations ?? [];
          expect(isStat || said.includes('acute-symptoms') || said.includes('emergency')).toBe(true);
          const fitter = input.candidates.entries.filter(
            (other) =>
              other.item === 'ECG12' &&
              other.production &&
              certain.has(other.patient) &&
              ['preliminary', 'final', 'corrected'].includes(other.status),
          );
          expect(fitter.every(({ effectiveStart }) => effectiveStart <= entry.effectiveStart)).toBe(true);
        }
      }
    }),
    { numRuns: 400 },
  );
  expect(compared).toBeGreaterThan(30);
});
