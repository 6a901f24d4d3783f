/** The catalogue's compiler: tables of text → Catalogue, or everything that is wrong with them at once (DESIGN 5, SETTLED 13). */
import type { Parsed, Problem } from '../base/problem.ts';
import type { Catalogue, CatalogueItem, ConsequenceRow, Panel, PriceItem, RefusalReason } from '../terms/catalogue.ts';
import { CHECK_CODES } from '../terms/check.ts';
import type { CheckCode } from '../terms/check.ts';
import { byText, CATALOGUE_FILES, fatal, readRows, sorted } from './catalogue-tables.ts';
import type { CatalogueFile, CatalogueTable, CatalogueTables, Row } from './catalogue-tables.ts';
import { digestCatalogue } from './catalogue-text.ts';
import { compileMarks } from './compile-marks.ts';
import { compilePrices } from './compile-prices.ts';
import { tablesOf } from './tables-of.ts';

/** Checks that no item may go without: the rest is for the local quality control centre to decide. */
const INDISPENSABLE: readonly CheckCode[] = [
  'same-item',
  'window',
  'status-final',
  'production',
  'critical',
  'negative-list',
  'certain-person',
  'legal-basis',
];

export type { CatalogueTables };

const WINDOW_HOURS_MAX = 24 * 366 * 20;

/**
 * Compiles the tables strictly; wrong files and headers are told first, then all wrong fields. Problems are all fatal,
 * with `at` = `items.csv:12/window_hours`. A table that is not given keeps the active catalogue's rows. The order of
 * lines means nothing: one content has one value and one digest.
 */
export function compileCatalogue(tables: CatalogueTables, active?: Catalogue): Parsed<Catalogue> {
  const problems: Problem[] = [];
  const rows = readTables(tables, active, problems);
  if (problems.length > 0) return { value: undefined, problems };
  const sample = compileApproval(rows['approval.csv'], problems);
  const items = compileItems(rows['items.csv'], problems);
  const panels = compilePanels(rows['panels.csv'], rows['panel-names.csv'], items);
  noteSharedLoinc(items.rows, panels.rows);
  const priceItems = compilePriceItems(rows['price-items.csv'], items.byId, panels.byId);
  const content = {
    sample,
    items: inOrder(items.byId),
    panels: inOrder(panels.byId),
    priceItems: inOrder(priceItems),
    prices: compilePrices(rows['prices.csv'], priceItems),
    marks: compileMarks(rows['marks.csv'], items.byId),
    refusalReasons: compileReasons(rows['refusal-reasons.csv']),
    consequences: compileConsequences(rows['consequences.csv'], items.byId, problems),
  };
  if (problems.length > 0) return { value: undefined, problems };
  return { value: { digest: digestCatalogue(content), ...content }, problems };
}

type Rows = Readonly<Record<CatalogueFile, readonly Row[]>>;

function readTables(given: CatalogueTables, active: Catalogue | undefined, problems: Problem[]): Rows {
  const kept: Partial<Record<CatalogueFile, CatalogueTable>> = active === undefined ? {} : tablesOf(active);
  for (const [index, file] of Object.keys(given).entries()) {
    if (!Object.hasOwn(CATALOGUE_FILES, file)) problems.push(fatal('unknown-file', `[${index + 1}]`));
  }
  const files = Object.keys(CATALOGUE_FILES) as CatalogueFile[];
  const read = files.map((file) => {
    const table = Object.hasOwn(given, file) ? given[file] : kept[file];
    if (table !== undefined) return [file, readRows(file, table, problems)] as const;
    if (file !== 'approval.csv') problems.push(fatal('missing-file', file));
    return [file, []] as const;
  });
  return Object.fromEntries(read) as unknown as Rows;
}

/** Whether it is sample data: it is, unless one line says who approved it and when. */
function compileApproval(rows: readonly Row[], problems: Problem[]): boolean {
  if (rows.length > 1) problems.push(fatal('duplicate-key', 'approval.csv'));
  const [row] = rows;
  if (row === undefined || row.word('sample', ['yes', 'no']) === 'yes') return true;
  row.required('approved_by');
  row.required('approved_on');
  row.date('approved_on');
  return false;
}

interface WithRows<T> {
  readonly byId: ReadonlyMap<string, T>;
  readonly rows: readonly { readonly row: Row; readonly loinc: string }[];
}

function compileItems(rows: readonly Row[], problems: Problem[]): WithRows<CatalogueItem> {
  const byId = new Map<string, CatalogueItem>();
  if (rows.length === 0) problems.push(fatal('no-rows', 'items.csv'));
  const seen = rows.map((row) => {
    const item = compileItem(row);
    if (byId.has(item.id)) row.wrong('item', 'duplicate-key');
    byId.set(item.id, item);
    return { row, loinc: item.loinc };
  });
  return { byId, rows: seen };
}

function compileItem(row: Row): CatalogueItem {
  row.required('source');
  const bodySite = row.optional('body_site');
  return {
    id: row.id('item'),
    category: row.required('category'),
    nameZh: row.required('name_zh'),
    nameEn: row.required('name_en'),
    loinc: row.loinc('loinc'),
    specimen: row.required('specimen'),
    ucum: row.optional('ucum'),
    windowHours: row.integer('window_hours', 0, WINDOW_HOURS_MAX),
    suggest: row.word('suggest', ['yes', 'no', 'info-only']),
    checks: compileChecks(row),
    method: row.list('method'),
    notMethod: row.list('not_method'),
    blockedBy: row.list('blocked_by'),
    ...(bodySite === '' ? {} : { bodySite }),
  };
}

function compileChecks(row: Row): readonly CheckCode[] {
  const named = row.list('checks');
  if (named.some((name) => !CHECK_CODES.some((code) => code === name))) row.wrong('checks', 'unknown-check');
  if (INDISPENSABLE.some((code) => !named.includes(code))) row.wrong('checks', 'missing-check');
  return CHECK_CODES.filter((code) => named.includes(code));
}

function compilePanels(
  members: readonly Row[],
  names: readonly Row[],
  items: WithRows<CatalogueItem>,
): WithRows<Panel> {
  const byId = new Map<string, { required: string[]; derived: string[]; row: Row }>();
  const seen = new Set<string>();
  for (const row of members) {
    const id = row.id('panel');
    const item = row.required('item');
    const role = row.word('role', ['required', 'derived']);
    if (items.byId.has(id)) row.wrong('panel', 'panel-is-item');
    if (item !== '' && !items.byId.has(item)) row.wrong('item', 'unknown-item');
    if (seen.has(`${id} ${item}`)) row.wrong('item', 'duplicate-key');
    seen.add(`${id} ${item}`);
    const panel = byId.get(id) ?? { required: [], derived: [], row };
    panel[role].push(item);
    byId.set(id, panel);
  }
  const panels = new Map<string, Panel>();
  const rows = names.map((row) => {
    const id = row.id('panel');
    const panel = byId.get(id);
    if (panels.has(id)) row.wrong('panel', 'duplicate-key');
    if (panel === undefined) row.wrong('panel', 'unknown-panel');
    else if (panel.required.length === 0) row.wrong('panel', 'panel-without-items');
    const loinc = row.loinc('loinc');
    panels.set(id, {
      id,
      nameZh: row.required('name_zh'),
      nameEn: row.required('name_en'),
      loinc,
      required: sorted(panel?.required ?? []),
      derived: sorted(panel?.derived ?? []),
    });
    return { row, loinc };
  });
  for (const [id, panel] of byId) if (!panels.has(id)) panel.row.wrong('panel', 'panel-without-name');
  return { byId: panels, rows };
}

/** A LOINC code maps without a row of a code map (SETTLED 15), so it may belong to one item or panel only. */
function noteSharedLoinc(...tables: readonly WithRows<unknown>['rows'][]): void {
  const seen = new Set<string>();
  for (const { row, loinc } of tables.flat()) {
    if (loinc !== '' && seen.has(loinc)) row.wrong('loinc', 'duplicate-loinc');
    seen.add(loinc);
  }
}

function compilePriceItems(
  rows: readonly Row[],
  items: ReadonlyMap<string, CatalogueItem>,
  panels: ReadonlyMap<string, Panel>,
): ReadonlyMap<string, PriceItem> {
  const byId = new Map<string, PriceItem>();
  for (const row of rows) {
    const id = row.id('price_item');
    const covers = row.list('covers');
    if (byId.has(id)) row.wrong('price_item', 'duplicate-key');
    if (covers.length === 0) row.wrong('covers', 'empty-field');
    if (covers.some((target) => !items.has(target) && !panels.has(target))) row.wrong('covers', 'unknown-target');
    byId.set(id, { id, nameZh: row.required('name_zh'), nationalCode: row.optional('national_code'), covers });
  }
  return byId;
}

function compileReasons(rows: readonly Row[]): readonly RefusalReason[] {
  const seen = new Set<string>();
  const reasons = rows.map((row) => {
    const code = row.id('code');
    if (seen.has(code)) row.wrong('code', 'duplicate-key');
    seen.add(code);
    const countsAsRefusal = row.word('counts_as_refusal', ['yes', 'no']) === 'yes';
    return { code, zh: row.required('zh'), en: row.required('en'), countsAsRefusal };
  });
  return reasons.toSorted((left, right) => byText(left.code, right.code));
}

function compileConsequences(
  rows: readonly Row[],
  items: ReadonlyMap<string, CatalogueItem>,
  problems: Problem[],
): readonly ConsequenceRow[] {
  const seen = new Set<string>();
  const compiled = rows.map((row) => {
    const name = row.required('check');
    const check = CHECK_CODES.find((code) => code === name);
    const item = row.required('item');
    if (name !== '' && check === undefined) row.wrong('check', 'unknown-check');
    if (item !== '' && item !== '*' && !items.has(item)) row.wrong('item', 'unknown-item');
    if (seen.has(`${name} ${item}`)) row.wrong('check', 'duplicate-key');
    seen.add(`${name} ${item}`);
    const words = ['do-not', 'review'] as const;
    return {
      check: check ?? 'same-item',
      item,
      failed: row.word('failed', words),
      unknown: row.word('unknown', words),
    };
  });
  for (const check of CHECK_CODES) {
    if (!seen.has(`${check} *`)) problems.push(fatal('missing-consequence', `consequences.csv/${check}`));
  }
  return compiled.toSorted((left, right) => byText(`${left.check} ${left.item}`, `${right.check} ${right.item}`));
}

function inOrder<T>(byId: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  return new Map([...byId].toSorted(([left], [right]) => byText(left, right)));
}
