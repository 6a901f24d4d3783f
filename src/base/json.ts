/**
 * The only reader and printer of resources (SETTLED 1): one text per resource, decimals verbatim both ways.
 *
 * Canonical form: no blanks; `resourceType` first, `id` second, all other keys by UTF-16 code units; array order
 * as it is; strings escaped as JSON.stringify does, half surrogates as U+FFFD; decimals as written (a Decimal in
 * memory is a string; `fhir-decimals.ts` knows which keys hold one), other numbers as integers.
 */
import { asDecimal } from './decimal.ts';
import { contextWithin, isDecimalKey, newShape, ROOT, type Context, type PlannedKey } from './json-context.ts';
import { JsonReader } from './json-reader.ts';
import { LIMITS } from './limits.ts';
import type { Parsed } from './problem.ts';

export interface JsonLimits {
  readonly depthMax?: number;
}

/** Shapes remembered; objects of a shape beyond are sorted each time. */
const SHAPES_MAX = 10_000;
let shapeCount = 0;

/** The canonical text. Throws (a bug) on what no resource holds: functions, fractions, text as a decimal. */
export function printResource(value: object): string {
  return printObject(value as Record<string, unknown>, ROOT);
}

function printObject(object: Record<string, unknown>, context: Context): string {
  let text = '';
  for (const { key, head, isDecimal, context: inner } of planOf(object, context)) {
    const value = object[key];
    if (value === undefined) continue;
    text += text === '' ? head : `,${head}`;
    if (typeof value === 'string') text += isDecimal ? printDecimal(value) : printString(value);
    else text += printValue(value, inner, isDecimal);
  }
  return `{${text}}`;
}

function printValue(value: unknown, context: Context, isDecimal: boolean): string {
  switch (typeof value) {
    case 'string':
      return isDecimal ? printDecimal(value) : printString(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'number':
      if (Number.isSafeInteger(value) || (isDecimal && Number.isFinite(value))) return String(value);
      throw new TypeError('a number that is no integer stands in a resource');
    case 'object':
      if (value === null) return 'null';
      if (!Array.isArray(value)) return printObject(value as Record<string, unknown>, context);
      return printArray(value, context, isDecimal);
    default:
      throw new TypeError(`a ${typeof value} stands in a resource`);
  }
}

function printArray(array: readonly unknown[], context: Context, isDecimal: boolean): string {
  let text = '';
  for (const item of array) text += (text === '' ? '' : ',') + printValue(item, context, isDecimal);
  return `[${text}]`;
}

function printDecimal(text: string): string {
  if (asDecimal(text) === undefined) throw new TypeError('text that is no decimal stands where a resource has one');
  return text;
}

const NEEDS_ESCAPE = /["\\\u0000-\u001f\ud800-\udfff]/;

function printString(text: string): string {
  return NEEDS_ESCAPE.test(text) ? JSON.stringify(text.toWellFormed()) : `"${text}"`;
}

/** The object's keys in canonical order. Objects of one shape are sorted once. */
function planOf(object: Record<string, unknown>, context: Context): readonly PlannedKey[] {
  let shape = context.shapes;
  for (const key in object) {
    let next = shape.next.get(key);
    if (next === undefined) {
      if (shapeCount >= SHAPES_MAX) return sortedPlan(object, context);
      shapeCount++;
      next = newShape();
      shape.next.set(key, next);
    }
    shape = next;
  }
  return (shape.plan ??= sortedPlan(object, context));
}

function sortedPlan(object: Record<string, unknown>, context: Context): readonly PlannedKey[] {
  return Object.keys(object)
    .toSorted(byCanonicalOrder)
    .map((key) => ({
      key,
      head: `${printString(key)}:`,
      isDecimal: isDecimalKey(key, context),
      context: contextWithin(key),
    }));
}

function rank(key: string): number {
  return key === 'resourceType' ? 0 : key === 'id' ? 1 : 2;
}

function byCanonicalOrder(left: string, right: string): number {
  return rank(left) - rank(right) || (left < right ? -1 : left > right ? 1 : 0);
}

/**
 * Reads one JSON text strictly: no duplicate keys, no half surrogates, no deeper than the limit; decimals
 * become Decimal strings, other numbers must be safe integers. Never throws; a fault has its line and
 * its offset in UTF-16 units from 0 (`line 3, offset 57`), never a value.
 */
export function readResource(text: string, limits: JsonLimits = {}): Parsed<unknown> {
  const reader = new JsonReader(text, limits.depthMax ?? LIMITS.jsonDepthMax);
  const value = reader.readDocument();
  if (reader.fault === undefined) return { value, problems: [] };
  const at = `line ${text.slice(0, reader.at).split('\n').length}, offset ${reader.at}`;
  return { value: undefined, problems: [{ code: reader.fault, severity: 'fatal', at }] };
}
