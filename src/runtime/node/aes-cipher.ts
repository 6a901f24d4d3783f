/** AES-256-GCM at rest (NIST SP 800-38D): 12 bytes nonce ‖ ciphertext ‖ 16 bytes tag; key id per row. */
import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto';
import { concatBytes } from '../../base/bytes.ts';
import type { Cipher } from '../../ports/keys.ts';
import { cipherKeyId } from '../keys.ts';

const NONCE = 12;
const TAG = 16;

/**
 * `old` keys open what they sealed once; nothing new is sealed with them. A key that Node has prepared costs a seal a
 * quarter of what its bare bytes do.
 */
export function createAesCipher(key: Uint8Array, old: readonly Uint8Array[] = []): Cipher {
  const byId = new Map([key, ...old].map((one) => [cipherKeyId(one), createSecretKey(one)]));
  const sealer = createSecretKey(key);
  return {
    keyId: cipherKeyId(key),
    seal(plain) {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv('aes-256-gcm', sealer, nonce, { authTagLength: TAG });
      const body = cipher.update(plain);
      return concatBytes(nonce, body, cipher.final(), cipher.getAuthTag());
    },
    open(sealed, keyId) {
      if (keyId === '') return sealed;
      const opener = byId.get(keyId);
      if (opener === undefined) throw new Error('a row names a cipher key that is not configured');
      const decipher = createDecipheriv('aes-256-gcm', opener, sealed.subarray(0, NONCE), { authTagLength: TAG });
      decipher.setAuthTag(sealed.subarray(sealed.length - TAG));
      return concatBytes(decipher.update(sealed.subarray(NONCE, sealed.length - TAG)), decipher.final());
    },
  };
}

/** For the demo, whose people are synthetic: nothing is sealed, and rows say so. */
export const noCipher: Cipher = {
  keyId: '',
  seal: (plain) => plain,
  open: (sealed) => sealed,
};
