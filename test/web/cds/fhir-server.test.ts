/** A client that prefetches nothing has its patient read from its own server, where that is allowed, and nowhere else. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { LIMITS } from '../../../src/base/limits.ts';
import { parseAllowedHosts } from '../../../src/outbound/allow-list.ts';
import { createOutbound } from '../../../src/outbound/create-outbound.ts';
import { createPinnedTransport } from '../../../src/runtime/node/pinned-transport.ts';
import { readSettings } from '../../../src/runtime/node/settings.ts';
import { beyond } from '../../../src/runtime/settings.ts';
import { openApp } from '../../support/app.ts';
import { CITY, COUNTY, DATABASES, openWorld, type TestDatabase, type TestWorld } from '../../support/gateway.ts';
import { ELECTROLYTES, oru, ZHANG } from '../../support/messages.ts';
import { openSql } from '../../support/sql.ts';
import { tokenFor } from '../../support/token.ts';

let database: TestDatabase;
let world: TestWorld;
/** Undefined: none comes. */
let answer: { status: number; body: string; location?: string } | undefined;
const asked: { path: string; token: string | undefined }[] = [];
const server = createServer((request, response) => {
  asked.push({ path: request.url ?? '', token: request.headers.authorization });
  if (answer === undefined) return;
  const { status, body, location } = answer;
  const headers = { 'content-type': 'application/fhir+json', ...(location === undefined ? {} : { location }) };
  response.writeHead(status, headers).end(body);
});
const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  database = await DATABASES[0]!.open();
  const outbound = createOutbound(parseAllowedHosts(`${origin()}+private`), createPinnedTransport());
  world = await openWorld(database, { outbound });
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
  server.closeAllConnections();
  server.close();
});
const PATIENT = {
  resourceType: 'Patient',
  id: 'p-1',
  identifier: [{ value: 'C1' }, { system: 'urn:oid:2.16.156.10011.1.3', value: ZHANG.national }],
  name: [{ text: ZHANG.name }],
  birthDate: '1970-03-05',
  gender: 'male',
};
beforeEach(() => {
  asked.splice(0);
  answer = { status: 200, body: JSON.stringify(PATIENT) };
});

const AUTHORIZED = { access_token: 'for-the-his', token_type: 'Bearer' };

const hook = async (fhirServer: string, patientId = 'p-1', authorized: object = { fhirAuthorization: AUTHORIZED }) => {
  const response = await openApp(world.gateway).request('/cds-services/concord-order-select', {
    method: 'POST',
    headers: { authorization: `Bearer ${await tokenFor(world.gateway, CITY)}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      hook: 'order-select',
      hookInstance: 'x',
      fhirServer,
      ...authorized,
      context: {
        userId: 'Practitioner/1',
        patientId,
        encounterId: 'E1',
        selections: ['ServiceRequest/d'],
        draftOrders: {
          resourceType: 'Bundle',
          entry: [{ resource: { resourceType: 'ServiceRequest', id: 'd', code: { coding: [{ code: 'DJZ' }] } } }],
        },
      },
    }),
  });
  return { status: response.status, body: (await response.json()) as { cards?: object[]; code?: string } };
};

test('a card leads to the app that is set, with the offer as its context', async () => {
  const app = 'https://viewer.example/launch';
  world = { ...world, gateway: { ...world.gateway, smartApp: app } };
  const [card] = (await hook(`${origin()}/fhir`)).body.cards as { uuid: string; links: object[] }[];
  expect(card?.links).toMatchObject([{ type: 'smart', url: app, appContext: card?.uuid }]);
});

test('the patient is read with the token that came for it', async () => {
  const { status, body } = await hook(`${origin()}/fhir/`);
  expect([status, body.cards?.length]).toEqual([200, 1]);
  expect(asked).toEqual([{ path: '/fhir/Patient/p-1', token: 'Bearer for-the-his' }]);
});

test('the app that cards lead to is a setting, and a web address', () => {
  const SMART_APP_URL = 'https://viewer.example/launch';
  expect(beyond(readSettings({ SMART_APP_URL }))).toEqual({ smartApp: SMART_APP_URL });
  expect(beyond(readSettings({}))).toEqual({});
  expect(() => readSettings({ SMART_APP_URL: 'javascript:alert(1)' })).toThrow('SMART_APP_URL');
});

test.each([
  ['a server that is not allowed', () => hook('http://127.0.0.2:9/fhir'), 0],
  ['an answer that is none', () => ((answer = { status: 200, body: '<html>' }), hook(`${origin()}/fhir`)), 1],
  ['a refusal', () => ((answer = { status: 403, body: '{}' }), hook(`${origin()}/fhir`)), 1],
  [
    'another resource',
    () => ((answer = { status: 200, body: '{"resourceType":"Group"}' }), hook(`${origin()}/fhir`)),
    1,
  ],
  [
    "another patient's record",
    () => ((answer = { status: 200, body: JSON.stringify({ ...PATIENT, id: 'p-2' }) }), hook(`${origin()}/fhir`)),
    1,
  ],
  [
    'a redirect',
    () => ((answer = { status: 302, body: '', location: `${origin()}/fhir/Patient/p-1` }), hook(`${origin()}/fhir`)),
    1,
  ],
  ['a server without a token for it', () => hook(`${origin()}/fhir`, 'p-1', {}), 0],
  ['an id that leads elsewhere', () => hook(`${origin()}/fhir`, '..'), 0],
  ['an id that is none', () => hook(`${origin()}/fhir`, 'p/1?x=1'), 0],
])('%s is a patient that is not there', async (_, ask, requests) => {
  const { status, body } = await ask();
  expect([status, body.code, asked.length]).toEqual([412, 'web/missing-prefetch', requests]);
});

test('an address that is more than a base is of no right shape', async () => {
  const { status, body } = await hook(`${origin()}/admin?x=`);
  expect([status, body.code, asked]).toEqual([400, 'web/wrong-shape', []]);
});

test('a server that never answers keeps a doctor waiting no longer than the limit', async () => {
  answer = undefined;
  const began = performance.now();
  const { status } = await hook(`${origin()}/fhir`);
  expect(status).toBe(412);
  expect(performance.now() - began).toBeLessThan(LIMITS.hookPatientMs * 3);
});

test('nothing of the token is kept', async () => {
  await hook(`${origin()}/fhir`);
  const sql = openSql(database.url);
  const tables = await sql<{ name: string }[]>`
    select table_name as name from information_schema.tables where table_schema = 'public'`;
  for (const { name } of tables) {
    const [row] = await sql`select count(*)::int as found from ${sql(name)} t where t::text like '%for-the-his%'`;
    expect([name, row?.['found']]).toEqual([name, 0]);
  }
  await sql.end();
});
