/** The database of the settings: PostgreSQL by DATABASE_URL, else the embedded one in DATA_DIR. */
import { join } from 'node:path';
import type { Clock } from '../../ports/clock.ts';
import type { Keys } from '../../ports/keys.ts';
import type { Store } from '../../ports/store.ts';
import { openStore } from '../../store/open-store.ts';
import { openPglite } from './pglite/open-pglite.ts';
import type { Settings } from './settings.ts';

/** Migrates, then opens. Closing the store closes the embedded database too. */
export async function openDatabase(settings: Settings, keys: Keys, clock: Clock): Promise<Store> {
  if (settings.DATABASE_URL !== undefined) return openStore({ url: settings.DATABASE_URL, keys, clock });
  const embedded = await openPglite({ dataDir: join(settings.DATA_DIR, 'pglite') });
  const store = await openStore({ url: embedded.url, keys, clock });
  return {
    ...store,
    close: async () => {
      await store.close();
      await embedded.close();
    },
  };
}
