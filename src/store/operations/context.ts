/** What the operations share: the keys that seal and hash, and the clock for what no caller dates. */
import { createMac, type Mac } from '../../base/digest.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Cipher, Keys } from '../../ports/keys.ts';

export interface StoreContext {
  readonly cipher: Cipher;
  /** Keyed hash of resource texts: tells a change without opening the seal. */
  readonly contentMac: Mac;
  readonly clock: Clock;
}

export function createContext(keys: Keys, clock: Clock): StoreContext {
  return { cipher: keys.cipher, contentMac: createMac(keys.index), clock };
}
