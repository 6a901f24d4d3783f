/** The compiler's items: what may be recognised, for how long, and under which checks. */
import type { Problem } from '../base/problem.ts';
import type { CatalogueItem } from '../terms/catalogue.ts';
import { CHECK_CODES } from '../terms/check.ts';
import type { CheckCode } from '../terms/check.ts';
import { readUcum } from '../units/ucum.ts';
import { fatal } from './catalogue-tables.ts';
import type { Row } from './catalogue-tables.ts';
import { isQualityFlag } from './flag-words.ts';
import { isSpecimenKind } from './specimen-kind.ts';

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

export const WINDOW_HOURS_MAX = 24 * 366 * 20;

/** What a table says, by id, and its rows for what can only be judged across tables. */
export interface WithRows<T> {
  readonly byId: ReadonlyMap<string, T>;
  readonly rows: readonly { readonly row: Row; readonly loinc: string }[];
}

export function compileItems(rows: readonly Row[], problems: Problem[]): WithRows<CatalogueItem> {
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
  const ucum = row.optional('ucum');
  if (ucum !== '' && readUcum(ucum) === undefined) row.wrong('ucum', 'unknown-unit');
  const checks = compileChecks(row);
  // An exam of the body itself has no specimen.
  const specimen = checks.includes('specimen') ? row.required('specimen') : row.optional('specimen');
  if (specimen !== '' && !specimen.split('/').every(isSpecimenKind)) row.wrong('specimen', 'unknown-specimen');
  const bodySite = row.optional('body_site');
  const tolerates = compileFlags(row, 'tolerates');
  const showPrevious = row.optional('show_previous') !== '' && row.word('show_previous', ['yes']) === 'yes';
  // What no situation forbids would never be shown.
  if (showPrevious && !checks.includes('situation')) row.wrong('checks', 'missing-check');
  return {
    id: row.id('item'),
    category: row.required('category'),
    nameZh: row.required('name_zh'),
    nameEn: row.required('name_en'),
    loinc: row.loinc('loinc'),
    specimen,
    ucum,
    windowHours: row.integer('window_hours', 0, WINDOW_HOURS_MAX),
    suggest: row.word('suggest', ['yes', 'no', 'info-only']),
    checks,
    method: row.list('method'),
    notMethod: row.list('not_method'),
    blockedBy: compileFlags(row, 'blocked_by'),
    ...(tolerates.length === 0 ? {} : { tolerates }),
    ...(showPrevious ? { showPrevious } : {}),
    ...(row.optional('change_percent') === '' ? {} : { changePercent: row.integer('change_percent', 1, 1000) }),
    ...(bodySite === '' ? {} : { bodySite }),
  };
}

function compileFlags(row: Row, column: 'blocked_by' | 'tolerates'): readonly string[] {
  const named = row.list(column);
  if (!named.every(isQualityFlag)) row.wrong(column, 'unknown-flag');
  return named;
}

function compileChecks(row: Row): readonly CheckCode[] {
  const named = row.list('checks');
  if (named.some((name) => !CHECK_CODES.some((code) => code === name))) row.wrong('checks', 'unknown-check');
  if (INDISPENSABLE.some((code) => !named.includes(code))) row.wrong('checks', 'missing-check');
  return CHECK_CODES.filter((code) => named.includes(code));
}

/** A LOINC code maps without a row of a code map (SETTLED 15), so it may belong to one item or panel only. */
export function noteSharedLoinc(...tables: readonly WithRows<unknown>['rows'][]): void {
  const seen = new Set<string>();
  for (const { row, loinc } of tables.flat()) {
    if (loinc !== '' && seen.has(loinc)) row.wrong('loinc', 'duplicate-loinc');
    seen.add(loinc);
  }
}
