/** Samples as FHIR's SampledData has them (R4 datatypes 2.24.0.12) and back, bit for bit: integers parted by single blanks. */

/** Decimals of the file's own units; `E` where no sample is. Samples are integers of at most 15 digits. */
export function printSamples(samples: Int32Array | Float64Array, absent?: number): string {
  const bytes = roomFor(samples.length * (samples instanceof Int32Array ? 12 : 17));
  let at = 0;
  for (let k = 0; k < samples.length; k++) {
    const sample = samples[k] as number;
    if (k > 0) bytes[at++] = BLANK;
    if (sample === absent) bytes[at++] = ERROR;
    else at = writeInteger(bytes, at, sample);
  }
  return ascii.decode(bytes.subarray(0, at));
}

/** Used anew for each lead of a minute at most: to make it costs as much as to fill it. */
let room = new Uint8Array(0);
const ROOM_KEPT_MAX = 1 << 20;

function roomFor(length: number): Uint8Array {
  if (length <= room.length) return room;
  const made = new Uint8Array(length);
  if (length <= ROOM_KEPT_MAX) room = made;
  return made;
}

const ascii = new TextDecoder('utf-8');

/** Digits from the last to the first; where the next byte goes. */
function writeInteger(bytes: Uint8Array, from: number, value: number): number {
  let at = from;
  let rest = value;
  if (rest < 0) {
    bytes[at++] = MINUS;
    rest = -rest;
  }
  // Beyond 31 bits, where integer arithmetic ends: rare.
  if (rest > 0x7fff_ffff) return writeLarge(bytes, at, rest);
  const end = at + digitsOf(rest);
  for (let k = end - 1; k >= at; k--) {
    const tenth = (rest / 10) | 0;
    bytes[k] = ZERO + (rest - tenth * 10);
    rest = tenth;
  }
  return end;
}

function digitsOf(value: number): number {
  if (value < 10) return 1;
  if (value < 100) return 2;
  if (value < 1_000) return 3;
  if (value < 10_000) return 4;
  let length = 5;
  for (let bound = 100_000; value >= bound; bound *= 10) length += 1;
  return length;
}

function writeLarge(bytes: Uint8Array, at: number, value: number): number {
  const text = String(value);
  for (let k = 0; k < text.length; k++) bytes[at + k] = text.charCodeAt(k);
  return at + text.length;
}

/** The integers; `absent` stands for `E`, `U` and `L`. Undefined where something else stands. */
export function readSamples(data: string, absent: number): Int32Array | Float64Array | undefined {
  const values = new Float64Array((data.length >> 1) + 1);
  let count = 0;
  let small = true;
  for (let k = 0; k < data.length; ) {
    let c = data.charCodeAt(k);
    if (c === BLANK) {
      k += 1;
      continue;
    }
    if (c === ERROR || c === 0x55 || c === 0x4c) {
      values[count++] = absent;
      k += 1;
    } else {
      const negative = c === MINUS;
      if (negative) c = data.charCodeAt(++k);
      let value = 0;
      const from = k;
      while (c >= 48 && c <= 57) {
        value = value * 10 + (c - 48);
        c = data.charCodeAt(++k);
      }
      if (k === from || k - from > 15) return undefined;
      values[count++] = negative ? -value : value;
      small &&= value <= 0x7fff_ffff;
    }
    if (k < data.length && data.charCodeAt(k) !== BLANK) return undefined;
  }
  return small && Math.abs(absent) <= 0x8000_0000 ? Int32Array.from(values.subarray(0, count)) : values.slice(0, count);
}

const BLANK = 32;
const MINUS = 45;
const ZERO = 48;
/** `E`: no sample. */
const ERROR = 0x45;
