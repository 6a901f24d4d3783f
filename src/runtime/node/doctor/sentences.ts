/** Sentences of what `concord doctor` finds on the host and at its database: *what (where) — what to do next*. */
import type { ProblemSentences } from '../../../base/problem.ts';

export const SENTENCES = {
  'runtime/bad-settings': 'Settings cannot be used (environment) — mend those named; see "Settings" in README.md.',
  'runtime/embedded':
    'The embedded database survives the death of the process and not that of the machine (DATABASE_URL) — use PostgreSQL in production.',
  'runtime/plain-listener':
    'Listeners are open to other machines and speak in the clear (HOST, MLLP_HOST) — let what ends TLS stand before them.',
  'runtime/no-public-url':
    'The gateway is open to others and does not know its own address (PUBLIC_URL) — set it: links and token audiences are made of it.',
  'runtime/public-url-plain': 'The address that the world is told is not https (PUBLIC_URL) — put TLS before it.',
  'runtime/file-open': 'Others of this machine can read what they should not (DATA_DIR) — run chmod go= on the names.',
  'runtime/no-keys':
    'Keys are missing, or are none (environment, DATA_DIR) — set them, or put keys.json back: without them nothing that is stored is found again.',
  'runtime/keys-equal': 'Two keys are the same (keys) — each has one use; make each anew before anything is stored.',
  'runtime/index-key-differs':
    'Rows were written with another index key (INDEX_KEY) — stop, and set the one that they were written with: ids part here.',
  'runtime/cipher-key-missing':
    'Rows were sealed with a cipher key that is not at hand (CIPHER_KEY, CIPHER_KEYS_OLD) — set it, or they cannot be read.',
  'runtime/database-gone': 'The database cannot be reached (DATABASE_URL, DATA_DIR) — start it, or mend the setting.',
  'runtime/database-in-use':
    'A process holds the embedded database and cannot be asked (DATA_DIR) — wait until it is done, or look at that process.',
  'runtime/read-only': 'The database takes no writes (database) — point DATABASE_URL at the primary.',
  'runtime/not-durable':
    'The database says done before it is on the disk (database settings) — switch these on: fsync, full_page_writes, synchronous_commit.',
  'runtime/encoding':
    'The database is not in UTF-8 (database) — make a new one with encoding UTF8 and move by backup and restore.',
  'runtime/schema-empty': 'The database holds no schema yet (database) — start the gateway, or run `concord migrate`.',
  'runtime/schema-behind': 'The schema is of an earlier version (database) — run `concord migrate`.',
  'runtime/schema-unknown':
    'The schema is of a newer version, or was changed (database) — run the version that it is of.',
  'runtime/clock-skew':
    'The clocks of this machine and of the database differ by seconds (clock) — let both follow one time server.',
  'runtime/clock-behind':
    'Messages are stored under a later time than it is now (clock) — set the clock right before anything more is taken.',
  'runtime/disk-full': 'The disk has hardly any room left (DATA_DIR) — make room.',
  'runtime/not-serving':
    'No gateway serves here (DATA_DIR, CONCORD_URL) — run `concord serve`, or name the one that does.',
  'runtime/not-ready': 'The gateway serves and is not ready (readyz) — do what its reasons say.',
} as const satisfies ProblemSentences;

export type HostCode = keyof typeof SENTENCES;
