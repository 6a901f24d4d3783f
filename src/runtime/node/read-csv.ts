/** CSV files (RFC 4180, header line, UTF-8 with or without BOM) as records with their line numbers. */
import { readFileSync } from 'node:fs';
import { CsvError, parse } from 'csv-parse/sync';

export interface CsvRecord {
  /** Line in the file that the record starts on; the header is line 1. */
  readonly line: number;
  readonly fields: Readonly<Record<string, string>>;
}

export interface CsvTable {
  readonly columns: readonly string[];
  readonly records: readonly CsvRecord[];
}

/** A file that is no CSV: names the line, never the content. */
export class CsvFault extends Error {
  override readonly name = 'CsvFault';
  readonly line: number;
  constructor(file: string, line: number, code: string) {
    super(`${file}:${line}: not a readable CSV (${code}) — mend the quotes or the column count of that line`);
    this.line = line;
  }
}

/** Lines that start with `#` are notes. Throws CsvFault. */
export function readCsv(file: string): CsvTable {
  return parseCsv(readFileSync(file, 'utf8'), file);
}

export function parseCsv(text: string, name: string): CsvTable {
  let columns: string[] = [];
  try {
    const rows = parse(text, {
      bom: true,
      comment: '#',
      comment_no_infix: true,
      columns: (header: string[]) => (columns = header),
      info: true,
      skip_empty_lines: true,
    }) as unknown as { record: Record<string, string>; info: { lines: number } }[];
    return { columns, records: rows.map(({ record, info }) => ({ line: info.lines, fields: record })) };
  } catch (error) {
    if (error instanceof CsvError) throw new CsvFault(name, Number(error['lines'] ?? 0), error.code);
    throw error;
  }
}
