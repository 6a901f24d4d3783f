/** `/readyz` names every reason for which no work should come, and none when it may. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openApp } from '../support/app.ts';
import { DATABASES, openWorld, type TestDatabase, type TestWorld } from '../support/gateway.ts';
import { openSql } from '../support/sql.ts';

describe.each(DATABASES)('/readyz on $name', (kind) => {
  let database: TestDatabase;
  let world: TestWorld;
  let sql: ReturnType<typeof openSql>;
  beforeAll(async () => {
    database = await kind.open();
    world = await openWorld(database);
    sql = openSql(database.url);
  });
  afterAll(async () => {
    await sql.end();
    await world.close();
    await database.close();
  });

  const ask = async (app = openApp(world.gateway)): Promise<unknown> => {
    const response = await app.request('/readyz');
    const body = (await response.json()) as { reasons?: readonly { code: string }[] };
    return response.status === 200 ? body : [response.status, ...(body.reasons ?? []).map(({ code }) => code)];
  };
  /** For every session: the embedded database has one. */
  const readOnly = async (value: 'on' | 'off'): Promise<void> => {
    if (kind.name === 'PGlite') await sql.unsafe(`set default_transaction_read_only = ${value}`);
    else {
      await sql.unsafe(`alter system set default_transaction_read_only = ${value}`);
      await sql.unsafe('select pg_reload_conf()');
    }
  };

  test('answers ready, a hundred times at once too', async () => {
    const app = openApp(world.gateway);
    expect(await Promise.all(Array.from({ length: 100 }, () => ask(app)))).toEqual(
      Array.from({ length: 100 }, () => ({ status: 'ready' })),
    );
  });

  test('tells of a schema that is another version’s', async () => {
    await sql`insert into concord_migration values ('9999_future', 'd', now())`;
    expect(await ask()).toEqual([503, 'gateway/database-version']);
    await sql`delete from concord_migration where tag = '9999_future'`;
    await sql`alter table concord_migration rename to elsewhere`;
    expect(await ask()).toEqual([503, 'gateway/database-version']);
    await sql`alter table elsewhere rename to concord_migration`;
    expect(await ask()).toEqual({ status: 'ready' });
  });

  test('tells of a database that takes no writes, beside what else is wrong', async () => {
    await sql`insert into concord_migration values ('9999_future', 'd', now())`;
    await readOnly('on');
    await expect.poll(() => ask()).toEqual([503, 'gateway/database-version', 'gateway/database-read-only']);
    await readOnly('off');
    await expect.poll(() => ask()).toEqual([503, 'gateway/database-version']);
    await sql`delete from concord_migration where tag = '9999_future'`;
  });

  test('tells of a gateway that is being stopped without asking the database', async () => {
    const app = openApp(world.gateway, { draining: () => true });
    expect(await ask(app)).toEqual([503, 'web/draining']);
    const response = await app.request('/readyz');
    expect(response.headers.get('retry-after')).not.toBeNull();
    expect(await response.json()).toMatchObject({
      code: 'web/draining',
      reasons: [{ code: 'web/draining', at: 'gateway' }],
    });
  });
});
