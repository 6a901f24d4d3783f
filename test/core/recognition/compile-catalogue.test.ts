/** The catalogue's compiler: the committed tables compile, and every mistake is named with file, line and column. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CatalogueTable } from '../../../src/recognition/catalogue-tables.ts';
import { compileCatalogue } from '../../../src/recognition/compile-catalogue.ts';
import { SENTENCES } from '../../../src/recognition/problems.ts';
import { CHECK_CODES } from '../../../src/terms/check.ts';
import { CATALOGUE_DIR, readTables, sampleCatalogue } from '../../cases/recognition-world.ts';

type Fields = Record<string, string>;
type File =
  | 'approval.csv'
  | 'items.csv'
  | 'panels.csv'
  | 'panel-names.csv'
  | 'price-items.csv'
  | 'prices.csv'
  | 'marks.csv'
  | 'containment.csv'
  | 'windows.csv'
  | 'acceptance.csv'
  | 'situations.csv'
  | 'refusal-reasons.csv'
  | 'consequences.csv';

const CHECKS =
  'same-item;window;status-final;production;quality-mark;unit;critical;negative-list;certain-person;legal-basis';
const ITEM = {
  item: 'K',
  category: 'electrolyte',
  name_zh: '钾',
  name_en: 'Potassium',
  loinc: '2823-3',
  specimen: 'serum',
  ucum: 'mmol/L',
  window_hours: '72',
  suggest: 'yes',
  checks: CHECKS,
  source: 'test',
};
const SODIUM = { ...ITEM, item: 'NA', name_zh: '钠', name_en: 'Sodium', loinc: '2951-2' };
const PRICE = {
  price_item: 'P-K',
  facility: '',
  level: '3',
  area: '',
  fen: '850',
  valid_from: '2026-01-01',
  valid_to: '',
  source: 'test',
};
const MARK = {
  facility: 'city',
  item: 'K',
  reach: 'city',
  within: '0001',
  label: 'HR',
  batch: '1',
  valid_from: '2026-01-01',
  valid_to: '',
};

const PERIOD = { valid_from: '2026-01-01', valid_to: '', source: 'test' };
const CONTAINS = { outer: 'K', inner: 'NA', source: 'test' };
const WINDOW = { item: 'K', level: '3', area: '00', hours: '24', ...PERIOD };
const ACCEPTS = { asker: 'level:2', giver: 'level:same;area:00', accepts: 'yes', ...PERIOD };
/** The last result is shown, which takes a situation that forbids it. */
const SHOWN = { checks: `${CHECKS};situation`, show_previous: 'yes' };
const SITUATION = { item: 'K', situation: 'younger-than', years: '14', source: 'test' };

/** A small catalogue that compiles; each test spoils one thing. */
const GOOD: Record<File, readonly Fields[]> = {
  'approval.csv': [{ sample: 'no', approved_by: 'centre', approved_on: '2026-01-01' }],
  'items.csv': [ITEM, SODIUM],
  'panels.csv': [
    { panel: 'SALTS', item: 'K', role: 'required' },
    { panel: 'SALTS', item: 'NA', role: 'derived' },
  ],
  'panel-names.csv': [{ panel: 'SALTS', name_zh: '盐', name_en: 'Salts', loinc: '' }],
  'price-items.csv': [{ price_item: 'P-K', name_zh: '钾', national_code: '250304001', covers: 'K;SALTS' }],
  'prices.csv': [PRICE],
  'marks.csv': [MARK],
  'containment.csv': [CONTAINS],
  'windows.csv': [WINDOW],
  'acceptance.csv': [ACCEPTS],
  'situations.csv': [SITUATION],
  'refusal-reasons.csv': [{ code: '01', zh: '病情变化', en: 'Changed', counts_as_refusal: 'yes' }],
  'consequences.csv': CHECK_CODES.map((check) => ({
    check,
    item: '*',
    failed: 'do-not',
    unknown: check === 'certain-person' ? 'do-not' : 'review',
  })),
};

function tablesOf(files: Partial<Record<File, readonly Fields[]>>): Record<string, CatalogueTable> {
  return Object.fromEntries(
    Object.entries({ ...GOOD, ...files }).map(([file, rows]) => {
      const columns = Object.keys(rows[0] ?? GOOD[file as File][0] ?? {});
      return [file, { columns, records: rows.map((fields, index) => ({ line: index + 2, fields })) }];
    }),
  );
}

function problemsOf(files: Partial<Record<File, readonly Fields[]>>): readonly string[] {
  const { value, problems } = compileCatalogue(tablesOf(files));
  expect(value === undefined).toBe(problems.length > 0);
  expect(problems.every(({ severity, code }) => severity === 'fatal' && code in SENTENCES)).toBe(true);
  return problems.map(({ code, at }) => `${code.replace('recognition/', '')} ${at}`);
}

describe('the committed catalogue', () => {
  const catalogue = sampleCatalogue();

  test('compiles, and says that it is sample data', () => {
    expect(catalogue.sample).toBe(true);
    expect(catalogue.items.size).toBe(151);
  });

  test('has the panels of the issue, with liver as settled', () => {
    const panels = [
      'CBC',
      'LIVER',
      'KIDNEY',
      'LIPIDS',
      'ELECTROLYTES',
      'COAGULATION',
      'THYROID',
      'HBV5',
      'HBA1C-P',
      'UA-P',
    ];
    expect(panels.filter((id) => !catalogue.panels.has(id))).toEqual([]);
    expect(catalogue.panels.get('LIVER')).toMatchObject({
      required: ['ALB', 'ALP', 'ALT', 'AST', 'DBIL', 'GGT', 'TBIL', 'TP'],
      derived: ['AG', 'GLO', 'IBIL'],
    });
    expect(catalogue.panels.get('HBV5')?.required).toHaveLength(5);
  });

  test('prices a panel once where it is one charge, and four tumour markers by one national code', () => {
    const covering = [...catalogue.priceItems.values()].filter(({ covers }) => covers.includes('CBC'));
    expect(covering.map(({ id }) => id)).toEqual(['P-CBC']);
    const markers = [...catalogue.priceItems.values()].filter(({ nationalCode }) => nationalCode === '250404011');
    expect(markers.flatMap(({ covers }) => covers)).toEqual(['CA125', 'CA153', 'CA199', 'CA724']);
    const reactive = [...catalogue.priceItems.values()].filter(({ nationalCode }) => nationalCode === '250401025');
    expect(reactive.map(({ id }) => id)).toEqual(['P-CRP', 'P-HSCRP']);
  });

  test('has no charge for what is only calculated, and no analyte of a panel charge twice', () => {
    const covered = [...catalogue.priceItems.values()].flatMap(({ covers }) => covers);
    expect(['GLO', 'AG', 'IBIL', 'EGFR', 'INR', 'WBC', 'UPRO'].filter((id) => covered.includes(id))).toEqual([]);
    expect(new Set(covered).size).toBe(covered.length);
  });

  test('has the six national reasons, and 98 and 99 which do not count', () => {
    const counted = catalogue.refusalReasons.filter(({ countsAsRefusal }) => countsAsRefusal);
    expect(counted.map(({ code }) => code)).toEqual(['01', '02', '03', '04', '05', '06']);
    expect(catalogue.refusalReasons.filter((reason) => !reason.countsAsRefusal).map(({ code }) => code)).toEqual([
      '98',
      '99',
    ]);
  });

  test('marks every file as sample data in its first line', () => {
    expect(Object.keys(readTables()).toSorted()).toEqual(Object.keys(GOOD).toSorted());
    for (const file of Object.keys(GOOD)) {
      const [first] = readFileSync(join(CATALOGUE_DIR, file), 'utf8').split('\n');
      expect(first).toMatch(/^# SAMPLE DATA.*示例，须经属地质控中心确认/);
    }
  });
});

describe('the digest', () => {
  test('is the same for any order of lines, and for lists in any order', () => {
    const shuffled = Object.fromEntries(
      Object.entries(readTables()).map(([file, table]) => [file, { ...table, records: table.records.toReversed() }]),
    );
    expect(compileCatalogue(shuffled).value).toEqual(sampleCatalogue());
    const lists = { ...ITEM, checks: CHECKS.split(';').toReversed().join(' ; ') };
    const other = compileCatalogue(tablesOf({ 'items.csv': [SODIUM, lists] })).value;
    expect(other?.digest).toBe(compileCatalogue(tablesOf({})).value?.digest);
  });

  test.each<[string, Partial<Record<File, readonly Fields[]>>]>([
    ['a window', { 'items.csv': [{ ...ITEM, window_hours: '73' }, SODIUM] }],
    ['a price', { 'prices.csv': [{ ...PRICE, fen: '851' }] }],
    ['a mark', { 'marks.csv': [{ ...MARK, valid_to: '2027-01-01' }] }],
    ['a consequence', { 'consequences.csv': GOOD['consequences.csv'].map((row) => ({ ...row, unknown: 'do-not' })) }],
    ['a window of an area', { 'windows.csv': [{ ...WINDOW, hours: '25' }] }],
    ['who is accepted', { 'acceptance.csv': [{ ...ACCEPTS, accepts: 'no' }] }],
    ['a situation', { 'situations.csv': [{ ...SITUATION, years: '15' }] }],
    ['a containment', { 'containment.csv': [] }],
    ['a flag that is usual', { 'items.csv': [{ ...ITEM, tolerates: 'noise' }, SODIUM] }],
    ['whether the last result is shown', { 'items.csv': [{ ...ITEM, ...SHOWN }, SODIUM] }],
    ['the approval', { 'approval.csv': [{ sample: 'yes', approved_by: '', approved_on: '' }] }],
  ])('changes with %s', (_, files) => {
    const changed = compileCatalogue(tablesOf(files)).value?.digest;
    expect(changed).toBeDefined();
    expect(changed).not.toBe(compileCatalogue(tablesOf({})).value?.digest);
  });
});

describe('approval', () => {
  test('a catalogue without a word about it is sample data', () => {
    const { 'approval.csv': _, ...rest } = tablesOf({});
    expect(compileCatalogue(rest).value?.sample).toBe(true);
  });

  test('a catalogue that says who approved it and when is none', () => {
    expect(compileCatalogue(tablesOf({})).value?.sample).toBe(false);
  });

  test('no sample, and nobody who approved it, is refused', () => {
    expect(problemsOf({ 'approval.csv': [{ sample: 'no', approved_by: '', approved_on: '' }] })).toEqual([
      'empty-field approval.csv:2/approved_by',
      'empty-field approval.csv:2/approved_on',
    ]);
  });

  test('two lines of approval are refused', () => {
    const line = GOOD['approval.csv'][0] as Fields;
    expect(problemsOf({ 'approval.csv': [line, line] })).toEqual(['duplicate-key approval.csv']);
  });
});

describe('a table that is not given', () => {
  test('keeps the rows of the active catalogue', () => {
    const active = sampleCatalogue();
    expect(compileCatalogue({}, active).value).toEqual(active);
    const marks = { columns: Object.keys(MARK), records: [{ line: 2, fields: MARK }] };
    const { value } = compileCatalogue({ 'marks.csv': marks }, active);
    expect(value?.marks).toHaveLength(1);
    expect(value?.items).toEqual(active.items);
    expect(value?.prices).toEqual(active.prices);
  });

  test('keeps every column of an item that has them all', () => {
    const whole = {
      ...ITEM,
      method: 'ISE;FES',
      not_method: 'POCT',
      blocked_by: 'haemolysed',
      tolerates: 'noise;low-rate',
      body_site: 'arm',
      change_percent: '14',
      ...SHOWN,
    };
    const active = compileCatalogue(
      tablesOf({ 'items.csv': [whole, { ...whole, ...SODIUM, checks: SHOWN.checks }] }),
    ).value;
    expect(active?.items.get('K')).toMatchObject({
      method: ['FES', 'ISE'],
      notMethod: ['POCT'],
      blockedBy: ['haemolysed'],
      tolerates: ['low-rate', 'noise'],
      showPrevious: true,
      bodySite: 'arm',
      changePercent: 14,
    });
    expect(compileCatalogue({}, active).value).toEqual(active);
  });

  test('is missing when no catalogue is active', () => {
    const { 'items.csv': _, ...rest } = tablesOf({});
    const { value, problems } = compileCatalogue(rest);
    expect(value).toBeUndefined();
    expect(problems).toEqual([{ code: 'recognition/missing-file', severity: 'fatal', at: 'items.csv' }]);
  });

  test('a file that no catalogue has is refused by its place, not by its name', () => {
    const { problems } = compileCatalogue({ 'secret.csv': { columns: [], records: [] } }, sampleCatalogue());
    expect(problems).toEqual([{ code: 'recognition/unknown-file', severity: 'fatal', at: '[1]' }]);
  });
});

const item = (over: Partial<typeof ITEM>): Partial<Record<File, readonly Fields[]>> => ({
  'items.csv': [{ ...ITEM, ...over }, SODIUM],
});
const price = (...over: readonly Partial<typeof PRICE>[]): Partial<Record<File, readonly Fields[]>> => ({
  'prices.csv': over.map((fields) => ({ ...PRICE, ...fields })),
});
const mark = (over: Partial<typeof MARK>): Partial<Record<File, readonly Fields[]>> => ({
  'marks.csv': [{ ...MARK, ...over }],
});
const consequences = GOOD['consequences.csv'];

test('the small catalogue of these tests compiles', () => {
  expect(problemsOf({})).toEqual([]);
});

test.each<[string, Partial<Record<File, readonly Fields[]>>, string]>([
  ['a column that is not known', { 'items.csv': [{ ...ITEM, colour: 'red' }] }, 'unknown-column items.csv/[12]'],
  ['an empty name', item({ name_zh: ' ' }), 'empty-field items.csv:2/name_zh'],
  [
    'an id in small letters',
    { ...item({}), 'refusal-reasons.csv': [{ ...(GOOD['refusal-reasons.csv'][0] as Fields), code: 'a' }] },
    'bad-id refusal-reasons.csv:2/code',
  ],
  ['a window that is no number', item({ window_hours: '3 days' }), 'bad-number items.csv:2/window_hours'],
  ['a negative window', item({ window_hours: '-1' }), 'bad-number items.csv:2/window_hours'],
  ['a window with a fraction', item({ window_hours: '7.5' }), 'bad-number items.csv:2/window_hours'],
  ['an unknown word', item({ suggest: 'maybe' }), 'bad-word items.csv:2/suggest'],
  ['a LOINC code with a wrong check digit', item({ loinc: '2823-4' }), 'bad-loinc items.csv:2/loinc'],
  ['a specimen of no kind', item({ specimen: 'serum/moonlight' }), 'unknown-specimen items.csv:2/specimen'],
  [
    'an item without a specimen whose specimen is checked',
    item({ specimen: '', checks: `${CHECKS};specimen` }),
    'empty-field items.csv:2/specimen',
  ],
  [
    'a flag that no result carries',
    { 'items.csv': [{ ...ITEM, blocked_by: 'haemolized' }, SODIUM] },
    'unknown-flag items.csv:2/blocked_by',
  ],
  [
    'a usual flag that no result carries',
    { 'items.csv': [{ ...ITEM, tolerates: 'wobbly' }, SODIUM] },
    'unknown-flag items.csv:2/tolerates',
  ],
  [
    'a last result that is shown perhaps',
    { 'items.csv': [{ ...ITEM, ...SHOWN, show_previous: 'no' }, SODIUM] },
    'bad-word items.csv:2/show_previous',
  ],
  [
    'a last result that nothing would ever show',
    { 'items.csv': [{ ...ITEM, show_previous: 'yes' }, SODIUM] },
    'missing-check items.csv:2/checks',
  ],
  ['a unit that is not UCUM', item({ ucum: 'blobs' }), 'unknown-unit items.csv:2/ucum'],
  ['a check that is not known', item({ checks: `${CHECKS};luck` }), 'unknown-check items.csv:2/checks'],
  [
    'an item without the window check',
    item({ checks: CHECKS.replace('window;', '') }),
    'missing-check items.csv:2/checks',
  ],
  ['an item twice', { 'items.csv': [ITEM, SODIUM, { ...SODIUM, loinc: '' }] }, 'duplicate-key items.csv:4/item'],
  [
    'a LOINC code of two items',
    { 'items.csv': [ITEM, { ...SODIUM, loinc: '2823-3' }] },
    'duplicate-loinc items.csv:3/loinc',
  ],
  [
    'a panel with an unknown item',
    { 'panels.csv': [...GOOD['panels.csv'], { panel: 'SALTS', item: 'CL', role: 'required' }] },
    'unknown-item panels.csv:4/item',
  ],
  [
    'an item twice in a panel',
    { 'panels.csv': [...GOOD['panels.csv'], { panel: 'SALTS', item: 'K', role: 'derived' }] },
    'duplicate-key panels.csv:4/item',
  ],
  [
    'a name for a panel that is not there',
    { 'panel-names.csv': [...GOOD['panel-names.csv'], { panel: 'FATS', name_zh: '脂', name_en: 'Fats', loinc: '' }] },
    'unknown-panel panel-names.csv:3/panel',
  ],
  [
    'a panel without required items',
    { 'panels.csv': [{ panel: 'SALTS', item: 'K', role: 'derived' }] },
    'panel-without-items panel-names.csv:2/panel',
  ],
  [
    'a charge for what is not there',
    { 'price-items.csv': [{ price_item: 'P-K', name_zh: '钾', national_code: '', covers: 'K;CL' }] },
    'unknown-target price-items.csv:2/covers',
  ],
  [
    'a charge for nothing',
    { 'price-items.csv': [{ price_item: 'P-K', name_zh: '钾', national_code: '', covers: ';' }] },
    'empty-field price-items.csv:2/covers',
  ],
  ['a price of an unknown charge', price({ price_item: 'P-X' }), 'unknown-price-item prices.csv:2/price_item'],
  ['a price in yuan', price({ fen: '8.5' }), 'bad-number prices.csv:2/fen'],
  ['a price for a facility and a level', price({ facility: 'city' }), 'bad-price-scope prices.csv:2/level'],
  ['a price for nobody', price({ level: '' }), 'bad-price-scope prices.csv:2/level'],
  ['a day that does not exist', price({ valid_from: '2026-02-30' }), 'bad-date prices.csv:2/valid_from'],
  ['a period that ends when it begins', price({ valid_to: '2026-01-01' }), 'bad-period prices.csv:2/valid_to'],
  [
    'two prices on one day',
    price({}, { valid_from: '2026-06-01', fen: '900' }),
    'overlapping-price prices.csv:3/valid_from',
  ],
  ['a mark for an unknown item', mark({ item: 'CL' }), 'unknown-item marks.csv:2/item'],
  ['a mark of unknown reach', mark({ reach: 'galaxy' }), 'bad-word marks.csv:2/reach'],
  ['a city mark with a province prefix', mark({ within: '00' }), 'bad-reach marks.csv:2/within'],
  ['a mark that reaches nobody', mark({ within: '' }), 'bad-reach marks.csv:2/within'],
  ['a national mark with an area', mark({ reach: 'national' }), 'bad-reach marks.csv:2/within'],
  [
    'a check without a consequence',
    { 'consequences.csv': consequences.filter(({ check }) => check !== 'unit') },
    'missing-consequence consequences.csv/unit',
  ],
  [
    'a consequence that lets another person through',
    {
      'consequences.csv': consequences.map((row) =>
        row['check'] === 'certain-person' ? { ...row, failed: 'review' } : row,
      ),
    },
    `too-lenient consequences.csv:${CHECK_CODES.indexOf('certain-person') + 2}/failed`,
  ],
  [
    'a consequence that lets a result of nobody through',
    {
      'consequences.csv': consequences.map((row) =>
        row['check'] === 'certain-person' ? { ...row, unknown: 'review' } : row,
      ),
    },
    `too-lenient consequences.csv:${CHECK_CODES.indexOf('certain-person') + 2}/unknown`,
  ],
  [
    'a consequence for an unknown item',
    { 'consequences.csv': [...consequences, { check: 'unit', item: 'CL', failed: 'review', unknown: 'review' }] },
    `unknown-item consequences.csv:${CHECK_CODES.length + 2}/item`,
  ],
])('%s is refused with its place', (_, files, expected) => {
  expect(problemsOf(files)).toEqual([expected]);
});

test('a panel with the id of an item is refused, and one without a name', () => {
  expect(problemsOf({ 'panels.csv': [...GOOD['panels.csv'], { panel: 'NA', item: 'K', role: 'required' }] })).toEqual([
    'panel-is-item panels.csv:4/panel',
    'panel-without-name panels.csv:4/panel',
  ]);
});

test('prices that follow each other to the day do not overlap, and a facility may have its own', () => {
  const follow = price(
    { valid_to: '2026-06-01' },
    { valid_from: '2026-06-01', fen: '900' },
    { facility: 'city', level: '', fen: '800' },
  );
  expect(problemsOf(follow)).toEqual([]);
});

test('a missing column is told once, not once a line', () => {
  const rows = GOOD['items.csv'].map((row) =>
    Object.fromEntries(Object.entries(row).filter(([column]) => column !== 'ucum')),
  );
  expect(problemsOf({ 'items.csv': rows })).toEqual(['missing-column items.csv/ucum']);
});

test.each<[string, Partial<Record<File, readonly Fields[]>>, string]>([
  [
    'a reference change value of nothing',
    {
      'items.csv': [
        { ...ITEM, change_percent: '0' },
        { ...SODIUM, change_percent: '' },
      ],
    },
    'bad-number items.csv:2/change_percent',
  ],
  [
    'a mark that overlaps another batch',
    { 'marks.csv': [MARK, { ...MARK, batch: '2', valid_from: '2026-06-01' }] },
    'overlapping-mark marks.csv:3/valid_from',
  ],
  [
    'containment of an unknown item',
    { 'containment.csv': [{ ...CONTAINS, inner: 'CL' }] },
    'unknown-item containment.csv:2/inner',
  ],
  [
    'an exam that contains itself',
    { 'containment.csv': [{ ...CONTAINS, inner: 'K' }] },
    'containment-cycle containment.csv:2/inner',
  ],
  ['the same containment twice', { 'containment.csv': [CONTAINS, CONTAINS] }, 'duplicate-key containment.csv:3/inner'],
  ['a window of an unknown item', { 'windows.csv': [{ ...WINDOW, item: 'CL' }] }, 'unknown-item windows.csv:2/item'],
  ['a window of half an area', { 'windows.csv': [{ ...WINDOW, area: '001' }] }, 'bad-reach windows.csv:2/area'],
  ['a window of less than nothing', { 'windows.csv': [{ ...WINDOW, hours: '-1' }] }, 'bad-number windows.csv:2/hours'],
  [
    'two windows on one day',
    { 'windows.csv': [WINDOW, { ...WINDOW, valid_from: '2026-02-01' }] },
    'overlapping-window windows.csv:3/valid_from',
  ],
  [
    'an asker that is the same as itself',
    { 'acceptance.csv': [{ ...ACCEPTS, asker: 'level:same' }] },
    'bad-selector acceptance.csv:2/asker',
  ],
  [
    'a giver of a level that is none',
    { 'acceptance.csv': [{ ...ACCEPTS, giver: 'level:4' }] },
    'bad-selector acceptance.csv:2/giver',
  ],
  [
    'everybody, and someone besides',
    { 'acceptance.csv': [{ ...ACCEPTS, giver: '*;level:3' }] },
    'bad-selector acceptance.csv:2/giver',
  ],
  [
    'acceptance that says yes and no on one day',
    {
      'acceptance.csv': [ACCEPTS, { ...ACCEPTS, accepts: 'no', giver: 'area:00;level:same', valid_from: '2026-05-01' }],
    },
    'overlapping-acceptance acceptance.csv:3/valid_from',
  ],
  [
    'a situation of an unknown item',
    { 'situations.csv': [{ ...SITUATION, item: 'CL' }] },
    'unknown-item situations.csv:2/item',
  ],
  ['an age without years', { 'situations.csv': [{ ...SITUATION, years: '' }] }, 'empty-field situations.csv:2/years'],
  [
    'years of what has none',
    { 'situations.csv': [{ ...SITUATION, situation: 'pregnant' }] },
    'bad-number situations.csv:2/years',
  ],
  [
    'a situation twice',
    { 'situations.csv': [SITUATION, { ...SITUATION, years: '3' }] },
    'duplicate-key situations.csv:3/situation',
  ],
  [
    'half a second coding',
    { 'refusal-reasons.csv': [{ ...(GOOD['refusal-reasons.csv'][0] as Fields), second_system: 'x', second_code: '' }] },
    'empty-field refusal-reasons.csv:2/second_code',
  ],
])('%s is refused with its place', (_, files, expected) => {
  expect(problemsOf(files)).toEqual([expected]);
});

test('a circle of containment is refused where it closes, whatever its length', () => {
  const chloride = { ...ITEM, item: 'CL', name_zh: '氯', loinc: '' };
  const pairs = [CONTAINS, { outer: 'NA', inner: 'CL', source: 'test' }, { outer: 'CL', inner: 'K', source: 'test' }];
  const files = { 'items.csv': [ITEM, SODIUM, chloride], 'containment.csv': pairs };
  expect(problemsOf(files)).toEqual(['containment-cycle containment.csv:4/inner']);
  expect(problemsOf({ ...files, 'containment.csv': pairs.slice(0, 2) })).toEqual([]);
});

test('windows and marks that follow each other to the day do not overlap', () => {
  const later = { valid_from: '2026-06-01' };
  expect(
    problemsOf({
      'windows.csv': [
        { ...WINDOW, valid_to: '2026-06-01' },
        { ...WINDOW, ...later },
        { ...WINDOW, level: '' },
      ],
      'marks.csv': [
        { ...MARK, valid_to: '2026-06-01' },
        { ...MARK, ...later, batch: '2' },
      ],
    }),
  ).toEqual([]);
});

test('an exam of the body itself has no specimen, and an item that says nothing new has the digest of old', () => {
  const { value, problems } = compileCatalogue(tablesOf(item({ specimen: '' })));
  expect(problems).toEqual([]);
  expect(value?.items.get('K')?.specimen).toBe('');
  expect(Object.keys(value?.items.get('K') ?? {}).filter((name) => /tolerates|showPrevious/.test(name))).toEqual([]);
});

test('a check that no item asks for needs no consequence', () => {
  const unasked = consequences.filter(({ check }) => check !== 'stability' && check !== 'acceptance');
  expect(problemsOf({ 'consequences.csv': unasked })).toEqual([]);
  const asking = { ...ITEM, checks: `${CHECKS};stability` };
  expect(problemsOf({ 'consequences.csv': unasked, 'items.csv': [asking, SODIUM] })).toEqual([
    'missing-consequence consequences.csv/stability',
  ]);
});

test('an empty table of items is refused', () => {
  expect(problemsOf({ 'items.csv': [] })).toContain('no-rows items.csv');
});

test('everything that is wrong is told at once', () => {
  const all = { ...item({ window_hours: 'x', suggest: 'x' }), ...price({ fen: 'x' }), ...mark({ reach: 'x' }) };
  expect(problemsOf(all)).toEqual([
    'bad-number items.csv:2/window_hours',
    'bad-word items.csv:2/suggest',
    'bad-number prices.csv:2/fen',
    'bad-word marks.csv:2/reach',
  ]);
});

test('no problem carries a word of the table', () => {
  const secret = 'SECRET';
  const spoilt = Object.fromEntries(
    Object.entries(GOOD).map(([file, rows]) => [
      file,
      rows.map((row) => Object.fromEntries(Object.keys(row).map((column) => [column, secret]))),
    ]),
  ) as Partial<Record<File, readonly Fields[]>>;
  const { problems } = compileCatalogue(tablesOf(spoilt));
  expect(problems.length).toBeGreaterThan(20);
  expect(JSON.stringify(problems)).not.toContain(secret);
});

test('every sentence of recognition belongs to a problem that a test produces', () => {
  const here = readFileSync(import.meta.filename, 'utf8');
  const stored = readFileSync(join(import.meta.dirname, 'catalogue-text.test.ts'), 'utf8');
  const codes = Object.keys(SENTENCES).map((code) => code.replace('recognition/', ''));
  expect(
    codes.filter((code) => !here.includes(`${code} `) && !`${here}${stored}`.includes(`recognition/${code}`)),
  ).toEqual([]);
});
