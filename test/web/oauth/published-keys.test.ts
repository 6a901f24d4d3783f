/** Keys that a client publishes at its address: read sparingly, good for five minutes, and never one that went away. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addChannel } from '../../../src/gateway/channels.ts';
import { createGateway } from '../../../src/gateway/gateway.ts';
import type { Outbound } from '../../../src/ports/outbound.ts';
import type { ChannelId } from '../../../src/terms/channel.ts';
import { type App, openApp } from '../../support/app.ts';
import { CITY, DATABASES, expectOk, openWorld, type TestDatabase, type TestWorld } from '../../support/gateway.ts';
import { askToken, assertion, keySet, makeKey, type SigningKey } from '../../support/signer.ts';

const ADDRESS = 'https://client.example/jwks';

let database: TestDatabase;
let world: TestWorld;
let app: App;
let first: SigningKey;
let second: SigningKey;
/** What stands at the address: a body, or a status without one. */
let published: string | number;
const asked: string[] = [];
const faults: string[] = [];

const outbound: Outbound = {
  allows: () => true,
  send: async ({ url }) => {
    asked.push(url);
    await Promise.resolve();
    const [status, text] = typeof published === 'number' ? [published, ''] : [200, published];
    return { ok: true, value: { status, headers: {}, body: new TextEncoder().encode(text) } };
  },
};

beforeAll(async () => {
  database = await DATABASES[0]!.open();
  world = await openWorld(database);
  [first, second] = await Promise.all([makeKey('ES384', 'k1'), makeKey('ES384', 'k2')]);
  const channel = { id: 'remote' as ChannelId, facility: CITY, kind: 'client', test: false, jwksUrl: ADDRESS } as const;
  expectOk(await addChannel(createGateway({ ...world.gateway, outbound }), channel));
  world.gateway.reference.refresh();
});
afterAll(async () => {
  await world.close();
  await database.close();
});
beforeEach(() => {
  // A gateway that has read nothing yet.
  app = openApp(createGateway({ ...world.gateway, outbound, onFault: ({ code }) => void faults.push(code) }));
  asked.length = 0;
  faults.length = 0;
  published = keySet(first);
});

const statusWith = async (key: SigningKey, header = {}): Promise<number> =>
  (await askToken(app, await assertion(world, 'remote', key, { header }))).status;
const pass = (seconds: number): void =>
  world.clock.turnTo(new Date(Date.parse(world.clock.now()) + seconds * 1000).toISOString());

describe('published keys', () => {
  test('are read once for many assertions, also when these come at once', async () => {
    const together = await Promise.all([statusWith(first), statusWith(first), statusWith(first)]);
    expect(together).toEqual([200, 200, 200]);
    pass(299);
    expect(await statusWith(first)).toBe(200);
    expect(asked).toEqual([ADDRESS]);
  });

  test('are read again for a key that is new, and not more than twice a minute', async () => {
    expect(await statusWith(first)).toBe(200);
    published = keySet(first, second);
    expect(await statusWith(second)).toBe(401);
    for (let guess = 0; guess < 5; guess++) expect(await statusWith(second, { kid: `guess${guess}` })).toBe(401);
    expect(asked).toHaveLength(1);
    pass(30);
    expect([await statusWith(second), await statusWith(first)]).toEqual([200, 200]);
    expect(asked).toHaveLength(2);
  });

  test('are good no longer than five minutes after they were taken away', async () => {
    expect(await statusWith(first)).toBe(200);
    published = keySet(second);
    pass(300);
    expect([await statusWith(first), await statusWith(second)]).toEqual([401, 200]);
  });

  test('stay good for their five minutes when their address falters, and not a second more', async () => {
    expect(await statusWith(first)).toBe(200);
    published = 503;
    pass(31);
    // A stranger's guess sends us there, and must not cost the client its keys.
    expect(await statusWith(second)).toBe(401);
    expect(asked).toHaveLength(2);
    expect(await statusWith(first)).toBe(200);
    expect(faults).toEqual(['gateway/client-keys-unread']);
    pass(269);
    expect(await statusWith(first)).toBe(401);
    published = keySet(first);
    expect(await statusWith(first)).toBe(401);
    pass(30);
    expect(await statusWith(first)).toBe(200);
  });

  test('may stand beside keys of other uses and kinds, and none of those signs', async () => {
    const others = [
      { kty: 'OKP', crv: 'Ed25519', x: 'AAAA', kid: 'ed' },
      { ...second.jwk, use: 'enc' },
      { kty: 'oct', k: 'c2VjcmV0', kid: 'oct' },
      null,
      'text',
    ];
    published = JSON.stringify({ keys: [...others, first.jwk] });
    expect([await statusWith(first), await statusWith(second)]).toEqual([200, 401]);
  });

  test.each<[string, string | number]>([
    ['nothing', 404],
    ['no JSON', '<html>'],
    ['null', 'null'],
    ['no keys', '{}'],
    ['an empty set', '{"keys":[]}'],
  ])('are nobody’s when %s stands at the address', async (_, what) => {
    published = what;
    expect(await statusWith(first)).toBe(401);
  });

  test('are not read at all while no host outside is allowed', async () => {
    app = openApp(world.gateway);
    expect(await statusWith(first)).toBe(401);
    const closed = await world.gateway.outbound.send({ method: 'GET', url: ADDRESS, bytesMax: 1, timeoutMs: 1 });
    expect(closed).toMatchObject({ ok: false, refusal: { code: 'gateway/no-outbound' } });
    expect(asked).toEqual([]);
  });

  test('are read nowhere else, whatever an assertion names', async () => {
    for (const name of ['jku', 'x5u']) await statusWith(second, { kid: 'k1', [name]: 'https://evil.example/keys' });
    expect(await statusWith(second, { kid: 'k1', jwk: second.jwk, x5c: ['MIIB'] })).toBe(401);
    expect(asked).toEqual([ADDRESS]);
  });
});
