/**
 * A parsed HL7 v2 message, as formats put it out and mapping reads it. Reads are lazy and decode
 * escapes; numbers count from 1 as the standard writes them (`OBX-5.1`). A Segment never throws.
 */
export interface Hl7Message {
  readonly segments: readonly Hl7Segment[];
  /** The MSH segment; the first of `segments`. */
  readonly msh: Hl7Segment;
  readonly delimiters: Hl7Delimiters;
}

export interface Hl7Delimiters {
  readonly field: string;
  readonly component: string;
  readonly repetition: string;
  readonly escape: string;
  readonly subcomponent: string;
  readonly truncation?: string;
}

export interface Hl7Segment {
  /** `OBX`, `ZDR`. */
  readonly name: string;
  /** 1-based occurrence of this name in the message: the 2 of `OBX[2]`. */
  readonly occurrence: number;
  /** Number of the last field that the segment writes. */
  readonly fieldCount: number;
  /** Whole field as written, escapes and repetitions untouched; '' when absent. */
  raw(field: number): string;
  /** How many repetitions the field has; 0 when absent or empty. */
  repetitions(field: number): number;
  /** How many components the repetition writes; 0 when absent. */
  components(field: number, repetition?: number): number;
  subcomponents(field: number, component: number, repetition?: number): number;
  /**
   * The decoded text of one subcomponent; undefined when absent or empty. The HL7 null `""` comes
   * back as `HL7_NULL`. Component, subcomponent and repetition default to 1.
   */
  get(field: number, component?: number, subcomponent?: number, repetition?: number): string | undefined;
  /** The component's or field's whole text decoded, inner delimiters kept as written. */
  text(field: number, component?: number, repetition?: number): string | undefined;
}

/** What the HL7 null (`""`: "delete this") reads as: distinct from empty (v2.5 2.5.3.2). */
export const HL7_NULL = '""';
