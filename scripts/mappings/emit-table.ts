/** Writes one checked table as straight-line TypeScript: no row is interpreted while a message is mapped. */
import { hoist } from './emit-condition.ts';
import { choiceFlags, emitRows } from './emit-rows.ts';
import { type Contested, Emitter } from './emitter.ts';
import { functionNameOf } from './row-names.ts';
import type { Table } from './table.ts';

export interface Emitted {
  readonly functionName: string;
  readonly code: string;
  /** What the code calls and names, for the imports. */
  readonly calls: ReadonlySet<string>;
  readonly functions: ReadonlyMap<string, Set<string>>;
  readonly codeTables: ReadonlySet<string>;
  readonly types: ReadonlySet<string>;
  readonly runtime: ReadonlySet<string>;
}

/** Datatype tables whose target is a resource that a Reference shares. */
const RESOURCES = new Set(['Organization', 'Practitioner', 'PractitionerRole', 'Location', 'Device']);

export function emitTable(
  table: Table,
  extensions: ReadonlyMap<string, { readonly url: string }>,
  contested: Contested,
): Emitted {
  const e = new Emitter(table, extensions, contested);
  for (const row of table.rows) for (const term of row.condition) hoist(e, term.position, term.values === undefined);
  for (const flag of choiceFlags(table)) e.declared.push(`let ${flag} = false;`);
  emitRows(e, table.rows);
  const functionName = functionNameOf(table);
  const hoisted = [...e.conditions.values()].map(({ name, code }) => `const ${name} = ${code};`);
  const body = [...hoisted, ...e.declared].map((line) => `  ${line}`).concat(e.lines);
  e.types.add(table.target);
  const constants = e.constants.map((line) => `${line}\n`).join('');
  const code =
    constants +
    (table.kind === 'segment'
      ? segmentFunction(table, functionName, body)
      : datatypeFunction(table, functionName, body));
  return {
    functionName,
    code,
    calls: e.calls,
    functions: e.functions,
    codeTables: e.codeTables,
    types: e.types,
    runtime: e.runtime,
  };
}

function segmentFunction(table: Table, name: string, body: readonly string[]): string {
  const uses = (word: RegExp) => body.some((line) => word.test(line));
  const near = uses(/\bnear\./) ? 'near' : '_near';
  const run = uses(/\brun\b/) ? 'run' : '_run';
  const neighbours = table.part === 'value' ? 'type: string' : `${near}: Near`;
  const repetition = table.part === 'value' ? ', repetition: number' : '';
  const head = `export function ${name}(o: ${table.target}, s: Reading, ${neighbours}, ${run}: Run${repetition}): void {`;
  return `/** ${table.title} */\n${head}\n${body.join('\n')}\n}\n`;
}

function datatypeFunction(table: Table, name: string, body: readonly string[]): string {
  const run = body.some((line) => /\brun\b/.test(line)) ? 'run' : '_run';
  const head = `export function ${name}(s: Reading, f: number, r: number, c: number, ${run}: Run): ${table.target} | undefined {`;
  const made = RESOURCES.has(table.target) ? `{ resourceType: '${table.target}' }` : `{} as ${table.target}`;
  return `/** ${table.title} */\n${head}\n  const o: ${table.target} = ${made};\n  let any = false;\n${body.join('\n')}\n  return any ? o : undefined;\n}\n`;
}
