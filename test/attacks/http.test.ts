/** Hostile requests to the HTTP doors: what they say is refused, is nowhere echoed, and is never a fault. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { signToken } from '../../src/access/access-token.ts';
import { LIMITS } from '../../src/base/limits.ts';
import { addChannel } from '../../src/gateway/channels.ts';
import { putFacilities } from '../../src/gateway/configure.ts';
import type { ChannelId } from '../../src/terms/channel.ts';
import { ADMIN, type App, openApp } from '../support/app.ts';
import { CITY, COUNTY, expectOk, openWorld, type TestDatabase, type TestWorld } from '../support/gateway.ts';
import { openSql } from '../support/sql.ts';
import { openAttacked, electrolytes, NATIONAL_SYSTEM, newVictim } from './attack-world.ts';

let database: TestDatabase;
let world: TestWorld;
let sql: ReturnType<typeof openSql>;
let app: App;
let token = '';
const faults: { readonly code: string; readonly route: string; readonly error: unknown }[] = [];
const victim = newVictim();

beforeAll(async () => {
  database = await openAttacked();
  world = await openWorld(database);
  sql = openSql(database.url);
  app = openApp(world.gateway, { demo: true, onFault: (fault) => void faults.push(fault) });
  token = await tokenWith(world.gateway.keys.token, 'city-client');
  await world.send(COUNTY, electrolytes({ controlId: 'H1', patient: victim }));
});
afterAll(async () => {
  await sql.end();
  await world.close();
  await database.close();
});
beforeEach(() => {
  faults.length = 0;
});

const tokenWith = (key: Uint8Array, channel: string, scopes: readonly string[] = ['concord/check', 'concord/reply']) =>
  signToken(key, { channel: channel as ChannelId, scopes, now: world.clock.now(), seconds: 3600, id: 'x' });

async function post(path: string, body: unknown, bearer = token): Promise<Response> {
  return app.request(path, {
    method: 'POST',
    headers: { authorization: `Bearer ${bearer}` },
    body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
  });
}

const codeOf = async (response: Response): Promise<string> => ((await response.json()) as { code: string }).code;

function check(over: object = {}) {
  return {
    patient: {
      identifiers: [
        { type: 'PI', value: `C${victim.mrn}` },
        { system: NATIONAL_SYSTEM, value: victim.national },
      ],
      name: victim.name,
      birthDate: '1970-03-05',
      sex: 'female',
    },
    encounter: 'E1',
    orders: [{ key: 'o1', code: { code: 'DJZ' } }],
    ...over,
  };
}

interface Checked {
  readonly items: readonly { readonly decision: string; readonly offer: string | null }[];
}

let visits = 0;
/** A fresh one: within a visit the same results are one offer. */
const offerOf = async (): Promise<string> => {
  const asked = await post('/recognition/check', check({ encounter: `V${++visits}` }));
  return ((await asked.json()) as Checked).items[0]?.offer ?? '';
};

describe('JSON', () => {
  test.each([
    ['a key twice', '{"offer":"a","offer":"b"}'],
    ['__proto__', '{"__proto__":{"administrator":true}}'],
    ['a hundred thousand levels', '['.repeat(100_000)],
    ['half a surrogate pair', '{"offer":"\\ud800"}'],
    ['a number of half a million digits', `{"offer":${'9'.repeat(500_000)}}`],
    ['a number over every measure', '{"offer":1e999999999}'],
    ['a raw NUL', '{"offer":"\u0000"}'],
    ['an escaped NUL', '{"offer":"\\u0000"}'],
    ['a NUL in a key', '{"a\\u0000":1}'],
    ['nothing', ''],
    ['UTF-16', new Uint8Array([0x7b, 0, 0x7d, 0])],
    ['bytes that are no UTF-8', new Uint8Array([0x22, 0xff, 0xfe, 0x22])],
  ])('with %s is refused on every route, and no fault', async (_, body) => {
    for (const path of ['/recognition/check', '/recognition/replies', '/cds-services/concord-order-select'] as const) {
      const response = await post(path, body);
      expect(response.status).toBe(400);
      expect(await codeOf(response)).toBe('web/not-json');
    }
    expect(faults).toEqual([]);
  });

  test('with names of Object’s own for keys, codes and ids is answered like any other', async () => {
    for (const name of ['constructor', 'toString', 'hasOwnProperty', '__proto__']) {
      const asked = await post(
        '/recognition/check',
        check({ encounter: name, orders: [{ key: name, code: { code: name } }] }),
      );
      expect(asked.status).toBe(200);
      const { items } = (await asked.json()) as Checked;
      expect(items).toMatchObject([{ decision: 'do-not', offer: null }]);
    }
    expect(
      await codeOf(
        await post('/recognition/replies', replyWith(await offerOf(), { outcome: 'refused', reason: 'constructor' })),
      ),
    ).toBe('ledger/unknown-reason');
    expect(faults).toEqual([]);
  });

  test('whose sender goes away in the middle is no fault', async () => {
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"pat'));
        controller.error(new Error('the connection was reset'));
      },
    });
    const request = new Request('http://a/recognition/check', {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body,
      duplex: 'half',
    });
    expect(await codeOf(await app.request(request))).toBe('web/body-cut-off');
    expect(faults).toEqual([]);
  });
});

function replyWith(offer: string, over: object = {}) {
  return { offer, outcome: 'accepted', practitioner: 'p', at: '2026-03-01T03:00:00Z', ...over };
}

describe('a reply', () => {
  test.each([
    ['of the year 0', { at: '0000-01-01T00:00:00Z' }],
    ['of the year 10,000', { at: '9999-12-31T23:59:59-14:00' }],
    ['with NUL for its practitioner', { practitioner: 'a\u0000' }],
    ['with NUL in its comment', { comment: '\u0000' }],
  ])('%s is refused and not a fault', async (_, over) => {
    const response = await post('/recognition/replies', replyWith(await offerOf(), over));
    expect(response.status).toBe(400);
    expect(faults).toEqual([]);
  });

  test('to a guessed offer is answered alike for one that never was and one of somebody else', async () => {
    const offer = await offerOf();
    const thief = await tokenWith(world.gateway.keys.token, 'town-client');
    const [stolen, invented] = await Promise.all([
      post('/recognition/replies', replyWith(offer), thief),
      post('/recognition/replies', replyWith(crypto.randomUUID()), thief),
    ]);
    expect([stolen.status, await stolen.text()]).toEqual([404, await invented.text()]);
  });
});

describe('a token', () => {
  test('of another gateway opens nothing here', async () => {
    const foreign = await tokenWith(new Uint8Array(32).fill(99), 'city-client');
    expect((await post('/recognition/check', check(), foreign)).status).toBe(401);
  });

  test.each([
    [
      'whose payload was changed',
      (good: string) =>
        `${good.split('.')[0]}.${btoa('{"sub":"county-client"}').replace(/=/g, '')}.${good.split('.')[2]}`,
    ],
    ['without its signature', (good: string) => `${good.split('.').slice(0, 2).join('.')}.`],
    ['with a sign more', (good: string) => `${good}A`],
  ])('%s opens nothing', async (_, change) => {
    expect((await post('/recognition/check', check(), change(token))).status).toBe(401);
  });

  test('without the scope is forbidden', async () => {
    const weak = await tokenWith(world.gateway.keys.token, 'city-client', ['concord/intake', 'concord/checks']);
    expect((await post('/recognition/check', check(), weak)).status).toBe(403);
  });

  test('and a cookie, of the administrator or forged, opens no channel and no route of his', async () => {
    for (const cookie of [`concord_admin=${ADMIN}`, 'concord_admin=%E0%A4%A', `x=concord_admin=${ADMIN}`])
      for (const path of ['/admin/counts', '/recognition/check'])
        expect(
          (await app.request(path, { method: path.startsWith('/admin') ? 'GET' : 'POST', headers: { cookie } })).status,
        ).toBe(401);
  });

  test('of a channel that asks too often waits, and the neighbour does not', async () => {
    const flooded = expectOk(
      await addChannel(world.gateway, { id: 'flood' as ChannelId, facility: CITY, kind: 'client', test: false }),
    ).channel;
    const bearer = await tokenWith(world.gateway.keys.token, flooded, ['concord/reply']);
    const said = await Promise.all(
      Array.from({ length: LIMITS.requestsBurst + 50 }, () => post('/recognition/replies', '{}', bearer)),
    );
    const turnedAway = said.filter(({ status }) => status === 429);
    expect(turnedAway.length).toBeGreaterThanOrEqual(50);
    expect(turnedAway[0]?.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    expect((await post('/recognition/replies', '{}')).status).toBe(400);
  });
});

describe('text of a hospital', () => {
  const hook = () => ({
    hook: 'order-select',
    hookInstance: 'x',
    context: {
      userId: 'Practitioner/1',
      patientId: '1',
      encounterId: 'E1',
      selections: ['ServiceRequest/d1'],
      draftOrders: {
        resourceType: 'Bundle',
        entry: [{ resource: { resourceType: 'ServiceRequest', id: 'd1', code: { coding: [{ code: 'DJZ' }] } } }],
      },
    },
    prefetch: {
      patient: {
        resourceType: 'Patient',
        identifier: [{ value: 'C-XSS' }, { system: NATIONAL_SYSTEM, value: poisoned.national }],
        name: [{ text: poisoned.name }],
        birthDate: '1970-03-05',
        gender: 'female',
      },
    },
  });
  const poisoned = newVictim();

  test('stays text on a card: no markup, no link, no picture, no turned digits', async () => {
    const evil =
      '<img src=x onerror=alert(1)> ![x](https\\T\\//evil.example) https://evil.example www.evil.example a@evil.example \u202e5.3';
    const text = electrolytes({ controlId: 'X1', patient: poisoned }).replaceAll('3.5-5.3', evil);
    expect((await world.send(COUNTY, text)).code).toBe('AA');
    const { cards } = (await (await post('/cds-services/concord-order-select', hook())).json()) as {
      cards: readonly { readonly detail: string }[];
    };
    const detail = cards[0]?.detail ?? '';
    expect(detail).toContain('evil');
    for (const live of ['<img', '![', '](', 'https://', 'www.', 'a@', '\u202e'])
      expect(detail.replaceAll(/\\./g, '')).not.toContain(live);
  });

  test('and its name stay text on the page of the operator', async () => {
    const { facility } = await world.askerOf(COUNTY);
    const name = '"><script>alert(1)</script>&lt;\r\nSet-Cookie: a=b';
    await putFacilities(world.gateway, [{ ...facility, name }]);
    const response = await app.request('/');
    const page = await response.text();
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).not.toContain('<script');
    expect(response.headers.get('set-cookie')).toBeNull();
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    await putFacilities(world.gateway, [facility]);
  });
});

describe('audit', () => {
  const events = async (action: string): Promise<number> =>
    Number((await sql`select count(*) as n from audit_event where action = ${action}`)[0]?.['n']);

  test('every answer that carries data left its event, every reply its own, every denial one', async () => {
    const before = { check: await events('check'), reply: await events('reply'), denied: await events('denied') };
    const offer = await offerOf();
    expect((await post('/recognition/replies', replyWith(offer))).status).toBe(200);
    expect((await post('/recognition/check', check(), 'none')).status).toBe(401);
    expect((await app.request('/', { method: 'POST', body: 'token=wrong' })).status).toBe(401);
    expect(
      (
        await app.request('/oauth/token', {
          method: 'POST',
          body: new URLSearchParams('grant_type=client_credentials&client_id=city-client&client_secret=x'),
        })
      ).status,
    ).toBe(401);
    expect(await events('check')).toBe(before.check + 1);
    expect(await events('reply')).toBe(before.reply + 1);
    expect(await events('denied')).toBe(before.denied + 3);
  });

  test('that cannot be written refuses the answer, and the fault says no value', async () => {
    const offer = await offerOf();
    await sql.unsafe('alter table audit_event rename to audit_event_gone');
    try {
      for (const refused of [
        await post('/recognition/check', check()),
        await post('/recognition/replies', replyWith(offer)),
      ]) {
        expect(refused.status).toBeGreaterThanOrEqual(500);
        const text = await refused.text();
        for (const value of ['4.1', victim.national, victim.name, '试验县医院']) expect(text).not.toContain(value);
      }
    } finally {
      await sql.unsafe('alter table audit_event_gone rename to audit_event');
    }
    expect(await sql`select 1 from ledger_entry where offer = ${offer} and kind = 'accepted'`).toEqual([]);
    for (const { error } of faults)
      for (const value of [victim.national, victim.name, offer])
        expect(String((error as Error).stack)).not.toContain(value);
  });

  test('holds no number, no name and no value', async () => {
    const rows = JSON.stringify(await sql`select * from audit_event`);
    for (const value of [victim.national, victim.name, victim.mrn, 'E1"']) expect(rows).not.toContain(value);
  });
});

test('what stands in the database in the clear is no number and no name of a person', async () => {
  const tables = await sql<
    { t: string }[]
  >`select table_name as t from information_schema.tables where table_schema = 'public'`;
  for (const { t } of tables) {
    const rows = await sql.unsafe(`select r::text as row from ${t} r`);
    const found = rows.filter(
      (row) => String(row['row']).includes(victim.national) || String(row['row']).includes(victim.name),
    );
    expect([t, found.length]).toEqual([t, 0]);
  }
});
