/**
 * Recognition told as cases that a clinician can read: every YAML file in `test/cases/recognition/` is played against
 * `decide` with the committed catalogue. Times are those of the region (Asia/Shanghai).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { decide } from '../../src/recognition/decide.ts';
import { CHECKS } from '../../src/recognition/judge-entry.ts';
import type { Check } from '../../src/recognition/check-context.ts';
import {
  type AcceptanceRow,
  type Catalogue,
  type QualityMark,
  SITUATIONS,
  type WindowRow,
} from '../../src/terms/catalogue.ts';
import { CHECK_CODES, type CheckCode, type CheckState } from '../../src/terms/check.ts';
import type { Circumstances, DecideInput } from '../../src/terms/decide-input.ts';
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
  report: z.string().optional(),
});

const since = { from: z.string().default('2026-01-01'), to: z.string().optional() };

const mark = z.strictObject({
  facility,
  item: z.string(),
  reach: z.enum(['national', 'region', 'province', 'city', 'district', 'agreement']),
  within: z.array(z.string()).default([]),
  ...since,
});

const window = z.strictObject({
  item: z.string(),
  area: z.string(),
  level: z.union([z.literal(1), z.literal(2), z.literal(3)]).optional(),
  hours: z.number(),
  ...since,
});

const accepts = z.strictObject({
  asker: z.array(z.string()),
  giver: z.array(z.string()),
  accepts: z.boolean().default(true),
  ...since,
});

const situation = z.strictObject({
  item: z.string(),
  situation: z.enum(['younger-than', 'older-than', ...SITUATIONS]),
  years: z.number().default(0),
});

/** What the asker says of the patient, where it is not a healthy man of 56 of whom all is said. */
const patient = z.strictObject({
  born: z.string().optional(),
  sex: z.enum(['male', 'female']).optional(),
  situations: z.union([z.literal('unsaid'), z.array(z.enum(SITUATIONS))]).optional(),
});

const expected = z.strictObject({
  verdict: z.enum(['recognise', 'review', 'do-not']),
  coverage: z.enum(['full', 'partial', 'none']).optional(),
  missing: z.array(z.string()).optional(),
  from: facility.optional(),
  items: z.record(z.string(), z.enum(['recognise', 'review', 'do-not'])).optional(),
  checks: z.partialRecord(check, state).optional(),
  says: z.string().optional(),
  /** Reports that the answer rests on. */
  reports: z.array(z.string()).optional(),
  abnormal: z.array(z.string()).optional(),
  /** The report that is shown for comparison although it is not used; `none`: nothing is. */
  compared: z.string().optional(),
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
      windows: z.array(window).optional(),
      acceptance: z.array(accepts).optional(),
      situations: z.array(situation).optional(),
      patient: patient.optional(),
      priority: z.enum(['routine', 'urgent', 'asap', 'stat']).optional(),
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

/** In process: the list of checks with one of them answering always the same. */
function withConstant(code: CheckCode, state: CheckState, work: () => void): void {
  const list = CHECKS as Check[];
  const place = list.findIndex((check) => check.code === code);
  const own = list[place] as Check;
  list[place] = { code, check: () => ({ code, state, why: { zh: '恒定', en: 'Constant' } }) };
  try {
    work();
  } finally {
    list[place] = own;
  }
}

test.each(
  CHECK_CODES.flatMap((code) =>
    (['passed', 'failed', 'unknown'] as const).map((state) => [code, state] as const),
  ).filter(
    // Of images nothing is known before the imaging issue: its check answers unknown wherever it is asked.
    ([code, state]) => !(code === 'images' && state === 'unknown'),
  ),
)('a check %s that is always %s makes a case fail', (code, state) => {
  const cases = read.flatMap(([, file]) => file.cases);
  let failing = 0;
  withConstant(code, state, () => {
    for (const one of cases) {
      const [decision] = decide(inputOf(one));
      if (!isDeepStrictEqual(summaryOf(decision as Decision, one), one.expect)) failing++;
    }
  });
  expect(failing).toBeGreaterThan(0);
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
  const orders = question.orders.map(({ order, target }) => ({
    order: { ...order, ...(one.priority === undefined ? {} : { priority: one.priority }) },
    target,
  }));
  const { patients, entries } = question.candidates;
  const certain = one.certain ?? facility.options;
  return {
    ...question,
    orders,
    circumstances: circumstancesOf(question.circumstances, one.patient),
    candidates: { entries, patients: patients.filter((of) => certain.includes(of.facility as 'city')) },
  };
}

function circumstancesOf(usual: Circumstances, said: Case['patient']): Circumstances {
  const { birthDate, situations, ...rest } = { ...usual, birthDate: said?.born ?? usual.birthDate };
  const now = said?.situations ?? situations;
  return {
    ...rest,
    ...(said?.sex === undefined ? {} : { sex: said.sex }),
    ...(birthDate === undefined || birthDate === 'unsaid' ? {} : { birthDate }),
    ...(now === undefined || now === 'unsaid' ? {} : { situations: now }),
  };
}

const periodOf = ({ from, to }: { from: string; to?: string | undefined }) => ({
  validFrom: from,
  ...(to === undefined ? {} : { validTo: to }),
  source: 'case',
});

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
  const windows = (one.windows ?? []).map(
    ({ item, area, level, hours, ...period }): WindowRow => ({
      item,
      area,
      hours,
      ...(level === undefined ? {} : { level }),
      ...periodOf(period),
    }),
  );
  const acceptance = (one.acceptance ?? []).map(
    ({ asker, giver, accepts: yes, ...period }): AcceptanceRow => ({
      asker,
      giver,
      accepts: yes,
      ...periodOf(period),
    }),
  );
  const situations = one.situations?.map((row) => ({ ...row, source: 'case' })) ?? sample.situations;
  return {
    ...sample,
    items,
    marks: marks ?? cityMarks(sample),
    windows,
    acceptance,
    situations,
    consequences,
  };
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
    ...(of.report === undefined ? {} : { container: of.report }),
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
    ...(wanted.reports === undefined ? {} : { reports: reportsOf(decision) }),
    ...(wanted.abnormal === undefined ? {} : { abnormal: decision.abnormal }),
    ...(wanted.compared === undefined ? {} : { compared: first?.comparison?.entry.container ?? 'none' }),
    ...(wanted.says === undefined ? {} : { says: said ? wanted.says : 'not said' }),
  };
}

function reportsOf({ items }: Decision): readonly string[] {
  const used = items.flatMap(({ entry, verdict }) =>
    entry === undefined || verdict !== 'recognise' ? [] : [entry.container],
  );
  return [...new Set(used)].toSorted();
}
