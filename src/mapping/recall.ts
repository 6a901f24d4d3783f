/**
 * Remembers what a field's text was mapped to: tests, units, performers are the same few hundred texts in
 * every message of a facility. Only for coded fields, never for values or people; what is remembered is
 * shared and never changed. Starts anew when full.
 */
import type { FacilityId } from '../terms/facility.ts';
import type { Reading } from './reading.ts';
import { facilityCodeSystem, facilityIdentifierSystem } from './systems.ts';

export type Remembered = { readonly value: unknown; readonly seen: number };

const TEXTS_MAX = 4096;
const FACILITIES_MAX = 512;
const TEXT_LENGTH_MAX = 256;

export class Memory {
  readonly localCodeSystem: string;
  readonly localIdentifierSystem: string;
  readonly #facility: FacilityId;
  readonly #systems = new Map<string, string>();
  readonly #byUse = new Map<unknown, Map<string, Remembered>>();

  constructor(facility: FacilityId) {
    this.#facility = facility;
    this.localCodeSystem = facilityCodeSystem(facility);
    this.localIdentifierSystem = facilityIdentifierSystem(facility);
  }

  /** The URI of the facility's own code system of that name. */
  codeSystemNamed(name: string): string {
    return this.#system(`code ${name}`, () => facilityCodeSystem(this.#facility, name));
  }

  /** The URI of the numbers that somebody of that name gives in the facility. */
  identifierSystemNamed(name: string): string {
    return this.#system(`id ${name}`, () => facilityIdentifierSystem(this.#facility, name));
  }

  #system(key: string, make: () => string): string {
    let system = this.#systems.get(key);
    if (system === undefined) {
      system = make();
      if (this.#systems.size >= TEXTS_MAX) this.#systems.clear();
      if (key.length <= TEXT_LENGTH_MAX) this.#systems.set(key, system);
    }
    return system;
  }

  /** What `use` gave for this text of the field's first repetition before; counts as reading it again. */
  find(s: Reading, field: number, use: unknown): Remembered | undefined {
    const known = this.#byUse.get(use)?.get(s.raw(field));
    if (known === undefined || !s.isPlain(field)) return undefined;
    s.markSeen(field, known.seen);
    return known;
  }

  /** Remembers a value whose making read the field's first repetition only and told no problem. */
  keep(s: Reading, field: number, use: unknown, value: unknown): void {
    const text = s.raw(field);
    if (text.length > TEXT_LENGTH_MAX || !s.isPlain(field)) return;
    let texts = this.#byUse.get(use);
    if (texts === undefined) this.#byUse.set(use, (texts = new Map()));
    if (texts.size >= TEXTS_MAX) texts.clear();
    texts.set(text, { value, seen: s.seen(field) === 0 ? 0 : s.readOf(field) });
  }
}

const memories = new Map<FacilityId, Memory>();

/** One memory per facility: local codes have systems of its own. */
export function memoryOf(facility: FacilityId): Memory {
  let memory = memories.get(facility);
  if (memory === undefined) {
    if (memories.size >= FACILITIES_MAX) memories.clear();
    memories.set(facility, (memory = new Memory(facility)));
  }
  return memory;
}
