/** Keys, a clock that tests turn, and a migrated embedded database in a quarter of a second. */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import type { Clock } from '../../src/ports/clock.ts';
import type { Keys } from '../../src/ports/keys.ts';
import { createAesCipher } from '../../src/runtime/node/aes-cipher.ts';
import { type EmbeddedDatabase, openPglite } from '../../src/runtime/node/pglite/open-pglite.ts';
import { MIGRATIONS } from '../../src/store/embedded-migrations.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Instant } from '../../src/terms/instant.ts';

const key = (text: string): Uint8Array => new Uint8Array(createHash('sha256').update(text).digest());

export const testKeys: Keys = {
  index: key('index'),
  indexId: 'index-1',
  id: key('id'),
  pseudonym: key('pseudonym'),
  token: key('token'),
  cipher: createAesCipher(key('cipher')),
};

export interface TestClock extends Clock {
  /** Moves on by this many milliseconds and answers the new time. */
  pass(milliseconds: number): Instant;
}

export function testClock(start = '2026-03-01T02:15:30.000Z'): TestClock {
  let now = Date.parse(start);
  const text = (): Instant => new Date(now).toISOString() as Instant;
  return {
    now: text,
    pass: (milliseconds) => {
      now += milliseconds;
      return text();
    },
  };
}

/** A folder for one test; `remove` when done. */
export function testFolder(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'concord-test-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** An embedded database with the schema of now, copied from a template that is made once per schema. */
export async function openMigratedPglite(): Promise<EmbeddedDatabase & { readonly dataDir: string }> {
  const { folder, remove } = testFolder();
  await copyTemplate(folder);
  const database = await openPglite({ dataDir: folder });
  return {
    url: database.url,
    dataDir: folder,
    close: async () => {
      await database.close();
      remove();
    },
  };
}

/** Puts a migrated, closed embedded database into a folder. */
export async function copyTemplate(folder: string): Promise<void> {
  cpSync(await template(), folder, { recursive: true });
}

/** Made aside and renamed into place, so that test files that start at once do not meet. */
async function template(): Promise<string> {
  const digest = createHash('sha256').update(JSON.stringify(MIGRATIONS)).digest('hex').slice(0, 16);
  const target = join(tmpdir(), `concord-template-${digest}`);
  if (existsSync(target)) return target;
  const { folder, remove } = testFolder();
  mkdirSync(join(folder, 'made'));
  const database = await openPglite({ dataDir: join(folder, 'made') });
  const store = await openStore({ url: database.url, keys: testKeys, clock: testClock() });
  await store.close();
  await database.close();
  try {
    renameSync(join(folder, 'made'), target);
  } catch (error) {
    if (!existsSync(target)) throw error;
  }
  remove();
  return target;
}

/** A plain postgres.js client on the embedded database. */
export function embeddedClient(
  url: string,
  options: { readonly max: number; readonly prepare?: boolean },
): postgres.Sql {
  return postgres('postgres://localhost/postgres', {
    path: url.slice('unix:'.length),
    username: 'postgres',
    fetch_types: false,
    onnotice: () => undefined,
    ...options,
  } as never);
}
