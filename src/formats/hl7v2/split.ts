/**
 * Bytes of a file, a body or a frame to messages (v2.5 2.10.3: FHS, BHS, MSH …, BTS, FTS, each batch
 * segment optional). A message's bytes run from its MSH to the last byte of its last segment: line
 * ends, batch segments and MLLP bytes around it do not count, so that it has one digest whether it
 * came alone, framed, or in a batch.
 */
import type { Problem } from '../../base/problem.ts';
import { createProblemList, type ProblemList } from '../../base/problem-list.ts';

export interface SplitMessage {
  readonly bytes: Uint8Array;
  /** Of the message's first byte in the input. */
  readonly offset: number;
}

export interface Split {
  readonly messages: readonly SplitMessage[];
  readonly problems: readonly Problem[];
}

/** Without a single message one of the problems is fatal: `empty`, `not-hl7` or `no-header`. Linear. */
export function splitMessages(bytes: Uint8Array): Split {
  const units = unitsOf(bytes);
  const splitter = new Splitter(bytes, units === bytes ? 1 : 2);
  const lines = new Lines(units);
  for (let line = lines.next(); line !== undefined; line = lines.next()) splitter.take(line);
  return splitter.finish();
}

/** Bytes, or the two-byte units of UTF-16 with a byte order mark. */
type Units = Uint8Array | Uint16Array;

function unitsOf(bytes: Uint8Array): Units {
  const isLittle = bytes[0] === 0xff && bytes[1] === 0xfe;
  if (!isLittle && !(bytes[0] === 0xfe && bytes[1] === 0xff)) return bytes;
  const units = new Uint16Array(bytes.length >> 1);
  for (let i = 0; i < units.length; i++) {
    const one = bytes[2 * i] as number;
    const two = bytes[2 * i + 1] as number;
    units[i] = isLittle ? one | (two << 8) : (one << 8) | two;
  }
  return units;
}

interface Line {
  readonly number: number;
  /** Bounds in units, without line end, byte order mark and MLLP bytes. */
  readonly from: number;
  readonly to: number;
  /** The first four characters. */
  readonly head: string;
  /** Of a batch trailer: what follows its separator, up to the next one; else ''. */
  readonly count: string;
}

const CR = 0x0d;
const LF = 0x0a;
const BREAKS: readonly number[] = [CR, LF, 0x0b, 0x1c];

/** Walks over the lines that are not blank. Line ends and MLLP bytes break lines; only line ends are counted. */
class Lines {
  readonly #units: Units;
  readonly #nextBreak: number[] = BREAKS.map(() => -1);
  #next = 0;
  #number = 1;

  constructor(units: Units) {
    this.#units = units;
  }

  next(): Line | undefined {
    const units = this.#units;
    while (this.#next < units.length) {
      const from = this.#next;
      const to = this.#breakFrom(from);
      const number = this.#number;
      const isPair = units[to] === CR && units[to + 1] === LF;
      if (units[to] === CR || units[to] === LF) this.#number += 1;
      this.#next = to + (isPair ? 2 : 1);
      const start = afterMark(units, from);
      if (!isBlank(units, start, to)) return this.#line(number, start, to);
    }
    return undefined;
  }

  #breakFrom(from: number): number {
    let nearest = this.#units.length;
    for (const [i, code] of BREAKS.entries()) {
      let at = this.#nextBreak[i] as number;
      if (at < from) {
        const found = this.#units.indexOf(code, from);
        at = found < 0 ? this.#units.length : found;
        this.#nextBreak[i] = at;
      }
      if (at < nearest) nearest = at;
    }
    return nearest;
  }

  #line(number: number, from: number, to: number): Line {
    const head = this.#characters(from, Math.min(to, from + 4));
    if (!head.startsWith('TS', 1)) return { number, from, to, head, count: '' };
    const separator = this.#units[from + 3];
    let end = from + 4;
    while (end < to && end < from + 24 && this.#units[end] !== separator) end += 1;
    return { number, from, to, head, count: this.#characters(from + 4, end) };
  }

  #characters(from: number, to: number): string {
    let text = '';
    for (let i = from; i < to; i++) text += String.fromCharCode(this.#units[i] as number);
    return text;
  }
}

/** Where a line begins behind a byte order mark, which also stands inside files put together. */
function afterMark(units: Units, from: number): number {
  if (units[from] === 0xfeff) return from + 1;
  return units[from] === 0xef && units[from + 1] === 0xbb && units[from + 2] === 0xbf ? from + 3 : from;
}

function isBlank(units: Units, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    if (units[i] !== 0x20 && units[i] !== 0x09) return false;
  }
  return true;
}

class Splitter {
  readonly #bytes: Uint8Array;
  readonly #unitBytes: number;
  readonly #problems: ProblemList = createProblemList('hl7v2/more-problems');
  readonly #messages: SplitMessage[] = [];
  #from = -1;
  #to = -1;
  #separator = '';
  #inBatch = 0;
  #batches = 0;
  #trailers = 0;
  #trailersSeen = 0;
  #others = 0;
  #likeSegments = 0;

  constructor(bytes: Uint8Array, unitBytes: number) {
    this.#bytes = bytes;
    this.#unitBytes = unitBytes;
  }

  take(line: Line): void {
    const name = line.head.slice(0, 3);
    if (name === 'MSH' && this.#isHeader(line)) this.#open(line);
    else if (isBatchSegment(line.head)) this.#takeBatchSegment(name, line);
    else if (this.#from >= 0) this.#to = line.to;
    else this.#takeOther(line);
  }

  finish(): Split {
    this.#close();
    if (this.#messages.length === 0) {
      const code = this.#likeSegments > 0 ? 'hl7v2/no-header' : this.#others === 0 ? 'hl7v2/empty' : 'hl7v2/not-hl7';
      this.#problems.add(code, 'fatal', 'MSH');
    }
    return { messages: this.#messages, problems: this.#problems.list() };
  }

  /** A later line that begins with MSH is a header only with a separator: values may be wrapped. */
  #isHeader(line: Line): boolean {
    const separator = line.head.charAt(3);
    return this.#separator === '' || separator === this.#separator || /[^A-Za-z0-9\s]/.test(separator);
  }

  #open(line: Line): void {
    this.#close();
    this.#separator ||= line.head.charAt(3);
    this.#from = line.from;
    this.#to = line.to;
    this.#inBatch += 1;
  }

  #close(): void {
    if (this.#from < 0) return;
    const offset = this.#from * this.#unitBytes;
    this.#messages.push({ bytes: this.#bytes.subarray(offset, this.#to * this.#unitBytes), offset });
    this.#from = -1;
  }

  #takeBatchSegment(name: string, line: Line): void {
    this.#close();
    if (name === 'BHS') {
      this.#batches += 1;
      this.#inBatch = 0;
    } else if (name === 'BTS') {
      this.#trailers += 1;
      this.#trailersSeen += 1;
      this.#compare(line.count, this.#inBatch, `BTS[${this.#trailersSeen}]-1`);
      this.#inBatch = 0;
    } else if (name === 'FTS') {
      // Without batch headers the file is one batch (v2.5 2.10.3.1).
      this.#compare(line.count, Math.max(this.#batches, this.#trailers, 1), 'FTS-1');
      this.#batches = 0;
      this.#trailers = 0;
    }
  }

  #compare(stated: string, counted: number, at: string): void {
    const text = stated.trim();
    if (text !== '' && (!/^\d{1,9}$/.test(text) || Number(text) !== counted)) {
      this.#problems.add('hl7v2/batch-count-mismatch', 'warning', at);
    }
  }

  #takeOther(line: Line): void {
    this.#others += 1;
    if (/^[A-Z][A-Z0-9]{2}[^A-Za-z0-9\s]/.test(line.head)) this.#likeSegments += 1;
    const code = this.#messages.length === 0 ? 'hl7v2/data-before-header' : 'hl7v2/data-outside-message';
    this.#problems.add(code, 'warning', `line ${line.number}`);
  }
}

function isBatchSegment(head: string): boolean {
  return /^(?:[FB]HS|[FB]TS)(?:[^A-Za-z0-9\s]|$)/.test(head);
}
