/**
 * How wide a text is: Helvetica by Adobe's metrics (Arial and Liberation Sans are as wide), everything outside of
 * Windows-1252 a square of the Chinese font. A page cuts and wraps by it, and the PDF is set with the same fonts.
 */

/** Thousandths of the size, from U+0020 to U+007E. */
const REGULAR = metrics(
  '278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556*10 278 278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 500 334 260 334 584',
);
const BOLD = metrics(
  '278 333 474 556 556 889 722 238 333 333 389 584 278 333 278 278 556*10 333 333 584 584 584 611 975 722 722 722 722 667 611 778 722 278 556 722 611 833 722 778 667 778 722 667 611 722 667 944 667 667 611 333 278 333 584 556 333 556 611 556 611 556 333 611 611 278 278 556 278 889 611 611 611 611 389 556 333 611 556 778 556 556 500 389 280 389 584',
);

/** Latin letters with accents, as most of their plain ones. */
const ACCENTED = 600;

/** Signs that Windows-1252 has outside of Latin-1, with their widths. */
const SIGNS: ReadonlyMap<string, number> = new Map([
  ['…', 1000],
  ['–', 556],
  ['−', 556],
  ['—', 1000],
  ['·', 278],
  ['†', 556],
  ['°', 400],
  ['±', 584],
]);

function metrics(text: string): readonly number[] {
  return text.split(' ').flatMap((entry) => {
    const [width = '0', times = '1'] = entry.split('*');
    return Array.from({ length: Number(times) }, () => Number(width));
  });
}

/** In mm, for a font of that size in mm. */
export function textWidth(text: string, size: number, bold = false): number {
  let sum = 0;
  for (const character of text) sum += widthOf(character, bold);
  return (sum * size) / 1000;
}

function widthOf(character: string, bold: boolean): number {
  const code = character.codePointAt(0) as number;
  return (bold ? BOLD : REGULAR)[code - 32] ?? SIGNS.get(character) ?? (code < 0x180 ? ACCENTED : 1000);
}

/** The text, or as much of its beginning as fits with an ellipsis. */
export function fitText(text: string, width: number, size: number, bold = false): string {
  if (textWidth(text, size, bold) <= width) return text;
  const room = (width * 1000) / size - 1000;
  return `${text.slice(0, endWithin(text, room, bold)).trimEnd()}…`;
}

/** Index behind the last character that stands within so many thousandths of the size. */
function endWithin(text: string, room: number, bold: boolean): number {
  let end = 0;
  let sum = 0;
  for (const character of text) {
    sum += widthOf(character, bold);
    if (sum > room) break;
    end += character.length;
  }
  return end;
}

/** The text in lines that fit, the last one cut with an ellipsis. Chinese breaks anywhere, Latin between words. */
export function wrapText(text: string, width: number, size: number, linesMax: number): readonly string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest !== '' && lines.length < linesMax - 1 && textWidth(rest, size) > width) {
    const end = breakBefore(rest, Math.max(endWithin(rest, (width * 1000) / size, false), 1));
    lines.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  return rest === '' ? lines : [...lines, fitText(rest, width, size)];
}

/** Where a line of at most `end` ends: behind its last blank or Chinese character, or in the midst of a long word. */
function breakBefore(text: string, end: number): number {
  for (let k = end; k > 0; k--) {
    const before = text[k - 1] as string;
    if (before === ' ' || text[k] === ' ' || before >= '\u2E80') return k;
  }
  return end;
}
