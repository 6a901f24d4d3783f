/** SMART Backend Services: who signs gets a token, and no assertion that is not exactly right. */
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addChannel, rotateChannel, setClientKeys, setScopes } from '../../../src/gateway/channels.ts';
import { isScope } from '../../../src/access/scopes.ts';
import { createGateway } from '../../../src/gateway/gateway.ts';
import { systemRandom } from '../../../src/runtime/node/clock.ts';
import type { ChannelId } from '../../../src/terms/channel.ts';
import { type App, openApp } from '../../support/app.ts';
import { CITY, DATABASES, expectOk, openWorld, type TestDatabase, type TestWorld } from '../../support/gateway.ts';
import {
  askToken,
  assertion,
  ENDPOINT,
  keySet,
  makeKey,
  type Said,
  type SigningKey,
  tokenOf,
  useToken,
} from '../../support/signer.ts';

let database: TestDatabase;
let world: TestWorld;
let app: App;
let rsa: SigningKey;
let ec: SigningKey;
let next: SigningKey;

beforeAll(async () => {
  database = await DATABASES[0]!.open();
  world = await openWorld(database);
  app = openApp(world.gateway);
  [rsa, ec, next] = await Promise.all([makeKey('RS384', 'r1'), makeKey('ES384', 'e1'), makeKey('ES384', 'e2')]);
  const jwks = keySet(rsa, ec);
  expectOk(
    await addChannel(world.gateway, { id: 'signer' as ChannelId, facility: CITY, kind: 'client', test: false, jwks }),
  );
});
afterAll(async () => {
  await world.close();
  await database.close();
});

const sign = (said: Said & { readonly key?: SigningKey } = {}): Promise<string> =>
  assertion(world, 'signer', said.key ?? rsa, said);
const ask = (text: string, form: Record<string, string> = {}, to: App = app): Promise<Response> =>
  askToken(to, text, form);

describe('a client that signs', () => {
  test.each(['RS384', 'ES384'])('gets a token by %s, good at the FHIR door', async (alg) => {
    const response = await ask(await sign({ key: alg === 'RS384' ? rsa : ec }));
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const body = (await response.json()) as { access_token: string; token_type: string; scope: string };
    expect(body.token_type).toBe('Bearer');
    expect(body.scope).toContain('system/*.cruds');
    expect(await useToken(app, body.access_token)).toBe(200);
  });

  test('gets no more than it asks for, and no more than its channel has', async () => {
    const narrow = await ask(await sign(), { scope: 'system/Observation.rs system/Nothing.x user/Patient.r' });
    expect(((await narrow.json()) as { scope: string }).scope).toBe('system/Observation.rs');
    const none = await ask(await sign(), { scope: 'user/*.cruds' });
    expect(none.status).toBe(400);
    expect(await none.json()).toMatchObject({ error: 'invalid_scope', code: 'access/no-scope' });
    expectOk(await setScopes(world.gateway, 'signer' as ChannelId, ['system/Observation.rs?category=laboratory']));
    const wide = await ask(await sign(), { scope: 'system/*.cruds' });
    expect(((await wide.json()) as { scope: string }).scope).toBe('system/Observation.rs?category=laboratory');
    expectOk(await setScopes(world.gateway, 'signer' as ChannelId, ['system/*.cruds']));
  });

  test('may use an assertion once', async () => {
    const text = await sign();
    expect((await ask(text)).status).toBe(200);
    expect((await ask(text)).status).toBe(401);
    const another = openApp(world.gateway);
    expect((await ask(text, {}, another)).status).toBe(401);
    const twice = await sign();
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
    ['names a key by a number', { header: { kid: 1 } }],
    ['wants an extension understood', { header: { crit: ['x'], x: 1 } }],
    ['has a jti of a book’s length', { claims: { jti: 'j'.repeat(201) } }],
    ['has a jti that is no text', { claims: { jti: 7 } }],
    ['expires at no time', { claims: { exp: 'soon' } }],
    ['is for the gateway, not its token endpoint', { claims: { aud: 'http://localhost' } }],
    [
      'names where its key is',
      { header: { kid: 'other', jku: 'http://127.0.0.1:1/keys', x5u: 'http://127.0.0.1:1/cert' } },
    ],
  ])('gets none when the assertion %s', async (_, said) => {
    const response = await ask(await sign(said));
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ error: 'invalid_client', code: 'access/bad-assertion' });
  });

  test('gets none by an algorithm that is not its own', async () => {
    const exp = Math.floor(Date.parse(world.clock.now()) / 1000) + 60;
    const claims = { iss: 'signer', sub: 'signer', aud: ENDPOINT, exp, jti: 'alg' };
    const unsigned = new UnsecuredJWT(claims).encode();
    const confused = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS384', kid: 'r1' })
      .sign(new TextEncoder().encode(JSON.stringify(rsa.jwk)));
    const stranger = await sign({ key: next, header: { kid: 'e1' } });
    const embedded = await sign({ key: next, header: { kid: 'e1', jwk: next.jwk } });
    for (const text of [unsigned, confused, stranger, embedded, '', 'a.b.c', `${await sign()}x`]) {
      expect((await ask(text)).status).toBe(401);
    }
    expect((await ask(await sign(), { client_assertion_type: 'urn:other' })).status).toBe(401);
  });

  test('turns to another key while both are good, and from then on the old one is not', async () => {
    const keys = (...of: SigningKey[]) => ({ jwks: keySet(...of) });
    expect((await ask(await sign({ key: next }))).status).toBe(401);
    expectOk(await setClientKeys(world.gateway, 'signer' as ChannelId, keys(ec, next)));
    expect((await ask(await sign({ key: ec }))).status).toBe(200);
    expect((await ask(await sign({ key: next }))).status).toBe(200);
    expectOk(await setClientKeys(world.gateway, 'signer' as ChannelId, keys(next)));
    expect((await ask(await sign({ key: ec }))).status).toBe(401);
    expectOk(await setClientKeys(world.gateway, 'signer' as ChannelId, keys(rsa, ec)));
  });

  test('keeps its token while the gateway turns to another token key', async () => {
    const token = await tokenOf(await ask(await sign()));
    const { keys } = world.gateway;
    const turned = createGateway({
      ...world.gateway,
      random: systemRandom,
      keys: { ...keys, token: new Uint8Array(32).fill(9), oldTokens: [keys.token] },
    });
    const after = openApp(turned);
    expect(await useToken(after, token)).toBe(200);
    const fresh = await tokenOf(await ask(await sign(), {}, after));
    expect(await useToken(after, fresh)).toBe(200);
    expect(await useToken(app, fresh)).toBe(401);
    const forgotten = createGateway({
      ...world.gateway,
      random: systemRandom,
      keys: { ...keys, token: new Uint8Array(32).fill(9) },
    });
    expect(await useToken(openApp(forgotten), token)).toBe(401);
  });
});

describe('keys and scopes of a channel', () => {
  const refusalOf = async (over: object): Promise<object> => {
    const added = await addChannel(world.gateway, { facility: CITY, kind: 'client', test: false, ...over });
    return added.ok ? {} : { code: added.refusal.code, at: added.refusal.at };
  };

  test('are one set of keys or one address, and a client’s alone', async () => {
    const jwks = keySet(ec);
    const url = 'https://client.example/jwks';
    expect(await refusalOf({ jwks, jwksUrl: url })).toEqual({ code: 'access/bad-keys', at: 'jwks' });
    expect(await setClientKeys(world.gateway, 'signer' as ChannelId, {})).toMatchObject({
      ok: false,
      refusal: { code: 'access/bad-keys' },
    });
    expect(await refusalOf({ kind: 'mllp', jwks })).toMatchObject({ code: 'gateway/channel-kind' });
    expect(await refusalOf({ kind: 'folder', scopes: ['concord/intake'] })).toMatchObject({
      code: 'gateway/channel-kind',
    });
    expect(await refusalOf({ jwks: keySet(ec, ec) })).toEqual({ code: 'access/bad-keys', at: 'jwks.keys[1]' });
    const twin = { ...rsa, jwk: { ...rsa.jwk, kid: 'e1' } };
    expect(await refusalOf({ jwks: keySet(ec, twin) })).toEqual({});
  });

  test.each([
    'http://client.example/jwks',
    'https://169.254.169.254/jwks',
    'http://127.0.0.1:9/jwks',
    'file:///etc/passwd',
    'client.example',
  ])('are not read from %s, which nobody allowed', async (jwksUrl) => {
    expect(await refusalOf({ jwksUrl })).toEqual({ code: 'access/keys-address', at: 'jwksUrl' });
  });

  test('leave no way back to a secret', async () => {
    expect(await rotateChannel(world.gateway, 'signer' as ChannelId)).toMatchObject({
      ok: false,
      refusal: { code: 'gateway/channel-signs' },
    });
  });

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
    for (const path of ['/.well-known/openid-configuration', '/fhir/.well-known/openid-configuration']) {
      const absent = await app.request(path);
      expect([absent.status, absent.headers.get('content-type')]).toEqual([
        404,
        'application/problem+json; charset=utf-8',
      ]);
    }
  });

  test('promises nothing that is not there', async () => {
    const said = (await (await app.request('/.well-known/smart-configuration')).json()) as Record<string, unknown>;
    for (const absent of [
      'jwks_uri',
      'authorization_endpoint',
      'registration_endpoint',
      'revocation_endpoint',
      'introspection_endpoint',
    ])
      expect(said).not.toHaveProperty(absent);
    expect(said).toMatchObject({ code_challenge_methods_supported: ['S256'], issuer: 'http://localhost' });
    for (const scope of said['scopes_supported'] as string[]) expect(isScope(scope)).toBe(true);
  });
});
