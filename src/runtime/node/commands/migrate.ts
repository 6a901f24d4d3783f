/** `concord migrate`: brings the database's schema up to this version, and ends. */
import { systemClock } from '../clock.ts';
import { loadKeys } from '../load-keys.ts';
import { log } from '../log.ts';
import { openDatabase } from '../open-database.ts';
import { readSettings } from '../settings.ts';
import type { Command } from './command.ts';

export const migrate: Command = {
  name: 'migrate',
  summary: 'bring the database schema up to this version',
  usage: `concord migrate

Applies what is missing to DATABASE_URL, or to the embedded database in DATA_DIR. Two at once take turns.`,
  async run() {
    const settings = readSettings(process.env);
    const store = await openDatabase(settings, loadKeys(settings, { demo: false }), systemClock, log);
    await store.close();
    process.stdout.write('The schema is up to date.\n');
    return 0;
  },
};
