/** Versions of the catalogue by digest, in memory: one never changes under its digest. */
import type { Catalogue } from '../terms/catalogue.ts';
import type { Gateway } from './gateway.ts';

const memories = new WeakMap<Gateway, Map<string, Catalogue>>();
/** Versions held beside the active one; reading one costs milliseconds. */
const HELD_MAX = 8;

export async function catalogueOf(gateway: Gateway, digest: string): Promise<Catalogue | undefined> {
  const active = (await gateway.reference.current()).catalogue;
  if (active?.digest === digest) return active;
  const memory = memories.get(gateway) ?? new Map<string, Catalogue>();
  memories.set(gateway, memory);
  const known = memory.get(digest) ?? (await gateway.store.reference.catalogue(digest));
  if (known === undefined) return undefined;
  // The one that was asked for last is forgotten last.
  memory.delete(digest);
  memory.set(digest, known);
  for (const oldest of memory.keys()) if (memory.size > HELD_MAX) memory.delete(oldest);
  return known;
}
