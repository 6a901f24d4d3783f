/** R4's ways to say "the source did not state it" where an element is required. */
import type { CodeableConcept, Extension } from 'fhir/r4';
import { DATA_ABSENT_EXTENSION, DATA_ABSENT_REASON } from './systems.ts';

export function absentExtension(): Extension[] {
  return [{ url: DATA_ABSENT_EXTENSION, valueCode: 'unknown' }];
}

/** In place of a required element of a structured type (Coding, CodeableConcept, Reference). */
export function absent<T>(): T {
  return { extension: absentExtension() } as T;
}

export function dataAbsentReason(code: 'unknown' | 'not-asked' | 'error', text?: string): CodeableConcept {
  const concept: CodeableConcept = { coding: [{ system: DATA_ABSENT_REASON, code }] };
  if (text !== undefined) concept.text = text;
  return concept;
}
