/** One-shot decoding by a label of the Encoding Standard: a decoder that is used again may keep state after an error. */

/** Undefined when a byte does not fit, or the label is not known. */
export function strictly(bytes: Uint8Array, label: string): string | undefined {
  try {
    return new TextDecoder(label, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** U+FFFD where bytes do not fit; undefined when the label is not known. */
export function loosely(bytes: Uint8Array, label: string): string | undefined {
  try {
    return new TextDecoder(label, { ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * As `strictly`, and also when only the last character was cut, as fields of 64 bytes cut it: U+FFFD stands for it.
 */
export function strictlyOrCut(bytes: Uint8Array, label: 'utf-8' | 'gb18030'): string | undefined {
  const whole = strictly(bytes, label);
  if (whole !== undefined) return whole;
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === 0x20 || bytes[end - 1] === 0)) end -= 1;
  for (let lost = 1; lost < Math.min(4, end); lost++) {
    if (!isBegun(bytes.subarray(end - lost, end), label)) continue;
    const kept = strictly(bytes.subarray(0, end - lost), label);
    if (kept !== undefined) return `${kept}\ufffd`;
  }
  return undefined;
}

/** The first bytes of a character, but not all of them. */
function isBegun([lead = 0, ...others]: Uint8Array, label: 'utf-8' | 'gb18030'): boolean {
  if (label === 'gb18030') return others.length === 0 && lead > 0x80 && lead < 0xff;
  const length =
    lead >= 0xf0 && lead < 0xf5 ? 4 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xc2 && lead < 0xe0 ? 2 : 0;
  return others.length < length - 1 && others.every((byte) => byte >= 0x80 && byte < 0xc0);
}
