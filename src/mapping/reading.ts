/**
 * One segment as the tables read it. Every read is remembered by field, repetition and component, so
 * that what carried data and was read by nobody can be listed (DESIGN 5, total accounting).
 */
import { HL7_NULL, type Hl7Segment } from '../terms/parsed/hl7v2.ts';

/** Bit 0 says "the whole repetition", bit n component n; components beyond 30 share the last bit. */
const WHOLE = 1;
const BIT_MAX = 30;

/** Beyond it, repetitions are not told apart for accounting. */
const FIELDS = 4096;

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
  readonly #seen: number[] = [];
  #seenLater: Map<number, number> | undefined;

  constructor(segment: Hl7Segment) {
    this.segment = segment;
  }

  get name(): string {
    return this.segment.name;
  }

  /** Whether the field carries anything, the HL7 null included. Does not count as reading. */
  has(field: number): boolean {
    return this.segment.raw(field) !== '';
  }

  count(field: number): number {
    return this.segment.repetitions(field);
  }

  /** A whole repetition as text, delimiters that the sender forgot to escape included. */
  whole(field: number, repetition = 1): string | undefined {
    this.mark(field, repetition, 0);
    return clean(this.segment.text(field, undefined, repetition));
  }

  /** The whole field as one text, repetition delimiters that the sender forgot to escape (`4.5~8.0`) included. */
  all(field: number): string | undefined {
    this.markField(field);
    return clean(this.segment.text(field));
  }

  /**
   * Part `n` of a value: a component of the field when `component` is 0, else a subcomponent of that component.
   * Blanks around it are taken off; empty and the HL7 null give undefined.
   */
  part(field: number, repetition: number, component: number, n: number): string | undefined {
    this.mark(field, repetition, component === 0 ? n : component);
    return this.peek(field, repetition, component, n);
  }

  /** As `part`, but does not count as reading. */
  peek(field: number, repetition: number, component: number, n: number): string | undefined {
    return clean(
      component === 0 ? this.segment.text(field, n, repetition) : this.segment.get(field, component, n, repetition),
    );
  }

  /** Whether a place (field repetition, or one of its components) carries anything. */
  hasPlace(field: number, repetition: number, component: number): boolean {
    return this.segment.text(field, component === 0 ? undefined : component, repetition) !== undefined;
  }

  /** True when the repetition is the HL7 null `""`: "there is no value, forget the old one". */
  isNull(field: number, repetition = 1): boolean {
    return this.segment.text(field, undefined, repetition) === HL7_NULL;
  }

  /** Counts as read without being looked at: protocol fields, and values that another field repeats. */
  mark(field: number, repetition: number, component: number): void {
    const bit = component === 0 ? WHOLE : 1 << Math.min(component, BIT_MAX);
    if (repetition === 1) this.#seen[field] = (this.#seen[field] ?? 0) | bit;
    else {
      const key = repetition * FIELDS + field;
      this.#seenLater ??= new Map();
      this.#seenLater.set(key, (this.#seenLater.get(key) ?? 0) | bit);
    }
  }

  /** Marks all of a field's repetitions. */
  markField(field: number): void {
    for (let r = 1, n = this.segment.repetitions(field); r <= n; r++) this.mark(field, r, 0);
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

  /** Positions that carry data and were not read, appended to `into`. */
  listUnread(into: string[]): void {
    const { segment } = this;
    for (let field = 1, fields = segment.fieldCount; field <= fields; field++) {
      const seen = this.#seen[field] ?? 0;
      const raw = segment.raw(field);
      if (raw === '' || raw === HL7_NULL) continue;
      if (seen === 0 && this.#seenLater === undefined) {
        into.push(this.at(field));
        continue;
      }
      this.#listField(field, seen, into);
    }
  }

  #listField(field: number, seenFirst: number, into: string[]): void {
    const { segment } = this;
    for (let r = 1, repetitions = segment.repetitions(field); r <= repetitions; r++) {
      const seen = r === 1 ? seenFirst : (this.#seenLater?.get(r * FIELDS + field) ?? 0);
      if ((seen & WHOLE) !== 0) continue;
      if (seen === 0) {
        if (segment.text(field, undefined, r) !== undefined) into.push(this.at(field, 0, r));
        continue;
      }
      for (let c = 1, components = segment.components(field, r); c <= components; c++) {
        if ((seen & (1 << Math.min(c, BIT_MAX))) !== 0) continue;
        const text = segment.text(field, c, r);
        if (text !== undefined && text !== HL7_NULL) into.push(this.at(field, c, r));
      }
    }
  }
}

/** Segments that stand once in a patient's record carry a number only from their second occurrence on. */
const ALONE = new Set(['MSH', 'PID', 'PD1', 'PV1', 'PV2']);

/** `PID`, `PID[2]`, `OBX[1]`. */
export function positionOf(segment: Hl7Segment): string {
  return segment.occurrence === 1 && ALONE.has(segment.name) ? segment.name : `${segment.name}[${segment.occurrence}]`;
}

function clean(text: string | undefined): string | undefined {
  if (text === undefined || text === HL7_NULL) return undefined;
  const first = text.charCodeAt(0);
  const last = text.charCodeAt(text.length - 1);
  if (first > 32 && last > 32 && first !== 0x3000 && last !== 0x3000 && first !== 0xa0 && last !== 0xa0) return text;
  const trimmed = text.trim();
  return trimmed === '' ? undefined : trimmed;
}
