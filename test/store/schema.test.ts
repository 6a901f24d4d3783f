/** Migrations: numbered, embedded, applied once by one migrator, and giving one schema on both databases. */
import { readFileSync } from 'node:fs';
import postgres from 'postgres';
import { describe, expect, it } from 'vitest';
import { dumpSchema, SCHEMA_FILE } from '../../scripts/dump-schema.ts';
import { embeddedMigrations } from '../../scripts/embed-migrations.ts';
import { MIGRATIONS } from '../../src/store/embedded-migrations.ts';
import { migrate, SchemaMismatch } from '../../src/store/migrate.ts';
import { connect } from '../../src/store/open-store.ts';
import { startPostgres, type TestPostgres } from '../support/postgres.ts';
import { noPostgres } from '../support/required.ts';
import { embeddedClient, openMigratedPglite } from '../support/store-kit.ts';

const committed = readFileSync(SCHEMA_FILE, 'utf8');
const missing = noPostgres();

describe('the migrations', () => {
  it('are embedded as their files say', () => {
    const file = new URL('../../src/store/embedded-migrations.ts', import.meta.url);
    expect(readFileSync(file, 'utf8')).toBe(embeddedMigrations());
    expect(MIGRATIONS.map(({ tag }) => Number(tag.slice(0, 4)))).toEqual(MIGRATIONS.map((_, place) => place));
  });

  it('give the committed schema on PGlite', async () => {
    const database = await openMigratedPglite();
    const sql = embeddedClient(database.url, { max: 1 });
    expect(await dumpSchema((text) => sql.unsafe(text))).toBe(withTable(committed));
    await sql.end();
    await database.close();
  });

  it.skipIf(missing !== undefined)('give the committed schema on PostgreSQL', async () => {
    await onPostgres(async ({ url }) => {
      const database = connect({ url });
      expect(await migrate(database)).toBe(MIGRATIONS.length);
      expect(await migrate(database)).toBe(0);
      await database.close();
      const sql = postgres(url, { max: 1, fetch_types: false });
      expect(await dumpSchema((text) => sql.unsafe(text))).toBe(withTable(committed));
      await sql.end();
    });
  });

  it.skipIf(missing !== undefined)('are applied once when several migrators start at the same moment', async () => {
    await onPostgres(async ({ url }) => {
      const databases = [1, 2, 3, 4].map(() => connect({ url }));
      const applied = await Promise.all(databases.map((database) => migrate(database)));
      expect(applied.toSorted((a, b) => a - b)).toEqual([0, 0, 0, MIGRATIONS.length]);
      await Promise.all(databases.map((database) => database.close()));
    });
  });

  it.skipIf(missing !== undefined)(
    'refuse a database of a newer version, and one whose migration was changed',
    async () => {
      await onPostgres(async ({ url }) => {
        const database = connect({ url });
        await migrate(database);
        await database.run("insert into concord_migration values ('9999_future', 'd', now())");
        await expect(migrate(database)).rejects.toThrow(SchemaMismatch);
        await database.run("delete from concord_migration where tag = '9999_future'");
        await database.run("update concord_migration set digest = 'other' where tag like '0000%'");
        await expect(migrate(database)).rejects.toThrow(/changed after it was applied/);
        await database.close();
      });
    },
  );
});

/** The committed text, whatever the checkout did to its line ends. */
function withTable(text: string): string {
  return text.replaceAll('\r\n', '\n');
}

async function onPostgres(work: (server: TestPostgres) => Promise<void>): Promise<void> {
  const server = await startPostgres();
  try {
    await work(server);
  } finally {
    await server.stop();
  }
}
