/** `concord restore`: puts a backup into an empty database, or only says whether one could. */
import { parseArgs } from 'node:util';
import { restore as restoreInto } from '../../../store/backup/restore.ts';
import { BackupFault, hashRow, keysMissing } from '../backup/form.ts';
import { checkBackup, openBackup } from '../backup/read-backup.ts';
import { loadKeyMarks } from '../load-keys.ts';
import { reachDatabase } from '../open-database.ts';
import { readSettings } from '../settings.ts';
import { type Command, printJson, required } from './command.ts';

export const restore: Command = {
  name: 'restore',
  summary: 'put a backup into an empty database',
  usage: `concord restore FILE [--check]

Puts what \`concord backup\` wrote into DATABASE_URL, or into the embedded database in DATA_DIR, which must be empty and
served by no gateway; the keys must be those of the gateway that was backed up. Everything is read back and compared before
it is committed: all of it is restored, or nothing. A backup of an earlier version is brought up to this one.
  --check   read the file to its end, compare it with its own sums and the keys at hand, and touch no database`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { check: { type: 'boolean', default: false } },
      allowPositionals: true,
    });
    const file = required(positionals[0], 'FILE');
    const settings = readSettings(process.env);
    const backup = await openBackup(file);
    const missing = keysMissing(backup.head, loadKeyMarks(settings));
    if (missing !== undefined)
      throw new BackupFault(`the backup was made with other keys (${missing}) — set those of the gateway that made it`);
    const told = (sums: Awaited<ReturnType<typeof checkBackup>>): void =>
      printJson({
        at: backup.head.at,
        restored: !values.check,
        rows: Object.fromEntries(sums.map((sum) => [sum.table, sum.rows])),
      });
    if (values.check) {
      told(await checkBackup(backup));
      return 0;
    }
    const database = await reachDatabase(settings);
    try {
      told(await restoreInto(database.url, backup, hashRow));
    } finally {
      await database.close();
    }
    return 0;
  },
};
