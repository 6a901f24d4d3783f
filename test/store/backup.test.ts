/** A backup holds every row of every table to the character, and a restore gives them back on either database, or nothing. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Sql } from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BackupEnd, BackupFault, hashRow, keysMissing } from '../../src/runtime/node/backup/form.ts';
import { checkBackup, openBackup } from '../../src/runtime/node/backup/read-backup.ts';
import { writeBackup } from '../../src/runtime/node/backup/write-backup.ts';
import { openPglite } from '../../src/runtime/node/pglite/open-pglite.ts';
import { backUp } from '../../src/store/backup/back-up.ts';
import { restore, RestoreFault } from '../../src/store/backup/restore.ts';
import { readIdentities, readTables, TABLES } from '../../src/store/backup/table-rows.ts';
import { MIGRATIONS } from '../../src/store/embedded-migrations.ts';
import { readApplied, SchemaMismatch } from '../../src/store/migrate.ts';
import { connect, openStore } from '../../src/store/open-store.ts';
import { DATABASES, type TestDatabase } from '../support/gateway.ts';
import { fillEveryTable, FILLED_ROWS, lastGiven, rowsOf } from '../support/hard-rows.ts';
import { openSql } from '../support/sql.ts';
import { openMigratedPglite, testClock, testFolder, testKeys } from '../support/store-kit.ts';

const KEYS = { index: '11111111', id: '22222222', pseudonym: '33333333', ciphers: ['44444444', '55555555'] };
const HEAD = { at: '2026-03-01T02:15:30.000Z', keys: KEYS };

const { folder, remove } = testFolder();
const files = new Map<string, string>();
afterAll(remove);

describe.each(DATABASES)('a backup of $name', (kind) => {
  const { name } = kind;
  let source: TestDatabase;
  let sql: Sql;
  beforeAll(async () => {
    source = await kind.open();
    await (await openStore({ url: source.url, keys: testKeys, clock: testClock() })).close();
    sql = openSql(source.url);
    await fillEveryTable(sql);
  });
  afterAll(async () => {
    await sql.end();
    await source.close();
  });

  it('names every table of the schema', async () => {
    const tables = await sql<{ name: string }[]>`select tablename as name from pg_tables where schemaname = 'public'`;
    expect([...TABLES, 'concord_migration'].toSorted()).toEqual(tables.map((table) => table.name).toSorted());
  });

  it('is a file for its owner alone, and a second one is never written over it', async () => {
    const file = join(folder, `${name}.backup`);
    files.set(name, file);
    const sums = await writeBackup(file, HEAD, (taker) => backUp(source.url, taker));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(sums.map(({ table }) => table)).toEqual([...TABLES]);
    expect(sums.every(({ rows }) => rows > 0)).toBe(true);
    const before = readFileSync(file);
    await expect(writeBackup(file, HEAD, (taker) => backUp(source.url, taker))).rejects.toThrow(BackupFault);
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(await checkBackup(await openBackup(file))).toEqual(sums);
  });

  it.each(DATABASES)('gives every row back on $name, and the numbers given go on', async (target) => {
    const database = await target.open();
    const backup = await openBackup(files.get(name) as string);
    await restore(database.url, backup, hashRow);
    const restored = openSql(database.url);
    for (const table of TABLES) {
      expect([table, await rowsOf(restored, table)]).toEqual([table, await rowsOf(sql, table)]);
    }
    for (const table of ['job', 'ledger_entry', 'ledger_unsealed']) {
      expect([table, await lastGiven(restored, table)]).toEqual([table, await lastGiven(sql, table)]);
    }
    // It is a gateway's database as any other.
    const store = await openStore({ url: database.url, keys: testKeys, clock: testClock() });
    await store.standing();
    await store.close();
    await expect(restored`update ledger_entry set kind = 'x'`).rejects.toThrow(/append/i);
    await restored.end();
    await database.close();
  });

  // The embedded database does nothing else meanwhile.
  if (name === 'PostgreSQL') {
    it('is one instant, whatever is written meanwhile', async () => {
      const file = join(folder, 'meanwhile.backup');
      const writer = openSql(source.url);
      let written = 0;
      await writeBackup(file, HEAD, (taker) =>
        backUp(source.url, {
          ...taker,
          rows: async (part) => {
            await writer`insert into ledger_chain (chain) values (${`late ${written++}`})`;
            await writer`insert into ledger_unsealed (chain, position, entry) values (${`late ${written}`}, 1, 'e')`;
            await taker.rows(part);
          },
        }),
      );
      const text = gunzipSync(readFileSync(file)).toString();
      expect(written).toBeGreaterThan(TABLES.length);
      expect(text).not.toContain('"late ');
      await writer`delete from ledger_chain where chain like 'late %'`;
      await writer`delete from ledger_unsealed where chain like 'late %'`;
      await writer.end();
    });
  }

  it('is refused for a database of another version', async () => {
    await sql`insert into concord_migration values ('9999_future', 'd', now())`;
    const file = join(folder, `${name}-future.backup`);
    await expect(writeBackup(file, HEAD, (taker) => backUp(source.url, taker))).rejects.toThrow(SchemaMismatch);
    expect(() => statSync(file)).toThrow(/ENOENT/);
    await sql`delete from concord_migration where tag = '9999_future'`;
  });
});

describe('a restore', () => {
  const backupOf = (edit?: (lines: string[]) => string[]): string => {
    const lines = gunzipSync(readFileSync(files.get('PGlite') as string))
      .toString('utf8')
      .split('\n');
    const file = join(folder, `edited-${Math.random()}.backup`);
    writeFileSync(file, gzipSync((edit?.(lines) ?? lines).join('\n')));
    return file;
  };

  it('into a database that holds anything is refused, and changes nothing', async () => {
    const database = await openMigratedPglite();
    const file = backupOf();
    await restore(database.url, await openBackup(file), hashRow);
    const sql = openSql(database.url);
    const before = await rowsOf(sql, 'envelope');
    await expect(restore(database.url, await openBackup(file), hashRow)).rejects.toThrow(/not empty/);
    expect(await rowsOf(sql, 'envelope')).toEqual(before);
    await sql.end();
    await database.close();
  });

  it('of a damaged or cut file leaves nothing behind', async () => {
    const database = await openMigratedPglite();
    const whole = readFileSync(files.get('PGlite') as string);
    const cut = join(folder, 'cut.backup');
    writeFileSync(cut, whole.subarray(0, whole.length / 2));
    const changed = backupOf((lines) => lines.map((line) => line.replace('"attempts":4', '"attempts":5')));
    const short = backupOf((lines) => lines.slice(0, -3));
    const longer = backupOf((lines) => [...lines.slice(0, -1), '{"table":"job","lines":1}', '{}', '']);
    const missingRow = backupOf((lines) => lines.filter((_, index) => index !== 5));
    const told: string[] = [];
    for (const file of [cut, changed, short, longer, missingRow, '/nowhere/at/all', import.meta.filename]) {
      const attempt = openBackup(file).then((backup) => restore(database.url, backup, hashRow));
      const fault: unknown = await attempt.catch((error: unknown) => error);
      told.push(fault instanceof BackupFault || fault instanceof RestoreFault ? fault.message : String(fault));
    }
    expect(told.map((message) => message.replaceAll(/\/\S+/g, 'FILE'))).toEqual([
      'FILE is no backup, or is cut off or damaged (gzip) — take another one',
      'the backup is damaged (rows of delivery) — take another one',
      expect.stringMatching(/^the backup ends before it is whole \(line \d+\) — take another one$/),
      expect.stringMatching(/^the backup goes on after its end \(line \d+\) — take another one$/),
      'a row is none of the table asked_order — the backup is damaged; nothing was restored',
      'FILE cannot be read (ENOENT)',
      'FILE is no backup, or is cut off or damaged (gzip) — take another one',
    ]);
    // Had anything been left, the whole one would not fit.
    await restore(database.url, await openBackup(files.get('PGlite') as string), hashRow);
    await database.close();
  });

  it('of a file with any one byte changed is refused, or gives the very rows', async () => {
    const whole = readFileSync(files.get('PGlite') as string);
    const sums = await checkBackup(await openBackup(files.get('PGlite') as string));
    const file = join(folder, 'flipped.backup');
    let refused = 0;
    for (let place = 0; place < whole.length; place += Math.ceil(whole.length / 150)) {
      const bytes = Buffer.from(whole);
      bytes[place] = (bytes[place] as number) ^ 0x10;
      writeFileSync(file, bytes);
      try {
        expect(await checkBackup(await openBackup(file))).toEqual(sums);
      } catch (error) {
        expect(error, String(place)).toBeInstanceOf(BackupFault);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(140);
  });

  it('that does not hold in the end what was read is not committed', async () => {
    const database = await openMigratedPglite();
    const backup = await openBackup(files.get('PGlite') as string);
    const claiming = {
      ...backup,
      end: (): BackupEnd => {
        const end = backup.end() as BackupEnd;
        return { ...end, sums: end.sums.map((sum) => (sum.table === 'job' ? { ...sum, rows: sum.rows + 1 } : sum)) };
      },
    };
    await expect(restore(database.url, claiming, hashRow)).rejects.toThrow(/job does not hold/);
    await expect(restore(database.url, claiming, hashRow)).rejects.toThrow(RestoreFault);
    const sql = openSql(database.url);
    expect(await rowsOf(sql, 'job')).toEqual([]);
    expect(await rowsOf(sql, 'reference_version')).toEqual(['(1,0)']);
    await sql.end();
    await database.close();
  });

  it('of an earlier version is brought up to this one, and of an unknown one refused', async () => {
    const database = await emptyPglite();
    const last = MIGRATIONS[MIGRATIONS.length - 1] as (typeof MIGRATIONS)[number];
    const backup = await openBackup(files.get('PGlite') as string);
    // As the version before the last migration would have written the rows.
    const earlier = await asBefore(last.text);
    const head = earlier.head.migrations.map(({ tag }) => tag);
    expect(head).toEqual(MIGRATIONS.slice(0, -1).map(({ tag }) => tag));
    await restore(database.url, earlier, hashRow);
    const sql = openSql(database.url);
    expect((await sql`select tag from concord_migration order by tag`).map(({ tag }) => String(tag))).toEqual(
      MIGRATIONS.map(({ tag }) => tag),
    );
    expect((await rowsOf(sql, 'envelope')).length).toBe(FILLED_ROWS);
    const unknown = { ...backup, migrations: [...backup.migrations, { tag: '9999_future', digest: 'd' }] };
    await expect(restore(database.url, unknown, hashRow)).rejects.toThrow(SchemaMismatch);
    await sql.end();
    await database.close();
  });

  it('wants the keys that the backup was made with, earlier cipher keys included', async () => {
    const { head } = await openBackup(files.get('PGlite') as string);
    expect(keysMissing(head, KEYS)).toBeUndefined();
    expect(keysMissing(head, { ...KEYS, ciphers: ['99999999', ...KEYS.ciphers] })).toBeUndefined();
    expect(keysMissing(head, { ...KEYS, ciphers: ['44444444'] })).toBe('CIPHER_KEY or CIPHER_KEYS_OLD');
    expect(keysMissing(head, { ...KEYS, index: '00000000', id: '00000000', pseudonym: '0'.repeat(8) })).toBe(
      'INDEX_KEY, ID_KEY, PSEUDONYM_KEY',
    );
  });

  /** A database at the version before, with rows, backed up by that version's own column list. */
  async function asBefore(lastMigration: string): Promise<Awaited<ReturnType<typeof openBackup>>> {
    const undone = [
      ...[...lastMigration.matchAll(/CREATE TABLE "(\w+)"/g)].map(([, table = '']) => `drop table "${table}"`),
      ...[...lastMigration.matchAll(/ALTER TABLE "(\w+)" ADD COLUMN "(\w+)"/g)].map(
        ([, table = '', column = '']) => `alter table "${table}" drop column "${column}"`,
      ),
    ];
    expect(undone, 'the last migration adds tables or columns').not.toEqual([]);
    const old = await openMigratedPglite();
    const database = connect({ url: old.url });
    await database.run('delete from concord_migration where tag = $1', [MIGRATIONS.at(-1)?.tag ?? '']);
    const sql = openSql(old.url);
    for (const statement of undone) await sql.unsafe(statement);
    await fillEveryTable(sql);
    const file = join(folder, 'earlier.backup');
    // That version would find itself up to date; this one's check is passed over by reading as it reads.
    await writeBackup(file, HEAD, (taker) =>
      database.transaction(async (tx) => {
        await taker.schema(await readApplied(tx));
        await readTables(tx, (part) => taker.rows(part));
        await taker.identities(await readIdentities(tx));
      }),
    );
    await sql.end();
    await database.close();
    await old.close();
    return openBackup(file);
  }
});

async function emptyPglite(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const own = testFolder();
  const embedded = await openPglite({ dataDir: own.folder });
  return { url: embedded.url, close: () => embedded.close().then(own.remove) };
}
