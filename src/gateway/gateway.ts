/** What every use case works with: ports, keys prepared once, and the reference data in force. */
import { createMac, type Mac } from '../base/digest.ts';
import type { Clock, Randomness } from '../ports/clock.ts';
import type { Keys } from '../ports/keys.ts';
import type { Store } from '../ports/store.ts';
import { createReferenceCache, type ReferenceCache } from './reference-cache.ts';
import { createIdKeys, type IdKeys } from './id-source.ts';

export interface Gateway {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Randomness;
  readonly reference: ReferenceCache;
  readonly ids: IdKeys;
  /** Pseudonyms of audit and ledger. */
  readonly pseudonym: Mac;
  readonly keys: Keys;
  /** IANA zone that bounds days and months (DESIGN 4). */
  readonly regionZone: string;
}

export function createGateway(parts: {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Randomness;
  readonly keys: Keys;
  readonly regionZone: string;
}): Gateway {
  const { store, clock, random, keys, regionZone } = parts;
  return {
    store,
    clock,
    random,
    keys,
    regionZone,
    reference: createReferenceCache(store.reference, clock),
    ids: createIdKeys(createMac(keys.index), createMac(keys.id)),
    pseudonym: createMac(keys.pseudonym),
  };
}
