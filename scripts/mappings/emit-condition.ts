/** Conditions as TypeScript: what they look at is named once at the top of the function. */
import type { Term } from './condition.ts';
import type { Emitter } from './emitter.ts';
import type { Position } from './position.ts';
import { positionText } from './row-names.ts';

/** Names what a condition looks at, once, at the top of the function. */
export function hoist(e: Emitter, position: Position, valued: boolean): string {
  const key = `${positionText(position)} ${valued}`;
  const known = e.conditions.get(key);
  if (known !== undefined) return known.name;
  const name = `${position.name.toLowerCase()}${position.field || ''}${position.component === 0 ? '' : `_${position.component}`}${valued ? 'Valued' : 'Is'}`;
  e.conditions.set(key, { name, code: hoistCode(e, position, valued) });
  return name;
}

function hoistCode(e: Emitter, position: Position, valued: boolean): string {
  const { field, component } = position;
  if (e.table.kind === 'datatype') {
    if (component === 0) return 's.hasPlace(f, r, c)';
    return valued ? `s.peek(f, r, c, ${component}) !== undefined` : `s.part(f, r, c, ${component})`;
  }
  // The runtime settles the type of a value once per OBX: '' when it is missing or unknown.
  if (e.table.part === 'value' && field === 2) return 'type';
  const own = position.name === e.table.source;
  const reading = own ? 's' : `near.${position.name}?`;
  if (valued && component === 0) return own ? `s.has(${field})` : `${reading}.has(${field}) === true`;
  if (valued) return `${reading}.peek(${field}, 1, 0, ${component}) !== undefined`;
  return `${reading}.${own ? 'part' : 'peek'}(${field}, 1, 0, ${Math.max(component, 1)})`;
}

export function conditionCode(e: Emitter, terms: readonly Term[]): string {
  return terms
    .map((term) => {
      const name = hoist(e, term.position, term.values === undefined);
      if (term.values === undefined) return term.negated ? `!${name}` : name;
      const tests = term.values.map(
        (value) => `${name} ${term.negated ? '!==' : '==='} '${value.replaceAll("'", "\\'")}'`,
      );
      return tests.length === 1 ? (tests[0] as string) : `(${tests.join(term.negated ? ' && ' : ' || ')})`;
    })
    .join(' && ');
}
