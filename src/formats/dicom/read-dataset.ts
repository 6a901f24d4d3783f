/**
 * A DICOM data set (PS3.5, PS3.10) as values: texts by their character set, numbers by their byte order. The structure
 * is read at once, values when they are asked for.
 */
import { LIMITS } from '../../base/limits.ts';
import type { Parsed, Problem } from '../../base/problem.ts';
import { statedCharset } from './charsets.ts';
import { type DicomStructure, readStructure } from './read-structure.ts';
import { decodeDicomText, type TextKind } from './text.ts';
import type { DicomElement, DicomNode } from './walk.ts';

export { looksLikeDicom } from './read-structure.ts';

/** One data set or item. Tags are written as eight hexadecimal digits in lower case: `54000100`. */
export interface DicomItem {
  /** The value's bytes; undefined when absent, empty or cut. */
  bytes(tag: string): Uint8Array | undefined;
  /** Values parted by backslashes after decoding, blanks and NUL around them gone; empty when absent. */
  texts(tag: string): readonly string[];
  /** The first of them that is not empty. */
  text(tag: string): string | undefined;
  /** As `text`, of a person's name, whose delimiters bring the first character set back (PS3.5 6.1.2.5.3). */
  name(tag: string): string | undefined;
  names(tag: string): readonly string[];
  /** A text in which a backslash parts nothing (ST, LT, UT). */
  whole(tag: string): string | undefined;
  uint16(tag: string): number | undefined;
  uint32(tag: string): number | undefined;
  items(tag: string): readonly DicomItem[];
  /** Bytes of the element are in big-endian order. */
  readonly bigEndian: boolean;
}

export interface DatasetOptions {
  /** Decodes every text by this label, whatever the file states: what a guess is corrected with. */
  readonly charset?: string;
}

/** A text that is not in the character set that the file states. */
export interface TextGuess {
  /** `(0010,0010)`. */
  readonly at: string;
  /** What it was taken for: a label of the Encoding Standard, or `iso-2022`. */
  readonly label: string;
}

/**
 * Reads up to the pixels. Problems: those of `readStructure`, `dicom/truncated` (what was read before is kept),
 * `dicom/charset-unknown` and, when a text is asked for, `dicom/text-guessed` (once) and `dicom/text-too-long`.
 */
export function readDataset(bytes: Uint8Array): Parsed<DicomItem> {
  const structure = readStructure(bytes);
  const problems: Problem[] = [...structure.problems];
  if (structure.root === undefined) return { value: undefined, problems };
  if (structure.cutBehind !== undefined) problems.push({ code: 'dicom/truncated', severity: 'error', at: 'data set' });
  return { value: datasetOf(structure, problems, [], {}), problems };
}

/** The values of what `readStructure` read; `guesses` gets each element whose text was guessed. */
export function datasetOf(
  structure: DicomStructure,
  problems: Problem[],
  guesses: TextGuess[],
  { charset }: DatasetOptions,
): DicomItem {
  return itemOf(structure.root, { charsets: [], problems, guesses, charset, hint: undefined }, true);
}

interface Reading {
  readonly charsets: readonly string[];
  readonly problems: Problem[];
  readonly guesses: TextGuess[];
  readonly charset: string | undefined;
  /** What the longer texts of the data set were found to be in. */
  readonly hint: string | undefined;
}

function itemOf(node: DicomNode, above: Reading, isTop = false): DicomItem {
  const reading = readingOf(node, above, isTop);
  const valueOf = (tag: string): Uint8Array | undefined => valueBytes(node, node.elements.get(tag));
  const decoded = (tag: string, kind: TextKind): string => {
    const value = valueOf(tag);
    return value === undefined ? '' : decodedBy(reading, { value, tag, kind });
  };
  const texts = (tag: string): readonly string[] => splitText(decoded(tag, 'values'));
  const names = (tag: string): readonly string[] => splitText(decoded(tag, 'PN'));
  const number = (tag: string, width: 2 | 4): number | undefined => {
    const value = valueOf(tag);
    if (value === undefined || value.length < width) return undefined;
    const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
    const isLittle = !node.bigEndian || tag.startsWith('0002');
    return width === 2 ? view.getUint16(0, isLittle) : view.getUint32(0, isLittle);
  };
  return {
    bytes: valueOf,
    texts,
    text: (tag) => texts(tag).find((text) => text !== ''),
    name: (tag) => names(tag).find((text) => text !== ''),
    names,
    whole: (tag) => {
      // Leading blanks are part of a text (PS3.5 6.2), trailing ones are not.
      const text = decoded(tag, 'text').replaceAll('\0', '').trimEnd();
      return text.trim() === '' ? undefined : text;
    },
    uint16: (tag) => number(tag, 2),
    uint32: (tag) => number(tag, 4),
    items: (tag) => (node.elements.get(tag)?.items ?? []).map((item) => itemOf(item, reading)),
    bigEndian: node.bigEndian,
  };
}

function decodedBy(
  { charsets, charset, hint, problems, guesses }: Reading,
  { value, tag, kind }: { readonly value: Uint8Array; readonly tag: string; readonly kind: TextKind },
): string {
  if (value.length > (kind === 'text' ? LIMITS.dicomTextBytesMax : LIMITS.dicomValueBytesMax)) {
    const at = positionOf(tag);
    const isTold = problems.some((problem) => problem.code === 'dicom/text-too-long' && problem.at === at);
    if (!isTold) problems.push({ code: 'dicom/text-too-long', severity: 'error', at });
    return '';
  }
  const { text, label, guessed } = decodeDicomText(value, charsets, {
    kind,
    ...(hint === undefined ? {} : { hint }),
    ...(charset === undefined ? {} : { as: charset }),
  });
  if (!guessed) return text;
  const at = positionOf(tag);
  if (guesses.length === 0) problems.push({ code: 'dicom/text-guessed', severity: 'warning', at });
  if (!guesses.some((guess) => guess.at === at)) guesses.push({ at, label });
  return text;
}

/** An item that states its own character set begins anew; else it has that of what holds it (PS3.3 C.12.1.1.2). */
function readingOf(node: DicomNode, above: Reading, isTop: boolean): Reading {
  const stated = valueBytes(node, node.elements.get('00080005'));
  const own = stated === undefined || stated.length > HINT_BYTES_MAX ? [] : splitText(decodeDicomText(stated, []).text);
  // What an item's few texts say about themselves is less than what the whole says.
  if (own.length === 0 && !isTop) return above;
  const charsets = own.length === 0 ? above.charsets : own;
  if (
    own.length > 0 &&
    statedCharset(own).unknown &&
    !above.problems.some(({ code }) => code === 'dicom/charset-unknown')
  )
    above.problems.push({ code: 'dicom/charset-unknown', severity: 'warning', at: '(0008,0005)' });
  return { ...above, charsets, hint: hintOf(node, charsets) };
}

/** Names, institution and descriptions, which together tell more than each alone. */
const TELLING = [
  '00100010',
  '00080080',
  '00080090',
  '00081030',
  '0008103e',
  '00081040',
  '00081050',
  '00181030',
  '00321060',
];

/** What these are in when it is not what is stated; undefined when it is, or nothing is beyond ASCII. */
function hintOf(node: DicomNode, charsets: readonly string[]): string | undefined {
  const values = TELLING.flatMap((tag) => valueBytes(node, node.elements.get(tag)) ?? []);
  const beyond = values.filter((value) => value.length <= HINT_BYTES_MAX && value.some((byte) => byte >= 0x80));
  if (beyond.length < 2) return undefined;
  const joined = Uint8Array.from(beyond.flatMap((value) => [...value, 0x0a]));
  const { label, guessed } = decodeDicomText(joined, charsets);
  return guessed && (label === 'gb18030' || label === 'utf-8') ? label : undefined;
}

const HINT_BYTES_MAX = 1_024;

function valueBytes(node: DicomNode, element: DicomElement | undefined): Uint8Array | undefined {
  if (element === undefined || element.length <= 0) return undefined;
  const bytes = element.within ?? node.bytes;
  const value = bytes.subarray(element.offset, element.offset + element.length);
  return value.length === 0 ? undefined : value;
}

function splitText(text: string): readonly string[] {
  return text === '' ? [] : text.split('\\').map((part) => part.replaceAll('\0', '').trim());
}

/** `(5400,0100)` for `54000100`, `(0008,103E)` for `0008103e`. */
export function positionOf(tag: string): string {
  return `(${tag.slice(0, 4)},${tag.slice(4)})`.toUpperCase();
}
