/** What a JSON object's place says about it: which of its keys are decimals, and the key orders seen there. */
import { DECIMAL_CHOICES, DECIMALS_WITHIN } from './fhir-decimals.ts';

export interface Context {
  readonly decimals: ReadonlySet<string> | undefined;
  readonly shapes: Shape;
}

/** A step of the way from no key to the keys of one object, in the order in which it has them. */
export interface Shape {
  readonly next: Map<string, Shape>;
  plan: readonly PlannedKey[] | undefined;
}

export interface PlannedKey {
  readonly key: string;
  /** `"key":` */
  readonly head: string;
  readonly isDecimal: boolean;
  readonly context: Context;
}

/** Where a whole resource stands; '' in the table of decimals. */
const RESOURCE_KEYS = ['contained', 'resource', 'outcome'];

const PLAIN = newContext(undefined);
export const ROOT = newContext(DECIMALS_WITHIN.get(''));
const CONTEXTS: ReadonlyMap<string, Context> = new Map([
  ...[...DECIMALS_WITHIN].map(([holder, keys]) => [holder, newContext(keys)] as const),
  ...RESOURCE_KEYS.map((key) => [key, ROOT] as const),
]);

function newContext(decimals: ReadonlySet<string> | undefined): Context {
  return { decimals, shapes: newShape() };
}

export function newShape(): Shape {
  return { next: new Map(), plan: undefined };
}

export function isDecimalKey(key: string, context: Context): boolean {
  return DECIMAL_CHOICES.has(key) || (context.decimals?.has(key) ?? false);
}

/** The context of an object that stands under `key`, or of each object in an array there. */
export function contextWithin(key: string): Context {
  return CONTEXTS.get(key) ?? PLAIN;
}
