/**
 * Lossy-looking compressions of SCP-ECG undone (EN 1064, 5.7 to 5.9 and annex C): the reference beat is added back where
 * it was subtracted, and samples outside of protected zones are brought to the full rate. No real file with either was
 * found: both are told as unproven.
 */
import type { Beat, Beats } from './waveform.ts';

/** Whether samples of the reference beat count from 1 (as the C# ECG Toolkit reads) or from 0 (as PixelMed does). */
export type FiducialBase = 0 | 1;

/**
 * rhythm[t] += beat[fiducial of the beat − fiducial of the QRS + t], for beats of type 0. Readers disagree by one
 * sample; the reading that bends clearly less at the edges of the zones is kept.
 */
export function addReferenceBeat(
  leads: readonly Int32Array[],
  reference: readonly Int32Array[],
  { beats, fiducial }: Beats,
): { readonly leads: readonly Int32Array[]; readonly base: FiducialBase } {
  const apart = apartFromOneAnother(beats);
  const added = ([1, 0] as const).map((base) => {
    const made = leads.map((lead, k) =>
      addTo(lead, reference[k] ?? new Int32Array(), { beats: apart, fiducial, base }),
    );
    return { leads: made, base, bend: made.reduce((sum, lead) => sum + bends(lead, apart), 0) };
  });
  const [fromOne, fromZero] = added;
  if (fromOne === undefined || fromZero === undefined) return { leads, base: 1 };
  // Noise at the edges decides nothing: from 1 is how the one writer in use counts.
  return fromZero.bend < fromOne.bend * CLEARLY ? fromZero : fromOne;
}

const CLEARLY = 0.7;

/** Beats of type 0 whose zones do not overlap, in order of time: no heart beats twice at once, and no file makes much of little. */
function apartFromOneAnother(beats: readonly Beat[]): readonly Beat[] {
  let end = 0;
  return beats
    .filter(({ type }) => type === 0)
    .toSorted((left, right) => left.start - right.start)
    .filter((beat) => {
      const isApart = beat.start > end && beat.end >= beat.start;
      if (isApart) end = beat.end;
      return isApart;
    });
}

function addTo(
  lead: Int32Array,
  reference: Int32Array,
  {
    beats,
    fiducial,
    base,
  }: { readonly beats: readonly Beat[]; readonly fiducial: number; readonly base: FiducialBase },
): Int32Array {
  const made = lead.slice();
  for (const beat of beats) {
    const shift = fiducial - beat.fiducial - base;
    const last = Math.min(beat.end, lead.length);
    for (let t = Math.max(beat.start, 1); t <= last; t++) {
      const value = reference[t + shift];
      if (value !== undefined) made[t - 1] = (made[t - 1] as number) + value;
    }
  }
  return made;
}

/**
 * How sharply the curve bends at each zone's edges. Not how far it steps: on the slopes of a QRS a beat that lies one sample
 * wrong steps too far at one edge and by as much too little at the other.
 */
function bends(lead: Int32Array, beats: readonly Beat[]): number {
  let sum = 0;
  for (const { start, end } of beats) {
    for (const middle of [start - 2, start - 1, end - 1, end]) {
      const [before, at, after] = [lead[middle - 1], lead[middle], lead[middle + 1]];
      if (before !== undefined && at !== undefined && after !== undefined) sum += Math.abs(after - 2 * at + before);
    }
  }
  return sum;
}

/** How many samples section 6 holds of `count` at the full rate. */
export function reducedCount(count: number, beats: readonly Beat[], factor: number): number {
  return spans(count, beats).reduce(
    (sum, { from, to, full }) => sum + (full ? to - from : Math.ceil((to - from) / factor)),
    0,
  );
}

/** Stored samples at the full rate: as they are inside of protected zones, outside linearly between centres of `factor`. */
export function toFullRate(stored: Int32Array, count: number, beats: readonly Beat[], factor: number): Int32Array {
  const made = new Int32Array(count);
  let read = 0;
  let end = 0;
  for (const { from, to, full } of spans(count, beats)) {
    if (full) {
      const taken = Math.min(to - from, stored.length - read);
      made.set(stored.subarray(read, read + taken), from);
      read += taken;
      end = from + taken;
      if (taken < to - from) return made.subarray(0, end);
      continue;
    }
    const held = Math.min(Math.ceil((to - from) / factor), stored.length - read);
    const length = Math.min(to - from, held * factor);
    const centre = (factor - 1) / 2;
    for (let k = 0; k < length; k++) {
      const place = Math.min(Math.max((k - centre) / factor, 0), held - 1);
      const left = Math.floor(place);
      const a = stored[read + left] as number;
      const b = stored[read + Math.min(left + 1, held - 1)] as number;
      made[from + k] = Math.round(a + (b - a) * (place - left));
    }
    read += held;
    end = from + length;
    if (length < to - from) return made.subarray(0, end);
  }
  return made.subarray(0, end);
}

interface Span {
  readonly from: number;
  readonly to: number;
  /** A protected zone. */
  readonly full: boolean;
}

/** The recording cut into protected zones and what lies between; offsets from 0, `to` exclusive. */
function spans(count: number, beats: readonly Beat[]): readonly Span[] {
  const zones = beats
    .filter(({ protectedFrom, protectedTo }) => protectedFrom >= 1 && protectedTo >= protectedFrom)
    .map(({ protectedFrom, protectedTo }) => ({ from: protectedFrom - 1, to: Math.min(protectedTo, count) }))
    .toSorted((left, right) => left.from - right.from);
  const made: Span[] = [];
  let at = 0;
  for (const zone of zones) {
    const from = Math.max(zone.from, at);
    if (from >= zone.to) continue;
    if (from > at) made.push({ from: at, to: from, full: false });
    made.push({ from, to: zone.to, full: true });
    at = zone.to;
  }
  if (at < count) made.push({ from: at, to: count, full: false });
  return made;
}
