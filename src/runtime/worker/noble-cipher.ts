/**
 * AES-256-GCM at rest (NIST SP 800-38D) without the platform's library, whose ciphers are asynchronous on Workers: 12 bytes
 * nonce ‖ ciphertext ‖ 16 bytes tag, so that rows are read on either runtime.
 */
import { gcm } from '@noble/ciphers/aes.js';
import { concatBytes } from '../../base/bytes.ts';
import type { Randomness } from '../../ports/clock.ts';
import type { Cipher } from '../../ports/keys.ts';
import { cipherKeyId } from '../keys.ts';

const NONCE = 12;

/** `old` keys open what they sealed once; nothing new is sealed with them. */
export function createNobleCipher(
  random: Pick<Randomness, 'bytes'>,
  key: Uint8Array,
  old: readonly Uint8Array[] = [],
): Cipher {
  const byId = new Map([key, ...old].map((one) => [cipherKeyId(one), one]));
  return {
    keyId: cipherKeyId(key),
    seal(plain) {
      const nonce = random.bytes(NONCE);
      return concatBytes(nonce, gcm(key, nonce).encrypt(plain));
    },
    open(sealed, keyId) {
      if (keyId === '') return sealed;
      const opener = byId.get(keyId);
      if (opener === undefined) throw new Error('a row names a cipher key that is not configured');
      return gcm(opener, sealed.subarray(0, NONCE)).decrypt(sealed.subarray(NONCE));
    },
  };
}
