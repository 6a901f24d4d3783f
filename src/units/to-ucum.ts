/** Units as hospitals spell them → UCUM codes, by the compiled table of `mappings/units.csv`; UCUM passes as written. */
import { SPELLINGS } from './generated/spellings.ts';
import { plainUnit } from './plain-unit.ts';
import { readUcum } from './ucum.ts';

const TEXT_LENGTH_MAX = 64;
/** Texts remembered, found or not; the memory starts anew when full. */
const REMEMBERED_MAX = 2048;

/** `g/L-1` is `g.L` to UCUM, which nobody means who writes it: the unit is unknown. */
const TWICE_INVERTED = /\/[A-Za-z%]+-\d/;

const exact = new Map<string, string>(SPELLINGS);
const anyCase = withoutClashes();
const remembered = new Map<string, { readonly code: string } | undefined>();

/**
 * The UCUM code of a unit text, or undefined: the text then stays a text and the unit unknown. Full-width forms,
 * blanks, `μ µ`, `× ·` and superscripts do not matter. Order: the table as written (`G/L` is 10^9/L here,
 * whatever UCUM makes of G); UCUM as written; the table in any case, where only one code could be meant and the text is more
 * than one letter.
 */
export function toUcum(text: string): { readonly code: string } | undefined {
  if (text.length > TEXT_LENGTH_MAX) return undefined;
  if (remembered.has(text)) return remembered.get(text);
  const found = find(text);
  if (remembered.size >= REMEMBERED_MAX) remembered.clear();
  remembered.set(text, found);
  return found;
}

function find(text: string): { readonly code: string } | undefined {
  const plain = plainUnit(text);
  if (plain === '') return undefined;
  const code =
    exact.get(plain) ??
    (TWICE_INVERTED.test(plain) ? undefined : readUcum(plain)?.code) ??
    (plain.length > 1 ? anyCase.get(plain.toLowerCase()) : undefined);
  return code === undefined ? undefined : { code };
}

function withoutClashes(): ReadonlyMap<string, string> {
  const lower = new Map<string, string>();
  const clashing = new Set<string>();
  for (const [spelling, code] of SPELLINGS) {
    const key = spelling.toLowerCase();
    if (lower.has(key) && lower.get(key) !== code) clashing.add(key);
    lower.set(key, code);
  }
  for (const key of clashing) lower.delete(key);
  return lower;
}
