/** The catalogue's files as tables of text: their names, their columns, and a reader of fields that reports all that is wrong. */
import type { DayPeriod } from '../base/local-day.ts';
import type { Problem } from '../base/problem.ts';

export interface CatalogueTable {
  readonly columns: readonly string[];
  readonly records: readonly { readonly line: number; readonly fields: Readonly<Record<string, string>> }[];
}

/** Tables by file name: `items.csv`. */
export type CatalogueTables = Readonly<Record<string, CatalogueTable>>;

export type CatalogueFile = keyof typeof CATALOGUE_FILES;

/** File and columns of every table; the optional columns may be left out. */
export const CATALOGUE_FILES = {
  'approval.csv': { columns: 'sample approved_by approved_on', optional: '' },
  'items.csv': {
    columns: 'item category name_zh name_en loinc specimen ucum window_hours suggest checks source',
    optional: 'method not_method blocked_by tolerates show_previous body_site change_percent',
  },
  'panels.csv': { columns: 'panel item role', optional: '' },
  'panel-names.csv': { columns: 'panel name_zh name_en loinc', optional: '' },
  'price-items.csv': { columns: 'price_item name_zh national_code covers', optional: '' },
  'prices.csv': { columns: 'price_item facility level area fen valid_from valid_to source', optional: '' },
  'marks.csv': { columns: 'facility item reach within label batch valid_from valid_to', optional: '' },
  'containment.csv': { columns: 'outer inner source', optional: '' },
  'windows.csv': { columns: 'item level area hours valid_from valid_to source', optional: '' },
  'acceptance.csv': { columns: 'asker giver accepts valid_from valid_to source', optional: '' },
  'situations.csv': { columns: 'item situation years source', optional: '' },
  'refusal-reasons.csv': { columns: 'code zh en counts_as_refusal', optional: 'second_system second_code' },
  'consequences.csv': { columns: 'check item failed unknown', optional: '' },
} as const;

/** Without these a catalogue has none of what they say. */
export const OPTIONAL_FILES: ReadonlySet<CatalogueFile> = new Set([
  'approval.csv',
  'containment.csv',
  'windows.csv',
  'acceptance.csv',
  'situations.csv',
]);

/** One record whose fields are read with their rules; what is wrong goes to the shared list. */
export interface Row {
  at(column: string): string;
  wrong(column: string, code: string): void;
  /** Trimmed; '' when empty or absent. */
  optional(column: string): string;
  required(column: string): string;
  id(column: string): string;
  list(column: string): readonly string[];
  integer(column: string, min: number, max: number): number;
  date(column: string): string;
  /** Both dates of a row (`valid_from`, `valid_to`): the first is required, the second may be open and comes later. */
  period(): DayPeriod;
  word<T extends string>(column: string, words: readonly T[]): T;
  /** '' or a LOINC code with a right check digit. */
  loinc(column: string): string;
}

/**
 * The rows of a table. A wrong header is reported and gives no rows, so that one mistake is not told
 * a thousand times. A reader that finds a field wrong reports it and goes on with a harmless value.
 */
export function readRows(file: CatalogueFile, table: CatalogueTable, problems: Problem[]): readonly Row[] {
  const required = CATALOGUE_FILES[file].columns.split(' ');
  const known = new Set([...required, ...CATALOGUE_FILES[file].optional.split(' ')]);
  const before = problems.length;
  for (const [index, column] of table.columns.entries()) {
    if (!known.has(column)) problems.push(fatal('unknown-column', `${file}/[${index + 1}]`));
  }
  for (const column of required) {
    if (!table.columns.includes(column)) problems.push(fatal('missing-column', `${file}/${column}`));
  }
  if (problems.length > before) return [];
  return table.records.map((record) => createRow(file, record, problems));
}

export function fatal(code: string, at: string): Problem {
  return { code: `recognition/${code}`, severity: 'fatal', at };
}

function createRow(file: string, record: CatalogueTable['records'][number], problems: Problem[]): Row {
  const at = (column: string): string => `${file}:${record.line}/${column}`;
  const wrong = (column: string, code: string): void => void problems.push(fatal(code, at(column)));
  const optional = (column: string): string => (record.fields[column] ?? '').trim();
  const required = (column: string): string => {
    const text = optional(column);
    if (text === '') wrong(column, 'empty-field');
    return text;
  };
  const date = (column: string): string => {
    const text = optional(column);
    if (text !== '' && !isDate(text)) wrong(column, 'bad-date');
    return text;
  };
  return {
    at,
    wrong,
    optional,
    required,
    date,
    period() {
      const validFrom = required('valid_from') === '' ? '' : date('valid_from');
      const validTo = date('valid_to');
      if (validTo !== '' && validTo <= validFrom) wrong('valid_to', 'bad-period');
      return { validFrom, ...(validTo === '' ? {} : { validTo }) };
    },
    id(column) {
      const text = required(column);
      if (text !== '' && !/^[A-Z0-9][A-Z0-9-]{0,31}$/.test(text)) wrong(column, 'bad-id');
      return text;
    },
    list(column) {
      const parts = optional(column).split(';');
      return sorted(parts.map((part) => part.trim()).filter((part) => part !== ''));
    },
    integer(column, min, max) {
      const text = required(column);
      const number = /^\d{1,9}$/.test(text) ? Number(text) : -1;
      if (text !== '' && (number < min || number > max)) wrong(column, 'bad-number');
      return number;
    },
    word(column, words) {
      const text = required(column);
      const found = words.find((word) => word === text);
      if (text !== '' && found === undefined) wrong(column, 'bad-word');
      return found ?? (words[0] as (typeof words)[number]);
    },
    loinc(column) {
      const text = optional(column);
      if (text !== '' && !isLoinc(text)) wrong(column, 'bad-loinc');
      return text;
    },
  };
}

/** Rows of one scope whose periods share a day: the later one of each such pair is told. */
export function refuseOverlaps(
  rows: readonly { readonly row: Row; readonly scope: string; readonly period: DayPeriod }[],
  code: string,
): void {
  const inTime = rows.toSorted(
    (left, right) => byText(left.scope, right.scope) || byText(left.period.validFrom, right.period.validFrom),
  );
  for (const [index, { row, period, scope }] of inTime.entries()) {
    const before = inTime[index - 1];
    if (before?.scope !== scope) continue;
    if (period.validFrom < (before.period.validTo ?? OPEN_END)) row.wrong('valid_from', code);
  }
}

/** Later than every YYYY-MM-DD. */
const OPEN_END = '9999-99-99';

/** By code units, so that the order does not hang on a locale; repeated texts once. */
export function sorted(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].toSorted(byText);
}

export function byText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function isDate(text: string): boolean {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00.000Z`) : Number.NaN;
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}

/** LOINC Users' Guide, appendix C: the check digit is Luhn's (mod 10) over the number. */
function isLoinc(text: string): boolean {
  const match = /^(\d{1,7})-(\d)$/.exec(text);
  if (match === null) return false;
  const digits = Array.from(match[1] as string, Number).toReversed();
  const sum = digits.reduce((total, digit, index) => {
    const weighed = index % 2 === 0 ? digit * 2 : digit;
    return total + (weighed > 9 ? weighed - 9 : weighed);
  }, 0);
  return (10 - (sum % 10)) % 10 === Number(match[2]);
}
