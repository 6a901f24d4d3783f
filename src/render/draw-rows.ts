/** The rows of a page drawn: curves, calibration pulses, marks between leads, labels, and what is to be said of them. */
import { type Chosen, choosePieces } from './choose-pieces.ts';
import { messagesIn } from './messages.ts';
import { type PageLanguage, type PageText, type Stroke, UNITS_PER_MM } from './page.ts';
import { GRID, type PageGain, type PageSpeed, type Place, PULSE_WIDTH, type Row } from './page-plan.ts';
import { plainText } from './plain-text.ts';
import type { Piece, Recording } from './recording.ts';
import { fitText, textWidth } from './text-width.ts';
import { calibrationOf, meanMv, traceLead } from './trace-lead.ts';

/** What a reader must know of a lead to read its curve rightly. */
export interface Finding {
  readonly kind: 'derived' | 'inverted' | 'missing' | 'uncalibrated' | 'own-time' | 'cut' | 'shifted';
  readonly lead: string;
  /** mV that lie on the base line. */
  readonly mv?: number;
}

export interface Drawing {
  readonly strokes: readonly Stroke[];
  readonly texts: readonly PageText[];
  readonly findings: readonly Finding[];
}

export interface Pen {
  readonly speed: PageSpeed;
  readonly gain: PageGain;
  readonly language: PageLanguage;
  readonly earlier?: true;
  /** Rows of a rhythm page go on in time, and say when they begin; others may show a lead at its own time. */
  readonly rhythm: boolean;
}

const LABEL_SIZE = 3.4;
const LABEL_MAX = 16;

/** Lower rows have no room for a label above the curve. */
const LABELLED_HEIGHT = 16;

/** A lead whose mean lies further away than this is drawn around its mean, which is said. */
const MEAN_MV_MAX = 2;

export function drawRows(recording: Recording, rows: readonly Row[], pen: Pen): Drawing {
  const drawings = rows.flatMap((row) => [
    { strokes: [pulseOf(row, pen), ...marksOf(row)], texts: timesOf(row, pen), findings: [] },
    ...row.places.map((place) => drawPlace(choosePieces(recording, place, !pen.rhythm), row, pen)),
  ]);
  return {
    strokes: drawings.flatMap(({ strokes }) => strokes),
    texts: drawings.flatMap(({ texts }) => texts),
    findings: drawings.flatMap(({ findings }) => findings),
  };
}

/** The label of a lead on paper: a real minus sign, and no more of an unknown name than has room. */
export function printedLead(lead: string): string {
  return (plainText(lead, LABEL_MAX) ?? '?').replace(/^-/, '−');
}

/** 1 mV × 200 ms, on lines of the paper. */
function pulseOf(row: Row, { speed, gain, earlier }: Pen): Stroke {
  const width = 0.2 * speed;
  const up = GRID.x + Math.floor((PULSE_WIDTH - width) / 2);
  const [low, high] = [row.baseLine, row.baseLine - gain];
  const line = [up - 2, low, up, low, up, high, up + width, high, up + width, low, up + width + 2, low];
  return {
    kind: 'pulse',
    runs: [Int32Array.from(line, (mm) => Math.round(mm * UNITS_PER_MM))],
    ...(earlier === true ? { earlier } : {}),
  };
}

/** Above and below the curve, where it would not be taken for a spike of a pacemaker. */
function marksOf({ top, height, baseLine, places }: Row): readonly Stroke[] {
  const length = Math.min(4, height / 6);
  const below = baseLine + height * 0.2;
  return places.slice(1).map(({ x }) => ({
    kind: 'mark',
    runs: [
      [top + 0.6, top + 0.6 + length],
      [below, below + length],
    ].map(([from = 0, to = 0]) => Int32Array.from([x, from, x, to], (mm) => Math.round(mm * UNITS_PER_MM))),
  }));
}

function timesOf({ top, height, places }: Row, { rhythm }: Pen): readonly PageText[] {
  const from = places[0]?.from;
  if (!rhythm || from === undefined) return [];
  return [{ text: `${secondsText(from)} s`, x: GRID.x + 1, y: top + height - 1.2, size: 2.6, colour: 'soft' }];
}

function drawPlace(chosen: Chosen, row: Row, pen: Pen): Drawing {
  const { place, pieces, inverted } = chosen;
  const findings: Finding[] = [];
  const find = (kind: Finding['kind'], mv?: number) =>
    findings.push({ kind, lead: place.lead, ...(mv === undefined ? {} : { mv }) });
  const strokes: Stroke[] = [];
  for (const piece of pieces) {
    const { runs, zeroMv } = curveOf(piece, chosen, row, pen);
    if (runs.length === 0) continue;
    strokes.push({
      kind: 'trace',
      lead: printedLead(place.lead),
      runs,
      ...(pen.earlier === true ? { earlier: true } : {}),
    });
    if (zeroMv !== 0) find('shifted', inverted ? -zeroMv : zeroMv);
    if (runs.some(isCut)) find('cut');
  }
  const derived = pieces.some(({ lead }) => lead.derived === true);
  const uncalibrated = pieces.some(({ lead }) => calibrationOf(lead) === undefined);
  if (uncalibrated) find('uncalibrated');
  else if (strokes.length === 0) find('missing');
  else {
    if (derived) find('derived');
    if (inverted) find('inverted');
    if (chosen.ownTime) find('own-time');
  }
  const messages = messagesIn(pen.language);
  const empty = uncalibrated ? messages.noCalibration : messages.noSignal;
  return {
    strokes,
    texts: [
      ...labelOf(chosen, row, derived && strokes.length > 0),
      ...(strokes.length > 0 ? [] : [emptyText(place, row, empty)]),
    ],
    findings,
  };
}

function curveOf(
  piece: Piece,
  { place, inverted }: Chosen,
  { baseLine }: Row,
  { speed, gain }: Pen,
): { readonly runs: readonly Int32Array[]; readonly zeroMv: number } {
  const calibration = calibrationOf(piece.lead);
  if (calibration === undefined) return { runs: [], zeroMv: 0 };
  const mean = meanMv(piece, calibration, place.from, place.to) ?? 0;
  const zeroMv = Math.abs(mean) > MEAN_MV_MAX ? Math.round(mean * 100) / 100 : 0;
  return { runs: traceLead(piece, calibration, place, { speed, gain, baseLine, inverted, zeroMv }), zeroMv };
}

/** Above the beginning of the curve; in front of the paper where rows are too low for both. */
function labelOf(
  { place, ownTime }: Chosen,
  { top, height, baseLine, places }: Row,
  derived: boolean,
): readonly PageText[] {
  const text = `${printedLead(place.lead)}${derived ? '†' : ''}`;
  const outside = height < LABELLED_HEIGHT && places.length === 1;
  const [x, y] = [place.x + 1.2, top + Math.min(4, height / 3)];
  const name: PageText = outside
    ? {
        text: fitText(text, GRID.x - 6, LABEL_SIZE, true),
        x: GRID.x - 1,
        y: baseLine + 1.2,
        size: LABEL_SIZE,
        anchor: 'end',
        bold: true,
      }
    : { text, x, y, size: LABEL_SIZE, bold: true };
  if (!ownTime) return [name];
  const time = `${secondsText(place.from)}–${secondsText(place.to)} s`;
  const after = outside ? 0 : textWidth(text, LABEL_SIZE, true) + 1.5;
  return [name, { text: time, x: x + after, y, size: 2.6, colour: 'soft' }];
}

function emptyText({ x }: Place, { baseLine }: Row, text: string): PageText {
  return { text, x: x + 4, y: baseLine, size: 3, colour: 'soft' };
}

function isCut(line: Int32Array): boolean {
  const top = GRID.y * UNITS_PER_MM;
  const bottom = (GRID.y + GRID.height) * UNITS_PER_MM;
  for (let k = 1; k < line.length; k += 2) {
    if ((line[k] as number) < top || (line[k] as number) > bottom) return true;
  }
  return false;
}

/** `2.5`, `10`: at most two decimals. */
export function secondsText(seconds: number): string {
  return String(Math.round(seconds * 100) / 100);
}
