/**
 * One segment as the tables read it. Every read is remembered by field, repetition and component, so
 * that what carried data and was read by nobody can be listed (DESIGN 5, total accounting).
 */
import { HL7_NULL, type Hl7Delimiters, type Hl7Segment } from '../terms/parsed/hl7v2.ts';

/** Bit 0 says "the whole repetition", bit n component n; components beyond 30 share the last bit. */
const WHOLE = 1;
const BIT_MAX = 30;
/** Every repetition, whole. */
const EVERY = 1 << 31;

/** Up to this length a text is looked through at once. */
const PLAIN_LENGTH_MAX = 32;

/** Longer repeating fields are left to the parser, which indexes them. */
const REPETITIONS_LENGTH_MAX = 1024;

/** Neighbours that a condition may look at: the segments of the same order group. */
export interface Near {
  readonly MSH?: Reading | undefined;
  readonly PID?: Reading | undefined;
  readonly PV1?: Reading | undefined;
  readonly ORC?: Reading | undefined;
  readonly OBR?: Reading | undefined;
  readonly OBX?: Reading | undefined;
  readonly SPM?: Reading | undefined;
}

export class Reading {
  readonly segment: Hl7Segment;
  readonly #delimiters: Hl7Delimiters;
  /** Fields as written, from 1. */
  readonly #raw: string[];
  readonly #length: number;
  /** Components of each field's first repetition, from 1, cleaned; made at the first read. */
  readonly #parts: (Parts | undefined)[];
  #partsLater: Map<number, Parts> | undefined;
  readonly #seen: number[];
  #seenLater: Map<number, number> | undefined;

  constructor(segment: Hl7Segment, delimiters: Hl7Delimiters) {
    this.segment = segment;
    this.#delimiters = delimiters;
    this.#length = segment.fieldCount + 1;
    this.#raw = [''];
    this.#seen = [0];
    for (let field = 1; field < this.#length; field++) {
      this.#raw.push(segment.raw(field));
      this.#seen.push(0);
    }
    this.#parts = [];
    this.#parts.length = this.#length;
  }

  /** The field as written; '' when absent. */
  raw(field: number): string {
    return this.#raw[field] ?? '';
  }

  /** What was read of the field's first repetition, as bits; and to count as much as read again. */
  seen(field: number): number {
    return this.#seen[field] ?? 0;
  }

  /** What was read, as bits to give to `markSeen` for an equal text: complete when nothing was left. */
  readOf(field: number): number {
    const seen = this.seen(field);
    const parts = this.#partsOf(field, 1);
    for (let n = 1; n < parts.length; n++) if (parts[n] !== undefined && (seen & bitOf(n)) === 0) return seen;
    return seen | WHOLE;
  }

  markSeen(field: number, bits: number): void {
    if (field < this.#length) this.#seen[field] = (this.#seen[field] as number) | bits;
  }

  /**
   * True when equal text always means an equal value: the usual delimiters, no escape (it may hold bytes
   * of some character set), one repetition.
   */
  isPlain(field: number): boolean {
    const { component, repetition, escape, subcomponent } = this.#delimiters;
    if (component !== '^' || repetition !== '~' || subcomponent !== '&') return false;
    const raw = this.raw(field);
    return !raw.includes('~') && (escape === '' || !raw.includes(escape));
  }

  get name(): string {
    return this.segment.name;
  }

  /** Whether the field carries anything, the HL7 null included. Does not count as reading. */
  has(field: number): boolean {
    return field < this.#length && this.#raw[field] !== '';
  }

  count(field: number): number {
    if (!this.has(field)) return 0;
    return this.raw(field).includes(this.#delimiters.repetition) ? this.segment.repetitions(field) : 1;
  }

  /** A whole repetition as text, delimiters that the sender forgot to escape included. */
  whole(field: number, repetition = 1): string | undefined {
    this.mark(field, repetition, 0);
    return this.has(field) ? clean(this.segment.text(field, undefined, repetition)) : undefined;
  }

  /** The whole field as one text, repetition delimiters that the sender forgot to escape (`4.5~8.0`) included. */
  all(field: number): string | undefined {
    this.markField(field);
    return this.has(field) ? clean(this.segment.text(field)) : undefined;
  }

  /**
   * Part `n` of a value: a component of the field when `component` is 0, else a subcomponent of that component.
   * Blanks around it are taken off; empty and the HL7 null give undefined.
   */
  part(field: number, repetition: number, component: number, n: number): string | undefined {
    if (field >= this.#length) return undefined;
    if (repetition === 1) this.#seen[field] = (this.#seen[field] as number) | bitOf(component === 0 ? n : component);
    else this.mark(field, repetition, component === 0 ? n : component);
    return this.peek(field, repetition, component, n);
  }

  /** As `part`, but does not count as reading. */
  peek(field: number, repetition: number, component: number, n: number): string | undefined {
    if (field >= this.#length) return undefined;
    const parts = this.#partsOf(field, repetition);
    if (component === 0) return parts[n];
    const text = parts[component];
    if (text === undefined) return undefined;
    if (!text.includes(this.#delimiters.subcomponent)) return n === 1 ? text : undefined;
    return clean(this.segment.get(field, component, n, repetition));
  }

  /** A repetition's place in the maps of later ones; `field` stands in the segment, so no two share a key. */
  #keyOf(field: number, repetition: number): number {
    return repetition * this.#length + field;
  }

  #partsOf(field: number, repetition: number): Parts {
    if (repetition === 1) return this.#parts[field] ?? (this.#parts[field] = this.#split(field, 1));
    const key = this.#keyOf(field, repetition);
    this.#partsLater ??= new Map();
    let parts = this.#partsLater.get(key);
    if (parts === undefined) this.#partsLater.set(key, (parts = this.#split(field, repetition)));
    return parts;
  }

  /** Fields without escapes, which are nearly all, are split here; the others by the parser. */
  #split(field: number, repetition: number): Parts {
    const raw = this.#raw[field] as string;
    if (raw === '') return NO_PARTS;
    const { escape, repetition: tilde, component } = this.#delimiters;
    if (repetition === 1 && raw.length <= PLAIN_LENGTH_MAX && this.#isSimple(raw)) return [undefined, clean(raw)];
    if (repetition === 1 && escape !== '' && raw.includes(escape)) return this.#splitByParser(field, 1);
    let text = raw;
    if (repetition > 1 || raw.includes(tilde)) {
      // Looking for escapes in the whole field, once per repetition, would be quadratic.
      if (raw.length > REPETITIONS_LENGTH_MAX || (escape !== '' && raw.includes(escape)))
        return this.#splitByParser(field, repetition);
      text = raw.split(tilde)[repetition - 1] ?? '';
    }
    const parts: (string | undefined)[] = [undefined];
    for (let from = 0; ; ) {
      const to = text.indexOf(component, from);
      parts.push(clean(to < 0 ? text.slice(from) : text.slice(from, to)));
      if (to < 0) return parts;
      from = to + component.length;
    }
  }

  /** No delimiter of any kind in a short text. */
  #isSimple(raw: string): boolean {
    const { escape, repetition, component } = this.#delimiters;
    const e = escape.charCodeAt(0);
    const r = repetition.charCodeAt(0);
    const c = component.charCodeAt(0);
    for (let i = 0; i < raw.length; i++) {
      const code = raw.charCodeAt(i);
      if (code === c || code === r || code === e) return false;
    }
    return true;
  }

  #splitByParser(field: number, repetition: number): Parts {
    const { segment } = this;
    const parts: (string | undefined)[] = [undefined];
    for (let n = 1, count = segment.components(field, repetition); n <= count; n++)
      parts.push(clean(segment.text(field, n, repetition)));
    return parts;
  }

  /** Whether a place (field repetition, or one of its components) carries anything. */
  hasPlace(field: number, repetition: number, component: number): boolean {
    return this.segment.text(field, component === 0 ? undefined : component, repetition) !== undefined;
  }

  /** True when the repetition is the HL7 null `""`: "there is no value, forget the old one". */
  isNull(field: number, repetition = 1): boolean {
    if (repetition === 1 && this.#raw[field] === HL7_NULL) return true;
    return repetition > 1 && this.segment.text(field, undefined, repetition) === HL7_NULL;
  }

  /** Counts as read without being looked at: protocol fields, and values that another field repeats. */
  mark(field: number, repetition: number, component: number): void {
    if (field >= this.#length) return;
    const bit = component === 0 ? WHOLE : bitOf(component);
    if (repetition === 1) this.#seen[field] = (this.#seen[field] as number) | bit;
    else {
      const key = this.#keyOf(field, repetition);
      this.#seenLater ??= new Map();
      this.#seenLater.set(key, (this.#seenLater.get(key) ?? 0) | bit);
    }
  }

  /** Takes back that a component of the field's first repetition (0: all of it) was read: nothing came of it. */
  forget(field: number, component: number): void {
    if (field >= this.#length) return;
    const kept = component === 0 ? 0 : (this.#seen[field] as number) & ~bitOf(component) & ~WHOLE;
    this.#seen[field] = kept;
  }

  /** Marks all of a field's repetitions. */
  markField(field: number): void {
    if (field < this.#length) this.#seen[field] = (this.#seen[field] as number) | WHOLE | EVERY;
  }

  /** The segment's own position: `NTE[3]`. */
  where(): string {
    return positionOf(this.segment);
  }

  /** Where this is, as the standard writes it: `OBX[2]-5.1`, `PID-3`. */
  at(field: number, component = 0, repetition = 1): string {
    const place = `${positionOf(this.segment)}-${field}${repetition > 1 ? `[${repetition}]` : ''}`;
    return component === 0 ? place : `${place}.${component}`;
  }

  /** Positions that carry data and were not read, appended to `into` while it has room for them. */
  listUnread(into: string[], max: number): void {
    for (let field = 1, fields = this.#length; field < fields; field++) {
      const raw = this.#raw[field] as string;
      if (raw === '') continue;
      if (into.length >= max) return;
      const seen = this.#seen[field] as number;
      if ((seen & EVERY) !== 0) continue;
      if (raw.includes(this.#delimiters.repetition)) this.#listRepetitions(field, into, max);
      else if ((seen & WHOLE) === 0 && raw !== HL7_NULL) this.#listComponents(field, seen, into, max);
    }
  }

  #listComponents(field: number, seen: number, into: string[], max: number): void {
    const parts = this.#partsOf(field, 1);
    if (seen === 0) {
      if (parts.some((part) => part !== undefined)) into.push(this.at(field));
      return;
    }
    for (let n = 1; n < parts.length && into.length < max; n++) {
      if (parts[n] !== undefined && (seen & bitOf(n)) === 0) into.push(this.at(field, n));
    }
  }

  #listRepetitions(field: number, into: string[], max: number): void {
    const { segment } = this;
    if (this.#seen[field] === 0 && this.#seenLater === undefined) {
      into.push(this.at(field));
      return;
    }
    for (let r = 1, repetitions = segment.repetitions(field); r <= repetitions && into.length < max; r++) {
      const seen = r === 1 ? (this.#seen[field] as number) : (this.#seenLater?.get(this.#keyOf(field, r)) ?? 0);
      if ((seen & WHOLE) !== 0) continue;
      if (seen === 0) {
        if (clean(segment.text(field, undefined, r)) !== undefined) into.push(this.at(field, 0, r));
        continue;
      }
      for (let c = 1, components = segment.components(field, r); c <= components; c++) {
        if ((seen & bitOf(c)) === 0 && clean(segment.text(field, c, r)) !== undefined) into.push(this.at(field, c, r));
      }
    }
  }
}

type Parts = readonly (string | undefined)[];
const NO_PARTS: Parts = [undefined];

function bitOf(component: number): number {
  return component < BIT_MAX ? 1 << component : 1 << BIT_MAX;
}

/** Segments that stand once in a patient's record carry a number only from their second occurrence on. */
const ALONE = new Set(['MSH', 'PID', 'PD1', 'PV1', 'PV2']);

/** `PID`, `PID[2]`, `OBX[1]`. */
export function positionOf(segment: Hl7Segment): string {
  return segment.occurrence === 1 && ALONE.has(segment.name) ? segment.name : `${segment.name}[${segment.occurrence}]`;
}

function clean(text: string | undefined): string | undefined {
  if (text === undefined || text === '' || text === HL7_NULL) return undefined;
  if (isInk(text.charCodeAt(0)) && isInk(text.charCodeAt(text.length - 1))) return text;
  const trimmed = text.trim();
  return trimmed === '' || trimmed === HL7_NULL ? undefined : trimmed;
}

/** True for ASCII and CJK letters and signs; a blank may be anything else (U+00A0, U+2003, U+FEFF …). */
function isInk(code: number): boolean {
  return (code > 0x20 && code < 0x80) || (code > 0x3000 && code < 0xfeff);
}
