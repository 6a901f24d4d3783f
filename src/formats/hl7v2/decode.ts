/** Bytes become text here: MSH-18 where it is true, SETTLED 27 where it lies or is missing (v2.5 2.15.9.18). */
import type { Parsed, Problem } from '../../base/problem.ts';
import { type Charset, charsetNamed, decodeLossily, decodeStrictly } from './charset.ts';
import { declaredLabel, findHeader, hasUtf8Bom, utf16Of } from './header.ts';
import { createProblemList, type ProblemList } from '../../base/problem-list.ts';

export interface DecodeOptions {
  /** The facility's character set (any spelling), for what declares none. */
  readonly fallback?: string;
}

export interface Decoded {
  readonly text: string;
  /** The character set that was used; `us-ascii` when nothing beyond ASCII is there or declared. */
  readonly charset: Charset;
  /** MSH-18 as written, first repetition; undefined when absent. */
  readonly declared: string | undefined;
}

/** Never fatal: what cannot be decoded becomes U+FFFD and a problem per line. A BOM is taken off. */
export function decode(bytes: Uint8Array, options: DecodeOptions = {}): Parsed<Decoded> {
  const wide = utf16Of(bytes);
  if (wide !== undefined) return decodeUtf16(bytes, wide);
  const body = hasUtf8Bom(bytes) ? bytes.subarray(3) : bytes;
  const header = findHeader(body);
  const declared = header === undefined ? undefined : declaredLabel(body, header);
  const named = declared === undefined ? undefined : charsetNamed(declared);
  const problems = createProblemList('hl7v2/more-problems');
  if (declared !== undefined && named === undefined) problems.add('hl7v2/charset-label-unknown', 'warning', 'MSH-18');
  const utf8 = decodeStrictly(body, 'utf-8');
  const isAscii = utf8 !== undefined && utf8.length === body.length;
  if (isAscii && !(named === 'iso-2022-jp' && body.includes(0x1b))) {
    return finished({ text: utf8, charset: named ?? 'us-ascii', declared }, problems);
  }
  const fallback = options.fallback === undefined ? undefined : charsetNamed(options.fallback);
  const label = named === 'us-ascii' || named === 'utf-16le' || named === 'utf-16be' ? undefined : named;
  const chosen =
    hasUtf8Bom(bytes) && utf8 !== undefined
      ? ({ charset: 'utf-8', text: utf8 } as const)
      : choose(body, utf8, label, fallback);
  if (named !== undefined && named !== chosen.charset) problems.add('hl7v2/charset-label-wrong', 'warning', 'MSH-18');
  if (declared === undefined && !hasUtf8Bom(bytes)) problems.add('hl7v2/charset-undeclared', 'information', 'MSH-18');
  if (chosen.guessed === true) problems.add('hl7v2/charset-ambiguous', 'warning', 'MSH-18');
  if (chosen.lossy === true) tellLines(chosen.text, /\uFFFD/, 'hl7v2/bytes-undecodable', 'error', problems);
  return finished({ text: chosen.text, charset: chosen.charset, declared }, problems);
}

interface Choice {
  readonly charset: Charset;
  readonly text: string;
  /** Valid in two character sets, with nothing that says which. */
  readonly guessed?: boolean;
  readonly lossy?: boolean;
}

/** SETTLED 27. `label` is a true candidate: ASCII and unknown labels say nothing about high bytes. */
function choose(
  bytes: Uint8Array,
  utf8: string | undefined,
  label: Charset | undefined,
  fallback: Charset | undefined,
): Choice {
  if (utf8 !== undefined && (label === 'utf-8' || BEYOND_TWO_BYTES.test(utf8))) return { charset: 'utf-8', text: utf8 };
  if (label !== undefined && label !== 'utf-8') {
    const text = decodeStrictly(bytes, label);
    if (text !== undefined) return { charset: label, text };
  }
  if (utf8 === undefined) {
    const damaged = damagedUtf8(bytes);
    if (damaged !== undefined) return damaged;
  }
  const guessed = utf8 !== undefined;
  const last: Charset = utf8 !== undefined && !BEYOND_LONE_SYMBOLS.test(utf8) ? 'utf-8' : 'gb18030';
  for (const charset of [fallback, last]) {
    if (charset === undefined || charset === 'us-ascii') continue;
    const text = decodeStrictly(bytes, charset);
    if (text !== undefined) return { charset, text, guessed };
  }
  return utf8 === undefined
    ? leastDamaged(bytes, [label, fallback, 'utf-8', 'gb18030'])
    : { charset: 'utf-8', text: utf8 };
}

/** CJK, and with it every sequence of three bytes or more: other text has next to none by accident. */
const BEYOND_TWO_BYTES = /[\u0800-\uFFFF]/;
/**
 * Anything but signs of units, each alone (`µmol/L`, `10³`): read as GB18030 those are rare Han
 * letters between Latin ones, which no laboratory writes.
 */
const BEYOND_LONE_SYMBOLS =
  // oxlint-disable-next-line no-control-regex
  /[^\0-\x7F\u00A0\u00B0-\u00B3\u00B5\u00B7\u00B9\u00BC-\u00BE\u00D7]|[\u00B0-\u00D7][^\0-\x7F]|\u00A0[\u00B0-\u00D7]/;

/**
 * UTF-8 with a few broken characters (values cut by bytes): such bytes are sometimes valid GB18030
 * by accident and would read as noise throughout. GB18030 text has next to no well-formed CJK.
 */
function damagedUtf8(bytes: Uint8Array): Choice | undefined {
  const text = decodeLossily(bytes, 'utf-8');
  let whole = 0;
  let broken = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0xfffd) broken += 1;
    else if (code >= 0x2e80 && code < 0xfffd) whole += 1;
  }
  return whole > broken * 4 ? { charset: 'utf-8', text, lossy: true } : undefined;
}

function leastDamaged(bytes: Uint8Array, candidates: readonly (Charset | undefined)[]): Choice {
  let best: Choice | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const charset of candidates) {
    if (charset === undefined || charset === 'us-ascii') continue;
    const text = decodeLossily(bytes, charset);
    const damage = text.split('\uFFFD').length - 1;
    if (damage < least) {
      least = damage;
      best = { charset, text, lossy: true };
    }
  }
  return best as Choice;
}

function decodeUtf16(bytes: Uint8Array, charset: 'utf-16le' | 'utf-16be'): Parsed<Decoded> {
  const problems = createProblemList('hl7v2/more-problems');
  const whole = decodeLossily(bytes, charset);
  const text = whole.startsWith('\uFEFF') ? whole.slice(1) : whole;
  const line = /MSH[^\r\n]*/.exec(text.slice(0, 64 * 1024))?.[0] ?? '';
  const declared = line.split(line.charAt(3))[17]?.split(line.charAt(5))[0]?.trim();
  const named = declared === undefined ? undefined : charsetNamed(declared);
  const isTrue =
    declared === undefined || declared === '' || /^(unicode|utf-?16(le|be)?|unicode utf-16)$/i.test(declared);
  if (!isTrue && named !== charset) problems.add('hl7v2/charset-label-wrong', 'warning', 'MSH-18');
  tellLines(text, /\uFFFD/, 'hl7v2/bytes-undecodable', 'error', problems);
  return finished({ text, charset, declared: declared === '' ? undefined : declared }, problems);
}

/** All but tab and line ends. */
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/;
// oxlint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/g;

/** Control characters are no text of HL7 v2 (2.5 2.7.1) nor of FHIR: they become U+FFFD and are told. */
function finished(decoded: Decoded, problems: ProblemList): Parsed<Decoded> {
  if (!CONTROL.test(decoded.text)) return { value: decoded, problems: problems.list() };
  // Lines at even places, line ends at odd ones.
  const parts = decoded.text.split(/(\r\n|\r|\n)/);
  for (let i = 0; i < parts.length; i += 2) {
    const line = parts[i] as string;
    const fit = withoutControls(line);
    if (fit !== line) problems.add('hl7v2/control-character', 'warning', `line ${i / 2 + 1}`);
    parts[i] = fit;
  }
  return { value: { ...decoded, text: parts.join('') }, problems: problems.list() };
}

const START_BLOCK = 0x0b;
const END_BLOCK = 0x1c;

/** MLLP bytes before and behind a line are left to the parser, which takes them off; inside it they are no text. */
function withoutControls(line: string): string {
  if (!CONTROL.test(line)) return line;
  let from = 0;
  let to = line.length;
  while (from < to && line.charCodeAt(from) === START_BLOCK) from += 1;
  while (from < to && line.charCodeAt(to - 1) === END_BLOCK) to -= 1;
  return line.slice(0, from) + line.slice(from, to).replace(CONTROLS, '\uFFFD') + line.slice(to);
}

/** One problem per line that has the character. */
function tellLines(
  text: string,
  what: RegExp,
  code: string,
  severity: Problem['severity'],
  problems: ProblemList,
): void {
  let number = 0;
  for (const line of text.split(/\r\n|\r|\n/)) {
    number += 1;
    if (what.test(line)) problems.add(code, severity, `line ${number}`);
  }
}
