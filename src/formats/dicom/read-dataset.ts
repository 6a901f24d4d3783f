/**
 * A DICOM data set (PS3.5, PS3.10) behind one guarded door: dicom-parser reads the structure, and whatever it throws (texts,
 * range errors) becomes a problem. Headerless files are told from their first element; deflated ones inflate within a limit.
 */
import dicomParser, { type DataSet, type Element } from 'dicom-parser';
import { Inflate } from 'fflate';
import { concatBytes } from '../../base/bytes.ts';
import { LIMITS } from '../../base/limits.ts';
import type { Parsed, Problem } from '../../base/problem.ts';
import { decodeDicomText } from './text.ts';

/** One data set or item. Tags are written as eight hexadecimal digits in lower case: `54000100`. */
export interface DicomItem {
  /** The value's bytes; undefined when absent, empty or cut. */
  bytes(tag: string): Uint8Array | undefined;
  /** Values parted by backslashes after decoding, blanks and NUL around them gone; empty when absent. */
  texts(tag: string): readonly string[];
  /** The first of them that is not empty. */
  text(tag: string): string | undefined;
  /** A text in which a backslash parts nothing (ST, LT, UT). */
  whole(tag: string): string | undefined;
  uint16(tag: string): number | undefined;
  uint32(tag: string): number | undefined;
  items(tag: string): readonly DicomItem[];
  /** Bytes of the element are in big-endian order. */
  readonly bigEndian: boolean;
}

const BIG_ENDIAN = '1.2.840.10008.1.2.2';
const IMPLICIT = '1.2.840.10008.1.2';
const EXPLICIT = '1.2.840.10008.1.2.1';
const PIXEL_DATA = 'x7fe00010';

/** `DICM` at 128, or a first element of group 0002 or 0008. */
export function looksLikeDicom(bytes: Uint8Array): boolean {
  return hasPreamble(bytes) || headerless(bytes) !== undefined;
}

function hasPreamble(bytes: Uint8Array): boolean {
  return bytes[128] === 0x44 && bytes[129] === 0x49 && bytes[130] === 0x43 && bytes[131] === 0x4d;
}

/** The transfer syntax of a file without a header: its first element is of group 0008, with or without a VR. */
function headerless(bytes: Uint8Array): string | undefined {
  if (bytes.length < 16 || bytes[0] !== 0x08 || bytes[1] !== 0) return undefined;
  const element = (bytes[2] as number) + (bytes[3] as number) * 256;
  if (element > 0x0018) return undefined;
  const [a = 0, b = 0] = bytes.subarray(4, 6);
  const isVr = a >= 0x41 && a <= 0x5a && b >= 0x41 && b <= 0x5a;
  if (isVr) return EXPLICIT;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true);
  return length <= 128 ? IMPLICIT : undefined;
}

/**
 * Reads up to the pixels. Problems: `dicom/unreadable` and `dicom/too-large` (fatal), `dicom/truncated`,
 * `dicom/headerless`, `dicom/text-guessed`.
 */
export function readDataset(bytes: Uint8Array): Parsed<DicomItem> {
  const problems: Problem[] = [];
  const syntax = hasPreamble(bytes) ? undefined : headerless(bytes);
  if (syntax !== undefined) problems.push({ code: 'dicom/headerless', severity: 'information', at: '(0002,0010)' });
  else if (!hasPreamble(bytes)) return fatal('dicom/unreadable', '(0002,0010)');
  let inflated = bytes;
  let tooLarge = false;
  const options = {
    ...(syntax === undefined ? {} : { TransferSyntaxUID: syntax }),
    untilTag: PIXEL_DATA,
    inflater: (all: Uint8Array, position: number): Uint8Array => {
      const made = inflate(all.subarray(position));
      tooLarge = made === undefined;
      inflated = concatBytes(all.subarray(0, position), made ?? new Uint8Array());
      return inflated;
    },
  };
  let dataset: DataSet | undefined;
  try {
    dataset = dicomParser.parseDicom(bytes, options);
  } catch (thrown) {
    // What was read before the fault hangs on it; everything else that it says may hold values.
    dataset = (thrown as { dataSet?: DataSet } | undefined)?.dataSet;
    problems.push({ code: 'dicom/truncated', severity: 'error', at: 'data set' });
  }
  if (tooLarge) return fatal('dicom/too-large', 'data set');
  if (dataset === undefined || Object.keys(dataset.elements).length === 0) return fatal('dicom/unreadable', 'data set');
  const told = { problems, guessed: false };
  const bigEndian = textOf(dataset, 'x00020010', inflated) === BIG_ENDIAN;
  return { value: itemOf(dataset, { bytes: inflated, bigEndian, charsets: [], told }), problems };
}

function fatal(code: string, at: string): Parsed<never> {
  return { value: undefined, problems: [{ code, severity: 'fatal', at }] };
}

/** Raw deflate, stopped at the limit; undefined beyond it. */
function inflate(deflated: Uint8Array): Uint8Array | undefined {
  const parts: Uint8Array[] = [];
  let length = 0;
  const stream = new Inflate((part) => {
    length += part.length;
    if (length > LIMITS.dicomInflatedBytesMax) throw new RangeError('too large');
    parts.push(part);
  });
  try {
    // In pieces, so that a bomb is stopped and not made whole.
    for (let at = 0; at < deflated.length; at += PIECE)
      stream.push(deflated.subarray(at, at + PIECE), at + PIECE >= deflated.length);
  } catch {
    return length > LIMITS.dicomInflatedBytesMax ? undefined : concatBytes(...parts);
  }
  return concatBytes(...parts);
}

const PIECE = 4_096;

interface Reading {
  readonly bytes: Uint8Array;
  readonly bigEndian: boolean;
  readonly charsets: readonly string[];
  readonly told: { readonly problems: Problem[]; guessed: boolean };
}

function itemOf(dataset: DataSet, above: Reading): DicomItem {
  const own = splitText(textOf(dataset, 'x00080005', above.bytes) ?? '');
  const reading = own.length === 0 ? above : { ...above, charsets: own };
  const { bytes, told } = reading;
  const valueOf = (tag: string): Uint8Array | undefined => valueBytes(dataset.elements[`x${tag}`], bytes);
  const decoded = (tag: string): string => {
    const value = valueOf(tag);
    if (value === undefined) return '';
    const { text, guessed } = decodeDicomText(value, reading.charsets);
    if (guessed && !told.guessed) {
      told.guessed = true;
      told.problems.push({ code: 'dicom/text-guessed', severity: 'warning', at: positionOf(tag) });
    }
    return text;
  };
  const texts = (tag: string): readonly string[] => splitText(decoded(tag));
  const number = (tag: string, width: 2 | 4): number | undefined => {
    const value = valueOf(tag);
    if (value === undefined || value.length < width) return undefined;
    const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
    return width === 2 ? view.getUint16(0, !reading.bigEndian) : view.getUint32(0, !reading.bigEndian);
  };
  return {
    bytes: valueOf,
    texts,
    text: (tag) => texts(tag).find((text) => text !== ''),
    whole: (tag) => {
      const text = decoded(tag).replaceAll('\0', '').trim();
      return text === '' ? undefined : text;
    },
    uint16: (tag) => number(tag, 2),
    uint32: (tag) => number(tag, 4),
    items: (tag) =>
      (dataset.elements[`x${tag}`]?.items ?? []).flatMap(({ dataSet }) =>
        dataSet === undefined ? [] : [itemOf(dataSet, reading)],
      ),
    bigEndian: reading.bigEndian,
  };
}

function valueBytes(element: Element | undefined, bytes: Uint8Array): Uint8Array | undefined {
  if (element === undefined || element.length <= 0) return undefined;
  const value = bytes.subarray(element.dataOffset, element.dataOffset + element.length);
  return value.length === 0 ? undefined : value;
}

function textOf(dataset: DataSet, tag: string, bytes: Uint8Array): string | undefined {
  const value = valueBytes(dataset.elements[tag], bytes);
  return value === undefined ? undefined : decodeDicomText(value, []).text.replace(/[\0 ]+$/, '');
}

function splitText(text: string): readonly string[] {
  return text === '' ? [] : text.split('\\').map((part) => part.replaceAll('\0', '').trim());
}

/** `(5400,0100)` for `54000100`. */
export function positionOf(tag: string): string {
  return `(${tag.slice(0, 4)},${tag.slice(4)})`;
}
