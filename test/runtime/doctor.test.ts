/** `concord doctor` on real installations that something is wrong with: it says what, and changes nothing. */
import { once } from 'node:events';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LIMITS } from '../../src/base/limits.ts';
import { freePort } from '../../src/runtime/node/free-port.ts';
import { judgeDatabase } from '../../src/runtime/node/doctor/judge-database.ts';
import { examine, lookAtGateway } from '../../src/runtime/node/doctor/examine.ts';
import { judgeRoom, judgeSettings } from '../../src/runtime/node/doctor/look-at-host.ts';
import { marksOf } from '../../src/runtime/keys.ts';
import { lockFolder } from '../../src/runtime/node/pglite/folder-lock.ts';
import { readSettings } from '../../src/runtime/node/settings.ts';
import type { Instant } from '../../src/terms/instant.ts';
import { openApp } from '../support/app.ts';
import { runCommand } from '../support/command.ts';
import { type GatewayProcess, startGatewayProcess, TEST_KEYS } from '../support/gateway-process.ts';
import { DATABASES, openWorld } from '../support/gateway.ts';
import { startPostgres, type TestPostgres } from '../support/postgres.ts';
import { noPostgresOfOurs } from '../support/required.ts';
import { openSql } from '../support/sql.ts';
import { testFolder } from '../support/store-kit.ts';

const missing = noPostgresOfOurs();
const { folder, remove } = testFolder();
afterAll(remove);

type Environment = Readonly<Record<string, string>>;

/** Lines as `area level code subjects`, those of an area that is fine left out. */
async function told(environment: Environment): Promise<readonly string[]> {
  const { findings } = await examine(environment, 3);
  return findings.map(({ area, level, code, subjects }) => [area, level, code, ...(subjects ?? [])].join(' '));
}

describe.skipIf(missing !== undefined)(
  `a doctor at a PostgreSQL${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  () => {
    let server: TestPostgres;
    let gateway: GatewayProcess;
    let sql: ReturnType<typeof openSql>;
    let own: Environment;
    beforeAll(async () => {
      server = await startPostgres({ durable: true });
      sql = openSql(server.url);
      own = { ...TEST_KEYS, DATABASE_URL: server.url, DATA_DIR: join(folder, 'served') };
      mkdirSync(own['DATA_DIR'] as string, { mode: 0o700 });
      gateway = await startGatewayProcess({ dataDir: own['DATA_DIR'] as string, databaseUrl: server.url });
      await gateway.admin.post('/facilities', [
        { id: 'one', name: '试验医院', level: 3, area: '000000', zone: 'Asia/Shanghai' },
      ]);
    });
    afterAll(async () => {
      await gateway.kill();
      await sql.end();
      await server.stop();
    });

    const NO_CATALOGUE = 'catalogue failure gateway/no-catalogue';

    test('finds what is missing and nothing else, and asks the gateway that serves', async () => {
      expect(await told(own)).toEqual([NO_CATALOGUE]);
    });

    test('prints a line for every area, and ends with 1 where something is lost or refused', async () => {
      const { code, out, err } = await runCommand(['doctor', '--silent-days', '5'], own);
      expect([code, err]).toEqual([1, '']);
      expect(out.split('\n').map((line) => line.split(/\s+/).slice(0, 2).join(' '))).toEqual([
        ...['settings', 'keys', 'disk', 'database', 'schema', 'clock', 'gateway'].map((area) => `${area} fine`),
        'catalogue FAILURE',
        ...['facilities', 'work', 'queues'].map((area) => `${area} fine`),
        '',
      ]);
    });

    test('finds keys that are not those of the rows', async () => {
      await sql`insert into identifier (mac, bucket, patient, facility, kind, key_id) values ('m', 1, 'p', 'one', 'k', 'otherkey')`;
      await sql`insert into envelope (id, facility, channel, received_at, format, digest, control_mac, test, key_id, content,
        outcome, problems, problem_count, results_in, results_stored, receipts)
        values ('e', 'one', 'c', now(), 'hl7v2', 'd', 'm', false, 'otherkey', '\\x00', 'stored', '[]', 0, 0, 0, 1)`;
      expect(await told(own)).toEqual([
        'keys failure runtime/index-key-differs',
        'keys failure runtime/cipher-key-missing',
        NO_CATALOGUE,
      ]);
      await sql`delete from identifier`;
      await sql`delete from envelope`;
      expect(await told({ ...own, ID_KEY: own['INDEX_KEY'] as string })).toContain('keys failure runtime/keys-equal');
      const { CIPHER_KEY: _, ...fewer } = own;
      expect(await told(fewer)).toEqual([
        expect.stringContaining('keys failure runtime/no-keys keys are missing: CIPHER_KEY'),
      ]);
    });

    test('finds a message from the future', async () => {
      await sql`insert into envelope (id, facility, channel, received_at, format, digest, control_mac, test, key_id, content,
        outcome, problems, problem_count, results_in, results_stored, receipts)
        values ('e', 'one', 'c', now() + interval '1 hour', 'hl7v2', 'd', 'm', false, '', '\\x00', 'stored', '[]', 0, 0, 0, 1)`;
      expect(await told(own)).toEqual(['clock failure runtime/clock-behind', NO_CATALOGUE]);
      await sql`delete from envelope`;
    });

    test('finds a schema of another version and does not touch it', async () => {
      const rows = await sql`select * from concord_migration order by tag`;
      await sql`delete from concord_migration where tag = ${String(rows.at(-1)?.['tag'])}`;
      expect(await told(own)).toEqual(['schema failure runtime/schema-behind']);
      await sql`insert into concord_migration ${sql(rows.at(-1) as Record<string, string>)}`;
      await sql`insert into concord_migration values ('9999_future', 'd', now())`;
      expect(await told(own)).toEqual(['schema failure runtime/schema-unknown']);
      await sql`delete from concord_migration where tag = '9999_future'`;
      await sql`create database empty`;
      const empty = new URL(server.url);
      empty.pathname = '/empty';
      expect(await told({ ...own, DATABASE_URL: empty.href })).toEqual(['schema warning runtime/schema-empty']);
      const inside = openSql(empty.href);
      expect(await inside`select tablename from pg_tables where schemaname = 'public'`).toHaveLength(0);
      await inside.end();
    });

    test('finds a database that takes no writes, or keeps none', async () => {
      await sql.unsafe('alter system set default_transaction_read_only = on');
      await sql.unsafe('alter system set synchronous_commit = off');
      await sql.unsafe('select pg_reload_conf()');
      await expect
        .poll(() => told(own), { timeout: 10_000 })
        .toEqual(
          expect.arrayContaining([
            'database failure runtime/read-only',
            'database failure runtime/not-durable synchronous_commit',
          ]),
        );
      await sql.unsafe('alter system reset all');
      await sql.unsafe('select pg_reload_conf()');
      await expect.poll(() => told(own), { timeout: 10_000 }).toEqual([NO_CATALOGUE]);
    });

    test('finds a database that is away, settings that are none, and a gateway that is not there', async () => {
      const away = { ...own, DATABASE_URL: `postgres://u@127.0.0.1:${await freePort()}/d` };
      expect(await told(away)).toEqual(['database failure runtime/database-gone']);
      expect(await told({ ...own, PORT: 'http', REGION_ZONE: 'Moon/Base' })).toEqual([
        expect.stringContaining(
          'settings failure runtime/bad-settings settings that cannot be used: REGION_ZONE, PORT',
        ),
      ]);
      const elsewhere = { ...own, DATA_DIR: join(folder, 'elsewhere') };
      expect(await told(elsewhere)).toEqual(['gateway warning runtime/not-serving', NO_CATALOGUE]);
    });
  },
);

test('a gateway that is being stopped is told with its reason', async () => {
  const [embedded] = DATABASES;
  const database = await (embedded as (typeof DATABASES)[number]).open();
  const world = await openWorld(database);
  const app = openApp(world.gateway, { draining: () => true });
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  expect(await lookAtGateway(`http://127.0.0.1:${port}`)).toEqual([
    { area: 'gateway', level: 'failure', code: 'runtime/not-ready', subjects: ['web/draining'] },
  ]);
  server.close();
  expect(await lookAtGateway(`http://127.0.0.1:${port}`)).toMatchObject([{ code: 'runtime/not-serving' }]);
  await world.close();
  await database.close();
});

describe('a doctor at the embedded database', () => {
  const EMBEDDED = 'settings warning runtime/embedded';

  test('finds files that others can read, and a folder that somebody else holds', async () => {
    const dataDir = join(folder, 'embedded');
    mkdirSync(join(dataDir, 'pglite'), { recursive: true, mode: 0o700 });
    writeFileSync(join(dataDir, 'keys.json'), JSON.stringify(TEST_KEYS), { mode: 0o600 });
    const unlock = lockFolder(join(dataDir, 'pglite'));
    const held = ['database failure runtime/database-in-use'];
    expect(await told({ DATA_DIR: dataDir })).toEqual([EMBEDDED, ...held]);
    chmodSync(join(dataDir, 'keys.json'), 0o644);
    expect(await told({ DATA_DIR: dataDir })).toEqual([EMBEDDED, 'keys failure runtime/file-open keys.json', ...held]);
    unlock();
  });
});

describe('what is not wise', () => {
  const settingsOf = (environment: Environment): readonly string[] =>
    judgeSettings(readSettings({ DATABASE_URL: 'postgres://x/y', ...environment })).map(({ code }) => code);

  test('in the settings is told: open listeners, an address that nobody knows or that is not https', () => {
    expect(settingsOf({})).toEqual([]);
    expect(settingsOf({ HOST: '0.0.0.0' })).toEqual(['runtime/plain-listener', 'runtime/no-public-url']);
    expect(settingsOf({ HOST: '0.0.0.0', PUBLIC_URL: 'https://gateway.example' })).toEqual(['runtime/plain-listener']);
    expect(settingsOf({ PUBLIC_URL: 'http://gateway.example' })).toEqual(['runtime/public-url-plain']);
    expect(settingsOf({ PUBLIC_URL: 'http://127.0.0.1:8080' })).toEqual([]);
    expect(settingsOf({ MLLP_HOST: '::' })).toEqual(['runtime/plain-listener']);
  });

  test('in the room on the disk is told', () => {
    expect(judgeRoom(LIMITS.diskBytesMin)).toEqual([]);
    expect(judgeRoom(LIMITS.diskBytesMin - 1).map(({ code }) => code)).toEqual(['runtime/disk-full']);
  });

  test('in the clocks and the encoding is told, whatever the way to the database takes', () => {
    const marks = marksOf({ textOf: (name) => TEST_KEYS[name] as string, oldTokens: undefined, oldCiphers: undefined });
    const facts = {
      schema: 'current',
      now: '2026-03-01T00:00:00.000Z' as Instant,
      encoding: 'UTF8',
      readOnly: false,
      notDurable: [],
      indexKeys: [],
      cipherKeys: [],
      newest: null,
    } as const;
    const at = Date.parse(facts.now);
    const codes = (askedAt: number, answeredAt: number, more: object = {}): readonly string[] =>
      judgeDatabase({ facts: { ...facts, ...more }, askedAt, answeredAt, embedded: false }, marks).map(
        ({ code }) => code,
      );
    expect(codes(at - 4_000, at + 4_000)).toEqual([]);
    expect(codes(at + 4_900, at + 6_000)).toEqual([]);
    expect(codes(at + 6_000, at + 6_100)).toEqual(['runtime/clock-skew']);
    expect(codes(at - 7_000, at - 6_000)).toEqual(['runtime/clock-skew']);
    expect(codes(at, at, { encoding: 'SQL_ASCII' })).toEqual(['runtime/encoding']);
  });
});
