/**
 * SMART App Launch 2.x scopes of backend clients (hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html), and our
 * own verbs. `system/Observation.rs?category=system|code` narrows by category; v1's `.read` and `.write` are taken too.
 */
export type Interaction = 'c' | 'r' | 'u' | 'd' | 's';

export const OWN_VERBS = ['concord/intake', 'concord/check', 'concord/reply'] as const;
export type OwnVerb = (typeof OWN_VERBS)[number];

export interface Category {
  /** Absent: whatever the system. */
  readonly system?: string;
  readonly code: string;
}

interface FhirScope {
  /** `*`: every type. */
  readonly type: string;
  readonly interactions: string;
  readonly category?: Category;
}

export interface Permission {
  readonly allowed: boolean;
  /** Only resources of one of these categories; absent: all. */
  readonly categories?: readonly Category[];
}

const SCOPE =
  /^system\/(\*|[A-Z][A-Za-z]{1,40})\.(c?r?u?d?s?|read|write|\*)(?:\?category=([^\s|&]{0,200}\|)?([A-Za-z0-9-]{1,64}))?$/;
const V1: Readonly<Record<string, string>> = { read: 'rs', write: 'cud', '*': 'cruds' };

/** Undefined for what is no scope of a backend client: `user/`, `patient/`, letters out of order, nothing asked for. */
function parseScope(text: string): FhirScope | undefined {
  const found = SCOPE.exec(text);
  if (found === null || found[2] === '') return undefined;
  const [, type = '', letters = '', system, code] = found;
  const scope = { type, interactions: V1[letters] ?? letters };
  if (code === undefined) return scope;
  return { ...scope, category: { ...(system === undefined ? {} : { system: system.slice(0, -1) }), code } };
}

export function isScope(text: string): boolean {
  return (OWN_VERBS as readonly string[]).includes(text) || parseScope(text) !== undefined;
}

/** The union of what the scopes allow: one without a filter lifts the filters of the others. */
export function permits(scopes: readonly string[], type: string, interaction: Interaction): Permission {
  const fitting = scopes
    .flatMap((text) => parseScope(text) ?? [])
    .filter((scope) => (scope.type === '*' || scope.type === type) && scope.interactions.includes(interaction));
  if (fitting.length === 0) return { allowed: false };
  const categories = fitting.flatMap(({ category }) => category ?? []);
  return categories.length < fitting.length ? { allowed: true } : { allowed: true, categories };
}

/**
 * What a token carries: of the scopes asked for, each cut down to what the channel may have; all that it may have when
 * none is asked for. Empty: nothing of what was asked may be given.
 */
export function grantScopes(asked: readonly string[], allowed: readonly string[]): readonly string[] {
  if (asked.length === 0) return allowed;
  return [...new Set(asked.flatMap((text) => grantOne(text, allowed)))];
}

function grantOne(text: string, allowed: readonly string[]): readonly string[] {
  if (allowed.includes(text)) return [text];
  const asked = parseScope(text);
  if (asked === undefined) return [];
  return allowed.flatMap((other) => {
    const may = parseScope(other);
    return may === undefined ? [] : intersection(asked, may);
  });
}

/** A wildcard type that was asked for becomes the type that may be had; the narrower filter stands. */
function intersection(asked: FhirScope, may: FhirScope): readonly string[] {
  if (asked.type !== '*' && may.type !== '*' && asked.type !== may.type) return [];
  const interactions = asked.interactions.replaceAll(/./g, (letter) =>
    may.interactions.includes(letter) ? letter : '',
  );
  const category = asked.category ?? may.category;
  const clash =
    asked.category !== undefined &&
    may.category !== undefined &&
    (asked.category.code !== may.category.code || asked.category.system !== may.category.system);
  if (interactions === '' || clash) return [];
  const type = asked.type === '*' ? may.type : asked.type;
  return [`system/${type}.${interactions}${category === undefined ? '' : `?category=${filterText(category)}`}`];
}

function filterText({ system, code }: Category): string {
  return system === undefined ? code : `${system}|${code}`;
}

/** True when one of the resource's `category` codings is allowed. */
export function isInCategory(resource: unknown, categories: readonly Category[] | undefined): boolean {
  if (categories === undefined) return true;
  const { category } = resource as { category?: unknown };
  const concepts = (Array.isArray(category) ? category : []) as { coding?: Category[] }[];
  return concepts.some(({ coding = [] }) =>
    coding.some(({ system, code }) =>
      categories.some((wanted) => wanted.code === code && (wanted.system === undefined || wanted.system === system)),
    ),
  );
}
