/**
 * Recognition told as cases that a clinician can read: every YAML file in `test/cases/recognition/` is played against
 * `decide` with the committed catalogue. Times are those of the region (Asia/Shanghai).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { decide } from '../../src/recognition/decide.ts';
import type { Catalogue, QualityMark } from '../../src/terms/catalogue.ts';
import { CHECK_CODES } from '../../src/terms/check.ts';
import type { DecideInput } from '../../src/terms/decide-input.ts';
import type { Decision } from '../../src/terms/decision.ts';
import type { Facility, FacilityId } from '../../src/terms/facility.ts';
import type { ResultEntry } from '../../src/terms/result-entry.ts';
import {
  cityMarks,
  entryOf,
  FACILITIES,
  instant,
  questionOf,
  readValue,
  sampleCatalogue,
} from './recognition-world.ts';

const DIR = join(import.meta.dirname, 'recognition');
const facility = z.enum(['city', 'county', 'township', 'far', 'stranger']);
const state = z.enum(['passed', 'failed', 'unknown', 'not-applicable']);
const check = z.enum(CHECK_CODES);

const result = z.strictObject({
  item: z.string(),
  unmapped: z.boolean().optional(),
  value: z.string().optional(),
  collected: z.string().optional(),
  until: z.string().optional(),
  basis: z.enum(['collected', 'performed', 'reported']).optional(),
  facility: facility.optional(),
  performer: z.string().optional(),
  patient: z.string().optional(),
  status: z.string().optional(),
  flags: z.array(z.string()).optional(),
  quality: z.array(z.string()).optional(),
  specimen: z.string().optional(),
  method: z.string().optional(),
  name: z.string().optional(),
  loinc: z.string().optional(),
  site: z.string().optional(),
  test: z.boolean().optional(),
  closed: z.string().optional(),
});

const mark = z.strictObject({
  facility,
  item: z.string(),
  reach: z.enum(['national', 'region', 'province', 'city', 'district', 'agreement']),
  within: z.array(z.string()).default([]),
  from: z.string().default('2026-01-01'),
  to: z.string().optional(),
});

const expected = z.strictObject({
  verdict: z.enum(['recognise', 'review', 'do-not']),
  coverage: z.enum(['full', 'partial', 'none']).optional(),
  missing: z.array(z.string()).optional(),
  from: facility.optional(),
  items: z.record(z.string(), z.enum(['recognise', 'review', 'do-not'])).optional(),
  checks: z.partialRecord(check, state).optional(),
  says: z.string().optional(),
});

const file = z.strictObject({
  clause: z.string(),
  cases: z.array(
    z.strictObject({
      name: z.string(),
      order: z.string().optional(),
      at: z.string().optional(),
      asker: facility.optional(),
      askerArea: z.string().optional(),
      encounter: z.enum(['known', 'unknown']).optional(),
      optedOut: z.boolean().optional(),
      certain: z.array(facility).optional(),
      results: z.array(result).default([]),
      marks: z.array(mark).optional(),
      item: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
      consequences: z
        .array(z.strictObject({ check, item: z.string(), failed: z.string(), unknown: z.string() }))
        .optional(),
      expect: expected,
    }),
  ),
});

type Case = z.infer<typeof file>['cases'][number];

const sample = sampleCatalogue();
const files = readdirSync(DIR).filter((name) => name.endsWith('.yaml'));
const read = files.map((name) => [name, file.parse(parse(readFileSync(join(DIR, name), 'utf8')))] as const);

test('there are at least sixty cases, and no two of a file have one name', () => {
  const names = read.flatMap(([name, { cases }]) => cases.map((one) => `${name} ${one.name}`));
  expect(names.length).toBeGreaterThanOrEqual(60);
  expect(new Set(names).size).toBe(names.length);
});

test('every check has a case in which it passes and one in which it fails, as far as it knows both', () => {
  const seen = new Set(
    read.flatMap(([, { cases }]) =>
      cases.flatMap((one) => Object.entries(one.expect.checks ?? {}).map(([code, is]) => `${code} ${is}`)),
    ),
  );
  // Images: nothing is known of them before the imaging issue, so that check neither passes nor fails.
  const told = CHECK_CODES.filter((code) => code !== 'images' && code !== 'same-item');
  expect(told.filter((code) => !seen.has(`${code} passed`))).toEqual([]);
  expect(told.filter((code) => !seen.has(`${code} failed`))).toEqual([]);
});

for (const [name, { clause, cases }] of read) {
  describe(`${name} (${clause})`, () => {
    test.each(cases.map((one) => [one.name, one] as const))('%s', (_, one) => {
      const input = inputOf(one);
      const [decision] = decide(input);
      expect(summaryOf(decision as Decision, one)).toEqual(one.expect);
      // Whatever the case is about: what may be suggested has no check that failed or is unknown.
      for (const { verdict, checks } of (decision as Decision).items) {
        const open = checks.filter(({ state }) => state === 'failed' || state === 'unknown');
        if (verdict === 'recognise') expect(open).toEqual([]);
        else if (checks.length > 0) expect(open).not.toEqual([]);
      }
    });
  });
}

function inputOf(one: Case): DecideInput {
  const catalogue = catalogueOf(one);
  const asker = FACILITIES.get((one.asker ?? 'county') as FacilityId) as Facility;
  const question = questionOf(
    catalogue,
    one.results.map((of) => readEntry(catalogue, of)),
    [one.order],
    {
      asker: { ...asker, area: one.askerArea ?? asker.area },
      at: instant(one.at ?? '2026-03-10 10:00'),
      legal: { encounter: one.encounter ?? 'known', optedOut: one.optedOut ?? false },
    },
  );
  const { patients, entries } = question.candidates;
  const certain = one.certain ?? facility.options;
  return {
    ...question,
    candidates: { entries, patients: patients.filter((of) => certain.includes(of.facility as 'city')) },
  };
}

function catalogueOf(one: Case): Catalogue {
  const items = new Map(sample.items);
  for (const [id, over] of Object.entries(one.item ?? {})) {
    items.set(id, { ...items.get(id), ...over } as Catalogue['items'] extends ReadonlyMap<string, infer I> ? I : never);
  }
  const marks = one.marks?.map(
    (of): QualityMark => ({
      facility: of.facility as FacilityId,
      item: of.item,
      reach: of.reach,
      within: of.within,
      label: '示例HR',
      batch: '1',
      validFrom: of.from,
      ...(of.to === undefined ? {} : { validTo: of.to }),
    }),
  );
  const consequences = [...(one.consequences ?? []), ...sample.consequences] as Catalogue['consequences'];
  return { ...sample, items, marks: marks ?? cityMarks(sample), consequences };
}

function readEntry(catalogue: Catalogue, of: z.infer<typeof result>): ResultEntry {
  const over: Partial<ResultEntry> = {
    ...(of.facility === undefined ? {} : { facility: of.facility as FacilityId }),
    ...(of.unmapped === true ? { item: null } : {}),
    ...(of.value === undefined ? {} : { value: readValue(of.value) }),
    ...(of.collected === undefined
      ? {}
      : { effectiveStart: instant(of.collected), effectiveEnd: instant(of.until ?? of.collected, true) }),
    ...(of.basis === undefined ? {} : { basis: of.basis }),
    ...(of.performer === undefined ? {} : { performer: of.performer }),
    ...(of.patient === undefined ? {} : { patient: of.patient }),
    ...(of.status === undefined ? {} : { status: of.status as ResultEntry['status'] }),
    ...(of.flags === undefined ? {} : { interpretation: of.flags }),
    ...(of.quality === undefined ? {} : { qualityFlags: of.quality }),
    ...(of.specimen === undefined ? {} : { specimen: of.specimen }),
    ...(of.method === undefined ? {} : { method: of.method }),
    ...(of.name === undefined ? {} : { display: of.name }),
    ...(of.loinc === undefined ? {} : { loinc: of.loinc }),
    ...(of.site === undefined ? {} : { bodySite: of.site }),
    ...(of.test === true ? { production: false } : {}),
    ...(of.closed === undefined ? {} : { knownTo: instant(of.closed) }),
  };
  return entryOf(catalogue, of.item, over);
}

/** Only what the case speaks of. */
function summaryOf(decision: Decision, one: Case): unknown {
  const { expect: wanted } = one;
  const [first] = decision.items;
  const states = Object.fromEntries((first?.checks ?? []).map(({ code, state }) => [code, state]));
  const said = (first?.checks ?? []).some(({ why }) => `${why.zh} ${why.en}`.includes(wanted.says ?? ''));
  const keys = Object.keys(wanted.checks ?? {});
  return {
    verdict: decision.verdict,
    ...(wanted.coverage === undefined ? {} : { coverage: decision.coverage }),
    ...(wanted.missing === undefined ? {} : { missing: decision.missing }),
    ...(wanted.from === undefined ? {} : { from: first?.entry?.facility }),
    ...(wanted.items === undefined
      ? {}
      : { items: Object.fromEntries(decision.items.map((of) => [of.item, of.verdict])) }),
    ...(wanted.checks === undefined ? {} : { checks: Object.fromEntries(keys.map((key) => [key, states[key]])) }),
    ...(wanted.says === undefined ? {} : { says: said ? wanted.says : 'not said' }),
  };
}
