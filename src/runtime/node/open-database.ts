/** The database of the settings: PostgreSQL by DATABASE_URL, else the embedded one in DATA_DIR. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../ports/clock.ts';
import type { Keys } from '../../ports/keys.ts';
import type { Store } from '../../ports/store.ts';
import { openStore } from '../../store/open-store.ts';
import type { Log } from '../create-log.ts';
import { createTimer } from './clock.ts';
import { FolderInUse } from './pglite/folder-lock.ts';
import { openPglite, socketIn } from './pglite/open-pglite.ts';
import { createRoom } from './room.ts';
import type { Settings } from './settings.ts';

/** Migrates, then opens. Closing the store closes the embedded database too. */
export async function openDatabase(settings: Settings, keys: Keys, clock: Clock, log: Log): Promise<Store> {
  const reached = await reachDatabase(settings);
  // A server watches its own disk, and may hang; the embedded database is a thread of this process.
  const watch =
    settings.DATABASE_URL === undefined
      ? { hasRoom: createRoom(settings.DATA_DIR) }
      : { timer: createTimer((error) => log.fault('store/watch', {}, error)) };
  const store = await openStore({ url: reached.url, keys, clock, ...watch });
  return {
    ...store,
    close: async () => {
      await store.close();
      await reached.close();
    },
  };
}

export interface ReachedDatabase {
  /** What `openStore` and `connect` take. */
  readonly url: string;
  /** Ends the embedded database if it was started for this. */
  close(): Promise<void>;
}

/** Throws FolderInUse when a process holds the embedded database. */
export async function reachDatabase(settings: Settings): Promise<ReachedDatabase> {
  if (settings.DATABASE_URL !== undefined) return { url: settings.DATABASE_URL, close: () => Promise.resolve() };
  return openPglite({ dataDir: folderOf(settings) });
}

/** Like `reachDatabase`; where a gateway holds the embedded database, through that one's socket. */
export async function reachServedDatabase(settings: Settings): Promise<ReachedDatabase> {
  try {
    return await reachDatabase(settings);
  } catch (error) {
    const socket = socketIn(folderOf(settings));
    if (!(error instanceof FolderInUse) || socket === undefined || !existsSync(socket)) throw error;
    return { url: `unix:${socket}`, close: () => Promise.resolve() };
  }
}

function folderOf(settings: Settings): string {
  return join(settings.DATA_DIR, 'pglite');
}
