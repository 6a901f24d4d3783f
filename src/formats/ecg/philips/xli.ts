/**
 * XLI, Philips' compression (read by sierra-ecg-tools): per lead LZW of 10-bit codes, the high bytes of all differences before
 * the low ones, second differences, and limb leads as residuals of Einthoven's and Goldberger's equations.
 */
const CODE_BITS = 10;
const CODES = 1 << CODE_BITS;
/** Codes above are the end; the dictionary grows up to here. */
const LAST_CODE = 1_022;
const CHUNK_HEADER = 8;

export interface XliLead {
  readonly samples: Int32Array;
  /** The chunk ended before `count` samples, or its codes made no sense from some point on. */
  readonly short: boolean;
}

/** One lead a chunk, `count` samples at most each; fewer leads than `leads` where the bytes end. */
export function readXli(bytes: Uint8Array, leads: number, count: number): readonly XliLead[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const made: XliLead[] = [];
  let at = 0;
  while (made.length < leads && at + CHUNK_HEADER <= bytes.length) {
    const size = view.getInt32(at, true);
    const start = view.getInt16(at + 6, true);
    if (size < 0) break;
    const body = bytes.subarray(at + CHUNK_HEADER, at + CHUNK_HEADER + size);
    // Two bytes a sample; a chunk whose length was lied about makes no more.
    made.push(undoDifferences(unpack(body, count * 2), start, count));
    at += CHUNK_HEADER + size;
  }
  return made;
}

/** LZW, codes from the highest bit; stops at `bytesMax`. */
function unpack(bytes: Uint8Array, bytesMax: number): Uint8Array {
  // A word is its prefix and a last byte: chains in arrays, written backwards.
  const prefix = new Int16Array(CODES);
  const last = new Uint8Array(CODES);
  const length = new Int32Array(CODES);
  for (let k = 0; k < 256; k++) {
    last[k] = k;
    length[k] = 1;
  }
  const out = new Uint8Array(bytesMax);
  let made = 0;
  let next = 256;
  let previous = -1;
  const write = (code: number, extra?: number): void => {
    const size = length[code] as number;
    for (let k = size - 1, word = code; k >= 0; k--) {
      if (made + k < bytesMax) out[made + k] = last[word] as number;
      word = prefix[word] as number;
    }
    made += size;
    if (extra === undefined) return;
    if (made < bytesMax) out[made] = extra;
    made += 1;
  };
  const firstOf = (code: number): number => {
    let word = code;
    for (let k = length[code] as number; k > 1; k--) word = prefix[word] as number;
    return last[word] as number;
  };
  for (const code of codesOf(bytes)) {
    if (code > LAST_CODE || code > next || made >= bytesMax) break;
    const isNew = code === next;
    if (isNew && previous < 0) break;
    const first = firstOf(isNew ? previous : code);
    if (isNew) write(previous, first);
    else write(code);
    if (previous >= 0 && next <= LAST_CODE) {
      prefix[next] = previous;
      last[next] = first;
      length[next] = (length[previous] as number) + 1;
      next += 1;
    }
    previous = code;
  }
  return out.subarray(0, Math.min(made, bytesMax));
}

function* codesOf(bytes: Uint8Array): Generator<number> {
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xf_ffff;
    bits += 8;
    if (bits < CODE_BITS) continue;
    bits -= CODE_BITS;
    yield (held >> bits) & (CODES - 1);
  }
}

/** y0 = w0, y1 = w1, then y[i] = 2y[i-1] − y[i-2] − last, with last = w[i] − 64 for the next; all in 16 bits. */
function undoDifferences(bytes: Uint8Array, start: number, count: number): XliLead {
  const half = (bytes.length + 1) >> 1;
  const held = Math.min(bytes.length >> 1, count);
  const samples = new Int32Array(held);
  let last = start;
  for (let k = 0; k < held; k++) {
    const word = ((((bytes[k] as number) << 8) | (bytes[half + k] ?? 0)) << 16) >> 16;
    if (k < 2) samples[k] = word;
    else {
      samples[k] = ((2 * (samples[k - 1] as number) - (samples[k - 2] as number) - last) << 16) >> 16;
      last = word - 64;
    }
  }
  return { samples, short: held < count };
}

/** Leads in the order I, II, III, aVR, aVL, aVF, …: the four that are residuals are rebuilt. */
export function addLimbLeads(leads: readonly Int32Array[]): readonly Int32Array[] {
  const [one, two, three, avr, avl, avf, ...rest] = leads;
  if (!one || !two || !three || !avr || !avl || !avf) return leads;
  const length = Math.min(one.length, two.length, three.length, avr.length, avl.length, avf.length);
  const made = [three, avr, avl, avf].map(() => new Int32Array(length)) as [
    Int32Array,
    Int32Array,
    Int32Array,
    Int32Array,
  ];
  for (let k = 0; k < length; k++) {
    const [i, ii] = [one[k] as number, two[k] as number];
    const iii = ii - i - (three[k] as number);
    made[0][k] = iii;
    made[1][k] = -(avr[k] as number) - Math.floor((i + ii) / 2);
    made[2][k] = Math.floor((i - iii) / 2) - (avl[k] as number);
    made[3][k] = Math.floor((ii + iii) / 2) - (avf[k] as number);
  }
  return [one, two, ...made, ...rest];
}
