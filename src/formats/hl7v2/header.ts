/** The MSH as bytes: its fields and MSH-18 before anything is decoded (v2.5 2.15.9; 2.15.9.18). */
import { type Charset, charsetNamed, decodeStrictly } from './charset.ts';

export interface HeaderSpan {
  /** Offset of the M of MSH. */
  readonly start: number;
  /** Offset after the last byte of the segment, its line end not counted. */
  readonly end: number;
}

const CR = 0x0d;
const LF = 0x0a;
const START_BLOCK = 0x0b;
const END_BLOCK = 0x1c;

/** The first line that begins with MSH. CR and LF are no second byte in any character set of table 0211. */
export function findHeader(bytes: Uint8Array): HeaderSpan | undefined {
  let start = hasUtf8Bom(bytes) ? 3 : 0;
  while (start < bytes.length) {
    while (isBetweenLines(bytes[start])) start += 1;
    const end = lineEnd(bytes, start);
    if (startsMsh(bytes, start)) return { start, end };
    start = end + 1;
  }
  return undefined;
}

export function hasUtf8Bom(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

/** A UTF-16 BOM, or an MSH of two-byte units without one (a message cut out of a UTF-16 file). */
export function utf16Of(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0x4d && bytes[1] === 0)) return 'utf-16le';
  if ((bytes[0] === 0xfe && bytes[1] === 0xff) || (bytes[0] === 0 && bytes[1] === 0x4d)) return 'utf-16be';
  return undefined;
}

function startsMsh(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0x4d && bytes[at + 1] === 0x53 && bytes[at + 2] === 0x48;
}

function isBetweenLines(byte: number | undefined): boolean {
  return byte === CR || byte === LF || byte === START_BLOCK || byte === END_BLOCK || byte === 0x20 || byte === 0x09;
}

function lineEnd(bytes: Uint8Array, from: number): number {
  let end = from;
  while (end < bytes.length && bytes[end] !== CR && bytes[end] !== LF) end += 1;
  while (end > from && bytes[end - 1] === END_BLOCK) end -= 1;
  return end;
}

/**
 * Raw bytes of the header's fields: [n] is MSH-n, [0] is `MSH`. Read in the given character set,
 * since the second byte of a GB18030 or Big5 character may be a delimiter's.
 */
export function headerFields(bytes: Uint8Array, span: HeaderSpan, charset: Charset): readonly Uint8Array[] {
  const separatorAt = span.start + 3;
  const fields = [bytes.subarray(span.start, Math.min(separatorAt, span.end))];
  if (separatorAt >= span.end) return fields;
  const separator = bytes[separatorAt] as number;
  fields.push(bytes.subarray(separatorAt, separatorAt + 1));
  let from = separatorAt + 1;
  for (let i = from; i < span.end; ) {
    if (bytes[i] === separator) {
      fields.push(bytes.subarray(from, i));
      i += 1;
      from = i;
    } else {
      i += characterLength(bytes, i, charset);
    }
  }
  fields.push(bytes.subarray(from, span.end));
  return fields;
}

/** How many bytes the character takes that begins at an offset; 1 for what cannot hide a delimiter. */
function characterLength(bytes: Uint8Array, at: number, charset: Charset): number {
  const lead = bytes[at] as number;
  if (lead < 0x81 || lead === 0xff) return 1;
  const trail = bytes[at + 1] ?? 0;
  switch (charset) {
    case 'gb18030':
      if (trail >= 0x30 && trail <= 0x39) return 4;
      return trail >= 0x40 && trail !== 0x7f ? 2 : 1;
    case 'big5':
    case 'euc-kr':
      return trail >= 0x40 ? 2 : 1;
    case 'shift_jis':
      return (lead <= 0x9f || lead >= 0xe0) && trail >= 0x40 ? 2 : 1;
    default:
      return 1;
  }
}

const PLAIN: Charset = 'us-ascii';
const MULTIBYTE: readonly Charset[] = ['gb18030', 'big5', 'shift_jis', 'euc-kr'];

/**
 * MSH-18.1st repetition as written, undefined when absent. Where it stands depends on the character
 * set that it names, so each reading is tried and the one that agrees with itself is believed.
 */
export function declaredLabel(bytes: Uint8Array, span: HeaderSpan): string | undefined {
  const plain = labelRead(bytes, span, PLAIN);
  const header = bytes.subarray(span.start, span.end);
  if (header.every((byte) => byte < 0x80) || decodeStrictly(header, 'utf-8') !== undefined) return plain;
  const named = plain === undefined ? undefined : charsetNamed(plain);
  if (named !== undefined && !MULTIBYTE.includes(named)) return plain;
  let known = named === undefined ? undefined : plain;
  for (const charset of MULTIBYTE) {
    const label = labelRead(bytes, span, charset);
    const meant = label === undefined ? undefined : charsetNamed(label);
    if (meant === charset) return label;
    if (meant !== undefined) known ??= label;
  }
  return known ?? labelRead(bytes, span, 'gb18030');
}

function labelRead(bytes: Uint8Array, span: HeaderSpan, charset: Charset): string | undefined {
  const fields = headerFields(bytes, span, charset);
  const field = fields[18];
  if (field === undefined) return undefined;
  const repetition = fields[2]?.[1];
  const end = repetition === undefined ? -1 : field.indexOf(repetition);
  const label = asciiText(end < 0 ? field : field.subarray(0, end)).trim();
  return label === '' ? undefined : label;
}

/** The bytes as text, high ones as `?`: for labels, versions and the like. */
export function asciiText(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes.subarray(0, 256)) text += byte < 0x80 ? String.fromCharCode(byte) : '?';
  return text;
}
