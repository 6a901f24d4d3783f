/**
 * XML to a tree, within limits: no DTD is read, no entity but XML's own five is known, depth, elements and attributes are
 * counted. saxes (a streaming parser) does the syntax; names lose their prefixes, which devices set as they like.
 */
import { type SaxesAttributePlain, SaxesParser } from 'saxes';
import { LIMITS } from '../../base/limits.ts';
import type { Parsed, Problem } from '../../base/problem.ts';
import { decodeXml } from './decode-xml.ts';
import { pathOf, type XmlElement } from './element.ts';

interface Growing {
  readonly name: string;
  readonly parent: Growing | undefined;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: Growing[];
  text: string;
}

/**
 * The root element. Problems: `xml/too-large`, `xml/dtd` (one with declarations of its own), `xml/too-deep`,
 * `xml/too-many`, `xml/syntax` (all fatal, `at` the path of the open element), `xml/encoding-doubtful` (a warning).
 */
export function readXml(bytes: Uint8Array): Parsed<XmlElement> {
  if (bytes.length > LIMITS.xmlBytesMax) return fatal('xml/too-large', '');
  const { text, doubtful } = decodeXml(bytes);
  const problems: Problem[] = doubtful ? [{ code: 'xml/encoding-doubtful', severity: 'warning', at: 'encoding' }] : [];
  const tree = new Tree();
  tree.read(text);
  if (tree.fault !== undefined) return fatal(tree.fault.code, tree.fault.at);
  if (tree.root === undefined) return fatal('xml/syntax', '');
  return { value: tree.root, problems };
}

function fatal(code: string, at: string): Parsed<never> {
  return { value: undefined, problems: [{ code, severity: 'fatal', at }] };
}

const PLAIN_MIN = 256;
const NOT_PLAIN = /[^\t\n\r +\-,./0-9=A-Za-z]/;

/** Long texts of numbers or base64 between two tags: from behind the one to before the other. */
function* plainTexts(text: string): Generator<readonly [from: number, to: number]> {
  let tag = text.indexOf('<');
  for (let next = tag; next >= 0; tag = next) {
    next = text.indexOf('<', tag + 1);
    if (next - tag <= PLAIN_MIN) continue;
    const length = text.slice(tag, next).indexOf('>') + 1;
    const from = tag + length;
    if (length > 0 && next - from > PLAIN_MIN && !NOT_PLAIN.test(text.slice(from, next))) yield [from, next];
  }
}

/** Builds the tree from the parser's events; stops at the first fault. */
class Tree {
  root: Growing | undefined;
  fault: { readonly code: string; readonly at: string } | undefined;
  #open: Growing | undefined;
  /** Characters that the parser had read when it ended its last tag. */
  #tagEndedAt = -1;
  #depth = 0;
  #count = 0;

  read(text: string): void {
    const parser = new SaxesParser({ xmlns: false, position: false });
    parser.on('doctype', (doctype) => {
      // An external identifier alone does no harm: it is never fetched.
      if (doctype.includes('[')) this.#stop('xml/dtd');
    });
    parser.on('attribute', (attribute: SaxesAttributePlain) => this.#countOne(attribute.value.length > 0));
    parser.on('text', (piece) => this.#add(piece));
    parser.on('cdata', (piece) => this.#add(piece));
    parser.on('error', () => this.#stop('xml/syntax'));
    try {
      this.#feed(parser, text);
    } catch (thrown) {
      if (!(thrown instanceof Stopped)) this.fault ??= { code: 'xml/syntax', at: this.#where() };
    }
  }

  /**
   * Long plain texts (samples) go past the parser, which looks at every character: they have nothing in them that it would
   * find. Only where it has just ended a tag: in a comment or an attribute the same characters are something else.
   */
  #feed(parser: SaxesParser, text: string): void {
    let from = 0;
    let written = 0;
    const write = (piece: string): void => {
      parser.write(piece);
      written += piece.length;
    };
    const tagEnded = (): void => {
      this.#tagEndedAt = parser.position;
    };
    parser.on('opentag', ({ name, attributes }) => {
      this.#begin(name, attributes);
      tagEnded();
    });
    parser.on('closetag', () => {
      this.#end();
      tagEnded();
    });
    for (const [begin, end] of plainTexts(text)) {
      write(text.slice(from, begin));
      from = begin;
      if (this.#open === undefined || this.#tagEndedAt !== written) continue;
      const plain = text.slice(begin, end);
      this.#add(plain.includes('\r') ? plain.replaceAll(/\r\n?/g, '\n') : plain);
      from = end;
    }
    parser.write(text.slice(from)).close();
  }

  #begin(name: string, attributes: Readonly<Record<string, string>>): void {
    this.#countOne(true);
    this.#depth += 1;
    if (this.#depth > LIMITS.xmlDepthMax) this.#stop('xml/too-deep');
    const parent = this.#open;
    const element: Growing = {
      name: localName(name),
      parent,
      attributes: localAttributes(attributes),
      children: [],
      text: '',
    };
    if (parent === undefined) this.root ??= element;
    else parent.children.push(element);
    this.#open = element;
  }

  #end(): void {
    this.#open = this.#open?.parent;
    this.#depth -= 1;
  }

  #add(piece: string): void {
    if (this.#open !== undefined) this.#open.text += piece;
  }

  #countOne(counts: boolean): void {
    if (counts) this.#count += 1;
    if (this.#count > LIMITS.xmlNodesMax) this.#stop('xml/too-many');
  }

  #stop(code: string): never {
    this.fault ??= { code, at: this.#where() };
    throw new Stopped();
  }

  #where(): string {
    return this.#open === undefined ? '' : pathOf(this.#open);
  }
}

/** Leaves the parser; caught in `Tree.read`. */
class Stopped extends Error {}

const NONE: ReadonlyMap<string, string> = new Map();

function localAttributes(attributes: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  let made: Map<string, string> | undefined;
  for (const name of Object.keys(attributes)) {
    if (name.startsWith('xmlns') && (name.length === 5 || name[5] === ':')) continue;
    made ??= new Map();
    made.set(localName(name), attributes[name] as string);
  }
  return made ?? NONE;
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
