/** A PostgreSQL that keeps its sockets and answers nothing: everybody hears so within seconds, and all goes on when it does. */
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../src/runtime/node/free-port.ts';
import { openMllp } from '../../src/runtime/node/mllp-client.ts';
import { systemClock, createTimer } from '../../src/runtime/node/clock.ts';
import { StoreUnavailable } from '../../src/ports/store.ts';
import { openStore } from '../../src/store/open-store.ts';
import { runCommand } from '../support/command.ts';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway-process.ts';
import { oru, ZHANG } from '../support/messages.ts';
import { startPostgres, type TestPostgres } from '../support/postgres.ts';
import { noPostgresOfOurs } from '../support/required.ts';
import { openSql } from '../support/sql.ts';
import { testFolder, testKeys } from '../support/store-kit.ts';

const missing = noPostgresOfOurs();
/** Five quiet seconds, five for asking over a new connection, and a machine that is busy. */
const HEARD_MS = 20_000;
const METRICS_TOKEN = 'a-token-of-whoever-scrapes-the-metrics';

describe.skipIf(missing !== undefined)(
  `a PostgreSQL that hangs${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  () => {
    const { folder, remove } = testFolder();
    let server: TestPostgres;
    beforeAll(async () => {
      server = await startPostgres();
    });
    afterEach(() => server.resume());
    afterAll(async () => {
      await server.stop();
      remove();
    });

    test('is told by every door, takes nothing, and is used again without a restart', async () => {
      const gateway = await startGatewayProcess({
        dataDir: join(folder, 'data'),
        databaseUrl: server.url,
        env: { METRICS_TOKEN },
      });
      const { mllpPort, token } = await configure(gateway);
      const imported = await runCommand(['catalogue', 'import', 'mappings/catalogue'], {
        DATA_DIR: join(folder, 'data'),
      });
      expect(imported.err).toBe('');
      const authorization = `Bearer ${token}`;
      const intake = (controlId: string): Promise<Response> =>
        fetch(`${gateway.url}/intake`, { method: 'POST', headers: { authorization }, body: oru({ controlId }) });
      const doors: Record<string, () => Promise<Response>> = {
        intake: () => intake('H2'),
        check: () =>
          fetch(`${gateway.url}/recognition/check`, {
            method: 'POST',
            headers: { authorization, 'content-type': 'application/json' },
            body: JSON.stringify({
              patient: { identifiers: [{ system: 'urn:oid:2.16.156.10011.1.3', value: ZHANG.national }] },
              orders: [{ key: '1', code: { system: '', code: 'XCG' } }],
            }),
          }),
        fhir: () => fetch(`${gateway.url}/fhir/Patient/0123456789abcdefghjkmn`, { headers: { authorization } }),
        readyz: () => fetch(`${gateway.url}/readyz`),
      };
      expect((await intake('H1')).status).toBe(200);
      const mllp = await openMllp({ host: '127.0.0.1', port: mllpPort, answerSeconds: 60 });

      server.pause();
      const begin = performance.now();
      const waiting = Object.entries(doors).map(async ([door, ask]) => {
        const response = await ask();
        return [door, response.status, response.headers.has('retry-after'), await response.text()] as const;
      });
      const silence = mllp.send(new TextEncoder().encode(oru({ controlId: 'H3' }))).then(
        () => 'answered',
        () => 'silent',
      );
      // Whoever asks whether the process lives is answered at once.
      const asked = performance.now();
      expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
      expect(performance.now() - asked).toBeLessThan(1_000);
      // A scraper waits ten seconds at most.
      const scraped = await fetch(`${gateway.url}/metrics`, { headers: { authorization: `Bearer ${METRICS_TOKEN}` } });
      expect(await scraped.text()).toMatch(/^concord_database_up 0$/m);
      expect(performance.now() - asked).toBeLessThan(8_000);
      for (const [door, status, retry, text] of await Promise.all(waiting)) {
        expect([door, status, retry]).toEqual([door, 503, true]);
        expect(text).toContain('gateway/database-gone');
      }
      expect(await silence).toBe('silent');
      expect(performance.now() - begin).toBeLessThan(HEARD_MS);

      server.resume();
      await expect.poll(async () => (await fetch(`${gateway.url}/readyz`)).status, { timeout: 20_000 }).toBe(200);
      for (const controlId of ['H2', 'H3']) {
        const answer = await intake(controlId);
        expect([controlId, answer.status, await answer.text()]).toEqual([
          controlId,
          200,
          expect.stringContaining(`MSA|AA|${controlId}`),
        ]);
      }
      const sql = openSql(server.url);
      const [kept] = await sql`select (select count(*)::int from envelope) as envelopes,
        (select count(*)::int from container where kind = 'report') as reports, (select count(*)::int from job) as jobs`;
      expect(kept).toEqual({ envelopes: 3, reports: 3, jobs: 0 });
      await sql.end();
      expect(await gateway.stop()).toBe(0);
    });

    test('turns more than it can let wait away at once', async () => {
      const timer = createTimer((error) => {
        throw error;
      });
      const store = await openStore({ url: server.url, keys: testKeys, clock: systemClock, lanes: 2, timer });
      await store.transaction((tx) => tx.seenBefore(NOTHING));
      server.pause();
      const begun = Array.from({ length: 4_100 }, () => store.transaction((tx) => tx.seenBefore(NOTHING)));
      const first = await Promise.race(
        begun.map((one) =>
          one.then(
            () => undefined,
            (error: unknown) => error,
          ),
        ),
      );
      expect(first).toBeInstanceOf(StoreUnavailable);
      expect((first as Error).message).toContain('BUSY');
      const fates = await Promise.allSettled(begun);
      expect(fates.every((fate) => fate.status === 'rejected' && fate.reason instanceof StoreUnavailable)).toBe(true);
      server.resume();
      await expect
        .poll(
          () =>
            store.standing().then(
              () => 'there',
              () => 'away',
            ),
          { timeout: 20_000 },
        )
        .toBe('there');
      await expect(store.transaction((tx) => tx.seenBefore(NOTHING))).resolves.toMatchObject({ reused: false });
      await store.close();
    });

    test('is not taken for one that is slow', async () => {
      const timer = createTimer((error) => {
        throw error;
      });
      const store = await openStore({ url: server.url, keys: testKeys, clock: systemClock, lanes: 2, timer });
      const holder = openSql(server.url);
      // Eight seconds on a lock: asked whether it is there, it is.
      const lock = Promise.withResolvers<void>();
      const held = holder.begin(async (sql) => {
        await sql`lock table envelope in access exclusive mode`;
        lock.resolve();
        await sql`select pg_sleep(8)`;
      });
      await lock.promise;
      await expect(store.transaction((tx) => tx.seenBefore(NOTHING))).resolves.toMatchObject({ reused: false });
      await held;
      await holder.end();
      await store.close();
    });
  },
);

const NOTHING = { facility: 'none', controlMac: 'none', digest: 'none' } as never;

async function configure(gateway: GatewayProcess): Promise<{ mllpPort: number; token: string }> {
  const mllpPort = await freePort();
  await gateway.admin.post('/facilities', [
    { id: 'hang', name: '试验医院', level: 3, area: '000000', zone: 'Asia/Shanghai' },
  ]);
  await gateway.admin.post('/channels', { id: 'hang-client', facility: 'hang', kind: 'client' });
  await gateway.admin.post('/channels', { facility: 'hang', kind: 'mllp', port: mllpPort });
  const { token } = await gateway.admin.post<{ token: string }>('/tokens', { channel: 'hang-client' });
  return { mllpPort, token };
}
