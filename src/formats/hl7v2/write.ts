/** Segments from values to HL7 v2 text (v2.5 2.5, 2.7): every value escaped, empty tails left out. */
import type { Hl7Delimiters } from '../../terms/parsed/hl7v2.ts';
import { USUAL } from './grammar.ts';

/** A subcomponent's value; undefined or '' writes nothing, `HL7_NULL` writes the null. */
export type WrittenValue = string | undefined;
/** A component: one value, or its subcomponents. */
export type WrittenComponent = WrittenValue | readonly WrittenValue[];
/** A field: one value, or its components, or `repeated(…)` of such. */
export type WrittenField = WrittenValue | readonly WrittenComponent[] | WrittenRepetitions;

export interface WrittenRepetitions {
  readonly repetitions: readonly (WrittenValue | readonly WrittenComponent[])[];
}

/**
 * A segment's name, then its fields: [n] is field n. The MSH alone leaves MSH-1 and MSH-2 out, which are
 * the delimiters: `['MSH', 'LIS', 'H01']` writes MSH-3 and MSH-4.
 */
export type WrittenSegment = readonly [name: string, ...fields: WrittenField[]];

export interface WriteOptions {
  readonly delimiters?: Hl7Delimiters;
  /** CR unless told. Every segment ends in it. */
  readonly lineEnd?: string;
}

export function repeated(...repetitions: WrittenRepetitions['repetitions']): WrittenRepetitions {
  return { repetitions };
}

/** The message's text; `encode` makes bytes of it. Batch segments are written like MSH: FHS and BHS too. */
export function writeMessage(segments: readonly WrittenSegment[], options: WriteOptions = {}): string {
  const writer = createWriter(options.delimiters ?? USUAL);
  const lineEnd = options.lineEnd ?? '\r';
  return segments.map((segment) => writer(segment) + lineEnd).join('');
}

function createWriter(delimiters: Hl7Delimiters): (segment: WrittenSegment) => string {
  const escape = createEscaper(delimiters);
  const encoding = `${delimiters.component}${delimiters.repetition}${delimiters.escape}${delimiters.subcomponent}${delimiters.truncation ?? ''}`;

  const component = (value: WrittenComponent): string =>
    isList(value) ? joined(value.map(escape), delimiters.subcomponent) : escape(value);
  const repetition = (value: WrittenValue | readonly WrittenComponent[]): string =>
    isList(value) ? joined(value.map(component), delimiters.component) : escape(value);
  const field = (value: WrittenField): string =>
    typeof value === 'object' && 'repetitions' in value
      ? joined(value.repetitions.map(repetition), delimiters.repetition)
      : repetition(value);

  return ([name, ...fields]) => {
    const head = name === 'MSH' || name === 'FHS' || name === 'BHS' ? [name, encoding] : [name];
    return joined([...head, ...fields.map(field)], delimiters.field);
  };
}

function isList<T>(value: T | readonly T[] | undefined): value is readonly T[] {
  return Array.isArray(value);
}

/** Without the empty ones at the end. */
function joined(parts: readonly string[], delimiter: string): string {
  let last = parts.length;
  while (last > 0 && parts[last - 1] === '') last -= 1;
  return parts.slice(0, last).join(delimiter);
}

/** Delimiters, the escape character and line ends inside a value become escape sequences. */
function createEscaper(delimiters: Hl7Delimiters): (value: WrittenValue) => string {
  const { escape } = delimiters;
  const sequences = new Map<string, string>([
    ['\r', `${escape}X0D${escape}`],
    ['\n', `${escape}.br${escape}`],
    [delimiters.subcomponent, `${escape}T${escape}`],
    [delimiters.component, `${escape}S${escape}`],
    [delimiters.repetition, `${escape}R${escape}`],
    [delimiters.field, `${escape}F${escape}`],
    [escape, `${escape}E${escape}`],
  ]);
  if (delimiters.truncation !== undefined) sequences.set(delimiters.truncation, `${escape}P${escape}`);
  const special = new RegExp(`[${[...sequences.keys()].map((key) => key.replace(/[\\\]^-]/g, '\\$&')).join('')}]`, 'g');
  return (value) =>
    value === undefined ? '' : value.replace(special, (character) => sequences.get(character) as string);
}
