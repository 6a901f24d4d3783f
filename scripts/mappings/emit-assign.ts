/** What a row fills: lists and backbone elements are made on the way to its element. */
import type { Emitter } from './emitter.ts';
import type { Element } from './fhir-elements.ts';
import { elementName } from './row-names.ts';
import type { Row } from './table.ts';

/** Sets the row's element to `value`, and makes what it stands in. */
export function emitAssign(e: Emitter, row: Row, value: string): void {
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
      if (!e.declared.includes(declaration)) e.declared.push(declaration);
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
