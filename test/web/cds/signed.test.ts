/** CDS Hooks clients that sign their calls: right ones are let in once, and every bent one gets the same answer. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addChannel } from '../../../src/gateway/channels.ts';
import type { ChannelId } from '../../../src/terms/channel.ts';
import { openApp } from '../../support/app.ts';
import {
  CITY,
  COUNTY,
  DATABASES,
  expectOk,
  openWorld,
  type TestDatabase,
  type TestWorld,
} from '../../support/gateway.ts';
import { ELECTROLYTES, oru, ZHANG } from '../../support/messages.ts';
import { assertion, keySet, makeKey, type Said, type SigningKey } from '../../support/signer.ts';

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
  const patient = {
    resourceType: 'Patient',
    identifier: [{ value: 'C1' }, { system: 'urn:oid:2.16.156.10011.1.3', value: ZHANG.national }],
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

  test('is good once', async () => {
    const token = await signed();
    expect((await call(token)).status).toBe(200);
    const again = await call(token);
    expect([again.status, await again.json()]).toMatchObject([401, { code: 'access/bad-assertion' }]);
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
    const unsigned = `${btoa('{"alg":"none","kid":"k1"}')}.${btoa(JSON.stringify({ iss: ISSUER }))}.`.replaceAll(
      '=',
      '',
    );
    expect((await call(unsigned)).status).toBe(401);
    const discovery = await app.request('/cds-services', {
      headers: { authorization: `Bearer ${await signed({}, stranger)}` },
    });
    expect(discovery.status).toBe(401);
  });

  test('opens no other door', async () => {
    const token = await signed({ claims: { aud: 'http://localhost/recognition/check' } });
    expect((await call(token, '/recognition/check', {})).status).toBe(401);
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
    // No value, and nothing to accept.
    expect(cards[0]?.detail).not.toContain('4.1');
    expect(cards[0]?.suggestions).toBeUndefined();
    const stranger2 = { ...patient, identifier: [{ value: 'C404' }], name: [{ text: '无人' }] };
    expect((await open(stranger2)).cards).toEqual([]);
    const after = await world.store.read.counts();
    expect([after.offers, after.patients]).toEqual([before.offers, before.patients]);
  });
});
