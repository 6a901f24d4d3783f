/** Values of structured types that FHIR has no value[x] for (XAD, XTN, XPN, CX, EI, VR, …) as a text that people can read. */
import type { Reading } from '../reading.ts';

/** Components, and their subcomponents, that hold something, joined by blanks; a VR by a hyphen. */
export function valueToReadable(s: Reading, f: number, r: number): string | undefined {
  const { segment } = s;
  const parts: string[] = [];
  for (let c = 1, components = segment.components(f, r); c <= components; c++) {
    for (let n = 1, subs = segment.subcomponents(f, c, r); n <= subs; n++) {
      const part = s.part(f, r, c, n);
      if (part !== undefined) parts.push(part);
    }
  }
  if (parts.length === 0) return undefined;
  const isRange = s.peek(2, 1, 0, 1) === 'VR' && parts.length === 2;
  return parts.join(isRange ? '-' : ' ');
}
