/** The contract on workerd, as the Worker is deployed: bundled, over PostgreSQL behind its Hyperdrive binding. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/runtime/node/clock.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { ADMIN } from '../../support/app.ts';
import { testKeys } from '../../support/gateway.ts';
import { readAnchor } from '../../../src/ledger/anchor.ts';
import { oru } from '../../support/messages.ts';
import { startPostgres, type TestPostgres } from '../../support/postgres.ts';
import { noWorkerd } from '../../support/required.ts';
import { bundleWorker, type RunningWorker, startWorkerd } from '../../support/workerd.ts';
import { contract } from './contract.ts';
import { hoursAgo, NATIONAL, person, refusalOf } from './subject.ts';

const GZIP_BYTES_MAX = 1.5 * 1024 * 1024;

describe.skipIf(noWorkerd() !== undefined)('on workerd', () => {
  let folder: string;
  let bundle: string;
  let worker: RunningWorker;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'concord-bundle-'));
    bundle = bundleWorker(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('the bundle names nothing of Node and is small', () => {
    const text = readFileSync(bundle);
    expect(text.toString().match(/['"`]node:[a-z_]+['"`]/g) ?? []).toEqual([]);
    const size = gzipSync(text).length;
    console.info(`the Worker's bundle: ${Math.round(text.length / 1024)} KiB, ${Math.round(size / 1024)} KiB gzip`);
    expect(size).toBeLessThan(GZIP_BYTES_MAX);
  });

  const held = contract(async () => {
    const database = await migrated();
    worker = await startWorkerd({ databaseUrl: database.url, bundle });
    return {
      url: worker.url,
      adminToken: ADMIN,
      stop: async () => {
        await worker.stop();
        await database.stop();
      },
    };
  });

  describe('what only a Worker does', () => {
    test('a cron maps what was accepted and seals what happened', async () => {
      const who = person(901);
      const text = oru({ controlId: 'W1', patient: who, ackMode: 'AL', collected: hoursAgo(9), reported: hoursAgo(8) });
      const accepted = await held().post('county', '/intake', text, 'application/hl7-v2');
      expect(await accepted.text()).toContain('MSA|CA|W1');
      await worker.strike();
      const found = await held().answer<{ total: number }>(
        held().ask('county', `/fhir/Patient?identifier=${NATIONAL}|${who.national}`),
      );
      expect(found.total).toBe(1);
      const [anchor] = await held().answer<readonly { anchor: string }[]>(held().ask('city', '/ledger/anchors'));
      expect((await readAnchor(anchor?.anchor ?? ''))?.anchor.chains.length).toBeGreaterThan(0);
    });

    test('channels of doors that it does not have are refused', async () => {
      const channel = { id: 'mllp', facility: 'county', kind: 'mllp', port: 2600 };
      expect(await refusalOf(await held().post('admin', '/admin/channels', channel))).toEqual([
        422,
        'web/no-such-door',
      ]);
    });

    test('nothing of a fault is in its log', () => {
      expect(worker.log()).not.toContain('"level":"fault"');
    });
  });

  describe('what it lacks', () => {
    let database: TestPostgres;
    beforeAll(async () => {
      database = await startPostgres();
    });
    afterAll(() => database.stop());

    test.each([
      ['a key', { ID_KEY: undefined }, 'ID_KEY'],
      ['a key that is one', { TOKEN_KEY: 'short' }, 'TOKEN_KEY'],
      ['a database of its version', {}, 'another version'],
    ])('without %s it serves nobody, and its log says why', async (_, vars, reason) => {
      const lacking = await startWorkerd({ databaseUrl: database.url, bundle, vars });
      try {
        expect(await refusalOf(await fetch(`${lacking.url}/readyz`))).toEqual([503, 'web/not-set-up']);
        expect(lacking.log()).toContain(reason);
      } finally {
        await lacking.stop();
      }
    });

    test('without its database it says so, and serves when it is back', async () => {
      const own = await migrated();
      const waiting = await startWorkerd({ databaseUrl: own.url, bundle, hyperdrive: false });
      try {
        const ready = async (): Promise<number> => (await fetch(`${waiting.url}/readyz`)).status;
        expect(await ready()).toBe(200);
        await own.kill();
        expect(await refusalOf(await fetch(`${waiting.url}/readyz`))).toEqual([503, 'gateway/database-gone']);
        await own.start();
        expect(await ready()).toBe(200);
      } finally {
        await waiting.stop();
        await own.stop();
      }
    });
  });
});

/** An empty database of this version: a Worker does not migrate. */
async function migrated(): Promise<TestPostgres> {
  const database = await startPostgres();
  const store = await openStore({ url: database.url, keys: testKeys(), clock: systemClock });
  await store.close();
  return database;
}
