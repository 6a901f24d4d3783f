/** The compiled R4 definitions as look-ups: elements by type and by the name that JSON has for them. */
import { CODES, RESOURCE_TYPES, TYPES } from './generated/r4-schema.ts';

export interface ElementSpec {
  /** As in the definition: `value[x]` for each of its choices. */
  readonly path: string;
  /** FHIR type of the value under this name. */
  readonly type: string;
  readonly repeats: boolean;
  readonly codes: ReadonlySet<string> | undefined;
  /** Types that a reference may name; undefined: any. */
  readonly targets: ReadonlySet<string> | undefined;
}

export interface TypeSpec {
  /** By JSON name: a choice stands under each of its names. */
  readonly elements: ReadonlyMap<string, ElementSpec>;
  /** Definitions that must be there, each with its JSON names. */
  readonly required: readonly Group[];
  /** Choices: of their names only one may be there. */
  readonly choices: readonly Group[];
}

export interface Group {
  readonly path: string;
  readonly names: readonly string[];
}

export const KNOWN_RESOURCES: ReadonlySet<string> = new Set(RESOURCE_TYPES.split(' '));

const SPECS = new Map<string, TypeSpec>();
const CODE_SETS = new Map<string, ReadonlySet<string>>();
const ELEMENT = /^([A-Za-z]+)(\[x\])?([!*+]?):([^#>]+)(?:#([^>]+))?(?:>(.+))?$/;

/** Undefined for a primitive, and for a type that is not among those compiled. */
export function specOf(type: string): TypeSpec | undefined {
  const known = SPECS.get(type);
  if (known !== undefined) return known;
  const text = Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
  if (text === undefined) return undefined;
  const spec = readSpec(text);
  SPECS.set(type, spec);
  return spec;
}

function readSpec(text: string): TypeSpec {
  const elements = new Map<string, ElementSpec>();
  const required: Group[] = [];
  const choices: Group[] = [];
  for (const word of text.split(' ')) {
    const [, name = '', choice, times = '', types = '', codes, targets] = ELEMENT.exec(word) ?? [];
    const path = `${name}${choice ?? ''}`;
    const names = types.split('|').map((type) => {
      const key = choice === undefined ? name : name + type.charAt(0).toUpperCase() + type.slice(1);
      elements.set(key, {
        path,
        type,
        repeats: times === '*' || times === '+',
        codes: codes === undefined ? undefined : codeSet(codes),
        targets: targets === undefined ? undefined : new Set(targets.split('|')),
      });
      return key;
    });
    if (times === '!' || times === '+') required.push({ path, names });
    if (choice !== undefined) choices.push({ path, names });
  }
  return { elements, required, choices };
}

function codeSet(name: string): ReadonlySet<string> {
  let codes = CODE_SETS.get(name);
  if (codes === undefined) {
    codes = new Set((CODES[name] ?? '').split(' '));
    CODE_SETS.set(name, codes);
  }
  return codes;
}
