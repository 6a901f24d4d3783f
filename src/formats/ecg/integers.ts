/** Samples out of texts: integers between white space or commas, and base64 of bytes. */

const encoder = new TextEncoder();

/** Texts are cut out of a document without being copied: their bytes are read several times faster than their characters. */
function bytesOf(text: string): Uint8Array {
  return encoder.encode(text);
}

const [TAB, LINE_FEED, RETURN, BLANK, PLUS, COMMA, MINUS, ZERO, NINE] = [9, 10, 13, 32, 43, 44, 45, 48, 57];

/** All integers of the text; undefined with the first character that belongs to none. Any white space, and commas, part them. */
export function readIntegers(text: string): Int32Array | undefined {
  const bytes = bytesOf(text);
  const { length } = bytes;
  // A number and its blank take two characters at least.
  const values = new Int32Array((length >> 1) + 1);
  let count = 0;
  for (let k = 0; k < length; ) {
    let c = bytes[k] as number;
    if (isSeparator(c)) {
      k += 1;
      continue;
    }
    const negative = c === MINUS;
    if (negative || c === PLUS) k += 1;
    const from = k;
    let value = 0;
    for (; k < length; k++) {
      c = bytes[k] as number;
      if (c < ZERO || c > NINE) break;
      value = value * 10 + (c - ZERO);
    }
    // No digits, a letter behind them, or more than 32 bits hold.
    if (k === from || k - from > 10 || value > 0x7fff_ffff || (k < length && !isSeparator(c))) return undefined;
    values[count++] = negative ? -value : value;
  }
  return values.slice(0, count);
}

function isSeparator(c: number): boolean {
  return c === BLANK || c === LINE_FEED || c === RETURN || c === TAB || c === COMMA;
}

/** Base64 with any white space in it; undefined when it is not that. */
export function readBase64(text: string): Uint8Array | undefined {
  try {
    const binary = atob(text);
    const bytes = new Uint8Array(binary.length);
    for (let k = 0; k < binary.length; k++) bytes[k] = binary.charCodeAt(k);
    return bytes;
  } catch {
    return undefined;
  }
}

/** Little-endian 16-bit samples, every `step`-th from `first` on (interleaved channels). */
export function readInt16(bytes: Uint8Array, first = 0, step = 1): Int32Array {
  const all = bytes.length >> 1;
  const count = Math.max(0, Math.ceil((all - first) / step));
  const samples = new Int32Array(count);
  for (let k = 0, at = first * 2; k < count; k++, at += step * 2)
    samples[k] = (((bytes[at] as number) | ((bytes[at + 1] as number) << 8)) << 16) >> 16;
  return samples;
}
