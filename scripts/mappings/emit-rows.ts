/** Rows in their order: under their conditions, in one loop per repeating field, the first member of a choice wins. */
import { emitAssign } from './emit-assign.ts';
import { conditionCode } from './emit-condition.ts';
import { emitShared, sameConstants } from './emit-shared.ts';
import { callFunction, emitValue } from './emit-value.ts';
import type { Emitter } from './emitter.ts';
import { plainPath } from './path.ts';
import { blockLabel, camel, elementName, positionText } from './row-names.ts';
import type { Row, Table } from './table.ts';

/** Members of one choice (`valueQuantity`, `valueString`) that rows of this table compete for. */
export function choiceFlags(table: Table): Set<string> {
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

/** Every row, those of one condition within one `if`. */
export function emitRows(e: Emitter, rows: readonly Row[]): void {
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
      emitRow(e, row, flags, false);
      i++;
    }
  }
}

function emitLoop(e: Emitter, rows: readonly Row[], flags: ReadonlySet<string>): void {
  const field = (rows[0] as Row).position?.field ?? 0;
  e.block(`for (let r = 1, n = s.count(${field}); r <= n; r++)`, () => {
    const declareAt = e.lines.length;
    const before = e.declared.length;
    for (const row of rows) emitRow(e, row, flags, true);
    const declared = e.declared.splice(before);
    e.lines.splice(declareAt, 0, ...declared.map((line) => '  '.repeat(e.depth) + line));
  });
}

function emitRow(e: Emitter, row: Row, flags: ReadonlySet<string>, inLoop: boolean): void {
  const { where: _where, position } = row;
  if (position === undefined) {
    emitConstant(e, row);
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
      inLoop || row.repeats ? 'r' : e.table.kind === 'segment' ? (e.table.part === 'value' ? 'repetition' : '1') : 'r';
    const value = emitValue(e, row, position, repetition);
    e.block(`if (${value} !== undefined)`, () => {
      emitAssign(e, row, value);
      if (guarded) e.line(`${flag} = true;`);
      if (e.table.kind === 'datatype') e.line('any = true;');
    });
  };
  const loops = row.repeats && !inLoop;
  const wrapped = () =>
    loops ? e.block(`for (let r = 1, n = s.count(${position.field}); r <= n; r++)`, body) : body();
  if (!guarded) guards.push(...otherChoices(e, row));
  if (e.table.kind === 'segment' && !loops && !inLoop) guards.push(`s.has(${position.field})`);
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

function emitConstant(e: Emitter, row: Row): void {
  const code = row.assignment?.code as string;
  if (/\brun\b/.test(code)) e.runtime.add('run');
  const index = row.steps.findIndex((step) => step.label !== undefined);
  const sourced =
    index >= 0 &&
    index < row.steps.length - 1 &&
    e.table.rows.some((other) => other.position !== undefined && blockLabel(other) === blockLabel(row));
  e.line(`// ${row.attribute}`);
  if (!sourced) {
    emitAssign(e, row, code);
    return;
  }
  const name = elementName(row, index);
  e.block(`if (${name} !== undefined)`, () => emitAssign(e, row, code));
}
