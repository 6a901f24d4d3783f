/** A segment from its fields by number, as the standard counts them; the MSH from MSH-3. */
import type { WrittenField, WrittenSegment } from '../formats/hl7v2/write.ts';

export function segmentOf(name: string, fields: Readonly<Record<number, WrittenField>>): WrittenSegment {
  const first = name === 'MSH' ? 3 : 1;
  const last = Math.max(...Object.keys(fields).map(Number), first);
  return [name, ...Array.from({ length: last - first + 1 }, (_, index) => fields[first + index])];
}
