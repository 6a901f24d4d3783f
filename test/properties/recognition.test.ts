/** Recognition for any results at all: time closes windows and never opens them, and unknown never passes. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { decide } from '../../src/recognition/decide.ts';
import { compileCatalogue } from '../../src/recognition/compile-catalogue.ts';
import { CATALOGUE_FILES } from '../../src/recognition/catalogue-tables.ts';
import { rank } from '../../src/recognition/judge-entry.ts';
import type { CheckResult } from '../../src/terms/check.ts';
import type { DecideInput } from '../../src/terms/decide-input.ts';
import type { Decision } from '../../src/terms/decision.ts';
import type { FacilityId } from '../../src/terms/facility.ts';
import type { Instant } from '../../src/terms/instant.ts';
import type { ResultEntry } from '../../src/terms/result-entry.ts';
import { cityMarks, entryOf, instant, questionOf, readValue, sampleCatalogue } from '../cases/recognition-world.ts';

const sample = sampleCatalogue();
const catalogue = { ...sample, marks: cityMarks(sample) };
const TARGETS = ['K', 'LIPIDS', 'LIVER', 'COAGULATION', 'DD', 'GLU', 'HIV', 'CTNI', 'HBV5', 'NOWHERE'];
const ITEMS = [
  'K',
  'TC',
  'TG',
  'HDLC',
  'LDLC',
  'TP',
  'ALB',
  'GLO',
  'PT',
  'APTT',
  'TT',
  'FIB',
  'INR',
  'DD',
  'GLU',
  'HIV',
  'CTNI',
];
const NOW = Date.parse(instant('2026-03-10 10:00'));
const HOUR = 3_600_000;

const hours = fc.integer({ min: -24, max: 24 * 60 });
const anyEntry = fc
  .record({
    item: fc.constantFrom(...ITEMS),
    age: hours,
    length: fc.integer({ min: -1, max: 30 }),
    facility: fc.constantFrom('city', 'county', 'township', 'far', 'stranger'),
    basis: fc.constantFrom('collected', 'collected', 'performed', 'reported'),
    status: fc.constantFrom('final', 'final', 'final', 'corrected', 'preliminary', 'cancelled', 'unknown'),
    flag: fc.constantFrom('N', 'N', 'H', 'L', 'HH', 'LL', 'AA', 'odd', ''),
    quality: fc.constantFrom('', '', '', 'haemolysed', 'clotted', 'odd'),
    specimen: fc.constantFrom('', 'serum', 'plasma', 'blood', 'urine', 'odd'),
    value: fc.constantFrom('4.1 mmol/L', '4.1 g/L', '4.1', '12 s', 'text 阴性', 'none', '1 mg/L{FEU}'),
    production: fc.constantFrom(true, true, true, false),
    method: fc.constantFrom('', '空腹', '餐后', 'FEU', 'DDU'),
  })
  .map((of): ResultEntry => {
    const start = NOW - of.age * HOUR;
    return entryOf(catalogue, of.item, {
      facility: of.facility as FacilityId,
      effectiveStart: new Date(start).toISOString() as Instant,
      effectiveEnd: new Date(start + of.length * HOUR).toISOString() as Instant,
      basis: of.basis as 'collected',
      status: of.status as 'final',
      interpretation: of.flag === '' ? [] : [of.flag],
      qualityFlags: of.quality === '' ? [] : [of.quality],
      ...(of.specimen === '' ? {} : { specimen: of.specimen }),
      value: readValue(of.value),
      production: of.production,
      ...(of.method === '' ? {} : { method: of.method }),
    });
  });

const isCritical = (entry: ResultEntry): boolean =>
  entry.interpretation.some((flag) => ['HH', 'LL', 'AA'].includes(flag));
const law = fc.record({
  encounter: fc.constantFrom('known' as const, 'known' as const, 'unknown' as const),
  optedOut: fc.constantFrom(false, false, false, true),
});
const anyQuestion = fc
  .record({ entries: fc.array(anyEntry, { maxLength: 12 }), targets: fc.subarray(TARGETS, { minLength: 1 }), law })
  .map(({ entries, targets, law }) => questionOf(catalogue, entries, targets, { legal: law }));

/** The same result, made fit in everything: so that properties of passing have something to look at. */
const fitQuestion = fc
  .record({
    ages: fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 6 }),
    target: fc.constantFrom('K', 'ALT', 'TSH'),
  })
  .map(({ ages, target }) =>
    questionOf(
      catalogue,
      ages.map((age) => {
        const at = new Date(NOW - age * HOUR).toISOString() as Instant;
        return entryOf(catalogue, target, { effectiveStart: at, effectiveEnd: at });
      }),
      [target],
    ),
  );

function windowOf(input: DecideInput): CheckResult['state'] | undefined {
  return decide(input)[0]?.items[0]?.checks.find(({ code }) => code === 'window')?.state;
}

test('a later now never turns an expired result into one that may be used', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        anyEntry,
        fitQuestion.map((of) => of.candidates.entries[0] as ResultEntry),
      ),
      hours,
      hours,
      (entry, one, other) => {
        const [earlier, later] = [Math.min(one, other), Math.max(one, other)].map((hour) => {
          const at = new Date(NOW + hour * HOUR).toISOString() as Instant;
          return windowOf(questionOf(catalogue, [entry], [entry.item ?? ''], { at }));
        });
        if (earlier === 'failed') expect(later).toBe('failed');
        if (later === 'passed') expect(['passed', 'unknown']).toContain(earlier);
      },
    ),
    { numRuns: 500 },
  );
});

/** A newer value that is far from the last one asks for a look: that is what it is there for. */
function isUnstable(decision: Decision | undefined): boolean {
  const checks = decision?.items.flatMap((item) => item.checks) ?? [];
  return checks.some(({ code, state }) => code === 'stability' && state === 'failed');
}

test('one more result that is neither critical nor a change of state never makes a decision worse', () => {
  fc.assert(
    fc.property(fc.oneof(anyQuestion, fitQuestion), anyEntry, fc.nat(), (input, more, place) => {
      fc.pre(!isCritical(more));
      const { entries, patients } = input.candidates;
      const at = place % (entries.length + 1);
      const widened = decide({
        ...input,
        candidates: { patients, entries: [...entries.slice(0, at), more, ...entries.slice(at)] },
      });
      for (const [index, before] of decide(input).entries()) {
        const after = widened[index];
        if (isUnstable(after)) continue;
        expect(rank(after?.verdict ?? 'do-not')).toBeGreaterThanOrEqual(rank(before.verdict));
        expect(after?.missing.length).toBeLessThanOrEqual(before.missing.length);
      }
    }),
    { numRuns: 500 },
  );
});

const isCriticalCheck = ({ code, state }: CheckResult): boolean => code === 'critical' && state === 'failed';

test('unknown never passes: what is suggested has no check that is unknown or failed, and covers the order', () => {
  let recognised = 0;
  fc.assert(
    fc.property(fc.oneof(anyQuestion, fitQuestion), (input) => {
      for (const decision of decide(input)) {
        for (const item of decision.items) {
          const open = item.checks.filter(({ state }) => state === 'unknown' || state === 'failed');
          if (item.verdict === 'recognise') expect(open).toEqual([]);
          if (item.entry !== undefined && open.length === 0) expect(item.verdict).toBe('recognise');
        }
        if (decision.verdict !== 'recognise') continue;
        recognised++;
        const covering = decision.items.filter(({ verdict }) => verdict === 'recognise');
        // In part only of a panel, something of which is covered and something is not.
        const isPart = decision.missing.length > 0 && covering.length > 0;
        expect([decision.coverage, isPart]).toEqual(isPart ? ['partial', true] : ['full', false]);
        expect(decision.items.flatMap(({ checks }) => checks).some(isCriticalCheck)).toBe(false);
        expect(input.legal).toEqual({ encounter: 'known', optedOut: false });
      }
    }),
    { numRuns: 500 },
  );
  expect(recognised).toBeGreaterThan(50);
});

test('an order is full, partial or none by what is missing, and a decision is made of entries that were given', () => {
  fc.assert(
    fc.property(anyQuestion, (input) => {
      for (const { target, coverage, missing, items } of decide(input)) {
        const required = catalogue.panels.get(target ?? '')?.required ?? items.map(({ item }) => item);
        if (items.length > 0) {
          expect(coverage).toBe(
            missing.length === 0 ? 'full' : missing.length === required.length ? 'none' : 'partial',
          );
        }
        for (const { entry, item } of items) {
          if (entry === undefined) continue;
          expect(input.candidates.entries).toContain(entry);
          expect(entry.item).toBe(item);
        }
      }
    }),
    { numRuns: 300 },
  );
});

test('the compiler never throws, whatever the tables hold', () => {
  const text = fc.oneof(
    fc.string({ maxLength: 8 }),
    fc.constantFrom('', 'K', '*', '2026-01-01', '7', 'yes', 'required', 'national', '__proto__'),
  );
  const files = Object.keys(CATALOGUE_FILES) as (keyof typeof CATALOGUE_FILES)[];
  const tables = fc
    .tuple(
      ...files.map((file) =>
        fc.tuple(fc.constant(file), fc.array(fc.array(text, { minLength: 15, maxLength: 15 }), { maxLength: 4 })),
      ),
    )
    .map((all) =>
      Object.fromEntries(
        all.map(([file, rows]) => {
          const columns = `${CATALOGUE_FILES[file].columns} ${CATALOGUE_FILES[file].optional}`.trim().split(' ');
          const records = rows.map((row, line) => ({
            line,
            fields: Object.fromEntries(columns.map((column, at) => [column, row[at] ?? ''])),
          }));
          return [file, { columns, records }];
        }),
      ),
    );
  fc.assert(
    fc.property(tables, fc.boolean(), (given, withActive) => {
      const { value, problems } = compileCatalogue(given, withActive ? sample : undefined);
      expect(value === undefined).toBe(problems.length > 0);
    }),
    { numRuns: 300 },
  );
});
