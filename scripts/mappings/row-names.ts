/** Names and labels that rows of one table share in the generated code. */
import type { Step } from './path.ts';
import type { Position } from './position.ts';
import type { Row } from './table.ts';

/** `participant[attending]` of `participant[attending].individual`; undefined for a plain list of values. */
export function blockLabel(row: Row): string | undefined {
  const index = row.steps.findIndex((step) => step.label !== undefined);
  if (index < 0 || index === row.steps.length - 1) return undefined;
  return prefixKey(row.steps, index);
}

export function prefixKey(steps: readonly Step[], index: number): string {
  return steps
    .slice(0, index + 1)
    .map((step) => (step.label === undefined ? step.name : `${step.name}[${step.label}]`))
    .join('.');
}

export function elementName(row: Row, index: number): string {
  const words = row.steps
    .slice(0, index + 1)
    .map((step) => (step.label === undefined ? step.name : `${step.name}-${step.label}`));
  const name = camel(words.join('-'));
  return (name[0] as string).toLowerCase() + name.slice(1);
}

export function camel(text: string): string {
  return text
    .split('-')
    .filter((word) => word !== '')
    .map((word) => (word[0] as string).toUpperCase() + word.slice(1))
    .join('');
}

export function positionText(position: Position): string {
  const head = position.field === 0 ? position.name : `${position.name}-${position.field}`;
  return position.component === 0 ? head : `${head}.${position.component}`;
}

/** `OBX[Observation.value]` → `obxToObservationValue`. */
export function functionNameOf(title: { source: string; target: string; part: string }): string {
  const part = title.part === '' ? '' : (title.part[0] as string).toUpperCase() + title.part.slice(1);
  return `${title.source.toLowerCase()}To${title.target}${part}`;
}
