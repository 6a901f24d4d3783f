/** Writes one checked table as straight-line TypeScript: no row is interpreted while a message is mapped. */
import { conditionCode, hoist } from './emit-condition.ts';
import { emitShared, sameConstants } from './emit-shared.ts';
import { type Contested, Emitter } from './emitter.ts';
import type { Element } from './fhir-elements.ts';
import { plainPath } from './path.ts';
import { type MapFunction, parametersOf } from './functions.ts';
import type { Position } from './position.ts';
import { blockLabel, camel, elementName, positionText } from './row-names.ts';
import type { Row, Table } from './table.ts';

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

/** `OBX[Observation.value]` → `obxToObservationValue`. */
export function functionNameOf(title: { source: string; target: string; part: string }): string {
  const part = title.part === '' ? '' : (title.part[0] as string).toUpperCase() + title.part.slice(1);
  return `${title.source.toLowerCase()}To${title.target}${part}`;
}

/** Types of text whose delimiters are part of the text when a sender forgot to escape them. */
const FREE_TEXT = new Set(['ST', 'TX', 'FT', 'OG']);

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

/** Members of one choice (`valueQuantity`, `valueString`) that rows of this table compete for. */
function choiceFlags(table: Table): Set<string> {
  const members = new Map<string, Set<string>>();
  for (const row of table.rows) {
    const flag = choiceOf(row);
    if (flag !== undefined) members.set(flag, (members.get(flag) ?? new Set()).add(row.attribute));
  }
  return new Set([...members].filter(([, attributes]) => attributes.size > 1).map(([flag]) => flag));
}

function choiceOf(row: Row): string | undefined {
  const choice = row.elements.at(-1)?.choice;
  if (choice === undefined) return undefined;
  const prefix = row.steps.slice(0, -1).map((step) => step.name + (step.label ?? ''));
  return `has${camel([...prefix, choice].join('-'))}`;
}

function emitRows(e: Emitter, rows: readonly Row[]): void {
  const flags = choiceFlags(e.table);
  let i = 0;
  while (i < rows.length) {
    const first = rows[i] as Row;
    const key = conditionCode(e, first.condition);
    let end = i + 1;
    while (end < rows.length && conditionCode(e, (rows[end] as Row).condition) === key) end++;
    const same = rows.slice(i, end);
    if (key === '') emitBlocks(e, same, flags);
    else e.block(`if (${key})`, () => emitBlocks(e, same, flags));
    i = end;
  }
}

/** Rows that fill one element per repetition go into one loop. */
function emitBlocks(e: Emitter, rows: readonly Row[], flags: ReadonlySet<string>): void {
  let i = 0;
  while (i < rows.length) {
    const row = rows[i] as Row;
    const label = blockLabel(row);
    const constants = sameConstants(e, rows, i);
    if (constants.length > 0) {
      emitShared(e, constants);
      i += constants.length;
    } else if (row.repeats && label !== undefined) {
      let end = i + 1;
      while (end < rows.length && blockLabel(rows[end] as Row) === label) end++;
      emitLoop(e, rows.slice(i, end), flags);
      i = end;
    } else {
      emitRow(e, row, flags, undefined);
      i++;
    }
  }
}

function emitLoop(e: Emitter, rows: readonly Row[], flags: ReadonlySet<string>): void {
  const field = (rows[0] as Row).position?.field ?? 0;
  e.block(`for (let r = 1, n = s.count(${field}); r <= n; r++)`, () => {
    const inLoop = new Map<string, string>();
    const declareAt = e.lines.length;
    const before = e.declared.length;
    for (const row of rows) emitRow(e, row, flags, inLoop);
    const declared = e.declared.splice(before);
    e.lines.splice(declareAt, 0, ...declared.map((line) => '  '.repeat(e.depth) + line));
  });
}

function emitRow(e: Emitter, row: Row, flags: ReadonlySet<string>, inLoop: Map<string, string> | undefined): void {
  const { where: _where, position } = row;
  if (position === undefined) {
    emitConstant(e, row, inLoop);
    return;
  }
  e.line(`// ${positionText(position)} ${row.name} → ${row.attribute}`);
  if (row.map?.kind === 'function' && row.map.fn.reads === 'list') {
    emitList(e, row, position.field, callFunction(e, row.map.fn.file, row.map.fn.name));
    return;
  }
  const flag = choiceOf(row);
  const guarded = flag !== undefined && flags.has(flag);
  const guards: string[] = [];
  if (guarded) guards.push(`!${flag}`);
  const single = row.steps.every((step) => step.label === undefined);
  if (single && !guarded && e.contested.paths.has(`${e.table.target}.${plainPath(row.steps)}`))
    guards.push(`o.${row.steps.map((s) => s.name).join('?.')} === undefined`);
  const body = () => {
    const repetition =
      inLoop !== undefined || row.repeats
        ? 'r'
        : e.table.kind === 'segment'
          ? e.table.part === 'value'
            ? 'repetition'
            : '1'
          : 'r';
    const value = emitValue(e, row, position, repetition);
    e.block(`if (${value} !== undefined)`, () => {
      emitAssign(e, row, value, inLoop);
      if (guarded) e.line(`${flag} = true;`);
      if (e.table.kind === 'datatype') e.line('any = true;');
    });
  };
  const loops = row.repeats && inLoop === undefined;
  const wrapped = () =>
    loops ? e.block(`for (let r = 1, n = s.count(${position.field}); r <= n; r++)`, body) : body();
  if (!guarded) guards.push(...otherChoices(e, row));
  if (e.table.kind === 'segment' && !loops && inLoop === undefined) guards.push(`s.has(${position.field})`);
  if (guards.length > 0) e.block(`if (${guards.join(' && ')})`, wrapped);
  else e.block('', wrapped);
}

/** `occurrencePeriod` is left alone when another row, of this table or another, has set `occurrenceDateTime`. */
function otherChoices(e: Emitter, row: Row): string[] {
  const [first] = row.steps;
  const choice = row.elements[0]?.choice;
  if (choice === undefined || first === undefined) return [];
  const members = e.contested.choices.get(`${e.table.target}.${choice}`) ?? new Set<string>();
  return [...members].filter((member) => member !== first.name).map((member) => `o.${member} === undefined`);
}

function emitList(e: Emitter, row: Row, field: number, call: string): void {
  e.block(`if (s.has(${field}))`, () => {
    e.line(`const v = ${call}(s, ${field}, run);`);
    e.line(`if (v !== undefined) o.${plainPath(row.steps)} = v;`);
  });
}

function emitConstant(e: Emitter, row: Row, inLoop: Map<string, string> | undefined): void {
  const code = row.assignment?.code as string;
  if (/\brun\b/.test(code)) e.runtime.add('run');
  const index = row.steps.findIndex((step) => step.label !== undefined);
  const sourced =
    index >= 0 &&
    index < row.steps.length - 1 &&
    e.table.rows.some((other) => other.position !== undefined && blockLabel(other) === blockLabel(row));
  e.line(`// ${row.attribute}`);
  if (!sourced) {
    emitAssign(e, row, code, inLoop);
    return;
  }
  const name = elementName(row, index);
  e.block(`if (${name} !== undefined)`, () => emitAssign(e, row, code, inLoop));
}

/** Emits the reading of a row's value and returns the name that holds it. */
function emitValue(e: Emitter, row: Row, position: Position, repetition: string): string {
  const segment = e.table.kind === 'segment';
  const field = segment ? String(position.field) : 'f';
  const at = segment
    ? String(position.component)
    : position.component === 0
      ? 'c'
      : `(c === 0 ? ${position.component} : c)`;
  const { map } = row;
  if (map !== undefined && (map.kind === 'table' || map.fn.reads === 'place')) {
    const name = map.kind === 'table' ? callTable(e, map.title) : callFunction(e, map.fn.file, map.fn.name);
    const inner = segment ? String(position.component) : position.component === 0 ? 'c' : String(position.component);
    const call = callCode(name, ['s', field, repetition, inner, 'run'], map.kind === 'table' ? undefined : map.fn);
    if (segment && position.component === 0 && row.fhirType.startsWith('Reference(')) {
      const also = map.kind === 'function' ? (map.fn.also ?? []) : [];
      e.line(
        `const v = run.refer(s, ${field}, ${repetition}, ${name}${also.length === 0 ? '' : `, [${also.join(', ')}]`});`,
      );
      return 'v';
    }
    if (segment && position.component === 0 && row.fhirType === 'CodeableConcept' && repetition === '1') {
      e.line(`const v = run.recall(s, ${field}, ${name});`);
      return 'v';
    }
    const nested = !segment && position.component > 0;
    e.line(`const v = ${nested ? `c === 0 ? ${call} : undefined` : call};`);
    return 'v';
  }
  e.line(`const t = ${textCode(e, row, position, repetition)};`);
  if (row.assignment !== undefined) {
    e.line(`const v = t === undefined ? undefined : ${row.assignment.code};`);
    return 'v';
  }
  if (row.vocabulary !== undefined) {
    e.codeTables.add(row.vocabulary);
    const type = row.elements.at(-1)?.type;
    const method = type === 'Coding' ? 'coding' : type === 'CodeableConcept' ? 'concept' : 'code';
    e.line(
      `const v = t === undefined ? undefined : run.${method}(table${row.vocabulary}, t, s, ${field}, ${repetition}, ${at});`,
    );
    return 'v';
  }
  if (map !== undefined && map.kind === 'function') {
    const name = callFunction(e, map.fn.file, map.fn.name);
    e.line(
      `const v = t === undefined ? undefined : ${callCode(name, ['t', 'run', 's', field, repetition, at], map.fn)};`,
    );
    return 'v';
  }
  return 't';
}

/** Named functions take as many of the arguments as they ask for. */
function callCode(name: string, values: readonly string[], fn: MapFunction | undefined): string {
  const taken = fn === undefined ? values : values.slice(0, parametersOf(fn));
  return `${name}(${taken.join(', ')})`;
}

function textCode(e: Emitter, row: Row, position: Position, repetition: string): string {
  if (e.table.kind === 'datatype') return `s.part(f, ${repetition}, c, ${Math.max(position.component, 1)})`;
  if (position.component === 0 && FREE_TEXT.has(row.type)) return `s.whole(${position.field}, ${repetition})`;
  return `s.part(${position.field}, ${repetition}, 0, ${Math.max(position.component, 1)})`;
}

function callTable(e: Emitter, title: string): string {
  const match = /^([A-Z]+)\[([A-Za-z]+)(?:\.([A-Za-z]+))?\]$/.exec(title) as RegExpExecArray;
  const name = functionNameOf({ source: match[1] as string, target: match[2] as string, part: match[3] ?? '' });
  e.calls.add(name);
  return name;
}

function callFunction(e: Emitter, file: string, name: string): string {
  e.functions.set(file, (e.functions.get(file) ?? new Set()).add(name));
  return name;
}

function emitAssign(e: Emitter, row: Row, value: string, inLoop: Map<string, string> | undefined): void {
  const { steps, elements } = row;
  let parent = 'o';
  let type: string = e.table.target;
  for (const [i, step] of steps.entries()) {
    const last = i === steps.length - 1;
    const element = elements[i] as Element;
    const inner = `Item<${type}, '${step.name}'>`;
    if (last) {
      const cast = needsCast(element) ? ` as ${inner}` : '';
      if (
        row.fhirType.startsWith('Reference(') &&
        row.assignment === undefined &&
        (e.table.kind === 'datatype' || row.position?.component !== 0)
      )
        value = `run.share(${value})`;
      if (cast !== '') e.runtime.add('Item');
      if (step.label === undefined) e.line(`${parent}.${step.name} = ${value}${cast};`);
      else if (element.type === 'Identifier') {
        e.runtime.add('addIdentifier');
        e.line(`addIdentifier((${parent}.${step.name} ??= []), ${value});`);
      } else e.line(`(${parent}.${step.name} ??= []).push(${value}${cast});`);
      return;
    }
    e.runtime.add('Item');
    if (step.label === undefined) {
      parent = `(${parent}.${step.name} ??= {} as ${inner})`;
    } else {
      const name = elementName(row, i);
      const declaration = `let ${name}: ${inner} | undefined;`;
      if (!e.declared.includes(declaration) && !(inLoop === undefined && false)) e.declared.push(declaration);
      const made = step.name === 'extension' ? `{ url: '${e.extensions.get(step.label)?.url}' }` : `{} as ${inner}`;
      e.line(`if (${name} === undefined) (${parent}.${step.name} ??= []).push((${name} = ${made}));`);
      parent = name;
    }
    type = inner;
  }
}

/** Codes are unions of texts in @types/fhir. */
function needsCast(element: Element): boolean {
  return element.codes !== undefined || element.type === 'code';
}
