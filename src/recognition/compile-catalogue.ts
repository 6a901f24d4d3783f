/** The catalogue's compiler: tables of text → Catalogue, or everything that is wrong with them at once (DESIGN 5, SETTLED 13). */
import type { Parsed, Problem } from '../base/problem.ts';
import type { Catalogue, CatalogueItem, ConsequenceRow, RefusalReason } from '../terms/catalogue.ts';
import { CHECK_CODES } from '../terms/check.ts';
import type { CheckCode } from '../terms/check.ts';
import { byText, CATALOGUE_FILES, fatal, OPTIONAL_FILES, readRows } from './catalogue-tables.ts';
import type { CatalogueFile, CatalogueTable, CatalogueTables, Row } from './catalogue-tables.ts';
import { digestCatalogue } from './catalogue-text.ts';
import { compileItems, noteSharedLoinc } from './compile-items.ts';
import { compileMarks } from './compile-marks.ts';
import { compilePanels, compilePriceItems } from './compile-panels.ts';
import { compilePrices } from './compile-prices.ts';
import { compileAcceptance, compileContainment, compileSituations, compileWindows } from './compile-rules.ts';
import { tablesOf } from './tables-of.ts';

export type { CatalogueTables };

/** A card with another person's, a test, a closed or another item's result is never a matter of taste. */
const STRICT: readonly CheckCode[] = ['same-item', 'production', 'certain-person', 'legal-basis'];

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
  const panels = compilePanels(rows['panels.csv'], rows['panel-names.csv'], items.byId);
  noteSharedLoinc(items.rows, panels.rows);
  const priceItems = compilePriceItems(rows['price-items.csv'], items.byId, panels.byId);
  const content = {
    sample,
    items: inOrder(items.byId),
    panels: inOrder(panels.byId),
    priceItems: inOrder(priceItems),
    prices: compilePrices(rows['prices.csv'], priceItems),
    marks: compileMarks(rows['marks.csv'], items.byId),
    containment: compileContainment(rows['containment.csv'], items.byId),
    windows: compileWindows(rows['windows.csv'], items.byId),
    acceptance: compileAcceptance(rows['acceptance.csv']),
    situations: compileSituations(rows['situations.csv'], items.byId),
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
    if (!OPTIONAL_FILES.has(file)) problems.push(fatal('missing-file', file));
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

function compileReasons(rows: readonly Row[]): readonly RefusalReason[] {
  const seen = new Set<string>();
  const reasons = rows.map((row) => {
    const code = row.id('code');
    if (seen.has(code)) row.wrong('code', 'duplicate-key');
    seen.add(code);
    const countsAsRefusal = row.word('counts_as_refusal', ['yes', 'no']) === 'yes';
    const [system, second] = [row.optional('second_system'), row.optional('second_code')];
    if ((system === '') !== (second === '')) row.wrong(system === '' ? 'second_system' : 'second_code', 'empty-field');
    return {
      code,
      zh: row.required('zh'),
      en: row.required('en'),
      countsAsRefusal,
      ...(system === '' ? {} : { second: { system, code: second } }),
    };
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
    const failed = row.word('failed', words);
    if (check !== undefined && STRICT.includes(check) && failed !== 'do-not') row.wrong('failed', 'too-lenient');
    const unknown = row.word('unknown', words);
    if (check === 'certain-person' && unknown !== 'do-not') row.wrong('unknown', 'too-lenient');
    return {
      check: check ?? 'same-item',
      item,
      failed,
      unknown,
    };
  });
  const asked = new Set([...items.values()].flatMap(({ checks }) => checks));
  for (const check of CHECK_CODES) {
    if (asked.has(check) && !seen.has(`${check} *`))
      problems.push(fatal('missing-consequence', `consequences.csv/${check}`));
  }
  return compiled.toSorted((left, right) => byText(`${left.check} ${left.item}`, `${right.check} ${right.item}`));
}

function inOrder<T>(byId: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  return new Map([...byId].toSorted(([left], [right]) => byText(left, right)));
}
