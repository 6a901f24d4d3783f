/** Samples out of texts: integers between white space or commas, and base64 of bytes. */

/** All integers of the text; undefined with the first character that belongs to none. Any white space, and commas, part them. */
export function readIntegers(text: string): Int32Array | undefined {
  // A number and its blank take two characters at least.
  const values = new Int32Array((text.length >> 1) + 1);
  let count = 0;
  const { length } = text;
  let k = 0;
  while (k < length) {
    let c = text.charCodeAt(k);
    if (c === 32 || c === 10 || c === 13 || c === 9 || c === 44) {
      k += 1;
      continue;
    }
    const negative = c === 45;
    if (negative || c === 43) c = text.charCodeAt(++k);
    let value = 0;
    let digits = 0;
    while (c >= 48 && c <= 57) {
      value = value * 10 + (c - 48);
      digits += 1;
      c = text.charCodeAt(++k);
    }
    // No digits, a letter behind them, or more than 32 bits hold.
    if (digits === 0 || digits > 10 || value > 0x7fff_ffff || !isEnd(c)) return undefined;
    values[count++] = negative ? -value : value;
  }
  return values.slice(0, count);
}

/** A separator, or NaN behind the last character. */
function isEnd(c: number): boolean {
  return c === 32 || c === 10 || c === 13 || c === 9 || c === 44 || Number.isNaN(c);
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
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const all = bytes.length >> 1;
  const count = Math.max(0, Math.ceil((all - first) / step));
  const samples = new Int32Array(count);
  for (let k = 0; k < count; k++) samples[k] = view.getInt16((first + k * step) * 2, true);
  return samples;
}
