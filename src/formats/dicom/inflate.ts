/** Raw deflate (PS3.5 A.5), stopped at the limit: in pieces, so that a bomb is stopped and not made whole. */
import { Inflate } from 'fflate';
import { concatBytes } from '../../base/bytes.ts';
import { LIMITS } from '../../base/limits.ts';

const PIECE = 4_096;

/** Undefined beyond the limit; what came out until then when the stream is broken or cut. */
export function inflateWithin(
  deflated: Uint8Array,
  max: number = LIMITS.dicomInflatedBytesMax,
): Uint8Array | undefined {
  const parts: Uint8Array[] = [];
  let length = 0;
  const stream = new Inflate((part) => {
    length += part.length;
    if (length > max) throw new RangeError('too large');
    parts.push(part);
  });
  try {
    for (let at = 0; at < deflated.length; at += PIECE)
      stream.push(deflated.subarray(at, at + PIECE), at + PIECE >= deflated.length);
  } catch {
    if (length > max) return undefined;
  }
  return concatBytes(...parts);
}
