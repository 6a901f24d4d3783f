/** A channel's token opens no route of the administrator's, whatever it carries; each route is asked (OWASP API5). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signToken } from '../../src/access/access-token.ts';
import type { ChannelId } from '../../src/terms/channel.ts';
import { ADMIN, type App, openApp } from '../support/app.ts';
import { DATABASES, openWorld, type TestDatabase, type TestWorld } from '../support/gateway.ts';

let database: TestDatabase;
let world: TestWorld;
let app: App;

beforeAll(async () => {
  database = await DATABASES[0]!.open();
  world = await openWorld(database);
  app = openApp(world.gateway);
});
afterAll(async () => {
  await world.close();
  await database.close();
});

const EVERYTHING = [
  'concord/intake',
  'concord/check',
  'concord/reply',
  'concord/admin',
  'system/*.cruds',
  'admin',
  '*',
];

const routes = (): readonly (readonly [method: string, path: string])[] =>
  app.routes
    .filter(({ path, method }) => path.startsWith('/admin/') && method !== 'ALL')
    .map(({ path, method }) => [method, path.replaceAll(/:\w+/g, 'city-client')] as const);

async function knock(bearer: string | undefined): Promise<readonly string[]> {
  const answers: string[] = [];
  // Its own count of refusals: there are more routes than are audited one by one.
  const door = openApp(world.gateway);
  for (const [method, path] of routes()) {
    const response = await door.request(path, {
      method,
      ...(method === 'GET' ? {} : { body: '{}' }),
      headers: bearer === undefined ? {} : { authorization: bearer },
    });
    answers.push(`${response.status} ${((await response.json()) as { code: string }).code}`);
  }
  return [...new Set(answers)];
}

describe('the administrator’s routes', () => {
  test('are more than a few, and keys, mapping, replay and tokens are among them', () => {
    const paths = routes().map(([, path]) => path);
    for (const path of [
      '/admin/channels/city-client/keys',
      '/admin/codes',
      '/admin/replay',
      '/admin/tokens',
      '/admin/catalogue',
    ])
      expect(paths).toContain(path);
  });

  test('are closed to a good token of a channel, and to whoever has none', async () => {
    const before = await world.store.reference.version();
    const token = await signToken(world.gateway.keys.token, {
      channel: 'city-client' as ChannelId,
      scopes: EVERYTHING,
      now: world.clock.now(),
      seconds: 60,
      id: 'x',
    });
    expect(await knock(`Bearer ${token}`)).toEqual(['403 access/administrator-only']);
    expect(await knock(undefined)).toEqual(['401 access/no-token']);
    expect(await knock(`Basic ${btoa(`administrator:${ADMIN}`)}`)).toEqual(['401 access/no-token']);
    expect(await world.store.reference.version()).toBe(before);
  });

  test('and no administrator’s token is a channel’s', async () => {
    for (const [method, path] of [
      ['POST', '/intake'],
      ['POST', '/recognition/check'],
      ['GET', '/fhir/Organization'],
    ] as const) {
      const response = await app.request(path, { method, headers: { authorization: `Bearer ${ADMIN}` } });
      expect(response.status).toBe(401);
    }
  });
});
