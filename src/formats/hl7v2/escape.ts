/** Escape sequences (v2.5 2.7): decoded on reading; unknown and unclosed ones stay as written and are told. */
import type { Problem } from '../../base/problem.ts';
import type { Hl7Message } from '../../terms/parsed/hl7v2.ts';
import { decodeLossily } from './charset.ts';
import type { Grammar } from './grammar.ts';
import { createProblemList } from '../../base/problem-list.ts';

/** The text with its escapes decoded. Linear; never throws. */
export function unescape(text: string, grammar: Grammar): string {
  const escape = grammar.delimiters.escape;
  if (escape === '') return text;
  let open = text.indexOf(escape);
  if (open < 0) return text;
  let out = '';
  let done = 0;
  while (open >= 0) {
    const close = text.indexOf(escape, open + 1);
    if (close < 0) break;
    const sequence = readSequence(text, open, close, grammar);
    if (sequence === undefined) {
      // Kept as written; the closing character may open the next sequence.
      open = close;
      continue;
    }
    out += text.slice(done, open) + sequence.value;
    done = sequence.end;
    open = text.indexOf(escape, done);
  }
  return done === 0 ? text : out + text.slice(done);
}

interface Sequence {
  readonly value: string;
  /** Offset after the closing escape character. */
  readonly end: number;
  /** It looks right and is kept as written nevertheless. */
  readonly kept?: true;
}

/** Undefined for what is kept as written: not known, or a character set switch (`\C \M \Z`). */
function readSequence(text: string, open: number, close: number, grammar: Grammar): Sequence | undefined {
  const length = close - open - 1;
  const first = text.charAt(open + 1);
  if (length === 1) {
    const value = single(first, grammar);
    return value === undefined ? undefined : { value, end: close + 1 };
  }
  if (first === 'X' && length > 2) return hexadecimal(text, open, close, grammar);
  if (first === '.' && length <= FORMAT_LENGTH_MAX) {
    const value = formatting(text.slice(open + 2, close));
    return value === undefined ? undefined : { value, end: close + 1 };
  }
  return undefined;
}

function single(letter: string, { delimiters }: Grammar): string | undefined {
  switch (letter) {
    case 'F':
      return delimiters.field;
    case 'S':
      return delimiters.component || '^';
    case 'T':
      return delimiters.subcomponent || '&';
    case 'R':
      return delimiters.repetition || '~';
    case 'E':
      return delimiters.escape;
    case 'P':
    case 'L':
      // The truncation character: \P\ since v2.7, \L\ in some vendors' writing.
      return delimiters.truncation ?? '#';
    case 'H':
    case 'N':
      return '';
    default:
      return undefined;
  }
}

const FORMAT_LENGTH_MAX = 8;
const BLANK_LINES_MAX = 10;
const BLANKS_MAX = 80;

/** v2.5 2.7.4: what moves to another line becomes a line end, indents and fill modes nothing. */
function formatting(command: string): string | undefined {
  const name = command.slice(0, 2).toLowerCase();
  const argument = command.slice(2);
  if (!/^[+-]?\d{0,4}$/.test(argument)) return undefined;
  const count = Math.abs(Number(argument === '' ? '1' : argument)) || 1;
  switch (name) {
    case 'br':
    case 'ce':
      return argument === '' ? '\n' : undefined;
    case 'sp':
      return '\n'.repeat(Math.min(count, BLANK_LINES_MAX));
    case 'sk':
      return ' '.repeat(Math.min(count, BLANKS_MAX));
    case 'in':
    case 'ti':
    case 'fi':
    case 'nf':
      return '';
    default:
      return undefined;
  }
}

/** `\Xhh..\`, taken together with those that follow at once: a character may be split over several. */
function hexadecimal(text: string, open: number, close: number, grammar: Grammar): Sequence | undefined {
  const escape = grammar.delimiters.escape;
  const bytes: number[] = [];
  let end = open;
  let from = open;
  let to = close;
  while (to > 0 && isHex(text, from + 2, to)) {
    for (let i = from + 2; i < to; i += 2) bytes.push(Number.parseInt(text.slice(i, i + 2), 16));
    end = to + 1;
    if (text.charAt(end) !== escape || text.charAt(end + 1) !== 'X') break;
    from = end;
    to = text.indexOf(escape, from + 1);
  }
  if (end === open) return undefined;
  // Not the strict decoder: its exception would cost more than all the rest.
  const value = decodeLossily(Uint8Array.from(bytes), grammar.charset);
  // Kept whole, so that a long run of them is looked at once.
  if (UNFIT.test(value)) return { value: text.slice(open, end), end, kept: true };
  return { value, end };
}

/** Control characters, and the mark of bytes that are not valid. */
// oxlint-disable-next-line no-control-regex
const UNFIT = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\uFFFD]/;

function isHex(text: string, from: number, to: number): boolean {
  if (to <= from || (to - from) % 2 !== 0) return false;
  for (let i = from; i < to; i++) {
    const code = text.charCodeAt(i) | 0x20;
    const isDigit = code >= 0x30 && code <= 0x39;
    if (!isDigit && !(code >= 0x61 && code <= 0x66)) return false;
  }
  return true;
}

/**
 * One problem for each component with an unknown or unclosed escape, at `OBX[2]-5.1`
 * (`OBX[2]-5[3].1` in a later repetition). One pass; to be asked only when the text has escapes.
 */
export function escapeProblems(message: Hl7Message, grammar: Grammar): readonly Problem[] {
  const problems = createProblemList('hl7v2/more-problems');
  for (const segment of message.segments) {
    const first = segment.name === 'MSH' ? 3 : 1;
    for (let field = first; field <= segment.fieldCount; field++) {
      const raw = segment.raw(field);
      if (!raw.includes(grammar.delimiters.escape)) continue;
      const place = `${placeOf(segment.name, segment.occurrence)}-${field}`;
      raw.split(grammar.delimiters.repetition || '\r').forEach((repetition, r) => {
        repetition.split(grammar.delimiters.component || '\r').forEach((component, c) => {
          const fault = faultOf(component, grammar);
          const at = `${place}${r === 0 ? '' : `[${r + 1}]`}.${c + 1}`;
          if (fault !== undefined) problems.add(fault, 'warning', at);
        });
      });
    }
  }
  return problems.list();
}

function placeOf(name: string, occurrence: number): string {
  return name === 'MSH' && occurrence === 1 ? name : `${name}[${occurrence}]`;
}

function faultOf(text: string, grammar: Grammar): string | undefined {
  const escape = grammar.delimiters.escape;
  let open = text.indexOf(escape);
  while (open >= 0) {
    const close = text.indexOf(escape, open + 1);
    if (close < 0) return 'hl7v2/escape-unclosed';
    const sequence = readSequence(text, open, close, grammar);
    if (sequence === undefined) {
      return LIKE_A_SEQUENCE.test(text.slice(open + 1, Math.min(close, open + 20)))
        ? 'hl7v2/escape-unknown'
        : 'hl7v2/escape-unclosed';
    }
    if (sequence.kept === true) return 'hl7v2/escape-unknown';
    open = text.indexOf(escape, sequence.end);
  }
  return undefined;
}

const LIKE_A_SEQUENCE = /^[.A-Za-z][A-Za-z0-9+-]*$/;
