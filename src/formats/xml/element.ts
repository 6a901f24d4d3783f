/** An XML element as formats read it: local names only, since devices prefix and unprefix at will. */
export interface XmlElement {
  /** Local name. */
  readonly name: string;
  readonly parent: XmlElement | undefined;
  /** By local name; `xsi:type` is `type`. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** The element's own text, as written. */
  readonly text: string;
}

/** The first child of the name, or by a path of names (`a/b/c`) the first of the first. */
export function childOf(element: XmlElement | undefined, path: string): XmlElement | undefined {
  let found = element;
  for (const name of path.split('/')) {
    found = found?.children.find((child) => child.name === name);
    if (found === undefined) return undefined;
  }
  return found;
}

export function childrenOf(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

/** All elements of the name below, in the order of the document. */
export function descendantsOf(element: XmlElement, name: string): readonly XmlElement[] {
  const found: XmlElement[] = [];
  const open: XmlElement[] = [element];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next !== element && next.name === name) found.push(next);
    for (let i = next.children.length - 1; i >= 0; i--) open.push(next.children[i] as XmlElement);
  }
  return found;
}

/** Trimmed text of the element at the path; undefined when absent or empty. */
export function textOf(element: XmlElement | undefined, path?: string): string | undefined {
  const text = (path === undefined ? element : childOf(element, path))?.text.trim();
  return text === '' ? undefined : text;
}

/** Trimmed attribute; undefined when absent or empty. */
export function attributeOf(element: XmlElement | undefined, name: string): string | undefined {
  const text = element?.attributes.get(name)?.trim();
  return text === '' ? undefined : text;
}

/** Steps of a path that are told; formats nest no deeper. */
const STEPS_MAX = 24;

/**
 * `AnnotatedECG/component/series[2]`: where the element stands, numbers from 1 where there are several of a name. What stands
 * deeper than any format nests is told by its innermost elements, behind `*`.
 */
export function pathOf(element: XmlElement): string {
  const steps: string[] = [];
  for (let at: XmlElement | undefined = element; at !== undefined; at = at.parent) {
    if (steps.length === STEPS_MAX) {
      steps.push('*');
      break;
    }
    steps.push(at.parent === undefined ? shown(at.name) : (stepsBelow(at.parent).get(at) ?? '*'));
  }
  return steps.toReversed().join('/');
}

/** Known once a place below a parent was asked for: of a hundred thousand siblings each may be asked for. */
const known = new WeakMap<XmlElement, ReadonlyMap<XmlElement, string>>();

function stepsBelow(parent: XmlElement): ReadonlyMap<XmlElement, string> {
  const made = known.get(parent);
  // While a document is read its elements still get children.
  if (made !== undefined && made.size === parent.children.length) return made;
  const counts = new Map<string, number>();
  for (const { name } of parent.children) counts.set(name, (counts.get(name) ?? 0) + 1);
  const seen = new Map<string, number>();
  const steps = new Map<XmlElement, string>();
  for (const child of parent.children) {
    const { name } = child;
    const place = (seen.get(name) ?? 0) + 1;
    seen.set(name, place);
    steps.set(child, (counts.get(name) ?? 0) > 1 ? `${shown(name)}[${place}]` : shown(name));
  }
  known.set(parent, steps);
  return steps;
}

/** Names come from the file: only what a device's format names its elements by is repeated in a problem. */
function shown(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_.-]{0,40}$/.test(name) ? name : '*';
}
