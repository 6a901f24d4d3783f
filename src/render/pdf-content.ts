/** What a page draws, as PDF operators (ISO 32000-1, 8.5): lines and words only, in hundredths of a millimetre. */
import { type Box, type Colour, type Frame, type Page, PAGE_HEIGHT, type Stroke, UNITS_PER_MM } from './page.ts';
import { textOperators } from './pdf-text.ts';

/** Points (1/72 inch) of one millimetre. */
export const POINTS_PER_MM = 72 / 25.4;

const FILLS: Readonly<Record<Colour, string>> = {
  ink: '0 g 0 G',
  soft: '.27 g .27 G',
  warning: '.69 0 .13 rg .69 0 .13 RG',
  paper: '1 g 1 G',
  earlier: '.1 .31 .63 rg .1 .31 .63 RG',
};

export function pageContent(page: Page): string {
  const scale = (POINTS_PER_MM / UNITS_PER_MM).toFixed(8);
  const top = (PAGE_HEIGHT * POINTS_PER_MM).toFixed(3);
  return [
    `${scale} 0 0 -${scale} 0 ${top} cm`,
    paperLines(page.grid, 1, '.96 .71 .71 RG 10 w'),
    paperLines(page.grid, 5, '.88 .5 .5 RG 25 w'),
    // The curves are cut at the edge of the paper.
    `q ${rectangle(page.grid)} W n 0 G 27 w 1 j 1 J`,
    ...page.strokes.map(strokeOperators),
    'Q',
    ...page.frames.map(frameOperators),
    ...page.texts.map((text) => textOperators(text, FILLS[text.colour ?? 'ink'])),
    '',
  ].join('\n');
}

function paperLines({ x, y, width, height }: Box, every: number, look: string): string {
  const [left, top, right, bottom] = [x, y, x + width, y + height].map((mm) => mm * UNITS_PER_MM);
  const lines: string[] = [];
  for (let mm = x; mm <= x + width; mm += every) {
    const at = mm * UNITS_PER_MM;
    lines.push(`${at} ${top} m ${at} ${bottom} l`);
  }
  for (let mm = y; mm <= y + height; mm += every) {
    const at = mm * UNITS_PER_MM;
    lines.push(`${left} ${at} m ${right} ${at} l`);
  }
  return `${look}\n${lines.join('\n')}\nS`;
}

/** Written from its own first point, which keeps the numbers short. */
function strokeOperators({ earlier, runs }: Stroke): string {
  const [x = 0, y = 0] = runs[0] ?? [];
  const parts = [`q 1 0 0 1 ${x} ${y} cm`];
  if (earlier === true) parts.push(FILLS.earlier);
  for (const run of runs) {
    for (let k = 0; k < run.length; k += 2) {
      parts.push(`${(run[k] as number) - x} ${(run[k + 1] as number) - y} ${k === 0 ? 'm' : 'l'}`);
    }
    // One sample by itself is a dot of the round pen.
    if (run.length === 2) parts.push(`${(run[0] as number) - x} ${(run[1] as number) - y} l`);
  }
  parts.push('S Q');
  return parts.join('\n');
}

function frameOperators(frame: Frame): string {
  return `0 G 40 w ${frame.fill === 'ink' ? '0 g' : '1 g'} ${rectangle(frame)} B`;
}

function rectangle({ x, y, width, height }: Box): string {
  return `${[x, y, width, height].map((mm) => Math.round(mm * UNITS_PER_MM)).join(' ')} re`;
}
