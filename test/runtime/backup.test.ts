/** `concord backup` beside a serving gateway, `concord restore` into another database, and the gateway that serves it then. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../src/runtime/node/free-port.ts';
import { openMllp } from '../../src/runtime/node/mllp-client.ts';
import { runCommand, type Told } from '../support/command.ts';
import { type GatewayProcess, startGatewayProcess, TEST_KEYS } from '../support/gateway-process.ts';
import { oru, ZHANG } from '../support/messages.ts';
import { startPostgres, type TestPostgres } from '../support/postgres.ts';
import { noPostgres } from '../support/required.ts';
import { testFolder } from '../support/store-kit.ts';

const missing = noPostgres();
/** A dozen processes, each of which starts a database. */
const LONG = { timeout: 90_000 };
const { folder, remove } = testFolder();
const at = (...names: string[]): string => join(folder, ...names);
afterAll(remove);

/** Its keys are in its folder, as an embedded gateway makes them. */
const OWN_KEYS = Object.fromEntries(Object.keys(TEST_KEYS).map((name) => [name, '']));
const embedded = (name: string): Promise<GatewayProcess> => startGatewayProcess({ dataDir: at(name), env: OWN_KEYS });
const run = (name: string, args: readonly string[], env: Record<string, string> = {}): Promise<Told> =>
  runCommand(args, { DATA_DIR: at(name), ...env });

interface Seen {
  readonly results: unknown;
  readonly envelopes: unknown;
  readonly ledger: { readonly ok: boolean };
}

/** What a client, an operator and an auditor see. */
async function seen(gateway: GatewayProcess): Promise<Seen> {
  const { token } = await gateway.admin.post<{ token: string }>('/tokens', { channel: 'backup-client' });
  const found = await fetch(
    `${gateway.url}/fhir/Observation?patient.identifier=urn:oid:2.16.156.10011.1.3|${ZHANG.national}&_count=100`,
    { headers: { authorization: `Bearer ${token}` } },
  );
  const { entry } = (await found.json()) as { entry: { resource: unknown }[] };
  return {
    results: entry.map(({ resource }) => resource),
    envelopes: await gateway.admin.get('/envelopes'),
    ledger: await gateway.admin.get('/ledger/verify'),
  };
}

describe('a gateway on the embedded database', LONG, () => {
  let gateway: GatewayProcess;
  let before: Seen;
  const file = at('region.backup');

  beforeAll(async () => {
    gateway = await embedded('one');
    const port = await freePort();
    await gateway.admin.post('/facilities', [
      { id: 'backup', name: '试验医院', level: 3, area: '000000', zone: 'Asia/Shanghai' },
    ]);
    await gateway.admin.post('/channels', { facility: 'backup', kind: 'mllp', port });
    await gateway.admin.post('/channels', { id: 'backup-client', facility: 'backup', kind: 'client' });
    const sender = await openMllp({ host: '127.0.0.1', port, answerSeconds: 10 });
    for (let number = 1; number <= 5; number++) {
      const ack = await sender.send(new TextEncoder().encode(oru({ controlId: `B${number}` })));
      expect(new TextDecoder().decode(ack)).toContain(`MSA|AA|B${number}`);
    }
    await sender.close();
    before = await seen(gateway);
    expect((before.results as unknown[]).length).toBeGreaterThan(4);
  });
  afterAll(() => gateway.kill());

  test('is backed up while it serves, and goes on serving', async () => {
    const told = await run('one', ['backup', file]);
    expect([told.code, told.err]).toEqual([0, '']);
    const { rows, bytes } = JSON.parse(told.out) as { rows: Record<string, number>; bytes: number };
    expect(rows).toMatchObject({ envelope: 5, facility: 1, channel: 2 });
    expect(bytes).toBe(statSync(file).size);
    expect((await fetch(`${gateway.url}/readyz`)).status).toBe(200);
    expect(await seen(gateway)).toMatchObject({ results: before.results });
    expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([]);
  });

  test('is not restored over while it serves', async () => {
    const told = await run('one', ['restore', file]);
    expect([told.code, told.out]).toEqual([1, '']);
    expect(told.err).toMatch(/is in use by process \d+ — stop that gateway/);
  });

  test('is not restored without its keys, or with others', async () => {
    const without = await run('two', ['restore', file]);
    expect([without.code, without.err]).toEqual([1, expect.stringMatching(/^DATA_DIR has no keys\.json — /)]);
    expect(existsSync(at('two', 'pglite'))).toBe(false);
    const others = await run('two', ['restore', file], TEST_KEYS);
    expect(others.err).toMatch(/^the backup was made with other keys \(INDEX_KEY, ID_KEY, PSEUDONYM_KEY, CIPHER_KEY/);
  });

  test('comes back in another folder, with its keys, once its file was found whole', async () => {
    mkdirSync(at('two'), { recursive: true });
    copyFileSync(at('one', 'keys.json'), at('two', 'keys.json'));
    const check = await run('two', ['restore', file, '--check']);
    expect([check.code, JSON.parse(check.out)]).toMatchObject([0, { restored: false, rows: { envelope: 5 } }]);
    expect(existsSync(at('two', 'pglite'))).toBe(false);
    const told = await run('two', ['restore', file]);
    expect([told.code, told.err]).toEqual([0, '']);
    const restored = await embedded('two');
    const now = await seen(restored);
    expect(now.results).toEqual(before.results);
    expect(now.envelopes).toEqual(before.envelopes);
    expect(now.ledger).toMatchObject({ ok: true });
    await restored.stop();
  });

  test.skipIf(missing !== undefined)(
    `moves to PostgreSQL${missing === undefined ? '' : ` (skipped: ${missing})`}`,
    async () => {
      const server: TestPostgres = await startPostgres();
      const keys = JSON.parse(readFileSync(at('one', 'keys.json'), 'utf8')) as Record<string, string>;
      const onServer = { ...keys, DATABASE_URL: server.url };
      expect(await run('pg', ['restore', file], onServer)).toMatchObject({ code: 0, err: '' });
      mkdirSync(at('pg'), { recursive: true });
      const moved = await startGatewayProcess({ dataDir: at('pg'), databaseUrl: server.url, env: keys });
      const there = await seen(moved);
      expect(there.results).toEqual(before.results);
      expect(there.ledger).toMatchObject({ ok: true });
      await moved.stop();
      await server.stop();
    },
  );
});

test('a command that cannot reach its database says so and leaves no file', LONG, async () => {
  const told = await run('none', ['backup', at('none.backup')], {
    ...TEST_KEYS,
    DATABASE_URL: `postgres://u@127.0.0.1:${await freePort()}/d`,
  });
  expect([told.code, told.err]).toEqual([
    1,
    expect.stringMatching(/^the database cannot be used now \(ECONNREFUSED\)/),
  ]);
  expect(readdirSync(folder).filter((name) => name.startsWith('none.backup'))).toEqual([]);
  expect((await run('none', ['backup'])).code).toBe(2);
});
