/** What is done beside the path leaves an audit event, and what was refused changed nothing and leaves none. */
import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readCatalogueFolder } from '../../src/runtime/node/configuration-files.ts';
import { ADMIN, type App, openApp } from '../support/app.ts';
import { COUNTY, DATABASES, openWorld, type TestDatabase, type TestWorld } from '../support/gateway.ts';
import { oru } from '../support/messages.ts';
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

async function post(path: string, body: unknown, token = ADMIN): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return app.request(path, { method: 'POST', headers, body: text });
}

/** The events of one request: action, actor, facility and detail. */
async function eventsOf(work: () => Promise<Response>): Promise<{ status: number; events: readonly string[] }> {
  const before = new Set((await sql`select id from audit_event`).map((row) => String(row['id'])));
  const { status } = await work();
  const rows = await sql`select id, action, actor, facility, detail, outcome from audit_event`;
  const events = rows
    .filter((row) => !before.has(String(row['id'])))
    .map((row) => [row['action'], row['actor'], row['facility'] ?? '-', row['detail'], row['outcome']].join(' | '));
  return { status, events };
}

const facility = { id: 'audited', name: '试验医院', level: 2, area: '000001', zone: 'Asia/Shanghai' };
const row = { facility: COUNTY, kind: 'result', code: 'HGB', target: 'HGB' };

test.each([
  ['facilities', '/facilities', [facility], 'facilities audited'],
  ['a channel', '/channels', { id: 'heard', facility: COUNTY, kind: 'client' }, 'channel add heard'],
  ['a new secret', '/channels/heard/rotate', {}, 'channel rotate heard'],
  ['an end', '/channels/heard/revoke', {}, 'channel revoke heard'],
  ['codes', '/codes', [row], 'codes 1'],
  ['a replay', '/replay', {}, 'replay quarantined'],
])('%s by the administrator', async (_, path, body, detail) => {
  const { status, events } = await eventsOf(() => post(`/admin${path}`, body));
  expect(status).toBe(200);
  expect(events).toEqual([`configure | administrator | - | ${detail} | success`]);
});

test('a catalogue by the administrator, named by its digest', async () => {
  const tables = readCatalogueFolder(resolve(import.meta.dirname, '../../mappings/catalogue'));
  const { events } = await eventsOf(() => post('/admin/catalogue', tables));
  const { catalogue } = await world.gateway.reference.current();
  expect(events).toEqual([`configure | administrator | - | catalogue ${catalogue?.digest} | success`]);
});

test('a token that the administrator makes for a channel', async () => {
  const { events } = await eventsOf(() => post('/admin/tokens', { channel: `${COUNTY}-client` }));
  expect(events).toEqual([`token | administrator | ${COUNTY} | channel ${COUNTY}-client | success`]);
});

test('a dry run, which answers with a person’s data', async () => {
  const { token } = (await (await post('/admin/tokens', { channel: `${COUNTY}-client` })).json()) as { token: string };
  const { status, events } = await eventsOf(() => post('/intake?dry-run=1', oru({ controlId: 'TRY' }), token));
  expect(status).toBe(200);
  expect(events).toEqual([`read | ${COUNTY}-client | ${COUNTY} | dry-run | success`]);
});

test.each([
  ['/channels', { id: `${COUNTY}-client`, facility: COUNTY, kind: 'client' }, 409],
  ['/channels/nobody/revoke', {}, 404],
  ['/codes', [{ ...row, target: 'TYPO' }], 400],
  ['/catalogue', { 'items.csv': { columns: ['item'], records: [] } }, 422],
  ['/tokens', { channel: 'nobody' }, 404],
])('what is refused at %s is no change', async (path, body, expected) => {
  const { status, events } = await eventsOf(() => post(`/admin${path}`, body));
  expect(status).toBe(expected);
  expect(events).toEqual([]);
});
