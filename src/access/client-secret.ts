/**
 * Client secrets of channels: 256 random bits, shown once, stored as their SHA-256 (a secret of full
 * entropy needs no slow hash). Weak beside a signed assertion, and shown as such (DESIGN 9).
 */
import { base64url, utf8 } from '../base/bytes.ts';
import { digestOf, sha256 } from '../base/digest.ts';

/** `bytes` is 32 random bytes. */
export function makeClientSecret(bytes: Uint8Array): { readonly secret: string; readonly hash: string } {
  const secret = base64url(bytes);
  return { secret, hash: hashSecret(secret) };
}

export function hashSecret(secret: string): string {
  return digestOf(utf8(secret));
}

/** Compares in time that does not depend on where the texts differ. */
export function sameSecret(presented: string, storedHash: string): boolean {
  const left = sha256(utf8(hashSecret(presented)));
  const right = sha256(utf8(storedHash));
  let difference = 0;
  for (let i = 0; i < left.length; i++) difference |= (left[i] as number) ^ (right[i] as number);
  return difference === 0;
}
