/**
 * A drawn page before it is printed: what `layOut` makes, and what `printSvg` and `printPdf` print. One layout, two
 * printers. Texts and boxes are in millimetres from the upper left corner; strokes are whole numbers of 0.01 mm, so
 * that a sample is rounded once and both printers draw the same line.
 */

/** A4, landscape. */
export const PAGE_WIDTH = 297;
export const PAGE_HEIGHT = 210;

/** Units of a stroke in one millimetre. */
export const UNITS_PER_MM = 100;

export type PageLanguage = 'zh' | 'en';

/** The words of a page are of these colours only; `paper` stands on a filled box, `earlier` is that of the curve. */
export type Colour = 'ink' | 'soft' | 'warning' | 'paper' | 'earlier';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Page {
  readonly language: PageLanguage;
  /** What the picture is, for those who hear it; it never names the patient. */
  readonly title: string;
  readonly description: string;
  /** Millimetre paper: its edges lie on multiples of 5 mm. Strokes outside of it are cut. */
  readonly grid: Box;
  readonly strokes: readonly Stroke[];
  readonly frames: readonly Frame[];
  readonly texts: readonly PageText[];
}

export interface Stroke {
  /** The curve of a lead, the calibration pulse of a row, or the mark where one lead ends and the next begins. */
  readonly kind: 'trace' | 'pulse' | 'mark';
  /** Label of the lead of a trace. */
  readonly lead?: string;
  /** Of the earlier of two recordings that are compared. */
  readonly earlier?: true;
  /** Lines of x, y, x, y … in 0.01 mm; between two lines there is no sample. */
  readonly runs: readonly Int32Array[];
}

export interface Frame extends Box {
  readonly fill: 'ink' | 'paper';
}

export interface PageText {
  readonly text: string;
  /** The text's start, middle or end by `anchor`; y is its base line. */
  readonly x: number;
  readonly y: number;
  /** Height of the font in mm. */
  readonly size: number;
  readonly anchor?: 'middle' | 'end';
  readonly bold?: true;
  readonly colour?: Colour;
}
