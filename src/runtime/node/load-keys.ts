/**
 * The gateway's keys (SETTLED 24). Embedded: made once into DATA_DIR, mode 0600. With DATABASE_URL they
 * come from the environment, and a missing one refuses to start: a lost key is lost ids and texts.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { base64url, fromBase64url } from '../../base/bytes.ts';
import { digestOf } from '../../base/digest.ts';
import type { Keys } from '../../ports/keys.ts';
import { createAesCipher, noCipher } from './aes-cipher.ts';
import { SettingFault, type Settings } from './settings.ts';
import { readOrMake } from './write-once.ts';

const NAMES = ['INDEX_KEY', 'ID_KEY', 'PSEUDONYM_KEY', 'TOKEN_KEY', 'CIPHER_KEY'] as const;
type KeyName = (typeof NAMES)[number];

export function loadKeys(settings: Settings, options: { readonly demo: boolean }): Keys {
  const missing = NAMES.filter((name) => settings[name] === undefined);
  if (settings.DATABASE_URL !== undefined && missing.length > 0) {
    throw new SettingFault(
      `keys are missing: ${missing.join(', ')} — with DATABASE_URL every key comes from the environment; make each with: openssl rand -base64 32`,
    );
  }
  const stored = missing.length === 0 ? {} : storedKeys(settings.DATA_DIR);
  const bytesOf = (name: KeyName): Uint8Array => decode(settings[name] ?? stored[name] ?? '', name);
  const index = bytesOf('INDEX_KEY');
  return {
    index,
    indexId: digestOf(index).slice(0, 8),
    id: bytesOf('ID_KEY'),
    pseudonym: bytesOf('PSEUDONYM_KEY'),
    token: bytesOf('TOKEN_KEY'),
    oldTokens: listOf(settings.TOKEN_KEYS_OLD, 'TOKEN_KEY'),
    cipher: options.demo
      ? noCipher
      : createAesCipher(bytesOf('CIPHER_KEY'), listOf(settings.CIPHER_KEYS_OLD, 'CIPHER_KEY')),
  };
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

function storedKeys(dataDir: string): Partial<Record<KeyName, string>> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const text = readOrMake(join(dataDir, 'keys.json'), () =>
    JSON.stringify(Object.fromEntries(NAMES.map((name) => [name, base64url(randomBytes(32))])), null, 2),
  );
  return JSON.parse(text) as Partial<Record<KeyName, string>>;
}
