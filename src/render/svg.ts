/**
 * A page as SVG 1.1 by itself: no script, no font, no link, nothing fetched. The paper is a nested picture that cuts
 * what leaves it; curves are relative steps in whole hundredths of a millimetre.
 */
import {
  type Box,
  type Colour,
  type Frame,
  type Page,
  PAGE_HEIGHT,
  PAGE_WIDTH,
  type PageText,
  type Stroke,
} from './page.ts';

const COLOURS: Readonly<Record<Colour, string>> = {
  ink: '#000',
  soft: '#444',
  warning: '#b00020',
  paper: '#fff',
  earlier: '#1a4fa0',
};

const FONTS =
  "Helvetica,Arial,'Liberation Sans','Noto Sans CJK SC','Noto Sans SC','PingFang SC','Microsoft YaHei',SimHei,sans-serif";

/**
 * The lines lie in the middle of their tile, so that no edge halves them, and on whole (and five) millimetres of the
 * page. No `non-scaling-stroke`: tiles shrink evenly to a paler paper, and printers and converters that do not know it
 * would draw hundredths of a millimetre. The same on every page, so that pages in one document may share the ids.
 */
const PATTERNS =
  '<defs>' +
  '<pattern id="ecg-1mm" x=".5" y=".5" width="1" height="1" patternUnits="userSpaceOnUse"><path d="M.5 0V1M0 .5H1" stroke="#f4b6b6" stroke-width=".1"/></pattern>' +
  '<pattern id="ecg-5mm" x="2.5" y="2.5" width="5" height="5" patternUnits="userSpaceOnUse"><path d="M2.5 0V5M0 2.5H5" stroke="#e08080" stroke-width=".25"/></pattern>' +
  '</defs>';

export function printSvg(page: Page): string {
  const lang = page.language === 'zh' ? 'zh-CN' : 'en';
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" xml:lang="${lang}" width="${PAGE_WIDTH}mm" height="${PAGE_HEIGHT}mm" viewBox="0 0 ${PAGE_WIDTH} ${PAGE_HEIGHT}" role="img" aria-labelledby="ecg-title ecg-desc" font-family="${FONTS}">`,
    `<title id="ecg-title">${escape(page.title)}</title><desc id="ecg-desc">${escape(page.description)}</desc>`,
    PATTERNS,
    `<rect width="${PAGE_WIDTH}" height="${PAGE_HEIGHT}" fill="#fff"/>`,
    printPaper(page.grid, page.strokes),
    ...page.frames.map(printFrame),
    ...page.texts.map(printText),
    '</svg>\n',
  ];
  return parts.join('\n');
}

function printPaper({ x, y, width, height }: Box, strokes: readonly Stroke[]): string {
  const area = `x="${x}" y="${y}" width="${width}" height="${height}"`;
  return [
    `<svg ${area} viewBox="${x} ${y} ${width} ${height}" overflow="hidden">`,
    `<rect ${area} fill="url(#ecg-1mm)"/><rect ${area} fill="url(#ecg-5mm)"/>`,
    `<rect ${area} fill="none" stroke="#e08080" stroke-width=".5"/>`,
    '<g transform="scale(.01)" fill="none" stroke="#000" stroke-width="27" stroke-linejoin="round" stroke-linecap="round">',
    ...strokes.map(printStroke),
    '</g></svg>',
  ].join('\n');
}

function printStroke({ kind, lead, earlier, runs }: Stroke): string {
  const label = lead === undefined ? '' : ` data-lead="${escape(lead)}"`;
  const look = earlier === true ? ` stroke="${COLOURS.earlier}"` : '';
  return `<path class="${kind}"${label}${look} d="${pathData(runs)}"/>`;
}

/**
 * `M x y l dx dy …` with no blank where a minus parts two numbers, `h dx …` where the curve is level: a vertex for every
 * sample in the fewest characters. A sample by itself is a dot of the round pen.
 */
export function pathData(runs: readonly Int32Array[]): string {
  const parts: string[] = [];
  for (const run of runs) {
    let x = run[0] as number;
    let y = run[1] as number;
    parts.push(`M${x} ${y}`);
    if (run.length === 2) parts.push('h0');
    let command = 'M';
    for (let k = 2; k < run.length; k += 2) {
      const dx = (run[k] as number) - x;
      const dy = (run[k + 1] as number) - y;
      const wanted = dy === 0 ? 'h' : 'l';
      parts.push(wanted !== command ? `${wanted}${dx}` : dx < 0 ? `${dx}` : ` ${dx}`);
      if (dy !== 0) parts.push(dy < 0 ? `${dy}` : ` ${dy}`);
      command = wanted;
      x += dx;
      y += dy;
    }
  }
  return parts.join('');
}

function printFrame({ x, y, width, height, fill }: Frame): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${COLOURS[fill]}" stroke="#000" stroke-width=".4"/>`;
}

function printText({ text, x, y, size, anchor, bold, colour }: PageText): string {
  const look = [
    anchor === undefined ? '' : ` text-anchor="${anchor}"`,
    bold === true ? ' font-weight="700"' : '',
    colour === undefined || colour === 'ink' ? '' : ` fill="${COLOURS[colour]}"`,
  ].join('');
  return `<text x="${rounded(x)}" y="${rounded(y)}" font-size="${rounded(size)}"${look}>${escape(text)}</text>`;
}

function rounded(mm: number): number {
  return Math.round(mm * 100) / 100;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** What XML takes for no character is dropped whoever let it come so far. */
function escape(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF\p{Cs}]/gu, '')
    .replace(/[&<>"']/g, (character) => ESCAPES[character] as string);
}
