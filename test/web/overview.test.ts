/** The overview page and what feeds it: who may see it, what it lists, and how often it walks the ledger. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sealChains } from '../../src/gateway/seal-ledger.ts';
import type { Instant } from '../../src/terms/instant.ts';
import { createCached } from '../../src/web/cached.ts';
import { yuan } from '../../src/web/yuan.ts';
import { ADMIN, type App, openApp } from '../support/app.ts';
import {
  CITY,
  COUNTY,
  DATABASES,
  openWorld,
  type TestDatabase,
  type TestWorld,
  turnableClock,
} from '../support/gateway.ts';
import { oru, residentNumber } from '../support/messages.ts';
import { reply } from '../../src/gateway/reply.ts';

const NATIONAL = residentNumber('1970-03-05', 301);
const PATIENT = { mrn: 'M301', national: NATIONAL, name: '试验301', birthDate: '19700305', sex: 'M' } as const;

let database: TestDatabase;
let world: TestWorld;
let app: App;

beforeAll(async () => {
  database = await DATABASES[0]!.open();
  world = await openWorld(database);
  app = openApp(world.gateway);
  await tellTheStory();
});
afterAll(async () => {
  await world.close();
  await database.close();
});

/** A result sent twice, a question about it, an acceptance, and then one value is withdrawn. */
async function tellTheStory(): Promise<void> {
  await world.send(COUNTY, electrolytes('P1', '20260301101500', 'F'));
  await world.send(COUNTY, electrolytes('P1', '20260301101500', 'F'));
  const asked = await world.ask(CITY, {
    patient: {
      identifiers: [
        { system: '', type: '', value: 'C301', at: 'patient.identifiers[0]' },
        { system: 'urn:oid:2.16.156.10011.1.3', type: 'NI', value: NATIONAL, at: 'patient.identifiers[1]' },
      ],
      names: ['试验301'],
      birthDate: '1970-03-05',
      sex: 'male',
      at: 'patient',
    },
    encounter: 'E301',
    orders: [{ key: 'o1', system: '', code: 'DJZ' }],
  });
  const offer = asked.items[0]?.offer;
  if (typeof offer !== 'string') throw new Error('no offer was made');
  const said = { offer, outcome: 'accepted', practitioner: 'p', at: world.clock.now() } as const;
  await reply(world.gateway, await world.askerOf(CITY), said);
  await sealChains(world.gateway);
  world.clock.turnTo('2026-03-01T05:00:00Z');
  await world.send(COUNTY, electrolytes('P2', '20260301130000', 'D'));
}

/** Four results of one tube; `potassium` is the status of the first. */
function electrolytes(controlId: string, reported: string, potassium: 'F' | 'D'): string {
  return oru({
    controlId,
    filler: 'P1',
    patient: PATIENT,
    reported,
    results: [
      `NM|K^钾^L||4.1|mmol/L|3.5-5.3||||${potassium}`,
      'NM|NA^钠^L||140|mmol/L|137-147||||F',
      'NM|CL^氯^L||103|mmol/L|99-110||||F',
      'NM|CA^钙^L||2.31|mmol/L|2.11-2.52||||F',
    ],
    specimen: '血清',
  });
}

const signIn = (url: string, headers: Record<string, string> = {}): Promise<Response> =>
  Promise.resolve(app.request(url, { method: 'POST', headers, body: new URLSearchParams({ token: ADMIN }) }));

const pageOf = async (which = app): Promise<string> => {
  const cookie = (await signIn('/')).headers.get('set-cookie')?.split(';')[0] ?? '';
  return (await which.request('/', { headers: { cookie } })).text();
};

describe('the overview page', () => {
  test('wants a cookie, and in the demo none', async () => {
    expect((await app.request('/')).status).toBe(401);
    expect((await openApp(world.gateway, { demo: true }).request('/')).status).toBe(200);
  });

  test('lists the offer with its facility, item, verdict, coverage and last reply', async () => {
    const page = await pageOf();
    expect(page).toMatch(
      /2026-03-01 11:00:00<\/time><\/td><td>试验市医院<\/td><td>电解质[^<]* <span lang="en">[^<]+<\/span><\/td><td>可互认[\s\S]{1,60}全部[\s\S]{1,60}采用/,
    );
  });

  test('lists the ledger entries with place, amount and the beginnings of pseudonym and hash, nothing of the patient', async () => {
    const page = await pageOf();
    const rows = page.match(/<tr><td>(?:(?!<\/tr>).)*<code>[\w-]{8}<\/code><\/td><td><code>[\w-]{12}<\/code>/g) ?? [];
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatch(/<td class="number">2<\/td><td>采用/);
    expect(rows[0]).toMatch(/<td class="number">\d+\.\d\d<\/td>/);
    for (const secret of [NATIONAL, '试验301', 'M301', 'C301', 'E301']) expect(page).not.toContain(secret);
  });

  test('lists the offer that relied on a result withdrawn since, and so does the administrator’s route', async () => {
    const page = await pageOf();
    expect(page).toMatch(/class="alert"><dt>引用已撤回结果[\s\S]{1,80}<dd>1<\/dd>/);
    expect(page).toMatch(/引用了已撤回结果的提示[\s\S]+?试验市医院<\/td><td>钾 /);
    const answered = await app.request('/admin/offers/relied-on-retracted', {
      headers: { authorization: `Bearer ${ADMIN}` },
    });
    expect(await answered.json()).toEqual([
      {
        offer: expect.any(String),
        at: '2026-03-01T03:00:00.000Z',
        facility: CITY,
        item: 'K',
        container: expect.any(String),
        element: expect.any(String),
      },
    ]);
  });

  test('counts a message that came twice as one resend', async () => {
    expect(await pageOf()).toMatch(/>resends<\/span><\/dt><dd>1<\/dd>/);
  });

  test('runs no script and loads nothing', async () => {
    const page = await pageOf();
    expect(page).not.toMatch(/<script|<link|<img|\bon\w+=|url\(|https?:/);
    const response = await openApp(world.gateway, { demo: true }).request('/');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(response.headers.get('cache-control')).toBe('no-store');
  });
});

describe('signing in', () => {
  test('over https makes a cookie for https only, whatever a header says', async () => {
    const plain = await signIn('http://localhost/', { 'x-forwarded-proto': 'https' });
    expect(plain.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Strict; Path=\/; Max-Age=28800$/);
    const secure = await signIn('https://localhost/');
    expect(secure.headers.get('set-cookie')).toMatch(/; Secure$/);
    expect([secure.status, secure.headers.get('cache-control')]).toEqual([303, 'no-store']);
  });

  test('with a wrong token gives no cookie', async () => {
    const refused = await app.request('/', { method: 'POST', body: new URLSearchParams({ token: 'wrong' }) });
    expect([refused.status, refused.headers.get('set-cookie')]).toEqual([401, null]);
  });
});

describe('what is dear to compute', () => {
  const rig = () => {
    const clock = turnableClock('2026-03-01T03:00:00Z');
    const waiting: { resolve: (value: number) => void; reject: (error: Error) => void }[] = [];
    const read = createCached(
      clock,
      60,
      () => new Promise<number>((resolve, reject) => waiting.push({ resolve, reject })),
    );
    const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    return { clock, waiting, read, settled };
  };

  test('is computed once for all who ask first, and not again within the minute', async () => {
    const { clock, waiting, read } = rig();
    const [one, two] = [read(), read()];
    waiting[0]?.resolve(7);
    expect([(await one).value, (await two).value]).toEqual([7, 7]);
    clock.turnTo('2026-03-01T03:00:59Z');
    expect(await read()).toEqual({ value: 7, at: '2026-03-01T03:00:00.000Z' as Instant });
    expect(waiting).toHaveLength(1);
  });

  test('is computed anew behind the asker’s back after a minute', async () => {
    const { clock, waiting, read, settled } = rig();
    const first = read();
    waiting[0]?.resolve(7);
    await first;
    clock.turnTo('2026-03-01T03:01:00Z');
    expect((await read()).value).toBe(7);
    expect((await read()).value).toBe(7);
    expect(waiting).toHaveLength(2);
    waiting[1]?.resolve(8);
    await settled();
    expect(await read()).toEqual({ value: 8, at: '2026-03-01T03:01:00.000Z' });
  });

  test('keeps what it had when computing fails, and fails the first asker', async () => {
    const { clock, waiting, read, settled } = rig();
    const first = read();
    waiting[0]?.reject(new Error('away'));
    await expect(first).rejects.toThrow('away');
    const second = read();
    waiting[1]?.resolve(7);
    await second;
    clock.turnTo('2026-03-01T03:05:00Z');
    await read();
    waiting[2]?.reject(new Error('away'));
    await settled();
    expect((await read()).value).toBe(7);
  });
});

test.each([
  [0, '0.00'],
  [5, '0.05'],
  [123456, '1234.56'],
  [-105, '-1.05'],
])('%i fen are ¥%s', (fen, text) => expect(yuan(fen)).toBe(text));
