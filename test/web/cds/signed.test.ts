/** CDS Hooks clients that sign their calls: right ones are let in once, and every bent one gets the same answer. */
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRateLimiter } from '../../../src/access/rate-limit.ts';
import { addChannel, revokeChannel, setIssuer, setScopes } from '../../../src/gateway/channels.ts';
import { createGateway } from '../../../src/gateway/gateway.ts';
import { systemRandom } from '../../../src/runtime/node/clock.ts';
import { openStore } from '../../../src/store/open-store.ts';
import type { ChannelId } from '../../../src/terms/channel.ts';
import { ADMIN, openApp } from '../../support/app.ts';
import {
  CITY,
  COUNTY,
  DATABASES,
  expectOk,
  openWorld,
  type TestDatabase,
  type TestWorld,
} from '../../support/gateway.ts';
import { ELECTROLYTES, oru, residentNumber, ZHANG } from '../../support/messages.ts';
import { assertion, keySet, makeKey, type Said, type SigningKey } from '../../support/signer.ts';
import { openSql } from '../../support/sql.ts';
import { tokenFor } from '../../support/token.ts';

const NATIONAL = 'urn:oid:2.16.156.10011.1.3';
const ISSUER = 'https://his.city.example/cds';
const SERVICES = 'http://localhost/cds-services';
const SELECT = `${SERVICES}/concord-order-select`;

describe('a signed call', () => {
  let database: TestDatabase;
  let world: TestWorld;
  let app: ReturnType<typeof openApp>;
  let key: SigningKey;
  let stranger: SigningKey;
  beforeAll(async () => {
    database = await DATABASES[0]!.open();
    world = await openWorld(database);
    app = openApp(world.gateway);
    [key, stranger] = [await makeKey('ES384', 'k1'), await makeKey('ES384', 'k1')];
    const client = { facility: CITY, kind: 'client', test: false, jwks: keySet(key), issuer: ISSUER } as const;
    expectOk(await addChannel(world.gateway, { id: 'city-cds' as ChannelId, ...client }));
    await world.send(
      COUNTY,
      oru({
        controlId: 'R1',
        collected: '20260301080000',
        reported: '20260301090000',
        results: ELECTROLYTES,
        specimen: '血清',
      }),
    );
  });
  afterAll(async () => {
    await world.close();
    await database.close();
  });

  const signed = (said: Said = {}, by = key): Promise<string> => {
    const iat = Math.floor(Date.parse(world.clock.now()) / 1000);
    return assertion(world, ISSUER, by, { ...said, claims: { sub: undefined, aud: SELECT, iat, ...said.claims } });
  };
  const call = (token: string, path = '/cds-services/concord-order-select', body: object = hook()) =>
    app.request(path, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const audited = async (outcome: string) => {
    const sql = openSql(database.url);
    const rows = await sql`select detail from audit_event where outcome = ${outcome}`;
    await sql.end();
    return rows.map((row) => String(row['detail']));
  };
  const patient = {
    resourceType: 'Patient',
    identifier: [{ value: 'C1' }, { system: NATIONAL, value: ZHANG.national }],
    name: [{ text: ZHANG.name }],
    birthDate: '1970-03-05',
    gender: 'male',
  };
  const hook = () => ({
    hook: 'order-select',
    hookInstance: 'x',
    context: {
      userId: 'Practitioner/1',
      patientId: 'p',
      encounterId: 'E1',
      selections: ['ServiceRequest/d'],
      draftOrders: {
        resourceType: 'Bundle',
        entry: [{ resource: { resourceType: 'ServiceRequest', id: 'd', code: { coding: [{ code: 'DJZ' }] } } }],
      },
    },
    prefetch: { patient },
  });

  test('is let in, for its own address or for the services, and acts as its channel', async () => {
    const first = await call(await signed());
    expect([first.status, ((await first.json()) as { cards: object[] }).cards.length]).toEqual([200, 1]);
    expect((await call(await signed({ claims: { aud: SERVICES } }))).status).toBe(200);
    const discovery = await app.request('/cds-services', {
      headers: { authorization: `Bearer ${await signed({ claims: { aud: SERVICES } })}` },
    });
    expect(discovery.status).toBe(200);
    expect((await app.request('/cds-services')).status).toBe(200);
  });

  test('may do what its channel may, as often as its channel may, and a refused one is audited', async () => {
    expectOk(await setScopes(world.gateway, 'city-cds' as ChannelId, ['concord/reply']));
    const refused = await call(await signed());
    expect([refused.status, await refused.json()]).toMatchObject([403, { code: 'access/scope' }]);
    expectOk(await setScopes(world.gateway, 'city-cds' as ChannelId, ['concord/check']));
    const narrow = openApp(world.gateway, { limiter: createRateLimiter({ perSecond: 1, burst: 1 }) });
    const knock = async () => {
      const headers = { authorization: `Bearer ${await signed({ claims: { aud: SERVICES } })}` };
      return (await narrow.request('/cds-services', { headers })).status;
    };
    expect([await knock(), await knock()]).toEqual([200, 429]);
    expect(await audited('denied')).toContain('access/scope /cds-services/concord-order-select');
  });

  test('is good once', async () => {
    const token = await signed();
    expect((await call(token)).status).toBe(200);
    const again = await call(token);
    expect([again.status, await again.json()]).toMatchObject([401, { code: 'access/bad-assertion' }]);
    expect(await audited('denied')).toContain('access/bad-assertion /cds-services/concord-order-select');
  });

  test('is good once of many at the same moment, at two gateways over one database', async () => {
    const { gateway, clock } = world;
    const store = await openStore({ url: database.url, keys: gateway.keys, clock });
    const other = openApp(createGateway({ ...gateway, store, random: systemRandom }));
    const headers = { authorization: `Bearer ${await signed({ claims: { aud: SERVICES } })}` };
    const statuses = await Promise.all(
      [app, other, app, other, app, other].map(
        async (door) => (await door.request('/cds-services', { headers })).status,
      ),
    );
    await store.close();
    expect(statuses.toSorted((left, right) => left - right)).toEqual([200, 401, 401, 401, 401, 401]);
  });

  test('that is bent is refused, whatever is wrong with it', async () => {
    const now = Math.floor(Date.parse(world.clock.now()) / 1000);
    const bent: readonly [string, Promise<string>][] = [
      ['another issuer', signed({ claims: { iss: 'https://other.example' } })],
      ['another address', signed({ claims: { aud: 'http://localhost/cds-services/other' } })],
      ['the token endpoint', signed({ claims: { aud: 'http://localhost/oauth/token' } })],
      ['no jti', signed({ claims: { jti: undefined } })],
      ['no iat', signed({ claims: { iat: undefined } })],
      ['made later', signed({ claims: { iat: now + 600 } })],
      ['expired', signed({ claims: { exp: now - 60 } })],
      ['too long', signed({ claims: { exp: now + 3600 } })],
      ['another key', signed({}, stranger)],
      ['a key of its own', signed({ header: { jwk: stranger.jwk } }, stranger)],
      ['keys from elsewhere', signed({ header: { jku: 'https://evil.example/jwks' } }, stranger)],
      ['an unknown key', signed({ header: { kid: 'k9' } })],
    ];
    for (const [name, token] of bent) {
      const refused = await call(await token);
      expect([name, refused.status, ((await refused.json()) as { code: string }).code]).toEqual([
        name,
        401,
        'access/bad-assertion',
      ]);
    }
    const claims = { iss: ISSUER, aud: SELECT, iat: now, exp: now + 60, jti: 'hmac' };
    const byItsPublicKey = (alg: string) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg, kid: 'k1' })
        .sign(new TextEncoder().encode(JSON.stringify(key.jwk)));
    const unsigned = `${btoa('{"alg":"none","kid":"k1"}')}.${btoa(JSON.stringify({ iss: ISSUER }))}.`.replaceAll(
      '=',
      '',
    );
    for (const token of [unsigned, await byItsPublicKey('HS256'), await byItsPublicKey('HS384')]) {
      const refused = await call(token);
      expect([refused.status, await refused.json()]).toMatchObject([401, { code: 'access/bad-assertion' }]);
      const headers = { authorization: `Bearer ${token}` };
      expect((await app.request('/cds-services', { headers })).status).toBe(401);
    }
    const discovery = await app.request('/cds-services', {
      headers: { authorization: `Bearer ${await signed({}, stranger)}` },
    });
    expect(discovery.status).toBe(401);
  });

  test('opens no other door', async () => {
    const token = await signed({ claims: { aud: 'http://localhost/recognition/check' } });
    expect((await call(token, '/recognition/check', {})).status).toBe(401);
  });

  test('discovery takes our own tokens, whatever they carry, and refuses what is none', async () => {
    const discover = async (token: string) => {
      const answered = await app.request('/cds-services', { headers: { authorization: `Bearer ${token}` } });
      return [answered.status, ((await answered.json()) as { code?: string }).code];
    };
    expect(await discover(await tokenFor(world.gateway, CITY, ['concord/intake']))).toEqual([200, undefined]);
    expect(await discover(`${await tokenFor(world.gateway, CITY)}x`)).toEqual([401, 'access/bad-token']);
    expect(await discover('nonsense')).toEqual([401, 'access/bad-token']);
  });

  test('an issuer speaks for one channel, and only for one that signs', async () => {
    const client = { facility: COUNTY, kind: 'client', test: false, issuer: ISSUER } as const;
    const unsigned = await addChannel(world.gateway, { id: 'county-cds' as ChannelId, ...client });
    expect(unsigned).toMatchObject({ refusal: { code: 'gateway/channel-kind', at: 'issuer' } });
    const second = await addChannel(world.gateway, {
      id: 'county-cds' as ChannelId,
      ...client,
      jwks: keySet(stranger),
    });
    expect(second).toMatchObject({ refusal: { code: 'gateway/issuer-taken', at: 'issuer' } });
  });

  test('an opened record tells how much there is elsewhere, makes no offer and nobody', async () => {
    const before = await world.store.read.counts();
    const open = async (who: object) => {
      const aud = `${SERVICES}/concord-patient-view`;
      const { hook: _hook, context, ...rest } = hook();
      const { selections: _selections, draftOrders: _drafts, ...opened } = context;
      const body = { ...rest, hook: 'patient-view', context: opened, prefetch: { patient: who } };
      const answered = await call(await signed({ claims: { aud } }), '/cds-services/concord-patient-view', body);
      return (await answered.json()) as {
        cards: { summary: string; detail: string; indicator: string; suggestions?: object }[];
      };
    };
    const { cards } = await open(patient);
    expect(cards).toMatchObject([{ indicator: 'info', summary: expect.stringContaining('4 项') }]);
    expect(cards[0]?.detail).toContain('试验县医院');
    expect(await audited('success')).toContain('patient-view 4');
    // No value, and nothing to accept.
    expect(cards[0]?.detail).not.toContain('4.1');
    expect(cards[0]?.suggestions).toBeUndefined();
    const stranger2 = { ...patient, identifier: [{ value: 'C404' }], name: [{ text: '无人' }] };
    expect((await open(stranger2)).cards).toEqual([]);
    // A number that was given again, or a name that is another's: nobody's record is shown for it.
    expect((await open({ ...patient, name: [{ text: '李四' }] })).cards).toEqual([]);
    expect((await open({ ...patient, birthDate: '1980-01-01' })).cards).toEqual([]);
    const renumbered = [{ value: 'C1' }, { system: NATIONAL, value: residentNumber('1970-03-05', 777) }];
    expect((await open({ ...patient, identifier: renumbered })).cards).toEqual([]);
    const after = await world.store.read.counts();
    expect([after.offers, after.patients]).toEqual([before.offers, before.patients]);
  });

  test('an issuer is changed and taken away, and is free again when its channel is closed', async () => {
    const change = async (id: string, issuer: string | null) => {
      const response = await app.request(`/admin/channels/${id}/issuer`, {
        method: 'POST',
        headers: { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/json' },
        body: JSON.stringify({ issuer }),
      });
      return [response.status, ((await response.json()) as { code?: string }).code];
    };
    const client = { facility: COUNTY, kind: 'client', test: false, jwks: keySet(stranger) } as const;
    const county = 'county-signs' as ChannelId;
    expectOk(await addChannel(world.gateway, { id: county, ...client }));
    expect(await change(county, ISSUER)).toEqual([409, 'gateway/issuer-taken']);
    expect(await change('county-client', 'https://his.county.example')).toEqual([409, 'gateway/channel-kind']);
    expect(await change('nobody', ISSUER)).toEqual([404, 'gateway/unknown-channel']);
    expect(await change('city-cds', ISSUER)).toEqual([200, undefined]);
    expect((await call(await signed())).status).toBe(200);
    expect(await change('city-cds', null)).toEqual([200, undefined]);
    expect((await call(await signed())).status).toBe(401);
    expect(await change(county, ISSUER)).toEqual([200, undefined]);
    expect((await call(await signed({}, stranger))).status).toBe(200);
    expectOk(await revokeChannel(world.gateway, county));
    expect((await call(await signed({}, stranger))).status).toBe(401);
    expectOk(await setIssuer(world.gateway, 'city-cds' as ChannelId, ISSUER));
    expect((await call(await signed())).status).toBe(200);
  });
});
