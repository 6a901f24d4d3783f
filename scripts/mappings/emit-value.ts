/** What a row reads: a text, a code of a table, or what a function or a datatype table makes of the place. */
import type { Emitter } from './emitter.ts';
import { type MapFunction, parametersOf } from './functions.ts';
import type { Position } from './position.ts';
import { functionNameOf } from './row-names.ts';
import type { Row } from './table.ts';

/** Types of text whose delimiters are part of the text when a sender forgot to escape them. */
const FREE_TEXT = new Set(['ST', 'TX', 'FT', 'OG']);

/** Emits the reading of a row's value and returns the name that holds it. */
export function emitValue(e: Emitter, row: Row, position: Position, repetition: string): string {
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

export function callFunction(e: Emitter, file: string, name: string): string {
  e.functions.set(file, (e.functions.get(file) ?? new Set()).add(name));
  return name;
}
