/**
 * Cuts a container's canonical text (`base/json.ts`) into its elements without reading their resources: whoever looks
 * for one result of thirty pays for one. Trusts the printer's form: no blanks, keys in canonical order.
 */
export interface ElementText {
  readonly type: string;
  readonly id: string;
  /** Container version in which it last changed. */
  readonly version: number;
  /** The resource's own canonical text. */
  readonly text: string;
}

const HEAD = '{"elements":[';
const RESOURCE = '"resource":';
const START = /^\{"resourceType":"([A-Za-z]+)"(?:,"id":"([^"\\]*)")?/;
const VERSION = /"version":(\d+)\}$/;

/** Throws (a bug) on a text that the printer did not make. */
export function elementsIn(content: string): readonly ElementText[] {
  if (!content.startsWith(HEAD)) throw new Error('a container holds no readable text');
  const elements: ElementText[] = [];
  let at = HEAD.length;
  while (content[at] === '{') {
    const resourceAt = keyAt(content, at);
    const resourceEnd = endOfObject(content, resourceAt, 0);
    // What follows the resource is short: its end is the element's.
    const end = endOfObject(content, resourceEnd, 1);
    elements.push(elementOf(content, { resourceAt, resourceEnd, end }));
    at = content[end] === ',' ? end + 1 : end;
  }
  return elements;
}

function elementOf(
  content: string,
  { resourceAt, resourceEnd, end }: { readonly resourceAt: number; readonly resourceEnd: number; readonly end: number },
): ElementText {
  const start = START.exec(content.slice(resourceAt, Math.min(resourceAt + 200, resourceEnd)));
  const version = VERSION.exec(content.slice(resourceEnd, end));
  if (start === null || version === null) throw new Error('a container holds no readable element');
  return {
    type: start[1] as string,
    id: start[2] ?? '',
    version: Number(version[1]),
    text: content.slice(resourceAt, resourceEnd),
  };
}

/** Where the value of `resource` begins: behind `{"key":"…",`, the only key that sorts before it. */
function keyAt(content: string, from: number): number {
  let at = from + '{"key":'.length;
  at = endOfString(content, at) + 1;
  if (!content.startsWith(RESOURCE, at)) throw new Error('a container holds an element without resource');
  return at + RESOURCE.length;
}

/** Behind the closing quote of the string that opens at `at`. */
function endOfString(text: string, at: number): number {
  let end = at;
  for (;;) {
    end = text.indexOf('"', end + 1);
    if (end < 0) throw new Error('a container holds an open string');
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === 92) escapes++;
    if (escapes % 2 === 0) return end + 1;
  }
}

/** Behind the brace that closes the object which opens at `at`, or, `depth` deep in objects already, those. */
function endOfObject(text: string, at: number, depth: number): number {
  let open = depth;
  for (let i = at; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 34) i = endOfString(text, i) - 1;
    else if (code === 123) open++;
    else if (code === 125 && --open === 0) return i + 1;
  }
  throw new Error('a container holds an open object');
}
