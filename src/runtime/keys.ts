/** The gateway's keys as bytes, from texts of settings (SETTLED 24). */
import { fromBase64url } from '../base/bytes.ts';
import { digestOf } from '../base/digest.ts';
import type { Cipher, Keys } from '../ports/keys.ts';
import { SettingFault } from './settings.ts';

export const KEY_NAMES = ['INDEX_KEY', 'ID_KEY', 'PSEUDONYM_KEY', 'TOKEN_KEY', 'CIPHER_KEY'] as const;
export type KeyName = (typeof KEY_NAMES)[number];

export interface KeyTexts {
  /** Throws SettingFault when there is none. */
  textOf(name: KeyName): string;
  readonly oldTokens: string | undefined;
  readonly oldCiphers: string | undefined;
}

/** `createCipher` is the runtime's own; a text that is no key throws SettingFault with its name. */
export function keysOf(texts: KeyTexts, createCipher: (key: Uint8Array, old: readonly Uint8Array[]) => Cipher): Keys {
  const bytesOf = (name: KeyName): Uint8Array => decode(texts.textOf(name), name);
  const index = bytesOf('INDEX_KEY');
  return {
    index,
    indexId: digestOf(index).slice(0, 8),
    id: bytesOf('ID_KEY'),
    pseudonym: bytesOf('PSEUDONYM_KEY'),
    token: bytesOf('TOKEN_KEY'),
    oldTokens: listOf(texts.oldTokens, 'TOKEN_KEY'),
    cipher: createCipher(bytesOf('CIPHER_KEY'), listOf(texts.oldCiphers, 'CIPHER_KEY')),
  };
}

/** What tells keys apart and gives none away: the first eight characters of each one's hash. Tokens are not kept, so neither is theirs. */
export interface KeyMarks {
  readonly index: string;
  readonly id: string;
  readonly pseudonym: string;
  /** The key that seals now, then the earlier ones. */
  readonly ciphers: readonly string[];
}

/** Throws SettingFault as `keysOf` does. */
export function marksOf(texts: KeyTexts): KeyMarks {
  const markOf = (name: KeyName): string => cipherKeyId(decode(texts.textOf(name), name));
  return {
    index: markOf('INDEX_KEY'),
    id: markOf('ID_KEY'),
    pseudonym: markOf('PSEUDONYM_KEY'),
    ciphers: [markOf('CIPHER_KEY'), ...listOf(texts.oldCiphers, 'CIPHER_KEY').map(cipherKeyId)],
  };
}

/** What a row names its cipher key by. */
export function cipherKeyId(key: Uint8Array): string {
  return digestOf(key).slice(0, 8);
}

function listOf(texts: string | undefined, name: KeyName): readonly Uint8Array[] {
  return (texts ?? '')
    .split(',')
    .filter((text) => text !== '')
    .map((text) => decode(text.trim(), name));
}

function decode(text: string, name: KeyName): Uint8Array {
  const bytes = fromBase64url(text.replaceAll('+', '-').replaceAll('/', '_').replace(/=$/, ''));
  if (bytes?.length !== 32)
    throw new SettingFault(`${name} is not 32 bytes of base64 — make one with: openssl rand -base64 32`);
  return bytes;
}
