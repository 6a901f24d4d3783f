/**
 * XLI, Philips' compression (read by sierra-ecg-tools): per lead LZW of 10-bit codes, the high bytes of all differences before
 * the low ones, second differences, and limb leads as residuals of Einthoven's and Goldberger's equations.
 */
const CODE_BITS = 10;
const CODES = 1 << CODE_BITS;
/** Codes above are the end; the dictionary grows up to here. */
const LAST_CODE = 1_022;
const CHUNK_HEADER = 8;
/** Codes below are bytes. */
const FIRST_WORD = 256;

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
    const { bytes: unpacked, whole } = unpack(body, count * 2);
    made.push(undoDifferences(unpacked, { start, count, whole: whole && body.length === size }));
    at += CHUNK_HEADER + size;
  }
  return made;
}

/** LZW, codes from the highest bit; stops at `bytesMax`. `whole` unless a code was met that no packer writes. */
function unpack(bytes: Uint8Array, bytesMax: number): { readonly bytes: Uint8Array; readonly whole: boolean } {
  // A word is the one before it in the output and a byte more: where it stands there, and how long it is.
  const from = new Int32Array(CODES);
  const length = new Int32Array(CODES);
  const out = new Uint8Array(bytesMax);
  let [made, next, previous, held, bits] = [0, FIRST_WORD, -1, 0, 0];
  for (let k = 0; k < bytes.length && made < bytesMax; k++) {
    held = ((held << 8) | (bytes[k] as number)) & 0xf_ffff;
    bits += 8;
    if (bits < CODE_BITS) continue;
    bits -= CODE_BITS;
    const code = (held >> bits) & (CODES - 1);
    if (code > LAST_CODE) break;
    if (code > next || (code === next && previous < 0)) return { bytes: out.subarray(0, made), whole: false };
    // The word that the last code and the first byte of this one make; it may be this one.
    if (previous >= 0 && next <= LAST_CODE) {
      const size = previous < FIRST_WORD ? 1 : (length[previous] as number);
      from[next] = made - size;
      length[next] = size + 1;
      next += 1;
    }
    if (code < FIRST_WORD) out[made++] = code;
    else {
      const begin = from[code] as number;
      const end = Math.min(begin + (length[code] as number), begin + bytesMax - made);
      // Byte by byte: a word may reach into itself.
      for (let at = begin; at < end; at++) out[made++] = out[at] as number;
    }
    previous = code;
  }
  return { bytes: out.subarray(0, made), whole: true };
}

/** y0 = w0, y1 = w1, then y[i] = 2y[i-1] − y[i-2] − last, with last = w[i] − 64 for the next; all in 16 bits. */
function undoDifferences(
  bytes: Uint8Array,
  { start, count, whole }: { readonly start: number; readonly count: number; readonly whole: boolean },
): XliLead {
  // High bytes of all samples come first: of a stream that was cut, only the stated count tells how many they are.
  const half = whole ? (bytes.length + 1) >> 1 : count;
  const held = Math.max(0, Math.min(whole ? bytes.length >> 1 : bytes.length - half, count));
  const samples = new Int32Array(held);
  let [last, before, beforeThat] = [start, 0, 0];
  for (let k = 0; k < held; k++) {
    const word = ((((bytes[k] as number) << 8) | (bytes[half + k] as number)) << 16) >> 16;
    const sample = k < 2 ? word : ((2 * before - beforeThat - last) << 16) >> 16;
    if (k >= 2) last = word - 64;
    samples[k] = sample;
    beforeThat = before;
    before = sample;
  }
  return { samples, short: held < count };
}

/**
 * Leads in the order I, II, III, aVR, aVL, aVF, …: the four that are residuals are rebuilt, each as far as the leads go
 * that it is a residual of. One that cannot be is empty: what is stored of it is no lead.
 */
export function addLimbLeads(leads: readonly Int32Array[]): readonly Int32Array[] {
  const none = new Int32Array();
  const [one = none, two = none, three = none, avr = none, avl = none, avf = none] = leads;
  const third = filled(
    Math.min(one.length, two.length, three.length),
    (k) => (two[k] as number) - (one[k] as number) - (three[k] as number),
  );
  const rest = filled(
    Math.min(one.length, two.length, avr.length),
    (k) => -(avr[k] as number) - (((one[k] as number) + (two[k] as number)) >> 1),
  );
  const left = filled(
    Math.min(third.length, avl.length),
    (k) => (((one[k] as number) - (third[k] as number)) >> 1) - (avl[k] as number),
  );
  const foot = filled(
    Math.min(third.length, avf.length),
    (k) => (((two[k] as number) + (third[k] as number)) >> 1) - (avf[k] as number),
  );
  return [one, two, third, rest, left, foot].slice(0, leads.length).concat(leads.slice(6));
}

function filled(length: number, sampleAt: (k: number) => number): Int32Array {
  const samples = new Int32Array(length);
  for (let k = 0; k < length; k++) samples[k] = sampleAt(k);
  return samples;
}
