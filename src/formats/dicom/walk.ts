/**
 * The structure of a data set (PS3.5 7) from head to head, sequences on a stack of our own within limits of depth, items
 * and elements. It ends before the pixels, whichever of group 7FE0 they are, and at the first contradiction.
 */
import { LIMITS } from '../../base/limits.ts';
import {
  type Head,
  type HeadReader,
  ITEM,
  ITEM_END,
  nextTag,
  openHeads,
  pixelsAhead,
  readHead,
  SEQUENCE_END,
  setOrder,
  skipFragments,
  type Syntax,
  UNDEFINED,
} from './heads.ts';

export interface DicomElement {
  /** Eight hexadecimal digits in lower case. */
  readonly tag: string;
  /** Absent in implicit syntaxes. */
  readonly vr: string | undefined;
  readonly offset: number;
  readonly length: number;
  /** Of a sequence. */
  readonly items?: readonly DicomNode[];
  /** The bytes that it is within where they are not those of its data set: file meta information is never deflated. */
  readonly within?: Uint8Array;
}

/** A data set or item; elements of private groups are not kept. */
export interface DicomNode {
  readonly bytes: Uint8Array;
  readonly bigEndian: boolean;
  readonly elements: Map<string, DicomElement>;
}

export type WalkFault = 'cut' | 'too-nested' | 'too-many';

export interface Walked {
  readonly node: DicomNode;
  /** Where the walk ended: before the pixels, or at the fault. */
  readonly position: number;
  readonly fault?: WalkFault;
  /** The last element of the top level that was read whole, private ones too; '' when none was. */
  readonly last: string;
  readonly pixels: 'whole' | 'cut' | 'none';
}

/** What data set and file meta information may have together. */
export interface Budget {
  items: number;
  elements: number;
}

export const freshBudget = (): Budget => ({ items: LIMITS.dicomItemsMax, elements: LIMITS.dicomElementsMax });

/** A data set, an item or a sequence that is being read. */
interface Frame {
  readonly sequence: boolean;
  /** Position behind it; undefined where a delimiter ends it. */
  readonly end: number | undefined;
  readonly syntax: Syntax;
  readonly node: DicomNode;
  readonly items: DicomNode[];
  /** Of the sequence's own element. */
  readonly head: Head | undefined;
}

interface Walk {
  readonly bytes: Uint8Array;
  readonly reader: HeadReader;
  readonly stream: HeadReader['stream'];
  readonly frames: Frame[];
  readonly budget: Budget;
  readonly only: string | undefined;
  last: string;
  pixels: Walked['pixels'];
}

/** `only` ends the walk before the first element of another group, as file meta information ends. */
export function walkDataset(
  bytes: Uint8Array,
  { from, syntax, budget, only }: { from: number; syntax: Syntax; budget: Budget; only?: string },
): Walked {
  const node: DicomNode = { bytes, bigEndian: syntax.bigEndian, elements: new Map() };
  const none = { node, position: from, last: '', pixels: 'none' } as const;
  if (from >= bytes.length) return none;
  const reader = openHeads(bytes, from);
  const { stream } = reader;
  const root: Frame = { sequence: false, end: bytes.length, syntax, node, items: [], head: undefined };
  const walk: Walk = { bytes, reader, stream, frames: [root], budget, only, last: '', pixels: 'none' };
  let fault: WalkFault | 'end' | undefined;
  while (fault === undefined) fault = step(walk);
  const { last, pixels } = walk;
  return { node, position: stream.position, last, pixels, ...(fault === 'end' ? {} : { fault }) };
}

/** One head, one delimiter or one end. */
function step(walk: Walk): WalkFault | 'end' | undefined {
  const { bytes, stream, frames } = walk;
  const frame = frames.at(-1) as Frame;
  if (frame.end !== undefined && stream.position >= frame.end) {
    if (stream.position > frame.end) return 'cut';
    return close(walk);
  }
  setOrder(walk.reader, frame.syntax);
  if (stream.position + 8 > bytes.length) return atEnd(walk);
  const tag = nextTag(walk.reader, frame.syntax);
  stream.seek(4);
  if (frame.sequence) return stepItem(walk, frame, tag);
  if (frames.length === 1) {
    if (walk.only !== undefined && !tag.startsWith(walk.only)) return backed(walk);
    if (tag.startsWith('7fe0')) return backed(walk, tag);
    // Behind other elements there is no such tag: zeros to the end of the file are padding.
    if (tag === '00000000' && walk.last !== '')
      return bytes.subarray(stream.position).every((byte) => byte === 0) ? backed(walk) : 'cut';
  }
  if (tag === ITEM_END && frame.end === undefined) {
    stream.seek(4);
    return close(walk);
  }
  if (tag.startsWith('fffe')) return 'cut';
  stream.seek(-4);
  return stepElement(walk, frame, tag);
}

/** Back to the tag, and a look at the pixels when it is theirs. */
function backed(walk: Walk, tag = ''): 'end' {
  walk.stream.seek(-4);
  if (tag.startsWith('7fe0')) walk.pixels = pixelsAhead(walk.reader, (walk.frames[0] as Frame).syntax);
  return 'end';
}

/** Fewer bytes are left than a head has: of the pixels' head, of padding, or a cut. */
function atEnd(walk: Walk): 'cut' | 'end' {
  const { bytes, stream, frames } = walk;
  if (frames.length > 1) return 'cut';
  const rest = bytes.subarray(stream.position);
  // In big-endian order a tag begins with a zero as well.
  const { syntax } = frames[0] as Frame;
  const least = syntax.bigEndian ? 2 : 1;
  if (rest.length >= least && rest.every((byte) => byte === 0)) return 'end';
  if (rest.length < 4 || walk.last === '') return 'cut';
  if (!nextTag(walk.reader, syntax).startsWith('7fe0')) return 'cut';
  walk.pixels = 'cut';
  return 'end';
}

function stepItem(walk: Walk, frame: Frame, tag: string): WalkFault | 'end' | undefined {
  const { stream, frames, budget } = walk;
  const length = stream.readUint32();
  if (tag === SEQUENCE_END && frame.end === undefined) return close(walk);
  if (tag !== ITEM) return 'cut';
  budget.items -= 1;
  if (budget.items < 0) return 'too-many';
  const end = endOf(walk, frame, length);
  if (end === null) return 'cut';
  const node: DicomNode = { bytes: walk.bytes, bigEndian: frame.syntax.bigEndian, elements: new Map() };
  frames.push({ sequence: false, end, syntax: frame.syntax, node, items: [], head: undefined });
  return undefined;
}

/** Position behind a value of this length; undefined when a delimiter ends it, null when there is no room for it. */
function endOf(walk: Walk, frame: Frame, length: number): number | undefined | null {
  if (length === UNDEFINED) return undefined;
  const end = walk.stream.position + length;
  return end > (frame.end ?? walk.bytes.length) ? null : end;
}

function stepElement(walk: Walk, frame: Frame, tag: string): WalkFault | undefined {
  const { stream, frames, budget } = walk;
  budget.elements -= 1;
  if (budget.elements < 0) return 'too-many';
  const head = readHead(walk.reader, frame.syntax, tag);
  if (head === undefined) return 'cut';
  const end = endOf(walk, frame, head.length);
  if (end === null) return 'cut';
  const isPrivate = Number.parseInt(tag.slice(3, 4), 16) % 2 === 1;
  const inner = isPrivate && end !== undefined ? undefined : syntaxWithin(walk, frame, head);
  if (inner !== undefined) {
    // Items are counted where they begin; a sequence of a sequence is one level.
    if (frames.length / 2 >= LIMITS.dicomDepthMax) return 'too-nested';
    frames.push({ sequence: true, end, syntax: inner, node: frame.node, items: [], head });
    return undefined;
  }
  if (end === undefined && !skipFragments(walk.reader, frame.syntax)) return 'cut';
  if (end !== undefined) stream.position = end;
  if (!isPrivate) frame.node.elements.set(tag, { ...head, length: stream.position - head.offset });
  if (frames.length === 1) walk.last = tag;
  return undefined;
}

/** How the items of a sequence are written; undefined when the element is none. */
function syntaxWithin(walk: Walk, frame: Frame, head: Head): Syntax | undefined {
  const { stream, bytes } = walk;
  if (head.vr === 'SQ') return frame.syntax;
  // UN of undefined length holds items in Implicit VR Little Endian (PS3.5 6.2.2).
  if (head.vr === 'UN' && head.length === UNDEFINED) return { implicit: true, bigEndian: false };
  if (head.vr !== undefined || head.tag === '7fe00010') return undefined;
  const at = stream.position;
  const isItem = bytes[at] === 0xfe && bytes[at + 1] === 0xff && bytes[at + 3] === 0xe0;
  const isEmpty = bytes[at + 2] === 0xdd && head.length === UNDEFINED;
  if (!isItem || !(bytes[at + 2] === 0 || isEmpty)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const first = at + 8 <= bytes.length ? view.getUint32(at + 4, true) : 0;
  // Without a VR only its bytes tell a sequence: an item tag whose length has room.
  return first === UNDEFINED || head.length === UNDEFINED || first + 8 <= head.length ? frame.syntax : undefined;
}

/** The frame is whole: what it held goes to what holds it. */
function close(walk: Walk): 'end' | undefined {
  const { frames, stream } = walk;
  const frame = frames.pop() as Frame;
  const above = frames.at(-1);
  if (above === undefined) return 'end';
  if (!frame.sequence) {
    above.items.push(frame.node);
    return undefined;
  }
  const { tag, vr, offset } = frame.head as Head;
  const isPrivate = Number.parseInt(tag.slice(3, 4), 16) % 2 === 1;
  if (!isPrivate)
    above.node.elements.set(tag, { tag, vr, offset, length: stream.position - offset, items: frame.items });
  if (frames.length === 1) walk.last = tag;
  return undefined;
}
