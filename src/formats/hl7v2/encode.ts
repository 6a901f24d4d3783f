/** Text to bytes in a character set, by inverse tables made from TextDecoder on first use (no iconv on Workers). */
import { utf8 } from '../../base/bytes.ts';
import type { Parsed } from '../../base/problem.ts';
import { type Charset, decodeLossily } from './charset.ts';
import { createProblemList } from '../../base/problem-list.ts';

/** Never fatal: what the character set does not have becomes `?`, with a problem per line. */
export function encode(text: string, charset: Charset): Parsed<Uint8Array> {
  if (charset === 'utf-8') return { value: utf8(text), problems: [] };
  if (charset === 'utf-16le' || charset === 'utf-16be') return { value: utf16(text, charset), problems: [] };
  const table = tableOf(charset);
  const problems = createProblemList('hl7v2/more-problems');
  const out = new Uint8Array(text.length * 4);
  let length = 0;
  let line = 1;
  let toldLine = 0;
  for (const character of text) {
    const point = character.codePointAt(0) as number;
    if (point < 0x80) {
      if (point === 0x0a || point === 0x0d) line += 1;
      out[length++] = point;
      continue;
    }
    const bytes = table(point);
    if (bytes === undefined) {
      if (toldLine !== line) problems.add('hl7v2/character-unencodable', 'warning', `line ${line}`);
      toldLine = line;
      out[length++] = 0x3f;
      continue;
    }
    // Big-endian bytes in one number: 1 to 4 of them.
    if (bytes > 0xffffff) out[length++] = bytes >>> 24;
    if (bytes > 0xffff) out[length++] = (bytes >>> 16) & 0xff;
    if (bytes > 0xff) out[length++] = (bytes >>> 8) & 0xff;
    out[length++] = bytes & 0xff;
  }
  return { value: out.slice(0, length), problems: problems.list() };
}

/** A code point's bytes as one big-endian number; undefined when the character set has none. */
type Table = (point: number) => number | undefined;

const tables = new Map<Charset, Table>();

function tableOf(charset: Charset): Table {
  let table = tables.get(charset);
  if (table === undefined) {
    table = makeTable(charset);
    tables.set(charset, table);
  }
  return table;
}

function makeTable(charset: Charset): Table {
  switch (charset) {
    case 'us-ascii':
    case 'utf-8':
    case 'utf-16le':
    case 'utf-16be':
    case 'iso-2022-jp':
      // Stateful: only its ASCII part is written.
      return () => undefined;
    case 'gb18030':
      return gb18030();
    case 'big5':
    case 'euc-kr':
    case 'euc-jp':
    case 'shift_jis': {
      const points = new Map([...pairs(charset, 0x40), ...singles(charset)]);
      return (point) => points.get(point);
    }
    default: {
      const points = singles(charset);
      return (point) => points.get(point);
    }
  }
}

function singles(charset: Charset): Map<number, number> {
  const points = new Map<number, number>();
  for (let byte = 0x80; byte <= 0xff; byte++) take(points, decodeLossily(Uint8Array.of(byte), charset), byte);
  return points;
}

/** All two-byte characters, decoded in one go with line feeds between. */
function pairs(charset: Charset, trailFrom: number): Map<number, number> {
  const bytes: number[] = [];
  const codes: number[] = [];
  // Big5's rows below 0xA1 are an extension: a character that stands in both is written in the old place.
  const leads = Array.from({ length: 0x7e }, (_, i) => (charset === 'big5' ? ((i + 0x20) % 0x7e) + 0x81 : i + 0x81));
  for (const lead of leads) {
    for (let trail = trailFrom; trail <= 0xfe; trail++) {
      bytes.push(lead, trail, 0x0a);
      codes.push((lead << 8) | trail);
    }
  }
  const points = new Map<number, number>();
  const texts = decodeLossily(Uint8Array.from(bytes), charset).split('\n');
  for (const [i, code] of codes.entries()) take(points, texts[i] as string, code);
  return points;
}

function take(points: Map<number, number>, text: string, code: number): void {
  const point = text.codePointAt(0);
  if (point === undefined || point < 0x80 || point === 0xfffd) return;
  if (text.length !== (point > 0xffff ? 2 : 1)) return;
  if (!points.has(point)) points.set(point, code);
}

/** GB18030: pairs by table, four bytes of the BMP by table on first need, the other planes by counting. */
function gb18030(): Table {
  const two = pairs('gb18030', 0x40);
  let four: Map<number, number> | undefined;
  return (point) => {
    if (point > 0xffff) return fourBytes(point - 0x10000 + PLANE_1);
    if (point >= 0xd800 && point <= 0xdfff) return undefined;
    const pair = two.get(point);
    if (pair !== undefined) return pair;
    four ??= fourOfBmp();
    return four.get(point);
  };
}

/** Linear numbers of 0x90308130 and of the last four-byte code of the BMP (GB 18030-2000, 6). */
const PLANE_1 = 189_000;
const BMP_LAST = 39_419;

function fourBytes(linear: number): number {
  const d = linear % 10;
  const c = Math.floor(linear / 10) % 126;
  const b = Math.floor(linear / 1260) % 10;
  const a = Math.floor(linear / 12600);
  return (a + 0x81) * 0x1000000 + ((b + 0x30) << 16) + ((c + 0x81) << 8) + (d + 0x30);
}

function fourOfBmp(): Map<number, number> {
  const bytes: number[] = [];
  for (let linear = 0; linear <= BMP_LAST; linear++) {
    const code = fourBytes(linear);
    bytes.push(code >>> 24, (code >>> 16) & 0xff, (code >>> 8) & 0xff, code & 0xff, 0x0a);
  }
  const points = new Map<number, number>();
  const texts = decodeLossily(Uint8Array.from(bytes), 'gb18030').split('\n');
  for (let linear = 0; linear <= BMP_LAST; linear++) take(points, texts[linear] as string, fourBytes(linear));
  return points;
}

function utf16(text: string, charset: 'utf-16le' | 'utf-16be'): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  const high = charset === 'utf-16be' ? 0 : 1;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    bytes[2 * i + high] = code >> 8;
    bytes[2 * i + 1 - high] = code & 0xff;
  }
  return bytes;
}
