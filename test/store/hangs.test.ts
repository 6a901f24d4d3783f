/** What stands between the gateway and a server that hangs: a pooler that logs in and then is silent, a balancer that hangs up. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StoreUnavailable } from '../../src/ports/store.ts';
import type { Store } from '../../src/ports/store.ts';
import { createTimer } from '../../src/runtime/node/clock.ts';
import { openStore } from '../../src/store/open-store.ts';
import { startPostgres, type TestPostgres } from '../support/postgres.ts';
import { noPostgres } from '../support/required.ts';
import { testClock, testKeys } from '../support/store-kit.ts';
import { envelope, facilityId } from './contract/kit.ts';

const missing = noPostgres();
/** `silent`: logins are answered, and nothing after them. `slam`: connections are closed as they come. */
type Mood = 'open' | 'silent' | 'slam';

describe.skipIf(missing !== undefined)(
  `a way to the server${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  { timeout: 60_000 },
  () => {
    const clock = testClock();
    const sockets = new Set<Socket>();
    let mood: Mood = 'open';
    let server: TestPostgres;
    let store: Store;
    const between = createServer((near) => {
      if (mood === 'slam') {
        near.destroy();
        return;
      }
      const { port } = new URL(server.url);
      const far = connect(Number(port), '127.0.0.1');
      let loggedIn = false;
      for (const socket of [near, far]) {
        sockets.add(socket);
        socket.on('error', () => socket.destroy());
        socket.on('close', () => [near, far].forEach((one) => one.destroy()));
      }
      near.on('data', (bytes) => {
        if (mood === 'open' || !loggedIn) far.write(bytes);
      });
      far.on('data', (bytes: Buffer) => {
        if (mood === 'open' || !loggedIn) near.write(bytes);
        // ReadyForQuery, idle: the end of a login.
        loggedIn ||= bytes.includes(Buffer.from([0x5a, 0, 0, 0, 5, 0x49]));
      });
    });

    beforeAll(async () => {
      server = await startPostgres();
      between.listen(0, '127.0.0.1');
      await once(between, 'listening');
      const url = new URL(server.url);
      url.port = String((between.address() as AddressInfo).port);
      const timer = createTimer((error) => {
        throw error;
      });
      store = await openStore({ url: url.href, keys: testKeys, clock, lanes: 2, readers: 2, timer });
    });
    afterAll(async () => {
      for (const socket of sockets) socket.destroy();
      between.close();
      await server.stop();
    });

    const fateOf = (work: Promise<unknown>): Promise<string> =>
      work.then(
        () => 'done',
        (error: unknown) => (error instanceof StoreUnavailable ? 'unavailable' : String(error)),
      );

    it.each(['silent', 'slam'] as const)(
      'that is %s fails everybody who waits, and serves when it is open again',
      async (bad) => {
        const kept = envelope(facilityId(), clock.now());
        await store.transaction((tx) => tx.insertEnvelope(kept));
        mood = bad;
        if (bad === 'slam') for (const socket of sockets) socket.destroy();
        const work = Array.from({ length: 20 }, (_, n) =>
          fateOf(n % 2 === 0 ? store.standing() : store.transaction((tx) => tx.seenBefore(kept))),
        );
        const begin = performance.now();
        expect(new Set(await Promise.all(work))).toEqual(new Set(['unavailable']));
        // Those that come meanwhile, too.
        expect(await fateOf(store.transaction((tx) => tx.seenBefore(kept)))).toBe('unavailable');
        expect(performance.now() - begin).toBeLessThan(30_000);
        mood = 'open';
        await expect.poll(() => fateOf(store.standing()), { timeout: 20_000 }).toBe('done');
        await expect
          .poll(() => fateOf(store.transaction((tx) => tx.seenBefore(kept))), { timeout: 20_000 })
          .toBe('done');
      },
    );

    it('that is silent holds no close up', async () => {
      mood = 'silent';
      const waits = fateOf(store.standing());
      await store.close();
      expect(await waits).toBe('unavailable');
    });
  },
);
