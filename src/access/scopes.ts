/**
 * SMART App Launch 2.x scopes of backend clients (hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html), and our
 * own verbs. `system/Observation.rs?category=system|code` narrows by category; v1's `.read` and `.write` are taken too.
 */
export type Interaction = 'c' | 'r' | 'u' | 'd' | 's';

export const OWN_VERBS = ['concord/intake', 'concord/check', 'concord/reply'] as const;
export type OwnVerb = (typeof OWN_VERBS)[number];

export interface Category {
  /** Absent: whatever the system; empty: none, as in R4 search's `|code`. */
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

/** Scopes in one request, and characters of all that a token carries: it must fit a request's header. */
const ASKED_MAX = 50;
const TEXT_MAX = 2_000;

/** True when a token can carry all of them. */
export function fitToken(scopes: readonly string[]): boolean {
  return scopes.length <= ASKED_MAX && scopes.join(' ').length <= TEXT_MAX;
}

/**
 * What a token carries: of the scopes asked for, each cut down to what the channel may have; all that it may have when
 * none is asked for. Empty: nothing of what was asked may be given.
 */
export function grantScopes(asked: readonly string[], allowed: readonly string[]): readonly string[] {
  if (asked.length === 0) return allowed;
  if (!fitToken(asked)) return [];
  const granted = narrowScopes(asked, allowed);
  return fitToken(granted) ? granted : [];
}

/** What two lists both allow; of no scopes none. A scope that stands whole is written as it was. */
export function narrowScopes(scopes: readonly string[], allowed: readonly string[]): readonly string[] {
  return [...new Set(scopes.flatMap((text) => narrowOne(text, allowed)))];
}

function narrowOne(text: string, allowed: readonly string[]): readonly string[] {
  if (allowed.includes(text)) return [text];
  const asked = parseScope(text);
  if (asked === undefined) return [];
  const cuts = allowed.flatMap((other) => cutDown(asked, parseScope(other)) ?? []).map(scopeText);
  // A client of v1 reads `.read` and not `.rs`.
  return cuts.includes(scopeText(asked)) ? [text] : cuts;
}

/** A wildcard type that was asked for becomes the type that may be had; the narrower filter stands. */
function cutDown(asked: FhirScope, may: FhirScope | undefined): FhirScope | undefined {
  if (may === undefined || (asked.type !== '*' && may.type !== '*' && asked.type !== may.type)) return undefined;
  const interactions = asked.interactions.replaceAll(/./g, (letter) =>
    may.interactions.includes(letter) ? letter : '',
  );
  const category = narrower(asked.category, may.category);
  if (interactions === '' || category === 'none') return undefined;
  const type = asked.type === '*' ? may.type : asked.type;
  return { type, interactions, ...(category === undefined ? {} : { category }) };
}

function narrower(one: Category | undefined, other: Category | undefined): Category | undefined | 'none' {
  if (one === undefined || other === undefined) return one ?? other;
  if (one.code !== other.code) return 'none';
  if (one.system === undefined || other.system === undefined) return one.system === undefined ? other : one;
  return one.system === other.system ? one : 'none';
}

function scopeText({ type, interactions, category }: FhirScope): string {
  return `system/${type}.${interactions}${category === undefined ? '' : `?category=${filterText(category)}`}`;
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
    coding.some(({ system = '', code }) =>
      categories.some((wanted) => wanted.code === code && (wanted.system ?? system) === system),
    ),
  );
}
