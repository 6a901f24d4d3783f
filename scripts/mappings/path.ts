/** FHIR attributes as tables write them: `code`, `coding[1].system`, `performer[]`, `extension[birth-place].valueAddress`. */
import { fault, type Where } from './fault.ts';

export interface Step {
  readonly name: string;
  /**
   * undefined: no list. '' (`[]`): a new element for each value. Else a label: rows with the same label
   * fill the same element; for `extension` it names a row of extensions.csv.
   */
  readonly label: string | undefined;
}

export function parsePath(text: string, where: Where): readonly Step[] {
  if (text === '') fault(where, 'fhir attribute is empty');
  return text.split('.').map((part) => {
    const match = /^(_?[a-z][A-Za-z0-9]*)(?:\[([A-Za-z0-9-]*)\])?$/.exec(part);
    if (match === null) fault(where, `fhir attribute: "${part}" cannot be read`);
    return { name: match[1] as string, label: match[2] };
  });
}

/** `coding[1].system` → `coding.system`: the path without labels. */
export function plainPath(steps: readonly Step[]): string {
  return steps.map((step) => step.name).join('.');
}
