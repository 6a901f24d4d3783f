/**
 * One segment, read lazily (v2.5 2.5): it holds the message's text and where its fields begin, found
 * on the first read. Short pieces are scanned at each read; long ones get an index once, so that
 * reading everything stays linear in the text whatever its shape.
 */
import type { Hl7Segment } from '../../terms/parsed/hl7v2.ts';
import { unescape } from './escape.ts';
import type { Grammar } from './grammar.ts';

/** Pieces up to this length are scanned, longer ones are indexed. */
const SCANNED_MAX = 96;

/** Where the parts of a long piece begin; `parts` holds the indexes of long parts. */
interface Index {
  /** Starts of the parts, then one past the last part's delimiter. */
  readonly starts: readonly number[];
  parts: Map<number, Index> | undefined;
}

/** The piece that the last `seek…` found. Synchronous code only, read at once. */
let pieceFrom = 0;
let pieceTo = 0;

export class LazySegment implements Hl7Segment {
  readonly name: string;
  readonly occurrence: number;
  readonly #text: string;
  readonly #start: number;
  readonly #end: number;
  readonly #grammar: Grammar;
  #starts: readonly number[] | undefined;
  #indexes: Map<number, Index> | undefined;

  /** `start` and `end` bound the segment in the message's text, its line end not counted. */
  constructor(name: string, occurrence: number, text: string, start: number, end: number, grammar: Grammar) {
    this.name = name;
    this.occurrence = occurrence;
    this.#text = text;
    this.#start = start;
    this.#end = end;
    this.#grammar = grammar;
    this.#starts = undefined;
    this.#indexes = undefined;
  }

  get fieldCount(): number {
    return this.#fields().length - 2;
  }

  raw(field: number): string {
    if (field === 1 && this.name === 'MSH') return this.#grammar.delimiters.field;
    return this.#seekField(field) ? this.#text.slice(pieceFrom, pieceTo) : '';
  }

  repetitions(field: number): number {
    if (!this.#seekField(field)) return 0;
    return this.#isHeaderOwn(field) ? 1 : this.#count(this.#fieldIndex(field), REPETITION);
  }

  components(field: number, repetition = 1): number {
    if (!this.#seekField(field)) return 0;
    if (this.#isHeaderOwn(field)) return repetition === 1 ? 1 : 0;
    const index = this.#seekPart(this.#fieldIndex(field), REPETITION, repetition);
    return index === NOWHERE || pieceFrom === pieceTo ? 0 : this.#count(index, COMPONENT);
  }

  subcomponents(field: number, component: number, repetition = 1): number {
    if (!this.#seekField(field)) return 0;
    if (this.#isHeaderOwn(field)) return repetition === 1 && component === 1 ? 1 : 0;
    const index = this.#seekComponent(field, component, repetition);
    return index === NOWHERE || pieceFrom === pieceTo ? 0 : this.#count(index, SUBCOMPONENT);
  }

  get(field: number, component = 1, subcomponent = 1, repetition = 1): string | undefined {
    if (!this.#seekField(field)) return undefined;
    if (this.#isHeaderOwn(field)) {
      return component === 1 && subcomponent === 1 && repetition === 1 ? this.raw(field) : undefined;
    }
    if (pieceTo - pieceFrom <= SCANNED_MAX) {
      if (!this.#scan(component, subcomponent, repetition)) return undefined;
    } else {
      const index = this.#seekComponent(field, component, repetition);
      if (index === NOWHERE) return undefined;
      if (this.#seekPart(index, SUBCOMPONENT, subcomponent) === NOWHERE) return undefined;
    }
    return this.#decoded();
  }

  text(field: number, component?: number, repetition?: number): string | undefined {
    if (!this.#seekField(field)) return undefined;
    if (this.#isHeaderOwn(field)) {
      return (component ?? 1) === 1 && (repetition ?? 1) === 1 ? this.raw(field) : undefined;
    }
    if (component !== undefined) {
      if (this.#seekComponent(field, component, repetition ?? 1) === NOWHERE) return undefined;
    } else if (repetition !== undefined) {
      const whole = this.#fieldIndex(field);
      if (this.#seekPart(whole, REPETITION, repetition) === NOWHERE) return undefined;
    }
    return this.#decoded();
  }

  /** The last piece found, escapes decoded; undefined when it is empty. */
  #decoded(): string | undefined {
    if (pieceFrom === pieceTo) return undefined;
    const value = this.#text.slice(pieceFrom, pieceTo);
    return this.#grammar.escaped ? unescape(value, this.#grammar) : value;
  }

  /** MSH-1 and MSH-2 are the delimiters themselves and are never split. */
  #isHeaderOwn(field: number): boolean {
    return field <= 2 && this.name === 'MSH';
  }

  /** False when the field is absent or empty. */
  #seekField(field: number): boolean {
    const starts = this.#starts ?? this.#fields();
    if (field < 1 || field > starts.length - 2) return false;
    pieceFrom = starts[field] as number;
    pieceTo = (starts[field + 1] as number) - 1;
    return pieceTo > pieceFrom || (field === 1 && this.name === 'MSH');
  }

  /** [n] is where field n begins; one more entry stands one past the segment's end. */
  #fields(): readonly number[] {
    if (this.#starts !== undefined) return this.#starts;
    const text = this.#text;
    const end = this.#end;
    const separator = this.#grammar.field;
    const starts = [this.#start];
    let i = this.#start + 3;
    if (this.name === 'MSH') {
      // MSH-1 is the separator itself, so MSH-2 begins behind it and counts as the second field.
      starts.push(i);
      if (i < end) starts.push(i + 1);
      i += 1;
    }
    for (; i < end; i++) {
      if (text.charCodeAt(i) === separator) starts.push(i + 1);
    }
    starts.push(end + 1);
    this.#starts = starts;
    return starts;
  }

  /** One pass over the last piece for a subcomponent; false when it is not there. */
  #scan(component: number, subcomponent: number, repetition: number): boolean {
    const text = this.#text;
    const grammar = this.#grammar;
    let r = 1;
    let c = 1;
    let s = 1;
    let from = pieceFrom;
    let i = pieceFrom;
    for (; i < pieceTo; i++) {
      const code = text.charCodeAt(i);
      if (code === grammar.repetition) {
        if (r === repetition) break;
        r += 1;
        c = 1;
        s = 1;
      } else if (code === grammar.component) {
        if (r === repetition && c === component) break;
        c += 1;
        s = 1;
      } else if (code === grammar.subcomponent) {
        if (r === repetition && c === component && s === subcomponent) break;
        s += 1;
      } else {
        continue;
      }
      from = i + 1;
    }
    if (r !== repetition || c !== component || s !== subcomponent) return false;
    pieceFrom = from;
    pieceTo = i;
    return true;
  }

  /** The component as the last piece; NOWHERE when it is not there. Wants the field sought before. */
  #seekComponent(field: number, component: number, repetition: number): Index | undefined {
    const index = this.#seekPart(this.#fieldIndex(field), REPETITION, repetition);
    return index === NOWHERE ? NOWHERE : this.#seekPart(index, COMPONENT, component);
  }

  /** The index of the field that was just sought: only long ones have one. */
  #fieldIndex(field: number): Index | undefined {
    if (pieceTo - pieceFrom <= SCANNED_MAX) return undefined;
    this.#indexes ??= new Map();
    let index = this.#indexes.get(field);
    if (index === undefined) {
      index = indexOfParts(this.#text, this.#grammar.repetition);
      this.#indexes.set(field, index);
    }
    return index;
  }

  /**
   * Narrows the last piece to its n-th part. `index` is the piece's own, undefined when it is short.
   * Returns the part's index for the next level, undefined when the part is short.
   */
  #seekPart(index: Index | undefined, level: Level, n: number): Index | undefined {
    if (index === undefined) return scanPart(this.#text, delimiterOf(this.#grammar, level), n) ? undefined : NOWHERE;
    const from = index.starts[n - 1];
    const next = index.starts[n];
    if (from === undefined || next === undefined || n < 1) return NOWHERE;
    pieceFrom = from;
    pieceTo = next - 1;
    if (pieceTo - pieceFrom <= SCANNED_MAX || level === SUBCOMPONENT) return undefined;
    index.parts ??= new Map();
    let part = index.parts.get(n);
    if (part === undefined) {
      part = indexOfParts(this.#text, delimiterOf(this.#grammar, level === REPETITION ? COMPONENT : SUBCOMPONENT));
      index.parts.set(n, part);
    }
    return part;
  }

  /** Parts of the last piece. */
  #count(index: Index | undefined, level: Level): number {
    if (index !== undefined) return index.starts.length - 1;
    const delimiter = delimiterOf(this.#grammar, level);
    let count = 1;
    for (let i = pieceFrom; i < pieceTo; i++) if (this.#text.charCodeAt(i) === delimiter) count += 1;
    return count;
  }
}

type Level = 0 | 1 | 2;
const REPETITION = 0;
const COMPONENT = 1;
const SUBCOMPONENT = 2;

function delimiterOf(grammar: Grammar, level: Level): number {
  return level === REPETITION ? grammar.repetition : level === COMPONENT ? grammar.component : grammar.subcomponent;
}

const NOWHERE: Index = { starts: [], parts: undefined };

function scanPart(text: string, delimiter: number, n: number): boolean {
  let part = 1;
  let from = pieceFrom;
  let i = pieceFrom;
  for (; i < pieceTo; i++) {
    if (text.charCodeAt(i) !== delimiter) continue;
    if (part === n) break;
    part += 1;
    from = i + 1;
  }
  if (part !== n) return false;
  pieceFrom = from;
  pieceTo = i;
  return true;
}

function indexOfParts(text: string, delimiter: number): Index {
  const starts = [pieceFrom];
  for (let i = pieceFrom; i < pieceTo; i++) if (text.charCodeAt(i) === delimiter) starts.push(i + 1);
  starts.push(pieceTo + 1);
  return { starts, parts: undefined };
}
