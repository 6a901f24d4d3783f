/** HL7 v2 text to a message (v2.5 2.5 to 2.8): delimiters from MSH-1 and MSH-2, one lazy segment per line. */
import { LIMITS } from '../../base/limits.ts';
import type { Parsed } from '../../base/problem.ts';
import type { Hl7Message, Hl7Segment } from '../../terms/parsed/hl7v2.ts';
import type { Charset } from './charset.ts';
import { createGrammar, delimitersOf, type Grammar, hasRepeatedDelimiter } from './grammar.ts';
import { createProblemList, type ProblemList } from '../../base/problem-list.ts';
import { LazySegment } from './segment.ts';

export interface ParseOptions {
  /** What the text was decoded from: `\Xhh..\` bytes are in it. UTF-8 unless told. */
  readonly charset?: Charset;
}

/** A parsed message with its delimiters as codes, which the escape check needs. */
export interface ParsedMessage extends Hl7Message {
  readonly grammar: Grammar;
}

/**
 * One message of decoded text. CR, LF, CRLF and mixtures end a segment; blank lines, a BOM and
 * left-over MLLP bytes are passed over. Fatal: `empty`, `not-hl7`, `no-header`, `header-truncated`,
 * `segments-limit`. Never throws, linear in the text.
 */
export function parse(text: string, options: ParseOptions = {}): Parsed<ParsedMessage> {
  const problems = createProblemList('hl7v2/more-problems');
  const lines = new Lines(text);
  if (!seekHeader(lines, problems)) return { value: undefined, problems: problems.list() };
  const grammar = readGrammar(text, lines, options.charset ?? 'utf-8', problems);
  if (grammar === undefined) return { value: undefined, problems: problems.list() };
  const msh = new LazySegment('MSH', 1, text, lines.from, lines.to, grammar);
  const segments: Hl7Segment[] = [msh];
  if (!readSegments(lines, segments, grammar, problems)) return { value: undefined, problems: problems.list() };
  return { value: { segments, msh, delimiters: grammar.delimiters, grammar }, problems: problems.list() };
}

const START_BLOCK = 0x0b;
const END_BLOCK = 0x1c;

/** Walks over the lines that are not blank. */
class Lines {
  readonly text: string;
  /** The line's bounds, line end not counted. */
  from = 0;
  to = 0;
  /** 1-based, counting blank lines too. */
  number = 0;
  #next = 0;
  #cr = -1;
  #lf = -1;

  constructor(text: string) {
    this.text = text;
    if (text.charCodeAt(0) === 0xfeff) this.#next = 1;
  }

  next(): boolean {
    const { text } = this;
    while (this.#next < text.length) {
      let from = this.#next;
      if (this.#cr < from) this.#cr = orEnd(text.indexOf('\r', from), text);
      if (this.#lf < from) this.#lf = orEnd(text.indexOf('\n', from), text);
      let to = Math.min(this.#cr, this.#lf);
      this.#next = this.#cr + 1 === this.#lf ? to + 2 : to + 1;
      this.number += 1;
      while (from < to && text.charCodeAt(from) === START_BLOCK) from += 1;
      while (from < to && text.charCodeAt(to - 1) === END_BLOCK) to -= 1;
      if (from === to || (text.charCodeAt(from) <= 0x20 && text.slice(from, to).trim() === '')) continue;
      this.from = from;
      this.to = to;
      return true;
    }
    return false;
  }
}

function orEnd(found: number, text: string): number {
  return found < 0 ? text.length : found;
}

/** Stops at the first line that begins with MSH; false, with the fatal problem, when there is none. */
function seekHeader(lines: Lines, problems: ProblemList): boolean {
  let before = 0;
  let likeSegments = 0;
  while (lines.next()) {
    if (lines.text.startsWith('MSH', lines.from)) return true;
    before += 1;
    if (isSegmentName(lines.text, lines.from, lines.to)) likeSegments += 1;
    problems.add('hl7v2/data-before-header', 'warning', `line ${lines.number}`);
  }
  const code = before === 0 ? 'hl7v2/empty' : likeSegments === 0 ? 'hl7v2/not-hl7' : 'hl7v2/no-header';
  problems.add(code, 'fatal', 'MSH');
  return false;
}

function readGrammar(text: string, lines: Lines, charset: Charset, problems: ProblemList): Grammar | undefined {
  const separatorAt = lines.from + 3;
  if (separatorAt + 1 >= lines.to) {
    problems.add('hl7v2/header-truncated', 'fatal', 'MSH');
    return undefined;
  }
  const separator = text.charAt(separatorAt);
  const second = text.indexOf(separator, separatorAt + 1);
  const encodingEnd = second < 0 || second > lines.to ? lines.to : second;
  const delimiters = delimitersOf(separator, text.slice(separatorAt + 1, encodingEnd));
  if (encodingEnd === separatorAt + 1) problems.add('hl7v2/delimiters-missing', 'warning', 'MSH-2');
  else if (hasRepeatedDelimiter(delimiters)) problems.add('hl7v2/delimiters-repeated', 'warning', 'MSH-2');
  const escaped = delimiters.escape !== '' && text.indexOf(delimiters.escape, encodingEnd) >= 0;
  return createGrammar(delimiters, escaped, charset);
}

/** False, with the fatal problem, when there are more than are read. */
function readSegments(lines: Lines, segments: Hl7Segment[], grammar: Grammar, problems: ProblemList): boolean {
  const { text } = lines;
  const occurrences = new Map<string, number>([['MSH', 1]]);
  while (lines.next()) {
    const { from, to } = lines;
    if (!isSegmentName(text, from, to) || (to > from + 3 && text.charCodeAt(from + 3) !== grammar.field)) {
      problems.add('hl7v2/line-unreadable', 'error', `line ${lines.number}`);
      continue;
    }
    if (segments.length === LIMITS.segmentsMax) {
      problems.add('hl7v2/segments-limit', 'fatal', `line ${lines.number}`);
      return false;
    }
    const name = text.slice(from, from + 3);
    const occurrence = (occurrences.get(name) ?? 0) + 1;
    occurrences.set(name, occurrence);
    if (name === 'MSH') problems.add('hl7v2/second-header', 'error', `MSH[${occurrence}]`);
    segments.push(new LazySegment(name, occurrence, text, from, to, grammar));
  }
  return true;
}

/** A letter, then two letters or digits, all upper case (v2.5 2.5.2). */
function isSegmentName(text: string, from: number, to: number): boolean {
  if (to - from < 3) return false;
  const first = text.charCodeAt(from);
  return (
    first >= 0x41 &&
    first <= 0x5a &&
    isNameCharacter(text.charCodeAt(from + 1)) &&
    isNameCharacter(text.charCodeAt(from + 2))
  );
}

function isNameCharacter(code: number): boolean {
  return (code >= 0x41 && code <= 0x5a) || (code >= 0x30 && code <= 0x39);
}
