/** `concord backup`: the whole database in one file, as it was at one instant. */
import { statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { backUp } from '../../../store/backup/back-up.ts';
import { writeBackup } from '../backup/write-backup.ts';
import { systemClock } from '../clock.ts';
import { loadKeyMarks } from '../load-keys.ts';
import { reachServedDatabase } from '../open-database.ts';
import { readSettings } from '../settings.ts';
import { type Command, printJson, required } from './command.ts';

export const backup: Command = {
  name: 'backup',
  summary: 'write the whole database into a file',
  usage: `concord backup FILE

Reads DATABASE_URL, or the embedded database in DATA_DIR, as it is at one instant, and writes it into a new file: the same
file for both, so that one is also the way from one to the other. A gateway may go on serving; on the embedded database it
waits until the backup is done. The keys are not in it: keep keys.json, or the keys of the environment, apart from it and as
safely. Results stand in it in the open, persons' data sealed.`,
  async run(args) {
    const { positionals } = parseArgs({ args: [...args], options: {}, allowPositionals: true });
    const file = required(positionals[0], 'FILE');
    const settings = readSettings(process.env);
    const keys = loadKeyMarks(settings);
    const at = systemClock.now();
    const database = await reachServedDatabase(settings);
    try {
      const sums = await writeBackup(file, { at, keys: { ...keys, ciphers: [...keys.ciphers] } }, (taker) =>
        backUp(database.url, taker),
      );
      const rows = Object.fromEntries(sums.map((sum) => [sum.table, sum.rows]));
      printJson({ at, bytes: statSync(file).size, rows });
    } finally {
      await database.close();
    }
    return 0;
  },
};
