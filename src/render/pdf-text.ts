/**
 * Words in a PDF without a font file: what Windows-1252 has in Helvetica, which every reader has, all else in the
 * standard Chinese font that readers supply (ISO 32000-1, 9.7.5.2: `UniGB-UTF16-H` over Adobe-GB1).
 */
import { type PageText, UNITS_PER_MM } from './page.ts';
import { textWidth } from './text-width.ts';

/** Names of the fonts in a page's resources. */
export const FONT_NAMES = { regular: 'F1', bold: 'F2', chinese: 'F3' } as const;

/** Windows-1252 from 0x80 on, where it is not Latin-1; a minus sign is set as an en dash. */
const WINDOWS_1252: ReadonlyMap<string, number> = new Map([
  ['€', 0x80],
  ['…', 0x85],
  ['†', 0x86],
  ['‡', 0x87],
  ['‰', 0x89],
  ['‘', 0x91],
  ['’', 0x92],
  ['“', 0x93],
  ['”', 0x94],
  ['•', 0x95],
  ['–', 0x96],
  ['−', 0x96],
  ['—', 0x97],
  ['™', 0x99],
]);

interface Part {
  readonly latin: boolean;
  readonly text: string;
}

/** Operators that show one text; coordinates are hundredths of a millimetre, downwards. */
export function textOperators({ text, x, y, size, anchor, ...look }: PageText, colour: string): string {
  const bold = look.bold === true;
  const width = anchor === undefined ? 0 : textWidth(text, size, bold);
  const left = anchor === 'end' ? x - width : x - width / 2;
  const height = inUnits(size);
  // The standard Chinese font has no bold: its outline is drawn as well.
  const [heavy, light] = bold ? [`2 Tr ${Math.round(height * 0.035)} w `, ' 0 Tr'] : ['', ''];
  const shown = partsOf(text).map(({ latin, text: part }) =>
    latin
      ? `/${bold ? FONT_NAMES.bold : FONT_NAMES.regular} ${height} Tf ${latinString(part)} Tj`
      : `/${FONT_NAMES.chinese} ${height} Tf ${heavy}<${utf16Hex(part)}> Tj${light}`,
  );
  return `BT ${colour} 1 0 0 -1 ${inUnits(left)} ${inUnits(y)} Tm ${shown.join(' ')} ET`;
}

/** A text outside of pages: UTF-16BE with its mark. */
export function textString(text: string): string {
  return `<FEFF${utf16Hex(text)}>`;
}

function partsOf(text: string): readonly Part[] {
  const parts: { latin: boolean; text: string }[] = [];
  for (const character of text) {
    const latin = latinCode(character) !== undefined;
    const last = parts.at(-1);
    if (last?.latin === latin) last.text += character;
    else parts.push({ latin, text: character });
  }
  return parts;
}

function latinCode(character: string): number | undefined {
  const code = character.codePointAt(0) as number;
  const isSame = (code >= 0x20 && code <= 0x7e) || (code >= 0xa0 && code <= 0xff);
  return isSame ? code : WINDOWS_1252.get(character);
}

function latinString(text: string): string {
  const characters = Array.from(text, (character) => {
    const code = latinCode(character) ?? 0x3f;
    if (code > 0x7e) return `\\${code.toString(8)}`;
    return character === '(' || character === ')' || character === '\\' ? `\\${character}` : character;
  });
  return `(${characters.join('')})`;
}

function utf16Hex(text: string): string {
  let hex = '';
  for (let k = 0; k < text.length; k++) hex += text.charCodeAt(k).toString(16).padStart(4, '0').toUpperCase();
  return hex;
}

function inUnits(mm: number): number {
  return Math.round(mm * UNITS_PER_MM);
}
