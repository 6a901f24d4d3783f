/**
 * The gateway's keys (SETTLED 24). Embedded: made once into DATA_DIR, mode 0600. With DATABASE_URL they
 * come from the environment, and a missing one refuses to start: a lost key is lost ids and texts.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { base64url } from '../../base/bytes.ts';
import type { Keys } from '../../ports/keys.ts';
import { KEY_NAMES, type KeyMarks, type KeyName, keysOf, type KeyTexts, marksOf } from '../keys.ts';
import { SettingFault } from '../settings.ts';
import { createAesCipher, noCipher } from './aes-cipher.ts';
import type { Settings } from './settings.ts';
import { readOrMake } from './write-once.ts';

/** Throws SettingFault when a key is missing or is none. */
export function loadKeys(settings: Settings, options: { readonly demo: boolean }): Keys {
  return keysOf(textsOf(settings, makeKeys), options.demo ? () => noCipher : createAesCipher);
}

/** Marks of the keys at hand; none is made. Throws SettingFault. */
export function loadKeyMarks(settings: Settings): KeyMarks {
  return marksOf(textsOf(settings, findKeys));
}

type Stored = Partial<Record<KeyName, string>>;

function textsOf(settings: Settings, storedIn: (dataDir: string) => Stored): KeyTexts {
  const missing = KEY_NAMES.filter((name) => settings[name] === undefined);
  if (settings.DATABASE_URL !== undefined && missing.length > 0) {
    throw new SettingFault(
      `keys are missing: ${missing.join(', ')} — with DATABASE_URL every key comes from the environment; make each with: openssl rand -base64 32`,
    );
  }
  const stored = missing.length === 0 ? {} : storedIn(settings.DATA_DIR);
  return {
    textOf: (name) => settings[name] ?? stored[name] ?? '',
    oldTokens: settings.TOKEN_KEYS_OLD,
    oldCiphers: settings.CIPHER_KEYS_OLD,
  };
}

const FILE = 'keys.json';

function makeKeys(dataDir: string): Stored {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const text = readOrMake(join(dataDir, FILE), () =>
    JSON.stringify(Object.fromEntries(KEY_NAMES.map((name) => [name, base64url(randomBytes(32))])), null, 2),
  );
  return JSON.parse(text) as Stored;
}

function findKeys(dataDir: string): Stored {
  const file = join(dataDir, FILE);
  if (!existsSync(file))
    throw new SettingFault(
      `DATA_DIR has no ${FILE} — put that of the gateway that was backed up into it, or set its keys in the environment`,
    );
  return JSON.parse(readFileSync(file, 'utf8')) as Stored;
}
