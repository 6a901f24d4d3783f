/**
 * The gateway's keys (SETTLED 24). Embedded: made once into DATA_DIR, mode 0600. With DATABASE_URL they
 * come from the environment, and a missing one refuses to start: a lost key is lost ids and texts.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { base64url } from '../../base/bytes.ts';
import type { Keys } from '../../ports/keys.ts';
import { KEY_NAMES, type KeyName, keysOf } from '../keys.ts';
import { SettingFault } from '../settings.ts';
import { createAesCipher, noCipher } from './aes-cipher.ts';
import type { Settings } from './settings.ts';
import { readOrMake } from './write-once.ts';

export function loadKeys(settings: Settings, options: { readonly demo: boolean }): Keys {
  const missing = KEY_NAMES.filter((name) => settings[name] === undefined);
  if (settings.DATABASE_URL !== undefined && missing.length > 0) {
    throw new SettingFault(
      `keys are missing: ${missing.join(', ')} — with DATABASE_URL every key comes from the environment; make each with: openssl rand -base64 32`,
    );
  }
  const stored = missing.length === 0 ? {} : storedKeys(settings.DATA_DIR);
  return keysOf(
    {
      textOf: (name) => settings[name] ?? stored[name] ?? '',
      oldTokens: settings.TOKEN_KEYS_OLD,
      oldCiphers: settings.CIPHER_KEYS_OLD,
    },
    options.demo ? () => noCipher : createAesCipher,
  );
}

function storedKeys(dataDir: string): Partial<Record<KeyName, string>> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const text = readOrMake(join(dataDir, 'keys.json'), () =>
    JSON.stringify(Object.fromEntries(KEY_NAMES.map((name) => [name, base64url(randomBytes(32))])), null, 2),
  );
  return JSON.parse(text) as Partial<Record<KeyName, string>>;
}
