/** SMART Backend Services: who signs gets a token, and no assertion that is not exactly right. */
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type CryptoKey, type JWK } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addChannel, revokeChannel, setClientKeys, setScopes } from '../../../src/gateway/configure.ts';
import { createGateway } from '../../../src/gateway/gateway.ts';
import type { Outbound } from '../../../src/ports/outbound.ts';
import { systemRandom } from '../../../src/runtime/node/clock.ts';
import type { ChannelId } from '../../../src/terms/channel.ts';
import { type App, openApp } from '../../support/app.ts';
import { CITY, DATABASES, expectOk, openWorld, type TestDatabase, type TestWorld } from '../../support/gateway.ts';
import { openSql } from '../../support/sql.ts';

const ENDPOINT = 'http://localhost/oauth/token';
const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

interface Key {
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
  readonly alg: string;
}

async function makeKey(alg: 'RS384' | 'ES384', kid: string): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { privateKey, alg, jwk: { ...(await exportJWK(publicKey)), kid } };
}

let database: TestDatabase;
let world: TestWorld;
let app: App;
let rsa: Key;
let ec: Key;
let next: Key;
let jti = 0;

beforeAll(async () => {
  database = await DATABASES[0]!.open();
  world = await openWorld(database);
  app = openApp(world.gateway);
  [rsa, ec, next] = await Promise.all([makeKey('RS384', 'r1'), makeKey('ES384', 'e1'), makeKey('ES384', 'e2')]);
  const jwks = JSON.stringify({ keys: [rsa.jwk, ec.jwk] });
  expectOk(
    await addChannel(world.gateway, { id: 'signer' as ChannelId, facility: CITY, kind: 'client', test: false, jwks }),
  );
});
afterAll(async () => {
  await world.close();
  await database.close();
});

const seconds = (): number => Math.floor(Date.parse(world.clock.now()) / 1000);

interface Said {
  readonly claims?: Record<string, unknown>;
  readonly header?: Record<string, unknown>;
  readonly key?: Key;
}

async function assertion({ claims = {}, header = {}, key = rsa }: Said = {}): Promise<string> {
  const all = { iss: 'signer', sub: 'signer', aud: ENDPOINT, exp: seconds() + 240, jti: `j${jti++}`, ...claims };
  const stated = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  return new SignJWT(stated)
    .setProtectedHeader({ alg: key.alg, kid: key.jwk.kid, ...header } as never)
    .sign(key.privateKey);
}

async function ask(text: string, form: Record<string, string> = {}, to: App = app): Promise<Response> {
  return to.request('/oauth/token', {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: TYPE,
      client_assertion: text,
      ...form,
    }),
  });
}

const tokenOf = async (response: Response): Promise<string> =>
  ((await response.json()) as { access_token: string }).access_token;
const metadataWith = async (token: string, to: App = app): Promise<number> =>
  (await to.request('/fhir/Organization', { headers: { authorization: `Bearer ${token}` } })).status;

describe('a client that signs', () => {
  test.each(['RS384', 'ES384'])('gets a token by %s, good at the FHIR door', async (alg) => {
    const response = await ask(await assertion({ key: alg === 'RS384' ? rsa : ec }));
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const body = (await response.json()) as { access_token: string; token_type: string; scope: string };
    expect(body.token_type).toBe('Bearer');
    expect(body.scope).toContain('system/*.cruds');
    expect(await metadataWith(body.access_token)).toBe(200);
  });

  test('gets no more than it asks for, and no more than its channel has', async () => {
    const narrow = await ask(await assertion(), { scope: 'system/Observation.rs system/Nothing.x user/Patient.r' });
    expect(((await narrow.json()) as { scope: string }).scope).toBe('system/Observation.rs');
    const none = await ask(await assertion(), { scope: 'user/*.cruds' });
    expect(none.status).toBe(400);
    expect(await none.json()).toMatchObject({ error: 'invalid_scope', code: 'access/no-scope' });
    expectOk(await setScopes(world.gateway, 'signer' as ChannelId, ['system/Observation.rs?category=laboratory']));
    const wide = await ask(await assertion(), { scope: 'system/*.cruds' });
    expect(((await wide.json()) as { scope: string }).scope).toBe('system/Observation.rs?category=laboratory');
    expectOk(await setScopes(world.gateway, 'signer' as ChannelId, ['system/*.cruds']));
  });

  test('may use an assertion once', async () => {
    const text = await assertion();
    expect((await ask(text)).status).toBe(200);
    expect((await ask(text)).status).toBe(401);
    const another = openApp(world.gateway);
    expect((await ask(text, {}, another)).status).toBe(401);
    const twice = await assertion();
    const answers = await Promise.all([ask(twice), ask(twice), ask(twice)]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  test.each<[string, Said]>([
    ['has expired', { claims: { exp: 1 } }],
    ['is good for too long', { claims: { exp: 4_000_000_000 } }],
    ['never expires', { claims: { exp: undefined } }],
    ['has no jti', { claims: { jti: undefined } }],
    ['has an empty jti', { claims: { jti: '' } }],
    ['is for somebody else', { claims: { aud: 'https://evil.example/token' } }],
    ['is for nobody', { claims: { aud: undefined } }],
    ['speaks for another', { claims: { sub: 'county-client' } }],
    ['comes from another', { claims: { iss: 'county-client' } }],
    ['comes from nobody known', { claims: { iss: 'nobody', sub: 'nobody' } }],
    ['is not good yet', { claims: { nbf: 4_000_000_000 } }],
    ['was made in the future', { claims: { iat: 4_000_000_000 } }],
    ['names a key that is not there', { header: { kid: "x' or '1'='1" } }],
    ['names a file as its key', { header: { kid: '../../../../dev/null' } }],
    ['names no key', { header: { kid: undefined } }],
    [
      'names where its key is',
      { header: { kid: 'other', jku: 'http://127.0.0.1:1/keys', x5u: 'http://127.0.0.1:1/cert' } },
    ],
  ])('gets none when the assertion %s', async (_, said) => {
    const response = await ask(await assertion(said));
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ error: 'invalid_client', code: 'access/bad-assertion' });
  });

  test('gets none by an algorithm that is not its own', async () => {
    const claims = { iss: 'signer', sub: 'signer', aud: ENDPOINT, exp: seconds() + 60, jti: 'alg' };
    const unsigned = new UnsecuredJWT(claims).encode();
    const confused = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS384', kid: 'r1' })
      .sign(new TextEncoder().encode(JSON.stringify(rsa.jwk)));
    const stranger = await assertion({ key: next, header: { kid: 'e1' } });
    const embedded = await assertion({ key: next, header: { kid: 'e1', jwk: next.jwk } });
    for (const text of [unsigned, confused, stranger, embedded, '', 'a.b.c', `${await assertion()}x`]) {
      expect((await ask(text)).status).toBe(401);
    }
    expect((await ask(await assertion(), { client_assertion_type: 'urn:other' })).status).toBe(401);
  });

  test('turns to another key while both are good, and from then on the old one is not', async () => {
    const keys = (...of: Key[]) => ({ jwks: JSON.stringify({ keys: of.map(({ jwk }) => jwk) }) });
    expect((await ask(await assertion({ key: next }))).status).toBe(401);
    expectOk(await setClientKeys(world.gateway, 'signer' as ChannelId, keys(ec, next)));
    expect((await ask(await assertion({ key: ec }))).status).toBe(200);
    expect((await ask(await assertion({ key: next }))).status).toBe(200);
    expectOk(await setClientKeys(world.gateway, 'signer' as ChannelId, keys(next)));
    expect((await ask(await assertion({ key: ec }))).status).toBe(401);
    expectOk(await setClientKeys(world.gateway, 'signer' as ChannelId, keys(rsa, ec)));
  });

  test('may keep its keys at an address, which is asked once for many, and soon when a key is new', async () => {
    const asked: string[] = [];
    let published = { keys: [ec.jwk] };
    const outbound: Outbound = {
      allows: () => true,
      send: ({ url }) => {
        asked.push(url);
        return Promise.resolve({
          ok: true,
          value: { status: 200, headers: {}, body: new TextEncoder().encode(JSON.stringify(published)) },
        });
      },
    };
    const gateway = createGateway({ ...world.gateway, outbound, random: systemRandom });
    const own = openApp(gateway);
    const url = 'https://client.example/jwks';
    expectOk(
      await addChannel(gateway, {
        id: 'remote' as ChannelId,
        facility: CITY,
        kind: 'client',
        test: false,
        jwksUrl: url,
      }),
    );
    const as = (key: Key): Promise<string> => assertion({ key, claims: { iss: 'remote', sub: 'remote' } });
    expect((await ask(await as(ec), {}, own)).status).toBe(200);
    expect((await ask(await as(ec), {}, own)).status).toBe(200);
    expect(asked).toEqual([url]);
    published = { keys: [next.jwk] };
    expect((await ask(await as(next), {}, own)).status).toBe(401);
    world.clock.turnTo(new Date(Date.parse(world.clock.now()) + 31_000).toISOString());
    expect((await ask(await as(next), {}, own)).status).toBe(200);
    expect((await ask(await as(ec), {}, own)).status).toBe(401);
    expect(asked).toHaveLength(2);
    expect((await ask(await as(ec))).status).toBe(401);
  });

  test('is out at once when its channel is revoked, wherever its token was checked before', async () => {
    expectOk(
      await addChannel(world.gateway, {
        id: 'leaver' as ChannelId,
        facility: CITY,
        kind: 'client',
        test: false,
        jwks: JSON.stringify({ keys: [ec.jwk] }),
      }),
    );
    const token = await tokenOf(await ask(await assertion({ key: ec, claims: { iss: 'leaver', sub: 'leaver' } })));
    // Another process: its own caches, the same database.
    const other = openApp(createGateway({ ...world.gateway, random: systemRandom }));
    expect([await metadataWith(token), await metadataWith(token, other)]).toEqual([200, 200]);
    expectOk(await revokeChannel(world.gateway, 'leaver' as ChannelId));
    world.clock.turnTo(new Date(Date.parse(world.clock.now()) + 2_000).toISOString());
    expect([await metadataWith(token), await metadataWith(token, other)]).toEqual([401, 401]);
    expect((await ask(await assertion({ key: ec, claims: { iss: 'leaver', sub: 'leaver' } }))).status).toBe(401);
  });

  test('keeps its token while the gateway turns to another token key', async () => {
    const token = await tokenOf(await ask(await assertion()));
    const { keys } = world.gateway;
    const turned = createGateway({
      ...world.gateway,
      random: systemRandom,
      keys: { ...keys, token: new Uint8Array(32).fill(9), oldTokens: [keys.token] },
    });
    const after = openApp(turned);
    expect(await metadataWith(token, after)).toBe(200);
    const fresh = await tokenOf(await ask(await assertion(), {}, after));
    expect(await metadataWith(fresh, after)).toBe(200);
    expect(await metadataWith(fresh)).toBe(401);
    const forgotten = createGateway({
      ...world.gateway,
      random: systemRandom,
      keys: { ...keys, token: new Uint8Array(32).fill(9) },
    });
    expect(await metadataWith(token, openApp(forgotten))).toBe(401);
  });

  test('leaves assertions behind that are forgotten once they have expired', async () => {
    const sql = openSql(database.url);
    const count = async (): Promise<number> => Number((await sql`select count(*) as n from assertion`)[0]?.['n']);
    expect(await count()).toBeGreaterThan(0);
    await world.store.access.forgetAssertions(
      new Date(Date.parse(world.clock.now()) + 3_600_000).toISOString() as never,
    );
    expect(await count()).toBe(0);
    await sql.end();
  });
});

describe('a client with a secret', () => {
  test('is taken at its own address only, and at this machine without one', async () => {
    const make = async (id: string, from?: string): Promise<string> =>
      expectOk(
        await addChannel(world.gateway, {
          id: id as ChannelId,
          facility: CITY,
          kind: 'client',
          test: false,
          ...(from === undefined ? {} : { from }),
        }),
      ).secret ?? '';
    const secrets = { bound: await make('bound', '10.1.2.3'), local: await make('local') };
    const from = (peer: string | undefined): App => openApp(world.gateway, { peerOf: () => peer });
    const status = async (peer: string, id: 'bound' | 'local'): Promise<number> => {
      const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: id, client_secret: secrets[id] });
      return (await from(peer).request('/oauth/token', { method: 'POST', body })).status;
    };
    expect([
      await status('10.1.2.3', 'bound'),
      await status('::ffff:10.1.2.3', 'bound'),
      await status('10.1.2.4', 'bound'),
    ]).toEqual([200, 200, 401]);
    expect([
      await status('127.0.0.1', 'local'),
      await status('::1', 'local'),
      await status('10.1.2.3', 'local'),
    ]).toEqual([200, 200, 401]);
  });

  test('has no secret any more once it signs', async () => {
    const { secret = '' } = expectOk(
      await addChannel(world.gateway, { id: 'turner' as ChannelId, facility: CITY, kind: 'client', test: false }),
    );
    const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: 'turner', client_secret: secret });
    expect((await app.request('/oauth/token', { method: 'POST', body })).status).toBe(200);
    expectOk(await setClientKeys(world.gateway, 'turner' as ChannelId, { jwks: JSON.stringify({ keys: [ec.jwk] }) }));
    expect((await app.request('/oauth/token', { method: 'POST', body })).status).toBe(401);
  });
});

describe('keys and scopes of a channel', () => {
  test.each([
    'x',
    '{}',
    '{"keys":[]}',
    '{"keys":[{"kty":"oct","k":"c2VjcmV0","kid":"a"}]}',
    '{"keys":[{"kty":"EC","crv":"P-256","x":"a","y":"b","kid":"a"}]}',
    '{"keys":[{"kty":"RSA","n":"short","e":"AQAB","kid":"a"}]}',
  ])('are refused as %s', async (jwks) => {
    const refused = await addChannel(world.gateway, { facility: CITY, kind: 'client', test: false, jwks });
    expect(refused).toMatchObject({ ok: false, refusal: { code: 'access/bad-keys' } });
  });

  test('are refused with a private part, without a name, and in a scope that is none', async () => {
    const { privateKey } = await generateKeyPair('ES384', { extractable: true });
    const whole = JSON.stringify({ keys: [{ ...(await exportJWK(privateKey)), kid: 'p' }] });
    const nameless = JSON.stringify({ keys: [{ ...ec.jwk, kid: undefined }] });
    for (const jwks of [whole, nameless]) {
      expect(await addChannel(world.gateway, { facility: CITY, kind: 'client', test: false, jwks })).toMatchObject({
        ok: false,
      });
    }
    const scoped = await setScopes(world.gateway, 'signer' as ChannelId, ['system/*.cruds', 'system/Observation.sr']);
    expect(scoped).toMatchObject({ ok: false, refusal: { code: 'access/bad-scopes', at: 'scopes[1]' } });
  });
});

describe('discovery', () => {
  test('tells where a token is had and how, at the root and below the FHIR base', async () => {
    for (const path of ['/.well-known/smart-configuration', '/fhir/.well-known/smart-configuration']) {
      const response = await app.request(path);
      expect(response.headers.get('content-type')).toContain('application/json');
      expect(await response.json()).toMatchObject({
        token_endpoint: ENDPOINT,
        token_endpoint_auth_methods_supported: expect.arrayContaining(['private_key_jwt']) as unknown,
        token_endpoint_auth_signing_alg_values_supported: ['RS384', 'ES384'],
        grant_types_supported: ['client_credentials'],
        capabilities: expect.arrayContaining(['client-confidential-asymmetric', 'permission-v2']) as unknown,
      });
    }
    expect((await app.request('/fhir/.well-known/openid-configuration')).status).toBe(404);
  });
});
