/**
 * Compiles `mappings/units.csv` and `mappings/specimens.csv` into `src/units/generated/`; with `--check` it
 * compares instead. A row that it does not understand fails with file and line.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { parseCsv, type CsvRecord } from '../src/runtime/node/read-csv.ts';
import { plainUnit } from '../src/units/plain-unit.ts';
import { readUcum } from '../src/units/ucum.ts';

export class TableFault extends Error {
  override readonly name = 'TableFault';
  constructor(file: string, line: number, what: string) {
    super(`${file}:${line}: ${what}`);
  }
}

const root = new URL('../', import.meta.url);
const UNITS = 'mappings/units.csv';
const SPECIMENS = 'mappings/specimens.csv';

const KINDS = ['specimen', 'quality'] as const;
const QUALITIES = new Set(
  'haemolysed lipaemic icteric clotted insufficient contaminated wrong-container leaked delayed unsatisfactory'.split(
    ' ',
  ),
);

/** The generated module for a units table; spellings that differ only in writing become one. */
export function compileUnits(text: string, file: string): string {
  const codes = new Map<string, string>();
  for (const { line, fields } of rowsOf(text, file, ['spelling', 'ucum', 'comment'])) {
    const { spelling = '', ucum = '' } = fields;
    if (spelling.trim() === '') throw new TableFault(file, line, 'no spelling — write how the unit is spelt');
    if (readUcum(ucum)?.code !== ucum) throw new TableFault(file, line, 'not a UCUM code — write it as UCUM does');
    const plain = plainUnit(spelling);
    const known = codes.get(plain);
    if (known !== undefined && known !== ucum) {
      throw new TableFault(file, line, 'this spelling has another code above — keep one of them');
    }
    codes.set(plain, ucum);
  }
  return printModule(UNITS, 'SPELLINGS', '[spelling: string, ucum: string]', [...codes]);
}

/** The generated module for a specimens table: kinds of specimen, and marks of its quality. */
export function compileSpecimens(text: string, file: string): string {
  const tables = { specimen: new Map<string, string>(), quality: new Map<string, string>() };
  for (const { line, fields } of rowsOf(text, file, ['kind', 'spelling', 'target', 'comment'])) {
    const { spelling = '', target = '' } = fields;
    const kind = KINDS.find((known) => known === fields['kind']);
    if (kind === undefined) throw new TableFault(file, line, 'kind is neither specimen nor quality');
    if (spelling.trim() === '') throw new TableFault(file, line, 'no spelling — write how it is spelt');
    if (!/^[a-z]+(-[a-z]+)*$/.test(target)) throw new TableFault(file, line, 'target is no lower-case word');
    if (kind === 'quality' && !QUALITIES.has(target)) throw new TableFault(file, line, 'no such quality mark');
    const plain = spelling.normalize('NFKC').trim().toLowerCase();
    const known = tables[kind].get(plain);
    if (known !== undefined && known !== target) {
      throw new TableFault(file, line, 'this spelling has another target above — keep one of them');
    }
    tables[kind].set(plain, target);
  }
  const head = printModule(SPECIMENS, 'SPECIMEN_KINDS', '[spelling: string, kind: string]', [...tables.specimen]);
  return `${head}\n${printTable('QUALITY_MARKS', '[spelling: string, mark: string]', [...tables.quality])}`;
}

function rowsOf(text: string, file: string, columns: readonly string[]): readonly CsvRecord[] {
  const table = parseCsv(text, file);
  if (table.columns.join(',') !== columns.join(',')) {
    throw new TableFault(file, 1, `columns must be ${columns.join(', ')}`);
  }
  return table.records;
}

function printModule(source: string, name: string, type: string, rows: readonly (readonly [string, string])[]): string {
  return `/** Compiled from \`${source}\` by \`scripts/compile-units.ts\`; do not edit. */\n${printTable(name, type, rows)}`;
}

function printTable(name: string, type: string, rows: readonly (readonly [string, string])[]): string {
  const lines = rows.map(([left, right]) => `  [${quote(left)}, ${quote(right)}],`);
  return `export const ${name}: readonly (readonly ${type})[] = [\n${lines.join('\n')}\n];\n`;
}

function quote(text: string): string {
  return text.includes("'") ? JSON.stringify(text) : `'${text.replaceAll('\\', '\\\\')}'`;
}

const OUTPUTS = [
  { source: UNITS, target: 'src/units/generated/spellings.ts', compile: compileUnits },
  { source: SPECIMENS, target: 'src/units/generated/specimens.ts', compile: compileSpecimens },
] as const;

function run(check: boolean): boolean {
  let same = true;
  for (const { source, target, compile } of OUTPUTS) {
    const made = compile(readFileSync(new URL(source, root), 'utf8'), source);
    const there = new URL(target, root);
    if (!check) writeFileSync(there, made);
    else if (readFileSync(there, 'utf8') !== made) {
      same = false;
      console.error(`${target}: not what ${source} compiles to — run npm run mappings`);
    }
  }
  return same;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    if (!run(process.argv.includes('--check'))) process.exitCode = 1;
  } catch (error) {
    console.error(error instanceof Error ? error.message : 'unknown fault');
    process.exitCode = 1;
  }
}
