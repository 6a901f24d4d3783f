/**
 * Remembers what a field's text was mapped to: tests, units, performers are the same few hundred texts in
 * every message of a facility. Only for coded fields, never for values or people; what is remembered is
 * shared and never changed. Starts anew when full.
 */
import type { FacilityId } from '../terms/facility.ts';
import type { Reading } from './reading.ts';

type Remembered = { readonly value: unknown; readonly seen: number };

const TEXTS_MAX = 4096;
const FACILITIES_MAX = 512;
const TEXT_LENGTH_MAX = 256;

export class Memory {
  readonly #byUse = new Map<unknown, Map<string, Remembered>>();

  /** The value of `make`, which reads the first repetition of `field` only and tells no problem; or what it gave for this text before. */
  recall<T>(s: Reading, field: number, use: unknown, make: () => T, isSound: () => boolean): T {
    const text = s.raw(field);
    if (text.length > TEXT_LENGTH_MAX || !s.isPlain(field)) return make();
    let texts = this.#byUse.get(use);
    if (texts === undefined) this.#byUse.set(use, (texts = new Map()));
    const known = texts.get(text);
    if (known !== undefined) {
      s.markSeen(field, known.seen);
      return known.value as T;
    }
    const before = s.seen(field);
    const value = make();
    if (before === 0 && isSound()) {
      if (texts.size >= TEXTS_MAX) texts.clear();
      texts.set(text, { value, seen: s.seen(field) === 0 ? 0 : s.readOf(field) });
    }
    return value;
  }
}

const memories = new Map<FacilityId, Memory>();

/** One memory per facility: local codes have systems of its own. */
export function memoryOf(facility: FacilityId): Memory {
  let memory = memories.get(facility);
  if (memory === undefined) {
    if (memories.size >= FACILITIES_MAX) memories.clear();
    memories.set(facility, (memory = new Memory()));
  }
  return memory;
}
