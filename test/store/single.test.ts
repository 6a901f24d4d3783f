/** The store on one connection that is given up between requests, as Workers have it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/runtime/node/clock.ts';
import { openSingle, type SingleDatabase } from '../../src/store/driver/single.ts';
import { SchemaMismatch } from '../../src/store/migrate.ts';
import { openRequestStore, openStore } from '../../src/store/open-store.ts';
import { testKeys } from '../support/gateway.ts';
import { startPostgres, type TestPostgres } from '../support/postgres.ts';
import { noPostgresOfOurs } from '../support/required.ts';
import { openSql } from '../support/sql.ts';

describe.skipIf(noPostgresOfOurs() !== undefined)('one connection', () => {
  let server: TestPostgres;
  let database: SingleDatabase;
  let sql: ReturnType<typeof openSql>;

  beforeAll(async () => {
    server = await startPostgres();
    database = openSingle({ url: server.url, prepare: true, pooled: true });
    sql = openSql(server.url);
    await database.run('create table kept (n integer primary key)');
  });
  afterAll(async () => {
    await database.close();
    await sql.end();
    await server.stop();
  });

  const connections = async (): Promise<number> =>
    Number((await sql`select count(*) as n from pg_stat_activity where application_name = 'concord'`)[0]?.['n']);
  const kept = async (): Promise<readonly number[]> =>
    (await database.run<{ n: number }>('select n from kept order by n')).map(({ n }) => n);

  test('serves reads and transactions together, each transaction whole', async () => {
    const insert = (n: number): Promise<readonly number[]> =>
      database.transaction(async (tx) => {
        tx.send('insert into kept values ($1)', [n]);
        return (await tx.run<{ n: number }>('select n from kept')).map((row) => row.n);
      });
    const [one, before, two] = await Promise.all([insert(1), kept(), insert(2)]);
    expect([one, before, two.length]).toEqual([[1], [1], 2]);
    expect(await connections()).toBe(1);
  });

  test('a transaction that fails takes nothing of its neighbours along', async () => {
    const failing = database.transaction(async (tx) => {
      tx.send('insert into kept values (3)');
      await tx.run('select 1 / 0');
    });
    const read = kept();
    await expect(failing).rejects.toMatchObject({ sqlState: '22012' });
    expect(await read).toEqual([1, 2]);
    await expect(database.run('select nothing')).rejects.toMatchObject({ sqlState: '42703' });
    expect(await kept()).toEqual([1, 2]);
  });

  test('is given up when what a request left running is done, and opened anew by the next', async () => {
    const behind = kept().then(() => database.run('insert into kept values (4)'));
    await database.release();
    await behind;
    expect(await kept()).toEqual([1, 2, 4]);
    await database.release();
    await expect.poll(connections).toBe(0);
  });

  test('a lost connection is told as such, and the next statement has another', async () => {
    await kept();
    await server.kill();
    await expect(kept()).rejects.toMatchObject({ name: 'StoreUnavailable' });
    await server.start();
    expect(await kept()).toEqual([1, 2, 4]);
  });
});

describe.skipIf(noPostgresOfOurs() !== undefined)('a store that does not migrate', () => {
  test('knows a database of its version from an empty, an older and a changed one', async () => {
    const server = await startPostgres();
    const sql = openSql(server.url);
    const settings = { url: server.url, keys: testKeys(), clock: systemClock };
    const checked = async (): Promise<void> => {
      const { checkSchema, release } = openRequestStore({ ...settings, pooled: false });
      try {
        await checkSchema();
      } finally {
        await release();
      }
    };
    try {
      await expect(checked()).rejects.toThrow(SchemaMismatch);
      await (await openStore(settings)).close();
      await checked();
      await sql`update concord_migration set digest = 'x' where tag = (select min(tag) from concord_migration)`;
      await expect(checked()).rejects.toThrow(SchemaMismatch);
      await sql`delete from concord_migration where tag = (select min(tag) from concord_migration)`;
      await expect(checked()).rejects.toThrow(SchemaMismatch);
    } finally {
      await sql.end();
      await server.stop();
    }
  });
});
