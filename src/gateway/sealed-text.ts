/** A text that may name a person, sealed for a column of text or for a link: key id, sealed bytes. */
import { base64url, fromBase64url, utf8 } from '../base/bytes.ts';
import type { Cipher } from '../ports/keys.ts';

const decoder = new TextDecoder();

export function sealText(cipher: Cipher, text: string): string {
  return `${base64url(utf8(cipher.keyId))}.${base64url(cipher.seal(utf8(text)))}`;
}

/** Undefined when it has not that form; throws (tampering, or a lost key) as the cipher does. */
export function openText(cipher: Cipher, sealed: string): string | undefined {
  const [keyId = '', body = '', ...more] = sealed.split('.');
  const [key, bytes] = [fromBase64url(keyId), fromBase64url(body)];
  if (key === undefined || bytes === undefined || more.length > 0) return undefined;
  return decoder.decode(cipher.open(bytes, decoder.decode(key)));
}
