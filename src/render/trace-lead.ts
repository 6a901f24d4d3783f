/**
 * The curve of one lead in one place: every stored sample is a point, rounded once to 0.01 mm; nothing is smoothed,
 * filtered or left out. Where the file says "no sample here" the line is interrupted.
 */
import type { EcgLead } from '../terms/parsed/ecg.ts';
import { UNITS_PER_MM } from './page.ts';
import type { PageGain, PageSpeed, Place } from './page-plan.ts';
import type { Piece } from './recording.ts';

export interface TraceScale {
  readonly speed: PageSpeed;
  readonly gain: PageGain;
  readonly baseLine: number;
  /** Drawn upside down: −aVR of aVR. */
  readonly inverted: boolean;
  /** mV that lie on the base line; 0 but for a lead that lies far away from it. */
  readonly zeroMv: number;
}

/** µV of a sample is `offset + raw × scale`. */
export interface Calibration {
  readonly scale: number;
  readonly offset: number;
}

/** Ten metres: further out nothing is drawn anyway, and integers stay small. */
const FAR = 1_000_000;

/** Slack in samples: 2.5 s × 500 Hz is sample 1250 whatever the last bit of the product says. */
const SLACK = 1e-6;

/** What the file states, when a curve in mV can be drawn by it. */
export function calibrationOf(lead: EcgLead): Calibration | undefined {
  const scale = Number(lead.scale ?? Number.NaN);
  const offset = Number(lead.offset);
  return Number.isFinite(scale) && scale !== 0 && Number.isFinite(offset) ? { scale, offset } : undefined;
}

/** First sample within the seconds, and behind the last one. */
function samplesWithin(piece: Piece, from: number, to: number): { readonly first: number; readonly end: number } {
  const first = Math.max(0, Math.ceil((from - piece.from) * piece.hz - SLACK));
  const end = Math.min(piece.length, Math.ceil((to - piece.from) * piece.hz - SLACK));
  return { first, end: Math.max(first, end) };
}

/** Mean of the samples in mV; undefined when there is none. */
export function meanMv(piece: Piece, { scale, offset }: Calibration, from: number, to: number): number | undefined {
  const { samples, absent } = piece.lead;
  const { first, end } = samplesWithin(piece, from, to);
  let sum = 0;
  let count = 0;
  for (let k = first; k < end; k++) {
    const raw = samples[k] as number;
    if (raw === absent || Number.isNaN(raw)) continue;
    sum += raw;
    count++;
  }
  return count === 0 ? undefined : (offset + (sum / count) * scale) / 1000;
}

/** Lines in 0.01 mm, one for each stretch of samples without a gap. */
export function traceLead(
  piece: Piece,
  { scale, offset }: Calibration,
  place: Place,
  look: TraceScale,
): readonly Int32Array[] {
  const { samples, absent } = piece.lead;
  const { first, end } = samplesWithin(piece, place.from, place.to);
  const perSecond = look.speed * UNITS_PER_MM;
  const x0 = place.x * UNITS_PER_MM + (piece.from - place.from) * perSecond;
  const perSample = perSecond / piece.hz;
  const perUnit = ((look.inverted ? 1 : -1) * look.gain * UNITS_PER_MM) / 1000;
  const y0 = look.baseLine * UNITS_PER_MM + (offset - look.zeroMv * 1000) * perUnit;
  const perRaw = scale * perUnit;
  const runs: Int32Array[] = [];
  let line = new Int32Array(2 * (end - first));
  let length = 0;
  for (let k = first; k < end; k++) {
    const raw = samples[k] as number;
    if (raw === absent || Number.isNaN(raw)) {
      if (length > 0) runs.push(line.slice(0, length));
      length = 0;
      continue;
    }
    line[length] = Math.round(x0 + k * perSample);
    line[length + 1] = Math.max(-FAR, Math.min(FAR, Math.round(y0 + raw * perRaw)));
    length += 2;
  }
  if (length > 0) runs.push(length === line.length ? line : line.slice(0, length));
  // More samples than hundredths of a millimetre: what the pen covers anyway is not written ten times.
  return perSample < 1 ? runs.map(envelope) : runs;
}

/** Of all points on one x the highest and the lowest, in their order; the drawn line is the same. */
function envelope(line: Int32Array): Int32Array {
  const kept = new Int32Array(line.length);
  let length = 0;
  for (let k = 0; k < line.length; ) {
    const x = line[k] as number;
    let low = k;
    let high = k;
    for (; k < line.length && line[k] === x; k += 2) {
      if ((line[k + 1] as number) < (line[low + 1] as number)) low = k;
      if ((line[k + 1] as number) > (line[high + 1] as number)) high = k;
    }
    for (const at of low === high ? [low] : [Math.min(low, high), Math.max(low, high)]) {
      kept[length] = x;
      kept[length + 1] = line[at + 1] as number;
      length += 2;
    }
  }
  return kept.slice(0, length);
}
