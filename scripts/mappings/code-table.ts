/**
 * Reads one code table, `0085-observation-status.csv`, and writes its look-up. A row `*` says what
 * happens to every other code (`=` keeps it); without one, an unknown code has no translation.
 */
import { basename } from 'node:path';
import type { CsvTable } from '../../src/runtime/node/read-csv.ts';
import { fault } from './fault.ts';

export const CODE_COLUMNS = ['code', 'display', 'target system', 'target code', 'target display', 'comment'] as const;

export interface CodeTable {
  readonly id: string;
  readonly file: string;
  readonly rows: readonly CodeRow[];
  readonly others: CodeRow | undefined;
}

interface CodeRow {
  readonly code: string;
  readonly system: string;
  readonly target: string;
  readonly display: string;
}

export function checkCodeTable(file: string, csv: CsvTable): CodeTable {
  const head = { file, line: 1 };
  const named = /^([A-Za-z0-9]+)-[a-z0-9-]+\.csv$/.exec(basename(file));
  if (named === null) fault(head, 'a code table is named like 0085-observation-status.csv');
  csv.columns.forEach((column, i) => {
    if (column !== CODE_COLUMNS[i]) fault(head, `unknown column "${column}" — columns are ${CODE_COLUMNS.join(', ')}`);
  });
  if (csv.columns.length !== CODE_COLUMNS.length) fault(head, `columns are ${CODE_COLUMNS.join(', ')}`);
  const rows: CodeRow[] = [];
  const seen = new Set<string>();
  for (const { line, fields } of csv.records) {
    const where = { file, line };
    const row = {
      code: fields['code'] ?? '',
      system: fields['target system'] ?? '',
      target: fields['target code'] ?? '',
      display: fields['target display'] ?? '',
    };
    if (row.code === '') fault(where, 'code is empty');
    if (row.target === '') fault(where, 'target code is empty');
    if (row.target === '=' && row.code !== '*') fault(where, 'only the row * may keep the code with =');
    const key = row.code.toUpperCase();
    if (seen.has(key)) fault(where, `code "${row.code}" stands here twice`);
    seen.add(key);
    rows.push(row);
  }
  return {
    id: named[1] as string,
    file,
    rows: rows.filter((row) => row.code !== '*'),
    others: rows.find((row) => row.code === '*'),
  };
}

/** Codes that the table can give, and whether it keeps others as they are. */
export function codesGiven(table: CodeTable): { gives: string[]; open: boolean } {
  const all = table.others === undefined ? table.rows : [...table.rows, table.others];
  return {
    gives: [...new Set(all.map((row) => row.target))].filter((code) => code !== '='),
    open: table.others?.target === '=',
  };
}

export function emitCodeTables(tables: readonly CodeTable[]): string {
  const parts = tables.map((table) => {
    const rows = table.rows.map((row) => `  [${quote(row.code.toUpperCase())}, ${tuple(row)}],`);
    const others = table.others === undefined ? 'undefined' : tuple(table.others);
    return `/** ${basename(table.file)} */\nexport const table${table.id}: CodeTable = {\n  rows: new Map([\n${rows.map((row) => `  ${row}`).join('\n')}\n  ]),\n  others: ${others},\n};\n`;
  });
  return `import type { CodeTable } from '../code-table.ts';\n\n${parts.join('\n')}`;
}

function tuple(row: CodeRow): string {
  const fields = [`code: ${quote(row.target)}`];
  if (row.system !== '') fields.push(`system: ${quote(row.system)}`);
  if (row.display !== '') fields.push(`display: ${quote(row.display)}`);
  return `{ ${fields.join(', ')} }`;
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
