/** Requests without a good token: each leaves a row while they are few; a flood leaves one row a minute. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LIMITS } from '../../src/base/limits.ts';
import { ADMIN, type App, openApp } from '../support/app.ts';
import { DATABASES, openWorld, type TestDatabase, type TestWorld } from '../support/gateway.ts';
import { openSql } from '../support/sql.ts';

let database: TestDatabase;
let world: TestWorld;
let app: App;
let sql: ReturnType<typeof openSql>;

beforeAll(async () => {
  database = await DATABASES[0]!.open();
  world = await openWorld(database);
  sql = openSql(database.url);
  app = openApp(world.gateway);
});
afterAll(async () => {
  await sql.end();
  await world.close();
  await database.close();
});

const details = async (): Promise<string[]> =>
  (await sql`select detail from audit_event where outcome = 'denied' order by at`).map((row) => String(row['detail']));

/** The four doors at which a caller without a key can knock. */
const KNOCKS: readonly (() => Response | Promise<Response>)[] = [
  () => app.request('/recognition/check', { method: 'POST', body: '{}' }),
  () => app.request('/admin/counts', { headers: { authorization: 'Bearer nonsense' } }),
  () =>
    app.request('/oauth/token', {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'client_credentials', client_id: 'nobody', client_secret: 'x' }),
    }),
  () => app.request('/', { method: 'POST', body: new URLSearchParams({ token: 'guess' }) }),
];

describe('a flood of requests without a good token', () => {
  test('is audited up to the burst, then answered 429 with Retry-After and not written', async () => {
    const statuses: number[] = [];
    for (let round = 0; round < LIMITS.refusalsBurst / KNOCKS.length; round++)
      for (const knock of KNOCKS) statuses.push((await knock()).status);
    expect([...new Set(statuses)]).toEqual([401]);
    const written = await details();
    expect(written).toHaveLength(LIMITS.refusalsBurst);
    expect(new Set(written)).toEqual(
      new Set([
        'access/no-token /recognition/check',
        'access/bad-token /admin/counts',
        'access/bad-client /oauth/token',
        'access/bad-token /',
      ]),
    );
    for (const knock of KNOCKS) {
      const refused = await knock();
      expect(refused.status).toBe(429);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect(await details()).toHaveLength(LIMITS.refusalsBurst);
  });

  test('does not shut out who has a token', async () => {
    const counts = await app.request('/admin/counts', { headers: { authorization: `Bearer ${ADMIN}` } });
    expect(counts.status).toBe(200);
    const signedIn = await app.request('/', { method: 'POST', body: new URLSearchParams({ token: ADMIN }) });
    expect(signedIn.status).toBe(303);
  });

  test('is summed in one row a minute later, and new refusals are audited again', async () => {
    world.clock.turnTo(new Date(Date.parse(world.clock.now()) + 61_000).toISOString());
    const [first] = KNOCKS;
    expect((await first?.())?.status).toBe(401);
    const written = (await details()).slice(LIMITS.refusalsBurst);
    expect(written.toSorted()).toEqual(['access/no-token /recognition/check', 'access/too-many-refusals 4']);
  });

  test('a wrong grant is told so and costs no row', async () => {
    const before = (await details()).length;
    const answered = await app.request('/oauth/token', {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'x' }),
    });
    expect(await answered.json()).toMatchObject({ error: 'unsupported_grant_type', code: 'access/wrong-grant' });
    expect((await details()).length).toBe(before);
  });
});
