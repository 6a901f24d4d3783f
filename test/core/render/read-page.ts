/** What a test reads of a page: curves as millimetres, texts by what they say, and paths back into points. */
import type { Page, PageText, Stroke } from '../../../src/render/page.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export function tracesOf(page: Page, lead: string): readonly Stroke[] {
  return page.strokes.filter((stroke) => stroke.kind === 'trace' && stroke.lead === lead);
}

/** Points of a line, in mm. */
export function pointsOf(run: Int32Array = new Int32Array()): readonly Point[] {
  const points: Point[] = [];
  for (let k = 0; k < run.length; k += 2) {
    points.push({ x: (run[k] as number) / 100, y: (run[k + 1] as number) / 100 });
  }
  return points;
}

export function pointsOfStroke(stroke: Stroke | undefined): readonly Point[] {
  return (stroke?.runs ?? []).flatMap(pointsOf);
}

export function textsOf(page: Page): readonly string[] {
  return page.texts.map(({ text }) => text);
}

export function allText(page: Page): string {
  return textsOf(page).join('\n');
}

export function textOf(page: Page, text: string): PageText | undefined {
  return page.texts.find((one) => one.text === text);
}

/** Absolute points of a path of `M`, `l` and `h`, as a browser would draw them. */
export function pathPoints(data: string): readonly (readonly Point[])[] {
  const runs: Point[][] = [];
  let [x, y] = [0, 0];
  for (const [, command = '', numbers = ''] of data.matchAll(/([Mlh])([^Mlh]*)/g)) {
    const values = (numbers.match(/-?\d+/g) ?? []).map(Number);
    if (command === 'M') {
      [x = 0, y = 0] = values;
      runs.push([{ x, y }]);
      continue;
    }
    for (let k = 0; k < values.length; k += command === 'h' ? 1 : 2) {
      x += values[k] as number;
      y += command === 'h' ? 0 : (values[k + 1] as number);
      runs.at(-1)?.push({ x, y });
    }
  }
  return runs;
}
