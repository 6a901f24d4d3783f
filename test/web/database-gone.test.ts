/** The database goes away under a running gateway: 503 with Retry-After, no acknowledgement, and it comes back by itself. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signToken } from '../../src/access/access-token.ts';
import type { ChannelId } from '../../src/terms/channel.ts';
import { openApp } from '../support/app.ts';
import { COUNTY, openWorld, type TestWorld } from '../support/gateway.ts';
import { oru } from '../support/messages.ts';
import { startPostgres, type TestPostgres } from '../support/postgres.ts';
import { noPostgresOfOurs } from '../support/required.ts';

const missing = noPostgresOfOurs();

describe.skipIf(missing !== undefined)(
  `a database that goes away${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  () => {
    let server: TestPostgres;
    let world: TestWorld;
    beforeAll(async () => {
      server = await startPostgres({ durable: true });
      world = await openWorld({ name: 'PostgreSQL', url: server.url, close: () => server.stop() });
    });
    afterAll(async () => {
      await world.close();
      await server.stop();
    });

    test('is told as 503 while it is gone, and 200 without a restart once it is back', async () => {
      const app = openApp(world.gateway);
      const token = await signToken(world.gateway.keys.token, {
        channel: `${COUNTY}-client` as ChannelId,
        scopes: ['concord/intake'],
        now: world.clock.now(),
        seconds: 3600,
        id: 'g',
      });
      const send = async (controlId: string): Promise<Response> =>
        app.request('/intake', {
          method: 'POST',
          headers: { authorization: `Bearer ${token}` },
          body: oru({ controlId }),
        });
      expect((await send('G1')).status).toBe(200);
      await server.kill();
      // Sessions of a killed server may finish what they hold before they see that it is gone.
      let gone = await send('G2');
      await expect.poll(async () => (gone = await send('G3')).status, { timeout: 10_000, interval: 20 }).toBe(503);
      expect(Number(gone.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(((await gone.json()) as { code: string }).code).toBe('gateway/database-gone');
      expect(await (await app.request('/readyz')).json()).toMatchObject({
        reasons: [{ code: 'gateway/database-gone' }],
      });
      expect((await app.request('/healthz')).status).toBe(200);
      await server.start();
      await expect.poll(async () => (await send('G4')).status, { timeout: 20_000, interval: 200 }).toBe(200);
    });
  },
);
