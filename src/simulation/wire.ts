/** Segments as text and text as bytes, in the sender's character set (HL7 v2.5 2.7 escapes, 2.10). */
import type { Dialect } from './facilities.ts';
import { encodeGb18030 } from './gb18030.ts';
import { utf8 } from '../base/bytes.ts';

/** A field as it goes out, escaped. */
export type Field = string;

const ESCAPES: Readonly<Record<string, string>> = {
  '|': '\\F\\',
  '^': '\\S\\',
  '&': '\\T\\',
  '~': '\\R\\',
  '\\': '\\E\\',
};

export function escaped(text: string): Field {
  return text.replaceAll(/[|^&~\\]/g, (sign) => ESCAPES[sign] as string);
}

/** Components, each escaped; empty ones at the end are left away. */
export function composite(...components: readonly string[]): Field {
  return components.map(escaped).join('^').replace(/\^+$/, '');
}

export function repeated(...repetitions: readonly Field[]): Field {
  return repetitions.join('~');
}

export function segment(name: string, fields: readonly Field[]): string {
  return [name, ...fields].join('|').replace(/\|+$/, '');
}

export function encodeMessage(segments: readonly string[], dialect: Dialect): Uint8Array {
  const text = segments.map((line) => line + dialect.lineEnd).join('');
  return dialect.charset === 'gb18030' ? encodeGb18030(text) : utf8(text);
}
