/**
 * Where the leads of a page stand: rows and columns, and the seconds that each place shows. Columns are continuous in
 * time: where one lead ends the next goes on, as on the paper of a recorder.
 */
import { assertNever } from '../base/assert-never.ts';
import type { Box } from './page.ts';

/** `cabrera` and `6x2` are six rows in two columns; `rhythm` is a row for each chosen lead, again and again. */
export type PageLayout = '3x4+1' | '6x2' | '12x1' | 'cabrera' | 'rhythm';

/** mm per second. */
export type PageSpeed = 12.5 | 25 | 50;

/** mm per mV. */
export type PageGain = 5 | 10 | 20;

/** Paper of a page; its edges are multiples of 5 mm, so that squares and curves agree. */
export const GRID: Box = { x: 15, y: 45, width: 270, height: 145 };

/** Before the first sample of a row: the calibration pulse. */
export const PULSE_WIDTH = 15;

/** Ten seconds at 25 mm/s. */
export const TRACE_WIDTH = 250;

/** No row is higher. */
const ROW_MAX = 48;

/** Rows of a page at most. */
const ROWS_MAX = 12;

/** Most of a curve lies above its base line. */
const ABOVE = 0.58;

/** Room above the first base line, for the R waves that have no row above them to reach into. */
const HEAD_MV = 1.6;
const HEAD_MAX = 30;
const FOOT_MIN = 6;

export const TWELVE_LEADS = ['I', 'II', 'III', 'aVR', 'aVL', 'aVF', 'V1', 'V2', 'V3', 'V4', 'V5', 'V6'] as const;
export const RHYTHM_LEADS: readonly string[] = ['II', 'V1', 'V5'];

export const THREE_BY_FOUR: readonly (readonly string[])[] = [
  ['I', 'aVR', 'V1', 'V4'],
  ['II', 'aVL', 'V2', 'V5'],
  ['III', 'aVF', 'V3', 'V6'],
];
const SIX_BY_TWO = [
  ['I', 'V1'],
  ['II', 'V2'],
  ['III', 'V3'],
  ['aVR', 'V4'],
  ['aVL', 'V5'],
  ['aVF', 'V6'],
];
const CABRERA = [
  ['aVL', 'V1'],
  ['I', 'V2'],
  ['-aVR', 'V3'],
  ['II', 'V4'],
  ['aVF', 'V5'],
  ['III', 'V6'],
];

/** One place for one lead. */
export interface Place {
  readonly lead: string;
  /** Seconds that it shows, and where they begin on the page. */
  readonly from: number;
  readonly to: number;
  readonly x: number;
}

export interface Row {
  readonly top: number;
  readonly height: number;
  readonly baseLine: number;
  readonly places: readonly Place[];
}

export interface PagePlan {
  readonly rows: readonly Row[];
  /** First and last second that any row shows. */
  readonly from: number;
  readonly to: number;
}

export interface PlanWish {
  readonly layout: PageLayout;
  readonly speed: PageSpeed;
  readonly gain: PageGain;
  /** Seconds of the recording, which a rhythm page wraps. */
  readonly seconds: number;
  /** Second with which the page begins. */
  readonly from: number;
  readonly rhythmLeads: readonly string[];
}

export function planOf(wish: PlanWish): PagePlan {
  const { layout, speed, gain, from } = wish;
  // A faster paper has room for less: a row shows fewer seconds, it is never squeezed.
  const seconds = Math.min(10, TRACE_WIDTH / speed);
  switch (layout) {
    case '3x4+1':
      return planRows([...THREE_BY_FOUR, ['II']], { from, seconds, speed, gain });
    case '6x2':
      return planRows(SIX_BY_TWO, { from, seconds, speed, gain });
    case 'cabrera':
      return planRows(CABRERA, { from, seconds, speed, gain });
    case '12x1':
      return planRows(
        TWELVE_LEADS.map((lead) => [lead]),
        { from, seconds: TRACE_WIDTH / speed, speed, gain },
      );
    case 'rhythm':
      return planRhythm(wish);
    default:
      return assertNever(layout);
  }
}

interface RowsWish {
  readonly from: number;
  readonly seconds: number;
  readonly speed: PageSpeed;
  readonly gain: PageGain;
}

/** Each list of leads is a row; its columns share the row's seconds. */
export function planRows(leads: readonly (readonly string[])[], { from, seconds, speed, gain }: RowsWish): PagePlan {
  const bands = bandsOf(leads.length, gain);
  const rows = bands.map((band, k) => ({ ...band, places: placesOf(leads[k] ?? [], { from, seconds, speed }) }));
  return { rows, from, to: from + seconds };
}

function planRhythm({ rhythmLeads, speed, gain, seconds, from }: PlanWish): PagePlan {
  const leads = rhythmLeads.slice(0, ROWS_MAX);
  const rowSeconds = TRACE_WIDTH / speed;
  const turns = Math.min(Math.ceil((seconds - from) / rowSeconds), Math.floor(ROWS_MAX / Math.max(leads.length, 1)));
  const count = Math.max(turns, 1);
  const rows = bandsOf(count * leads.length, gain).map((band, k) => {
    const begin = from + Math.floor(k / leads.length) * rowSeconds;
    const lead = leads[k % leads.length] as string;
    return { ...band, places: placesOf([lead], { from: begin, seconds: rowSeconds, speed }) };
  });
  return { rows, from, to: from + count * rowSeconds };
}

/** Base lines on whole millimetres, evenly spaced. */
function bandsOf(count: number, gain: PageGain): readonly Omit<Row, 'places'>[] {
  const even = Math.min(Math.floor(GRID.height / Math.max(count, 1)), ROW_MAX);
  const head = Math.max(Math.round(even * ABOVE), Math.min(Math.round(HEAD_MV * gain) + 1, HEAD_MAX));
  const foot = Math.max(Math.round(even * (1 - ABOVE)), FOOT_MIN);
  const height = count < 2 ? even : Math.min(Math.floor((GRID.height - head - foot) / (count - 1)), ROW_MAX);
  return Array.from({ length: count }, (_, k) => {
    const baseLine = GRID.y + head + k * height;
    return { top: baseLine - Math.round(height * ABOVE), height, baseLine };
  });
}

function placesOf(
  leads: readonly string[],
  { from, seconds, speed }: { readonly from: number; readonly seconds: number; readonly speed: PageSpeed },
): readonly Place[] {
  const each = seconds / leads.length;
  return leads.map((lead, k) => ({
    lead,
    from: from + k * each,
    to: from + (k + 1) * each,
    x: GRID.x + PULSE_WIDTH + k * each * speed,
  }));
}
