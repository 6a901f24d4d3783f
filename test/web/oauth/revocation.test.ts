/** What was given is taken back: channels, scopes, used assertions, on every process that shares the database. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addChannel, revokeChannel, setScopes } from '../../../src/gateway/channels.ts';
import { createGateway, type Gateway } from '../../../src/gateway/gateway.ts';
import { tick } from '../../../src/gateway/run-jobs.ts';
import type { Store } from '../../../src/ports/store.ts';
import { systemRandom } from '../../../src/runtime/node/clock.ts';
import { openStore } from '../../../src/store/open-store.ts';
import type { ChannelId } from '../../../src/terms/channel.ts';
import { type App, openApp } from '../../support/app.ts';
import { CITY, DATABASES, expectOk, openWorld, type TestDatabase, type TestWorld } from '../../support/gateway.ts';
import { askToken, assertion, keySet, makeKey, type SigningKey, tokenOf, useToken } from '../../support/signer.ts';
import { openSql } from '../../support/sql.ts';

describe.each(DATABASES)('on $name', (kind) => {
  let database: TestDatabase;
  let world: TestWorld;
  let key: SigningKey;
  /** Another process: connections, caches and an application of its own, and the same database. */
  let otherStore: Store;
  let otherGateway: Gateway;
  let app: App;
  let other: App;

  beforeAll(async () => {
    database = await kind.open();
    world = await openWorld(database);
    const { keys, clock, regionZone } = world.gateway;
    otherStore = await openStore({ url: database.url, keys, clock });
    otherGateway = createGateway({ store: otherStore, keys, clock, regionZone, random: systemRandom });
    [app, other] = [openApp(world.gateway), openApp(otherGateway)];
    key = await makeKey('ES384', 'k1');
  });
  afterAll(async () => {
    await otherStore.close();
    await world.close();
    await database.close();
  });

  async function addSigner(id: string): Promise<string> {
    const wanted = { id: id as ChannelId, facility: CITY, kind: 'client', test: false, jwks: keySet(key) } as const;
    expectOk(await addChannel(world.gateway, wanted));
    pass(1);
    return tokenOf(await askToken(app, await assertion(world, id, key)));
  }
  const pass = (seconds: number): void =>
    world.clock.turnTo(new Date(Date.parse(world.clock.now()) + seconds * 1000).toISOString());

  describe('a channel that is revoked', () => {
    test('is out at once where that was said and a second later everywhere, tokens that were checked before included', async () => {
      const token = await addSigner('leaver');
      expect([await useToken(app, token), await useToken(other, token)]).toEqual([200, 200]);
      expectOk(await revokeChannel(world.gateway, 'leaver' as ChannelId));
      expect(await useToken(app, token)).toBe(401);
      pass(1);
      expect(await useToken(other, token)).toBe(401);
      expect((await askToken(other, await assertion(world, 'leaver', key))).status).toBe(401);
    });
  });

  describe('scopes that are taken from a channel', () => {
    test('are gone from its tokens at once, and come back with the channel’s', async () => {
      const token = await addSigner('narrowed');
      const narrow = async (...scopes: string[]): Promise<readonly number[]> => {
        expectOk(await setScopes(world.gateway, 'narrowed' as ChannelId, scopes));
        const here = await useToken(app, token);
        pass(1);
        return [here, await useToken(other, token)];
      };
      expect([await useToken(app, token), await useToken(other, token)]).toEqual([200, 200]);
      expect(await narrow('system/Observation.rs')).toEqual([403, 403]);
      expect(await narrow('system/*.rs')).toEqual([200, 200]);
    });

    test('do not grow in a token that was given with fewer', async () => {
      await addSigner('grown');
      expectOk(await setScopes(world.gateway, 'grown' as ChannelId, ['system/Observation.rs']));
      const token = await tokenOf(await askToken(app, await assertion(world, 'grown', key)));
      expectOk(await setScopes(world.gateway, 'grown' as ChannelId, ['system/*.cruds']));
      expect(await useToken(app, token)).toBe(403);
    });
  });

  describe('an assertion', () => {
    test('that was used here is used everywhere, and of many at once one is taken', async () => {
      await addSigner('repeater');
      const text = await assertion(world, 'repeater', key);
      expect((await askToken(app, text)).status).toBe(200);
      expect((await askToken(other, text)).status).toBe(401);
      const fresh = await assertion(world, 'repeater', key);
      const answers = await Promise.all([app, other, app, other].map(async (to) => (await askToken(to, fresh)).status));
      expect(answers.filter((status) => status === 200)).toHaveLength(1);
      expect(answers.filter((status) => status === 401)).toHaveLength(3);
    });

    test('of another client may have the same jti', async () => {
      await addSigner('namesake');
      const status = async (id: string): Promise<number> =>
        (await askToken(app, await assertion(world, id, key, { claims: { jti: 'same' } }))).status;
      expect([await status('repeater'), await status('namesake'), await status('repeater')]).toEqual([200, 200, 401]);
    });

    test('is forgotten by the timer once its time alone refuses it, and not before', async () => {
      const sql = openSql(database.url);
      const count = async (): Promise<number> => Number((await sql`select count(*) as n from assertion`)[0]?.['n']);
      const text = await assertion(world, 'repeater', key);
      expect((await askToken(app, text)).status).toBe(200);
      const used = await count();
      expect(used).toBeGreaterThan(0);
      await tick(world.gateway);
      pass(240);
      await tick(world.gateway);
      expect(await count()).toBe(used);
      pass(61);
      await tick(world.gateway);
      expect(await count()).toBe(0);
      expect((await askToken(app, text)).status).toBe(401);
      await sql.end();
    });
  });
});
