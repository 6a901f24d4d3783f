/**
 * Narratives (R4 narrative.html, txt-1, txt-2): `text.div` stays only when it is plainly within the XHTML that R4 allows,
 * by a small tokenizer of our own; all else is left out whole and told. Nothing is repaired: what is half understood is
 * what attacks are made of.
 */
import type { Problem } from '../../base/problem.ts';
import type { Resource } from '../../terms/fhir.ts';

const ELEMENTS: ReadonlySet<string> = new Set(
  (
    'div p br hr h1 h2 h3 h4 h5 h6 span b i u em strong small big sub sup tt pre code blockquote q cite dfn abbr acronym kbd samp var address ' +
    'ul ol li dl dt dd table caption colgroup col thead tbody tfoot tr td th'
  ).split(' '),
);
const ATTRIBUTES: ReadonlySet<string> = new Set(
  'class id title lang xml:lang dir style colspan rowspan span align valign abbr headers scope border cellpadding cellspacing summary xmlns'.split(
    ' ',
  ),
);
const TAG = /<(\/?)([a-z][a-z0-9]*)((?:\s+[a-z:]+="[^"<>&]*")*)\s*(\/?)>/y;
const TEXT = /[^<&]+|&(?:amp|lt|gt|quot|apos|nbsp|#\d{1,7}|#x[0-9a-fA-F]{1,6});/y;
const ATTRIBUTE = /\s+([a-z:]+)="([^"<>&]*)"/g;
const XHTML = 'http://www.w3.org/1999/xhtml';

export interface Filtered<T> {
  readonly resource: T;
  readonly problems: readonly Problem[];
}

/** Of the resource and of what it contains. */
export function filterNarrative<T extends Resource>(resource: T): Filtered<T> {
  const { contained } = resource as { contained?: unknown };
  const own = filterOwn(resource, resource.resourceType);
  if (!Array.isArray(contained)) return own;
  const parts = contained.map((one: unknown, index) =>
    typeof one === 'object' && one !== null
      ? filterOwn(one, `${resource.resourceType}.contained[${index}]`)
      : { resource: one, problems: [] },
  );
  const problems = [...own.problems, ...parts.flatMap((part) => part.problems)];
  if (problems.length === own.problems.length) return own;
  return { resource: { ...own.resource, contained: parts.map((part) => part.resource) }, problems };
}

function filterOwn<T extends object>(resource: T, at: string): Filtered<T> {
  const { text } = resource as { text?: { div?: unknown } };
  if (text === undefined || isPlainNarrative((text as { div?: unknown } | null)?.div))
    return { resource, problems: [] };
  const { text: _left, ...rest } = resource as T & { text: unknown };
  const problem: Problem = { code: 'fhir/narrative', severity: 'warning', at: `${at}.text.div` };
  return { resource: rest as unknown as T, problems: [problem] };
}

/** Linear: every character is looked at once. */
export function isPlainNarrative(div: unknown): boolean {
  if (typeof div !== 'string') return false;
  const open: string[] = [];
  let at = 0;
  let said = false;
  while (at < div.length) {
    const text = matchAt(TEXT, div, at);
    if (text !== null) {
      if (open.length === 0) return false;
      said ||= text[0].trim() !== '';
      at = TEXT.lastIndex;
      continue;
    }
    const tag = matchAt(TAG, div, at);
    if (tag === null || !takesTag(tag, open, at === 0)) return false;
    at = TAG.lastIndex;
    // The root is one: nothing stands behind it.
    if (open.length === 0 && at < div.length) return false;
  }
  return open.length === 0 && said;
}

function takesTag(
  [, close = '', name = '', attributes = '', empty = '']: RegExpExecArray,
  open: string[],
  isRoot: boolean,
): boolean {
  if (!ELEMENTS.has(name) || (isRoot && (name !== 'div' || close !== '' || empty !== ''))) return false;
  if (close !== '') return attributes === '' && empty === '' && open.pop() === name;
  for (const [, attribute = '', value = ''] of attributes.matchAll(ATTRIBUTE)) {
    if (!ATTRIBUTES.has(attribute)) return false;
    if (attribute === 'style' && !/^[a-zA-Z0-9\s:;,.#%-]*$/.test(value)) return false;
    if (attribute === 'style' && /url|expression|import|behaviou?r|position|binding/i.test(value)) return false;
    if (attribute === 'xmlns' && value !== XHTML) return false;
  }
  if (empty === '') open.push(name);
  return open.length < 100;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
