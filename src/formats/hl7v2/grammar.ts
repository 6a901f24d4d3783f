/** The delimiters of one message (v2.5 2.5.4, 2.15.9.1 and .2) as character codes, ready for scanning. */
import type { Hl7Delimiters } from '../../terms/parsed/hl7v2.ts';
import type { Charset } from './charset.ts';

export interface Grammar {
  readonly delimiters: Hl7Delimiters;
  /** Character codes; -1 for a delimiter that MSH-2 leaves out: it then separates nothing. */
  readonly field: number;
  readonly repetition: number;
  readonly component: number;
  readonly subcomponent: number;
  /** False when the escape character stands nowhere but in MSH-2: reads then need not look for it. */
  readonly escaped: boolean;
  /** What `\Xhh\` bytes are in. */
  readonly charset: Charset;
}

export const USUAL: Hl7Delimiters = { field: '|', component: '^', repetition: '~', escape: '\\', subcomponent: '&' };

export function createGrammar(delimiters: Hl7Delimiters, escaped: boolean, charset: Charset): Grammar {
  return {
    delimiters,
    field: delimiters.field.charCodeAt(0),
    repetition: codeOf(delimiters.repetition),
    component: codeOf(delimiters.component),
    subcomponent: codeOf(delimiters.subcomponent),
    escaped,
    charset,
  };
}

function codeOf(delimiter: string): number {
  return delimiter === '' ? -1 : delimiter.charCodeAt(0);
}

/** Component, repetition, escape, subcomponent, truncation: the order of MSH-2. Short ones leave the rest out. */
export function delimitersOf(separator: string, encoding: string): Hl7Delimiters {
  if (encoding === '') return { ...USUAL, field: separator };
  const delimiters = {
    field: separator,
    component: encoding.charAt(0),
    repetition: encoding.charAt(1),
    escape: encoding.charAt(2),
    subcomponent: encoding.charAt(3),
  };
  return encoding.length > 4 ? { ...delimiters, truncation: encoding.charAt(4) } : delimiters;
}

export function hasRepeatedDelimiter(delimiters: Hl7Delimiters): boolean {
  const given = Object.values(delimiters).filter((delimiter) => delimiter !== '');
  return new Set(given).size !== given.length;
}
