/** A JSON Schema (2020-12) of the document as lines that a person reads: one a field, nested ones by their path. */
import type { oas31 } from 'zod-openapi';
import type { OpenapiDocument } from './document.ts';

export type Schema = oas31.SchemaObject | oas31.ReferenceObject;

export interface Field {
  /** `orders[].code.system`. */
  readonly path: string;
  readonly required: boolean;
  /** `text · at most 256`, `list of …`. */
  readonly kind: string;
  readonly about: string;
}

/** How deep a schema is followed; what is deeper is said by its kind alone. */
const DEPTH_MAX = 6;

export function fieldsOf(document: OpenapiDocument, schema: Schema): readonly Field[] {
  return fieldsBelow({ document, depth: 0 }, schema, '');
}

/** Of the schema itself: what kind of value it is, and what it is about. */
export function kindOf(document: OpenapiDocument, schema: Schema): string {
  return wordsFor(document, resolve(document, schema));
}

interface Place {
  readonly document: OpenapiDocument;
  readonly depth: number;
}

function fieldsBelow(place: Place, schema: Schema, path: string): readonly Field[] {
  const { document, depth } = place;
  if (depth > DEPTH_MAX) return [];
  const plain = resolve(document, schema);
  const deeper = { document, depth: depth + 1 };
  if (plain.items !== undefined) return fieldsBelow(deeper, plain.items, `${path}[]`);
  const alternatives = alternativesOf(plain);
  // What one alternative demands, another does not.
  const each = alternatives.flatMap((one) => fieldsBelow(deeper, one, path));
  if (alternatives.length > 0)
    return alternatives.length === 1 ? each : each.map((field) => ({ ...field, required: false }));
  const any = plain.additionalProperties;
  const named = Object.entries(plain.properties ?? {}).flatMap(([name, field]) => {
    const known = resolve(document, field);
    const here = path === '' ? name : `${path}.${name}`;
    const own: Field = {
      path: here,
      required: plain.required?.includes(name) === true,
      kind: wordsFor(document, known),
      about: known.description ?? '',
    };
    return [own, ...fieldsBelow(deeper, field, here)];
  });
  if (typeof any !== 'object' || Object.keys(any).length === 0) return named;
  return [...named, ...fieldsBelow(deeper, any, path === '' ? '*' : `${path}.*`)];
}

/** Null is no alternative of its own: it is said of the others; beside a type stand conditions. */
function alternativesOf({ type, anyOf = [], oneOf = [] }: oas31.SchemaObject): readonly Schema[] {
  if (type !== undefined) return [];
  return [...anyOf, ...oneOf].filter((one) => !('type' in one && one.type === 'null'));
}

function resolve(document: OpenapiDocument, schema: Schema): oas31.SchemaObject {
  const name = '$ref' in schema ? /^#\/components\/schemas\/(.+)$/.exec(schema.$ref ?? '')?.[1] : undefined;
  if (name === undefined) return schema as oas31.SchemaObject;
  const found = document.components?.schemas?.[name];
  return found === undefined ? {} : { ...resolve(document, found), ...described(schema) };
}

/** What stands beside a reference is said of it here. */
function described({ description }: Schema): oas31.SchemaObject {
  return description === undefined ? {} : { description };
}

function wordsFor(document: OpenapiDocument, schema: oas31.SchemaObject): string {
  const { items, const: only, enum: values } = schema;
  if (only !== undefined) return `always ${String(only)}`;
  if (values !== undefined) return `one of ${values.join(', ')}`;
  if (items !== undefined) return words('list', boundsOf(schema), 'of', kindOf(document, items));
  const alternatives = alternativesOf(schema);
  if (alternatives.length > 0) {
    const kinds = [...new Set(alternatives.map((one) => kindOf(document, one)))];
    const all = (schema.anyOf ?? schema.oneOf ?? []).length;
    return [...kinds, ...(all > alternatives.length ? ['null'] : [])].join(' or ');
  }
  return words(plainKind(schema), boundsOf(schema));
}

/** By format where that says more than the type; of a type that may be null both are said. */
function plainKind({ format, type }: oas31.SchemaObject): string {
  const [kind = 'anything', ...others] = [type ?? []].flat();
  return [KINDS[format ?? kind] ?? KINDS[kind] ?? kind, ...others].join(' or ');
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  object: 'object',
  integer: 'whole number',
  boolean: 'true or false',
  'date-time': 'instant',
  date: 'date',
  uuid: 'UUID',
  uri: 'address',
  ipv4: 'IPv4 address',
  ipv6: 'IPv6 address',
};

function boundsOf({ minLength, maxLength, minItems, maxItems, minimum, maximum, pattern }: oas31.SchemaObject): string {
  const [least, most] = [minLength ?? minItems ?? minimum, maxLength ?? maxItems ?? maximum];
  const range = most === undefined ? (least === undefined ? '' : `from ${least}`) : `${least ?? 0} to ${most}`;
  return [range === '' ? '' : `(${range})`, pattern === undefined ? '' : `like ${pattern}`].filter(Boolean).join(' ');
}

function words(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}
