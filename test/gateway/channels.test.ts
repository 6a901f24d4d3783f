/** Channels: an id is given once, a door belongs to one facility, and what is revoked stops at once. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addChannel, revokeChannel, rotateChannel } from '../../src/gateway/channels.ts';
import { channelAt, plainAddress, shareDoor } from '../../src/gateway/mllp-door.ts';
import type { Channel, ChannelId } from '../../src/terms/channel.ts';
import { ADMIN, type App, openApp } from '../support/app.ts';
import { CITY, COUNTY, DATABASES, expectOk, openWorld, type TestDatabase, type TestWorld } from '../support/gateway.ts';

let database: TestDatabase;
let world: TestWorld;
let app: App;
beforeAll(async () => {
  database = await DATABASES[0]!.open();
  world = await openWorld(database);
  app = openApp(world.gateway, { mllpPort: 2575 });
});
afterAll(async () => {
  await world.close();
  await database.close();
});

const add = (id: string, over: Partial<Channel> = {}) =>
  addChannel(
    world.gateway,
    { id: id as ChannelId, facility: COUNTY, kind: 'mllp', test: false, ...over },
    { mllpPort: 2575 },
  );
const codeOf = (outcome: Awaited<ReturnType<typeof add>>) => (outcome.ok ? 'added' : outcome.refusal.code);

async function admin(path: string, body: unknown = {}): Promise<Response> {
  const headers = { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/json' };
  return app.request(`/admin${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
}

describe('adding a channel', () => {
  test('an id is given once: neither another facility nor the same one takes it again', async () => {
    expect(codeOf(await add('once', { kind: 'client' }))).toBe('added');
    expect(codeOf(await add('once', { kind: 'client' }))).toBe('gateway/channel-exists');
    expect(codeOf(await add('once', { kind: 'client', facility: CITY }))).toBe('gateway/channel-exists');
    expect((await admin('/channels', { id: 'once', facility: CITY, kind: 'client' })).status).toBe(409);
    expect((await world.gateway.reference.current()).channels.get('once' as ChannelId)?.facility).toBe(COUNTY);
  });

  test('of two added at once under one id, one is', async () => {
    const outcomes = await Promise.all([
      add('race', { kind: 'client' }),
      add('race', { kind: 'client', facility: CITY }),
    ]);
    expect(outcomes.map(codeOf).toSorted()).toEqual(['added', 'gateway/channel-exists']);
  });

  test('one port and source address belongs to one channel', async () => {
    expect(codeOf(await add('a1', { port: 4001, from: '10.0.0.1' }))).toBe('added');
    expect(codeOf(await add('a2', { port: 4001, from: '10.0.0.1', facility: CITY }))).toBe('gateway/channel-taken');
    expect(codeOf(await add('a3', { port: 4001, from: '::ffff:10.0.0.1', facility: CITY }))).toBe(
      'gateway/channel-taken',
    );
    expect(codeOf(await add('a4', { port: 4001, from: '10.0.0.2', facility: CITY }))).toBe('added');
    expect(codeOf(await add('a5', { port: 4002, from: '10.0.0.1', facility: CITY }))).toBe('added');
  });

  test('channels without a port share the default one, stated or not', async () => {
    expect(codeOf(await add('d1'))).toBe('added');
    expect(codeOf(await add('d2', { facility: CITY }))).toBe('gateway/channel-taken');
    expect(codeOf(await add('d3', { facility: CITY, port: 2575 }))).toBe('gateway/channel-taken');
    const overHttp = await admin('/channels', { facility: CITY, kind: 'mllp', port: 2575 });
    expect(overHttp.status).toBe(409);
    expect(await overHttp.json()).toMatchObject({ code: 'gateway/channel-taken' });
  });

  test('the door of a revoked channel is free again, its id is not', async () => {
    expect(codeOf(await add('gone', { port: 4010 }))).toBe('added');
    expectOk(await revokeChannel(world.gateway, 'gone' as ChannelId));
    expect(codeOf(await add('gone', { port: 4010 }))).toBe('gateway/channel-exists');
    expect(codeOf(await add('heir', { port: 4010, facility: CITY }))).toBe('added');
  });
});

describe('a client', () => {
  const tokenBy = (id: string, secret: string) =>
    app.request('/oauth/token', {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'client_credentials', client_id: id, client_secret: secret }),
    });

  test('gets a new secret by rotation, keeps its facility, and the old secret opens nothing', async () => {
    const first = expectOk(await add('turning', { kind: 'client' })).secret ?? '';
    const second = expectOk(await rotateChannel(world.gateway, 'turning' as ChannelId)).secret;
    expect(second).not.toBe(first);
    expect((await tokenBy('turning', first)).status).toBe(401);
    expect((await tokenBy('turning', second)).status).toBe(200);
    expect((await world.gateway.reference.current()).channels.get('turning' as ChannelId)?.facility).toBe(COUNTY);
  });

  test('is shut out at once when it is revoked, with the token that it holds and with its secret', async () => {
    const secret = expectOk(await add('leaving', { kind: 'client' })).secret ?? '';
    const { access_token: token } = (await (await tokenBy('leaving', secret)).json()) as { access_token: string };
    const headers = { authorization: `Bearer ${token}` };
    const open = await app.request('/intake?dry-run=1', { method: 'POST', headers, body: 'no message' });
    expect(open.status).toBe(400);
    expect((await admin('/channels/leaving/revoke')).status).toBe(200);
    const shut = await app.request('/intake?dry-run=1', { method: 'POST', headers, body: 'no message' });
    expect(shut.status).toBe(401);
    expect((await tokenBy('leaving', secret)).status).toBe(401);
    expect(await (await admin('/tokens', { channel: 'leaving' })).json()).toMatchObject({
      code: 'gateway/channel-revoked',
    });
    expect(await (await admin('/channels/leaving/rotate')).json()).toMatchObject({ code: 'gateway/channel-revoked' });
  });

  test('is the only kind that has secrets and tokens', async () => {
    expectOk(await add('listener', { port: 4020 }));
    expect(await (await admin('/channels/listener/rotate')).json()).toMatchObject({ code: 'gateway/channel-kind' });
    expect(await (await admin('/tokens', { channel: 'listener' })).json()).toMatchObject({
      code: 'gateway/channel-kind',
    });
    expect((await admin('/channels/nobody/revoke')).status).toBe(404);
  });

  test('files are not taken over a folder channel that was revoked', async () => {
    const send = () =>
      app.request(`/admin/ingest?facility=${CITY}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${ADMIN}` },
        body: '',
      });
    expect((await send()).status).toBe(200);
    expectOk(await revokeChannel(world.gateway, `${CITY}-folder` as ChannelId));
    expect((await send()).status).toBe(409);
  });
});

describe('the channel of a door', () => {
  const mllp = (id: string, over: object = {}) => ({ id, kind: 'mllp' as const, revokedAt: null, ...over });
  const at = (channels: readonly ReturnType<typeof mllp>[], port: number, from: string) =>
    channelAt(channels, { port, from }, 2575)?.id;

  test('is told by port and address; without an address it hears loopback only', () => {
    const channels = [mllp('near', { port: 1 }), mllp('far', { port: 1, from: '10.0.0.1' }), mllp('usual')];
    expect(at(channels, 1, '127.0.0.1')).toBe('near');
    expect(at(channels, 1, '::1')).toBe('near');
    expect(at(channels, 1, '::ffff:10.0.0.1')).toBe('far');
    expect(at(channels, 1, '10.0.0.2')).toBeUndefined();
    expect(at(channels, 2575, '127.0.0.1')).toBe('usual');
    expect(at(channels, 2, '127.0.0.1')).toBeUndefined();
  });

  test('is nobody when two fit, as an older database may hold them', () => {
    expect(at([mllp('one', { port: 1 }), mllp('other', { port: 1 })], 1, '127.0.0.1')).toBeUndefined();
    expect(at([mllp('one'), mllp('other', { port: 2575, from: '127.0.0.1' })], 2575, '127.0.0.1')).toBeUndefined();
    expect(at([mllp('one', { revokedAt: 'then' }), mllp('other')], 2575, '127.0.0.1')).toBe('other');
  });

  test('two share a door whenever one address fits both', () => {
    expect(shareDoor(mllp('one'), mllp('other', { from: '127.0.0.1' }), 2575)).toBe(true);
    expect(shareDoor(mllp('one', { from: '::1' }), mllp('other'), 2575)).toBe(true);
    expect(shareDoor(mllp('one', { from: '10.0.0.1' }), mllp('other'), 2575)).toBe(false);
    expect(shareDoor({ ...mllp('one'), kind: 'client' }, mllp('other'), 2575)).toBe(false);
  });

  test('addresses are compared as sockets write them', () => {
    expect(plainAddress('::FFFF:10.1.2.3')).toBe('10.1.2.3');
    expect(plainAddress('2001:DB8:0:0:0:0:0:1')).toBe('2001:db8::1');
  });
});
