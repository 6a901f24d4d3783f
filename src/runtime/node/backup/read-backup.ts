/** Reads a backup, a page at a time, and says where it is not whole. */
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import type { z } from 'zod';
import type { Backup } from '../../../store/backup/restore.ts';
import { createRowSums, differingTable, type TableSum } from '../../../store/backup/row-sums.ts';
import type { TablePart } from '../../../store/backup/table-rows.ts';
import { type BackupEnd, BackupFault, type BackupHead, endForm, hashRow, headForm, pageForm } from './form.ts';

export interface OpenBackup extends Backup {
  readonly head: BackupHead;
}

/** Reads the head; the rows are read as they are asked for. Throws BackupFault. */
export async function openBackup(file: string): Promise<OpenBackup> {
  const lines = linesOf(file);
  const first = await lines.next();
  await lines.return();
  const head = formOf(headForm, first.value, 1);
  let end: BackupEnd | undefined;
  return {
    head,
    migrations: head.migrations,
    async *rows() {
      end = yield* partsOf(linesOf(file));
    },
    end() {
      if (end === undefined) throw new Error('the rows of a backup were not read to their end');
      return end;
    },
  };
}

/** Reads every row and compares the sums. Throws BackupFault. */
export async function checkBackup(backup: Backup): Promise<readonly TableSum[]> {
  for await (const part of backup.rows()) void part;
  return backup.end().sums;
}

/** The pages after the head; answers with the last line. */
async function* partsOf(lines: AsyncGenerator<string, void, void>): AsyncGenerator<TablePart, BackupEnd, void> {
  const sums = createRowSums(hashRow);
  let number = 0;
  const next = async (): Promise<string> => {
    number++;
    const line = await lines.next();
    if (line.done === true)
      throw new BackupFault(`the backup ends before it is whole (line ${number}) — take another one`);
    return line.value;
  };
  try {
    await next();
    for (;;) {
      const line = await next();
      if (line.startsWith('{"identities"')) {
        const end = formOf(endForm, line, number);
        const differing = differingTable(sums.sums(), end.sums);
        if (differing !== undefined)
          throw new BackupFault(`the backup is damaged (rows of ${differing}) — take another one`);
        if ((await lines.next()).done !== true)
          throw new BackupFault(`the backup goes on after its end (line ${number + 1}) — take another one`);
        return end;
      }
      const { table, lines: count } = formOf(pageForm, line, number);
      const rows: string[] = [];
      while (rows.length < count) rows.push(await next());
      sums.add({ table, rows });
      yield { table, rows };
    }
  } finally {
    await lines.return();
  }
}

function formOf<T>(form: z.ZodType<T>, line: unknown, number: number): T {
  try {
    return form.parse(JSON.parse(String(line)));
  } catch {
    throw new BackupFault(
      number === 1
        ? 'the file is no backup of ours, or of a newer version (line 1) — name one that `concord backup` made'
        : `the backup is damaged (line ${number}) — take another one`,
    );
  }
}

/** Lines end with LF and nothing else: a row may hold any other character that ends lines elsewhere. */
async function* linesOf(file: string): AsyncGenerator<string, void, void> {
  const source = createReadStream(file);
  const unzipped = source.pipe(createGunzip());
  source.once('error', (error) => unzipped.destroy(error));
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let begun = '';
  try {
    for await (const bytes of unzipped as AsyncIterable<Buffer>) {
      const [head = '', ...tail] = decoder.decode(bytes, { stream: true }).split('\n');
      begun += head;
      for (const next of tail) {
        yield begun;
        begun = next;
      }
    }
  } catch (error) {
    const { code = '', syscall } = error as NodeJS.ErrnoException;
    if (syscall !== undefined) throw new BackupFault(`${file} cannot be read (${code})`);
    throw new BackupFault(`${file} is no backup, or is cut off or damaged (gzip) — take another one`);
  } finally {
    source.destroy();
    unzipped.destroy();
  }
}
