/** Writes a backup: aside, and renamed when it is whole and on the disk. */
import { once } from 'node:events';
import { createWriteStream, existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { BackUpTaker } from '../../../store/backup/back-up.ts';
import { createRowSums, type TableSum } from '../../../store/backup/row-sums.ts';
import { type BackupEnd, BackupFault, type BackupHead, hashRow } from './form.ts';

/** Mode 0600: results stand in it as they are; what is sealed in the database is sealed in it too. Throws BackupFault. */
export async function writeBackup(
  file: string,
  head: Pick<BackupHead, 'at' | 'keys'>,
  fill: (taker: BackUpTaker) => Promise<void>,
): Promise<readonly TableSum[]> {
  if (existsSync(file)) throw new BackupFault(`${file} is there already — name a new file`);
  const aside = `${file}.${process.pid}.part`;
  try {
    const sums = await writeAside(aside, head, fill);
    await rename(aside, file);
    return sums;
  } catch (error) {
    await rm(aside, { force: true });
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall !== undefined)
      throw new BackupFault(`${file} cannot be written (${String(code)}) — nothing is left of it`);
    throw error;
  }
}

async function writeAside(
  aside: string,
  head: Pick<BackupHead, 'at' | 'keys'>,
  fill: (taker: BackUpTaker) => Promise<void>,
): Promise<readonly TableSum[]> {
  const gzip = createGzip();
  // `flush`: on the disk before it is closed.
  const out = gzip.pipe(createWriteStream(aside, { flags: 'wx', mode: 0o600, flush: true }));
  const written = finished(out);
  written.catch(() => undefined);
  const say = async (...lines: readonly string[]): Promise<void> => {
    if (!gzip.write(`${lines.join('\n')}\n`)) await Promise.race([once(gzip, 'drain'), written]);
  };
  const sums = createRowSums(hashRow);
  try {
    await fill({
      schema: (migrations) =>
        say(JSON.stringify({ concordBackup: 1, ...head, migrations: [...migrations] } satisfies BackupHead)),
      rows: async (part) => {
        sums.add(part);
        await say(JSON.stringify({ table: part.table, lines: part.rows.length }), ...part.rows);
      },
      identities: (identities) =>
        say(JSON.stringify({ identities: [...identities], sums: [...sums.sums()] } satisfies BackupEnd)),
    });
    gzip.end();
    await written;
    return sums.sums();
  } finally {
    gzip.destroy();
    out.destroy();
  }
}
