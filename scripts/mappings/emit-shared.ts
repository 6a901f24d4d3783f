/** Elements of constants alone are made once per module, not once per resource. */
import type { Emitter } from './emitter.ts';
import type { Step } from './path.ts';
import { blockLabel, elementName, prefixKey } from './row-names.ts';
import type { Row } from './table.ts';

/** Rows from `i` on that make one list element of constants alone. */
export function sameConstants(e: Emitter, rows: readonly Row[], i: number): readonly Row[] {
  const first = rows[i] as Row;
  const label = blockLabel(first);
  if (label === undefined || first.position !== undefined || first.condition.length > 0) return [];
  const whole = e.table.rows.filter((row) => blockLabel(row) === label);
  const run = rows.slice(i, i + whole.length);
  const constant = whole.every(
    (row, n) => row === run[n] && row.position === undefined && !/\brun\b/.test(row.assignment?.code ?? 'run'),
  );
  const labels = new Set(
    whole.flatMap((row) => row.steps.map((_, n) => prefixKey(row.steps, n))).filter((key) => key.endsWith(']')),
  );
  const lists = new Set([...labels].map((key) => key.replace(/\[[^\]]*\]$/, '')));
  return constant && first.steps[0]?.label !== undefined && labels.size === lists.size ? run : [];
}

/** One object for every resource: it is never changed. */
export function emitShared(e: Emitter, rows: readonly Row[]): void {
  const first = rows[0] as Row;
  const name = elementName(first, 0)
    .replace(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`)
    .toUpperCase();
  const tree: Tree = {};
  for (const row of rows) plant(tree, row.steps.slice(1), row.assignment?.code as string);
  e.runtime.add('Item');
  const type = `Item<${e.table.target}, '${first.steps[0]?.name}'>`;
  e.constants.push(`const ${name}: ${type} = ${treeCode(tree)};`);
  e.line(`// ${rows.map((row) => row.attribute).join(', ')}`);
  e.line(`(o.${first.steps[0]?.name} ??= []).push(${name});`);
}

type Tree = { [name: string]: Tree | string };

function plant(tree: Tree, steps: readonly Step[], code: string): void {
  const [step, ...rest] = steps as [Step, ...Step[]];
  const key = step.label === undefined ? step.name : `${step.name}[]`;
  if (rest.length === 0) tree[key] = code;
  else plant((tree[key] ??= {}) as Tree, rest, code);
}

function treeCode(tree: Tree): string {
  const parts = Object.entries(tree).map(([key, inner]) => {
    const code = typeof inner === 'string' ? inner : treeCode(inner);
    return key.endsWith('[]') ? `${key.slice(0, -2)}: [${code}]` : `${key}: ${code}`;
  });
  return `{ ${parts.join(', ')} }`;
}
