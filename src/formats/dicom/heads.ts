/**
 * Heads of elements (PS3.5 7.1), one at a time: dicom-parser reads one and no more when it is told to stop at the very tag
 * that comes next. Left to itself it recurses and counts without limit, and takes lengths on trust.
 */
import dicomParser, { type ByteStream } from 'dicom-parser';

export interface Syntax {
  readonly implicit: boolean;
  readonly bigEndian: boolean;
}

export interface Head {
  readonly tag: string;
  readonly vr: string | undefined;
  readonly length: number;
  readonly offset: number;
}

export interface HeadReader {
  readonly bytes: Uint8Array;
  readonly stream: ByteStream;
  /** The VR of the head that was read last, as the file has it. */
  readonly vr: { now: string };
  readonly tags: Map<number, string>;
}

export const ITEM = 'fffee000';
export const ITEM_END = 'fffee00d';
export const SEQUENCE_END = 'fffee0dd';
export const UNDEFINED = 0xffffffff;

/** VRs by the width of their lengths (PS3.5 7.1.2), and those of four bytes that dicom-parser takes for two. */
const SHORT_VRS = new Set('AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US'.split(' '));
const LONG_VRS = new Set('OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' '));
const MISTAKEN_VRS = new Set(['OV', 'SV', 'UV']);

/** `from` lies within the bytes. */
export function openHeads(bytes: Uint8Array, from: number): HeadReader {
  const stream = new dicomParser.ByteStream(dicomParser.littleEndianByteArrayParser, bytes, from);
  const vr = { now: '' };
  const read = stream.readFixedString.bind(stream);
  stream.readFixedString = (length) => {
    vr.now = read(length);
    return MISTAKEN_VRS.has(vr.now) ? 'OB' : vr.now;
  };
  return { bytes, stream, vr, tags: new Map() };
}

export function setOrder({ stream }: HeadReader, { bigEndian }: Syntax): void {
  stream.byteArrayParser = bigEndian ? dicomParser.bigEndianByteArrayParser : dicomParser.littleEndianByteArrayParser;
}

/** The tag ahead, of which four bytes are there: as dicom-parser writes it, without the `x`. */
export function nextTag({ bytes, stream, tags }: HeadReader, { bigEndian }: Syntax): string {
  const at = stream.position;
  const [a, b, c, d] = [bytes[at] ?? 0, bytes[at + 1] ?? 0, bytes[at + 2] ?? 0, bytes[at + 3] ?? 0];
  const number = (bigEndian ? (a << 24) | (b << 16) | (c << 8) | d : (b << 24) | (a << 16) | (d << 8) | c) >>> 0;
  const known = tags.get(number);
  if (known !== undefined) return known;
  const made = number.toString(16).padStart(8, '0');
  tags.set(number, made);
  return made;
}

/** The head ahead, whose tag this is and of which eight bytes are there; undefined when it is cut or none. */
export function readHead({ bytes, stream, vr }: HeadReader, syntax: Syntax, tag: string): Head | undefined {
  if (syntax.implicit) {
    const { length, dataOffset } = dicomParser.readDicomElementImplicit(stream, `x${tag}`);
    return { tag, vr: undefined, length, offset: dataOffset };
  }
  const name = String.fromCharCode(bytes[stream.position + 4] as number, bytes[stream.position + 5] as number);
  // Text behind a length that is too short looks like a head, but for its VR.
  if (!SHORT_VRS.has(name) && !LONG_VRS.has(name)) return undefined;
  if (LONG_VRS.has(name) && stream.position + 12 > bytes.length) return undefined;
  const { length, dataOffset } = dicomParser.readDicomElementExplicit(stream, [], `x${tag}`);
  return { tag, vr: vr.now, length, offset: dataOffset };
}

/** Fragments of an encapsulated value up to its delimiter (PS3.5 A.4); false when it is not there. */
export function skipFragments(reader: HeadReader, syntax: Syntax): boolean {
  const { stream, bytes } = reader;
  while (stream.position + 8 <= bytes.length) {
    const tag = nextTag(reader, syntax);
    stream.seek(4);
    const length = stream.readUint32();
    if (tag === SEQUENCE_END) return true;
    if (tag !== ITEM) return false;
    stream.position += length;
  }
  return false;
}

/**
 * From the first element of group 7FE0 to the end of the pixels, then back; (7FE0,0001) and its like stand before them.
 * `none`: the group has no pixels.
 */
export function pixelsAhead(reader: HeadReader, syntax: Syntax): 'whole' | 'cut' | 'none' {
  const begin = reader.stream.position;
  const found = pixelsFrom(reader, syntax);
  reader.stream.position = begin;
  return found;
}

function pixelsFrom(reader: HeadReader, syntax: Syntax): 'whole' | 'cut' | 'none' {
  const { stream, bytes } = reader;
  while (stream.position + 8 <= bytes.length) {
    const tag = nextTag(reader, syntax);
    if (!tag.startsWith('7fe0')) return 'none';
    const head = readHead(reader, syntax, tag);
    if (head === undefined) return 'cut';
    const isWhole =
      head.length === UNDEFINED ? skipFragments(reader, syntax) : stream.position + head.length <= bytes.length;
    if (!isWhole) return 'cut';
    if (tag >= '7fe00008') return 'whole';
    stream.position = head.offset + head.length;
  }
  return stream.position === bytes.length ? 'none' : 'cut';
}
