/** The token endpoint as RFC 6749 has it: how a request is formed, what errors say, and secrets, which are weak. */
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LIMITS } from '../../../src/base/limits.ts';
import { addChannel, setClientKeys } from '../../../src/gateway/channels.ts';
import type { ChannelId } from '../../../src/terms/channel.ts';
import { ADMIN, type App, openApp } from '../../support/app.ts';
import { CITY, DATABASES, expectOk, openWorld, type TestDatabase, type TestWorld } from '../../support/gateway.ts';
import { ASSERTION_TYPE, askToken, assertion, keySet, makeKey, type SigningKey } from '../../support/signer.ts';
import { openSql } from '../../support/sql.ts';

let database: TestDatabase;
let world: TestWorld;
let app: App;
let key: SigningKey;
let secret = '';

beforeAll(async () => {
  database = await DATABASES[0]!.open();
  world = await openWorld(database);
  app = openApp(world.gateway);
  key = await makeKey('ES384', 'k1');
  secret = await addClient('local');
  await addClient('signer', { jwks: keySet(key) });
});
afterAll(async () => {
  await world.close();
  await database.close();
});

async function addClient(id: string, over: object = {}): Promise<string> {
  const wanted = { id: id as ChannelId, facility: CITY, kind: 'client', test: false, ...over } as const;
  return expectOk(await addChannel(world.gateway, wanted)).secret ?? '';
}

const GRANT = 'grant_type=client_credentials';
const FORM = 'application/x-www-form-urlencoded';
const post = async (body: string, headers: Record<string, string> = {}, to: App = app): Promise<Response> =>
  to.request('/oauth/token', { method: 'POST', body, headers: { 'content-type': FORM, ...headers } });
const basic = (id: string, word: string): Record<string, string> => ({
  authorization: `Basic ${btoa(`${id}:${word}`)}`,
});

describe('a request for a token', () => {
  test('may carry id and secret in the form or as Basic, in any case of letters', async () => {
    expect((await post(`${GRANT}&client_id=local&client_secret=${secret}`)).status).toBe(200);
    expect((await post(GRANT, basic('local', secret))).status).toBe(200);
    expect((await post(`${GRANT}&client_id=local`, basic('local', secret))).status).toBe(200);
    const { authorization = '' } = basic('local', secret);
    expect((await post(GRANT, { authorization: authorization.replace('Basic', 'basic') })).status).toBe(200);
    expect((await post(GRANT, { ...basic('local', secret), 'content-type': `${FORM}; charset=UTF-8` })).status).toBe(
      200,
    );
  });

  test('is answered by a token that names its client, so that the client knows it', async () => {
    const response = await post(
      `${GRANT}&client_id=local&client_secret=${secret}&scope=system%2FPatient.rs+concord%2Fcheck`,
    );
    const { access_token, ...rest } = (await response.json()) as Record<string, string>;
    expect(rest).toEqual({
      token_type: 'Bearer',
      expires_in: LIMITS.tokenSeconds,
      scope: 'system/Patient.rs concord/check',
    });
    expect(decodeJwt(access_token ?? '')).toMatchObject({ client_id: 'local', sub: 'local' });
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  test.each<[string, () => Promise<Response>]>([
    ['without a grant', () => post('client_id=local')],
    ['with nothing in it', () => post('')],
    ['as JSON', () => post('{"grant_type":"client_credentials"}', { 'content-type': 'application/json' })],
    ['with its grant twice', () => post(`${GRANT}&${GRANT}`, basic('local', secret))],
    ['with its scope twice', () => post(`${GRANT}&scope=a&scope=b`, basic('local', secret))],
    ['with two secrets', () => post(`${GRANT}&client_id=local&client_secret=${secret}`, basic('local', secret))],
    ['with two ids', () => post(`${GRANT}&client_id=signer`, basic('local', secret))],
    [
      'that signs and has a secret',
      () => post(`${GRANT}&client_assertion=a.b.c&client_assertion_type=${ASSERTION_TYPE}`, basic('local', secret)),
    ],
  ])('%s is no request', async (_, send) => {
    const response = await send();
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: 'invalid_request', code: 'access/bad-request' });
  });

  test.each<[string, () => Promise<Response>, string]>([
    ['a wrong secret', () => post(`${GRANT}&client_id=local&client_secret=wrong`), 'access/bad-client'],
    ['no secret', () => post(`${GRANT}&client_id=local`), 'access/bad-client'],
    ['nobody’s id', () => post(`${GRANT}&client_id=nobody&client_secret=${secret}`), 'access/bad-client'],
    ['the id of a client that signs', () => post(`${GRANT}&client_id=signer&client_secret=`), 'access/bad-client'],
    ['Basic that is no base64', () => post(GRANT, { authorization: 'Basic ***' }), 'access/bad-client'],
    ['Basic with a broken escape', () => post(GRANT, basic('%E4', 'x')), 'access/bad-client'],
    ['an assertion of another type', () => post(`${GRANT}&client_assertion=a.b.c`), 'access/bad-assertion'],
  ])('with %s is nobody’s', async (_, send, code) => {
    const response = await send();
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Basic realm="concord"']);
    expect(await response.json()).toMatchObject({ error: 'invalid_client', code });
  });

  test('whose client_id is not its assertion’s issuer is nobody’s', async () => {
    const sign = (): Promise<string> => assertion(world, 'signer', key);
    expect((await askToken(app, await sign(), { client_id: 'signer' })).status).toBe(200);
    expect((await askToken(app, await sign(), { client_id: 'local' })).status).toBe(401);
  });

  test('is described in ASCII, whatever went wrong', async () => {
    const answers = await Promise.all([
      post(''),
      post('grant_type=password'),
      post(`${GRANT}&client_id=x`),
      post(`${GRANT}&scope=openid`, basic('local', secret)),
    ]);
    const errors = (await Promise.all(answers.map((answer) => answer.json()))) as {
      error: string;
      error_description: string;
    }[];
    expect(errors.map(({ error }) => error)).toEqual([
      'invalid_request',
      'unsupported_grant_type',
      'invalid_client',
      'invalid_scope',
    ]);
    for (const { error_description } of errors) expect(error_description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
  });

  test('is not answered more often than the channel may ask', async () => {
    await addClient('eager');
    const own = await addClient('busy');
    const asking = `${GRANT}&client_id=busy&client_secret=${own}`;
    // The clock of this test stands still, so that nothing refills.
    const use = `Bearer ${((await (await post(asking)).json()) as { access_token: string }).access_token}`;
    for (let count = 1; count < LIMITS.requestsBurst; count++)
      await app.request('/recognition/check', { method: 'POST', body: '', headers: { authorization: use } });
    const late = await post(asking);
    expect(late.status).toBe(429);
    expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await late.json()).toMatchObject({ code: 'access/too-many-requests' });
    expect((await post(GRANT, basic('local', secret))).status).toBe(200);
  });
});

describe('a secret', () => {
  const from = (peer: string | undefined): App => openApp(world.gateway, { peerOf: () => peer });

  test('is good at the address that its channel is bound to, and nowhere when nobody knows the address', async () => {
    const bound = await addClient('bound', { from: '10.1.2.3' });
    const at = async (peer: string | undefined): Promise<number> =>
      (await post(GRANT, basic('bound', bound), from(peer))).status;
    expect([await at('10.1.2.3'), await at('::ffff:10.1.2.3')]).toEqual([200, 200]);
    expect([await at('10.1.2.4'), await at('127.0.0.1'), await at(undefined)]).toEqual([401, 401, 401]);
  });

  test('without an address is good on this machine only', async () => {
    const at = async (peer: string | undefined): Promise<number> =>
      (await post(GRANT, basic('local', secret), from(peer))).status;
    expect([await at('127.0.0.1'), await at('::1')]).toEqual([200, 200]);
    expect([await at('10.1.2.3'), await at(undefined)]).toEqual([401, 401]);
  });

  test('ends when its client turns to signing', async () => {
    const own = await addClient('turner');
    expect((await post(GRANT, basic('turner', own))).status).toBe(200);
    expectOk(await setClientKeys(world.gateway, 'turner' as ChannelId, { jwks: keySet(key) }));
    expect((await post(GRANT, basic('turner', own))).status).toBe(401);
  });

  test('is shown as weak in the list of channels and in the audit, and an assertion is not', async () => {
    await askToken(app, await assertion(world, 'signer', key));
    await post(GRANT, basic('local', secret));
    const listed = await app.request('/admin/channels', { headers: { authorization: `Bearer ${ADMIN}` } });
    const channels = (await listed.json()) as { id: string; method: string; weak: boolean }[];
    const shown = (id: string): object => {
      const { method, weak } = channels.find((channel) => channel.id === id) ?? {};
      return { method, weak };
    };
    expect(shown('local')).toEqual({ method: 'weak secret', weak: true });
    expect(shown('signer')).toEqual({ method: 'signed', weak: false });
    expect(JSON.stringify(channels)).not.toContain('secretHash');
    const sql = openSql(database.url);
    const rows =
      await sql`select distinct actor, detail from audit_event where action = 'token' and actor in ('local', 'signer')`;
    await sql.end();
    expect(new Set(rows.map(({ actor, detail }) => `${String(actor)} ${String(detail)}`))).toEqual(
      new Set(['local /oauth/token weak secret', 'signer /oauth/token assertion']),
    );
  });
});
