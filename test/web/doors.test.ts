/** The HTTP doors over a real database: who may pass, what bad input is answered, and the CDS Hooks conversation. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UnsecuredJWT } from 'jose';
import { signToken } from '../../src/access/access-token.ts';
import { LIMITS } from '../../src/base/limits.ts';
import { addChannel } from '../../src/gateway/channels.ts';
import type { ChannelId } from '../../src/terms/channel.ts';
import { ADMIN, type App, openApp } from '../support/app.ts';
import {
  COUNTY,
  CITY,
  TOWN,
  DATABASES,
  expectOk,
  openWorld,
  type TestDatabase,
  type TestWorld,
} from '../support/gateway.ts';
import { openSql } from '../support/sql.ts';
import { oru, residentNumber } from '../support/messages.ts';

const NATIONAL = residentNumber('1970-03-05', 301);

let database: TestDatabase;
let world: TestWorld;
let app: App;
let sql: ReturnType<typeof openSql>;
let secret = '';

beforeAll(async () => {
  database = await DATABASES[0]!.open();
  world = await openWorld(database);
  sql = openSql(database.url);
  app = openApp(world.gateway);
  secret =
    expectOk(await addChannel(world.gateway, { id: 'door' as ChannelId, facility: CITY, kind: 'client', test: false }))
      .secret ?? '';
});
afterAll(async () => {
  await sql.end();
  await world.close();
  await database.close();
});

const tokenOf = (channel: string, seconds = 3600, now = world.clock.now()): Promise<string> =>
  signToken(world.gateway.keys.token, {
    channel: channel as ChannelId,
    scopes: ['concord/intake', 'concord/check', 'concord/reply'],
    now,
    seconds,
    id: 'x',
  });

async function post(
  path: string,
  body: unknown,
  token?: string,
  headers: Record<string, string> = {},
): Promise<Response> {
  return app.request(path, {
    method: 'POST',
    headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
    body: typeof body === 'string' || body instanceof URLSearchParams ? body : JSON.stringify(body),
  });
}

async function codeOf(response: Response): Promise<string> {
  return ((await response.json()) as { code: string }).code;
}

const denials = async (): Promise<number> =>
  Number((await sql`select count(*) as n from audit_event where outcome = 'denied'`)[0]?.['n']);

const envelopes = async (): Promise<number> => Number((await sql`select count(*) as n from envelope`)[0]?.['n']);

const CHECK = {
  patient: {
    identifiers: [
      { type: 'PI', value: 'C301' },
      { system: 'urn:oid:2.16.156.10011.1.3', value: NATIONAL },
    ],
    name: '试验301',
    birthDate: '1970-03-05',
    sex: 'male',
  },
  encounter: 'E301',
  orders: [{ key: 'o1', code: { system: '', code: 'DJZ' } }],
};

const HOOK = {
  hook: 'order-select',
  hookInstance: '5c7a6d2e-0000-4000-8000-000000000001',
  context: {
    userId: 'Practitioner/1',
    patientId: 'his-1',
    encounterId: 'E302',
    selections: ['ServiceRequest/d1'],
    draftOrders: {
      resourceType: 'Bundle',
      entry: [
        {
          resource: {
            resourceType: 'ServiceRequest',
            id: 'd1',
            status: 'draft',
            intent: 'order',
            code: { coding: [{ system: 'urn:unknown', code: 'nothing' }, { code: 'DJZ' }] },
          },
        },
        {
          resource: {
            resourceType: 'ServiceRequest',
            id: 'd2',
            status: 'draft',
            intent: 'order',
            code: { coding: [{ code: 'HGB' }] },
          },
        },
        { resource: { resourceType: 'MedicationRequest', id: 'd3' } },
      ],
    },
  },
  prefetch: {
    patient: {
      resourceType: 'Patient',
      identifier: [{ value: 'C302' }, { system: 'urn:oid:2.16.156.10011.1.3', value: NATIONAL }],
      name: [{ family: '试验', given: ['301'] }],
      birthDate: '1970-03-05',
      gender: 'male',
    },
  },
};

async function sendElectrolytes(): Promise<void> {
  const text = oru({
    controlId: 'D1',
    filler: 'D1',
    patient: { mrn: 'M301', national: NATIONAL, name: '试验301', birthDate: '19700305', sex: 'M' },
    results: [
      'NM|K^钾^L||4.1|mmol/L|3.5-5.3||||F',
      'NM|NA^钠^L||140|mmol/L|137-147||||F',
      'NM|CL^氯^L||103|mmol/L|99-110||||F',
      'NM|CA^钙^L||2.31|mmol/L|2.11-2.52||||F',
    ],
    specimen: '血清',
  });
  const response = await post('/intake', text, await tokenOf(`${COUNTY}-client`));
  expect(response.status).toBe(200);
  expect(await response.text()).toContain('MSA|AA|D1');
}

describe('who may pass', () => {
  const ROUTES = [
    '/intake',
    '/recognition/check',
    '/recognition/replies',
    '/cds-services/concord-order-select',
    '/cds-services/concord-order-select/feedback',
    '/admin/facilities',
  ];

  test.each(ROUTES)('%s refuses no token, a bad one, an expired one and alg none, and audits each', async (route) => {
    const before = await denials();
    const expired = await tokenOf('door', 1, '2026-02-01T00:00:00.000Z' as never);
    const unsecured = new UnsecuredJWT({})
      .setSubject('door')
      .setIssuer('concord')
      .setAudience('concord')
      .setExpirationTime('2h')
      .encode();
    for (const token of [undefined, 'nonsense', expired, unsecured])
      expect((await post(route, '{}', token)).status).toBe(401);
    expect(await denials()).toBe(before + 4);
  });

  test('health and discovery want no token', async () => {
    for (const route of ['/healthz', '/readyz', '/cds-services']) expect((await app.request(route)).status).toBe(200);
  });

  test('a channel cannot act as the administrator, and the administrator has no facility', async () => {
    expect(await codeOf(await post('/admin/facilities', [], await tokenOf('door')))).toBe('access/administrator-only');
    expect((await post('/recognition/check', CHECK, ADMIN)).status).toBe(401);
  });

  test('a token of a channel that is not there is refused', async () => {
    expect(await codeOf(await post('/recognition/check', CHECK, await tokenOf('gone')))).toBe('access/revoked-channel');
  });

  test('a token without the scope is refused', async () => {
    const token = await signToken(world.gateway.keys.token, {
      channel: 'door' as ChannelId,
      scopes: ['concord/intake'],
      now: world.clock.now(),
      seconds: 60,
      id: 'x',
    });
    const refused = await post('/recognition/check', CHECK, token);
    expect([refused.status, await codeOf(refused)]).toEqual([403, 'access/scope']);
  });

  test('a channel that asks too often is told to wait', async () => {
    const token = await tokenOf(`${TOWN}-client`);
    const answers = await Promise.all(
      Array.from({ length: LIMITS.requestsBurst + 20 }, () => post('/recognition/replies', '{', token)),
    );
    const late = answers.find(({ status }) => status === 429);
    expect(late?.headers.get('retry-after')).toBe('1');
    expect(late === undefined ? '' : await codeOf(late)).toBe('access/too-many-requests');
  });

  test('the administrator learns which facility or channel is not there', async () => {
    const asked = { ...CHECK, facility: 'nowhere' };
    expect(await codeOf(await post('/admin/check', asked, ADMIN))).toBe('gateway/unknown-facility');
    expect(await codeOf(await post('/admin/tokens', { channel: 'nowhere' }, ADMIN))).toBe('gateway/unknown-channel');
  });

  test('client credentials earn a token, and a wrong secret does not', async () => {
    const form = (client_secret: string): URLSearchParams =>
      new URLSearchParams({ grant_type: 'client_credentials', client_id: 'door', client_secret });
    const earned = (await (await post('/oauth/token', form(secret))).json()) as { access_token: string };
    expect((await post('/recognition/check', CHECK, earned.access_token)).status).toBe(200);
    expect((await post('/oauth/token', form('wrong'))).status).toBe(401);
    expect((await post('/oauth/token', new URLSearchParams({ grant_type: 'password' }))).status).toBe(400);
  });

  test('the overview page wants the administrator and sets a cookie for him', async () => {
    expect((await app.request('/')).status).toBe(401);
    const signedIn = await post('/', new URLSearchParams({ token: ADMIN }));
    expect(signedIn.status).toBe(303);
    const page = await app.request('/', {
      headers: { cookie: signedIn.headers.get('set-cookie')?.split(';')[0] ?? '' },
    });
    expect(page.status).toBe(200);
    expect(await page.text()).not.toContain('<script');
  });
});

describe('bad input', () => {
  test.each([
    ['not JSON', '{', 'web/not-json'],
    ['a duplicate key', '{"orders":[],"orders":[]}', 'web/not-json'],
    ['nesting without end', '['.repeat(10_000), 'web/not-json'],
    ['a wrong shape', { patient: {}, orders: [] }, 'web/wrong-shape'],
    ['an unknown element', { ...CHECK, secret: 1 }, 'web/wrong-shape'],
  ])('%s is refused with its code and without its values', async (_, body, code) => {
    const response = await post('/recognition/check', body, await tokenOf('door'));
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await codeOf(response)).toBe(code);
  });

  test('a body over the limit is refused with 413', async () => {
    const response = await post('/recognition/check', `"${'x'.repeat(1_100_000)}"`, await tokenOf('door'));
    expect(response.status).toBe(413);
    expect(await codeOf(response)).toBe('web/body-too-large');
  });

  test('what is no HL7 is refused and kept', async () => {
    const before = await envelopes();
    expect(await codeOf(await post('/intake', 'hello', await tokenOf(`${COUNTY}-client`)))).toBe('web/not-hl7');
    expect(await envelopes()).toBe(before + 1);
  });

  test('more messages than are taken at once are refused whole', async () => {
    const before = await envelopes();
    const flood = 'MSH|^~\\&|LIS\r'.repeat(LIMITS.messagesPerFrameMax + 1);
    const refused = await post('/intake', flood, await tokenOf(`${COUNTY}-client`));
    expect([refused.status, await codeOf(refused)]).toEqual([413, 'web/too-many-messages']);
    expect(await envelopes()).toBe(before);
  });

  test('a dry run of a batch is refused', async () => {
    const batch = `${oru({ controlId: 'A1' })}${oru({ controlId: 'A2' })}`;
    expect(await codeOf(await post('/intake?dry-run=1', batch, await tokenOf(`${COUNTY}-client`)))).toBe(
      'web/several-messages',
    );
  });

  test('a dry run stores nothing', async () => {
    const before = await envelopes();
    const response = await post('/intake?dry-run=1', oru({ controlId: 'DRY' }), await tokenOf(`${COUNTY}-client`));
    expect(((await response.json()) as { in: { OBX: number } }).in.OBX).toBe(5);
    expect(await envelopes()).toBe(before);
  });

  test('an address that is none of ours says so', async () => {
    expect(await codeOf(await app.request('/nothing'))).toBe('web/not-found');
  });

  test('a refusal without a coded reason and an unknown reason are refused', async () => {
    const token = await tokenOf('door');
    const said = {
      offer: '5c7a6d2e-0000-4000-8000-000000000009',
      outcome: 'refused',
      practitioner: 'p',
      at: '2026-03-01T10:00:00+08:00',
    };
    expect(await codeOf(await post('/recognition/replies', said, token))).toBe('web/wrong-shape');
    expect(await codeOf(await post('/recognition/replies', { ...said, reason: '01' }, token))).toBe(
      'gateway/unknown-offer',
    );
  });

  test('two orders under one key are refused', async () => {
    const orders = ['HGB', 'DJZ'].map((code) => ({ key: 'same', code: { code } }));
    expect(await codeOf(await post('/recognition/check', { ...CHECK, orders }, await tokenOf('door')))).toBe(
      'gateway/order-key-repeated',
    );
  });

  test('too many orders in one question are refused', async () => {
    const orders = Array.from({ length: 101 }, (_, index) => ({ key: `k${index}`, code: { code: 'HGB' } }));
    expect(await codeOf(await post('/recognition/check', { ...CHECK, orders }, await tokenOf('door')))).toBe(
      'gateway/too-many-orders',
    );
  });
});

describe('the conversation', () => {
  test('check answers every order with its checks and says that the catalogue is sample data', async () => {
    await sendElectrolytes();
    const response = await post('/recognition/check', CHECK, await tokenOf('door'));
    const body = (await response.json()) as {
      sample: boolean;
      items: {
        decision: string;
        offer: string;
        results: { value: string; unit: string; facility: { name: string } }[];
        checks: { state: string }[];
      }[];
    };
    expect(body.sample).toBe(true);
    expect(body.items[0]).toMatchObject({
      key: 'o1',
      item: 'ELECTROLYTES',
      decision: 'recognise',
      coverage: 'full',
      missing: [],
    });
    expect(body.items[0]?.results.find(({ value }) => value === '4.1')).toMatchObject({
      value: '4.1',
      unit: 'mmol/L',
      facility: { name: '试验县医院' },
    });
    const reply = await post(
      '/recognition/replies',
      {
        offer: body.items[0]?.offer,
        outcome: 'refused',
        reason: '98',
        practitioner: 'p',
        at: '2026-03-01T11:00:00+08:00',
      },
      await tokenOf('door'),
    );
    expect(await reply.json()).toMatchObject({ entry: expect.any(String), hash: expect.stringMatching(/^[\w-]{43}$/) });
  });

  test('without an encounter the answer is a review', async () => {
    const { encounter: _, ...question } = CHECK;
    const body = (await (await post('/recognition/check', question, await tokenOf('door'))).json()) as {
      items: { decision: string }[];
    };
    expect(body.items[0]?.decision).toBe('review');
  });

  test('order-select without the patient is answered 412', async () => {
    const response = await post('/cds-services/concord-order-select', { ...HOOK, prefetch: {} }, await tokenOf('door'));
    expect(response.status).toBe(412);
    expect(await codeOf(response)).toBe('web/missing-prefetch');
  });

  test('order-select gives a card for the selected draft that any coding maps, and feedback lands in the ledger once', async () => {
    const token = await tokenOf('door');
    const response = await post('/cds-services/concord-order-select', HOOK, token);
    const { cards } = (await response.json()) as {
      cards: {
        uuid: string;
        summary: string;
        detail: string;
        suggestions: { uuid: string; actions: { type: string; resourceId: string }[] }[];
        overrideReasons: { code: string; extension: Record<string, boolean> }[];
      }[];
    };
    expect(cards).toHaveLength(1);
    const [card] = cards;
    expect(card?.summary.length).toBeLessThan(140);
    expect(card?.detail).toContain('4.1');
    // The window runs from the collection: the card says what its day is the day of.
    expect(card?.detail).toMatch(/\| 2026-03-01 采集 collected \|/);
    expect(card?.suggestions[0]?.actions).toEqual([
      { type: 'delete', description: expect.any(String), resourceId: 'ServiceRequest/d1' },
    ]);
    expect(
      card?.overrideReasons.map(({ code, extension }) => [code, extension['urn:concord:counts-as-refusal']]),
    ).toContainEqual(['98', false]);
    const feedback = {
      feedback: [
        {
          card: card?.uuid,
          outcome: 'accepted',
          acceptedSuggestions: [{ id: card?.suggestions[0]?.uuid }],
          outcomeTimestamp: '2026-03-01T03:30:00Z',
        },
      ],
    };
    for (const _ of [1, 2])
      expect((await post('/cds-services/concord-order-select/feedback', feedback, token)).status).toBe(200);
    const entries = await sql`select kind from ledger_entry where offer = ${card?.uuid ?? ''} order by kind`;
    expect(entries.map(({ kind }) => kind)).toEqual(['accepted', 'offered']);
  });

  test('an override without a stated reason is kept as one', async () => {
    const token = await tokenOf('door');
    const hook = { ...HOOK, context: { ...HOOK.context, encounterId: 'E303' } };
    const { cards } = (await (await post('/cds-services/concord-order-select', hook, token)).json()) as {
      cards: { uuid: string }[];
    };
    const feedback = {
      feedback: [{ card: cards[0]?.uuid, outcome: 'overridden', outcomeTimestamp: '2026-03-01T03:30:00Z' }],
    };
    expect((await post('/cds-services/concord-order-select/feedback', feedback, token)).status).toBe(200);
    const [entry] =
      await sql`select reason from ledger_entry where offer = ${cards[0]?.uuid ?? ''} and kind = 'refused'`;
    expect(entry?.['reason']).toBe('');
  });

  test('an opt-out closes the results of the whole person', async () => {
    const patient = await sql<
      { bucket: number; id: string }[]
    >`select bucket, patient as id from result_entry where facility = ${COUNTY} and code = 'K' limit 1`;
    const who = { bucket: patient[0]?.bucket, patient: patient[0]?.id, facility: COUNTY };
    expect((await post('/admin/identity/opt-out', { patient: who, steward: 's' }, ADMIN)).status).toBe(200);
    const body = (await (await post('/recognition/check', CHECK, await tokenOf('door'))).json()) as {
      items: { decision: string; offer: string | null; results: unknown[] }[];
    };
    expect(body.items[0]).toMatchObject({ decision: 'do-not', offer: null, results: [] });
    expect((await post('/admin/identity/opt-out', { patient: who, steward: 's', optOut: false }, ADMIN)).status).toBe(
      200,
    );
  });

  test('every answer that carries a person’s data left an audit event before it', async () => {
    const [{ n: checks } = { n: 0 }] = await sql`select count(*) as n from audit_event where action = 'check'`;
    await post('/recognition/check', CHECK, await tokenOf('door'));
    const [{ n: after } = { n: 0 }] = await sql`select count(*) as n from audit_event where action = 'check'`;
    expect(Number(after)).toBe(Number(checks) + 1);
  });
});

describe('a batch', () => {
  const batch = `FHS|^~\\&|LIS\rBHS|^~\\&|LIS\r${oru({ controlId: 'B1', filler: 'B1' })}MSH|^~\\&|LIS||||||ADT^A01|B2|P|2.5.1\r${oru({ controlId: 'B3', filler: 'B3' })}BTS|3\rFTS|1\r`;
  const told = (text: string): string[] => [...text.matchAll(/MSA\|(\w\w\|\w+)/g)].map((match) => match[1] as string);

  test('is answered by as many acknowledgements as it has messages, and every one of them is kept', async () => {
    const before = await envelopes();
    const response = await post('/intake', batch, await tokenOf(`${COUNTY}-client`));
    expect([response.status, response.headers.get('x-concord-envelope')]).toEqual([200, null]);
    expect(told(await response.text())).toEqual(['AA|B1', 'AR|B2', 'AA|B3']);
    expect(await envelopes()).toBe(before + 3);
  });

  test('sent again is answered alike and keeps nothing twice', async () => {
    const before = await envelopes();
    const response = await post('/intake', batch, await tokenOf(`${COUNTY}-client`));
    expect(told(await response.text())).toEqual(['AA|B1', 'AR|B2', 'AA|B3']);
    expect(await envelopes()).toBe(before);
  });
});
