/** A client that prefetches nothing has its patient read from its own server, where that is allowed, and nowhere else. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { parseAllowedHosts } from '../../../src/outbound/allow-list.ts';
import { createOutbound } from '../../../src/outbound/create-outbound.ts';
import { createPinnedTransport } from '../../../src/runtime/node/pinned-transport.ts';
import { openApp } from '../../support/app.ts';
import { CITY, COUNTY, DATABASES, openWorld, type TestDatabase, type TestWorld } from '../../support/gateway.ts';
import { ELECTROLYTES, oru, ZHANG } from '../../support/messages.ts';
import { tokenFor } from '../../support/token.ts';

let database: TestDatabase;
let world: TestWorld;
let answer: { status: number; body: string };
const asked: { path: string; token: string | undefined }[] = [];
const server = createServer((request, response) => {
  asked.push({ path: request.url ?? '', token: request.headers.authorization });
  response.writeHead(answer.status, { 'content-type': 'application/fhir+json' }).end(answer.body);
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
beforeEach(() => {
  asked.splice(0);
  const patient = {
    resourceType: 'Patient',
    identifier: [{ value: 'C1' }, { system: 'urn:oid:2.16.156.10011.1.3', value: ZHANG.national }],
    name: [{ text: ZHANG.name }],
    birthDate: '1970-03-05',
    gender: 'male',
  };
  answer = { status: 200, body: JSON.stringify(patient) };
});

const hook = async (fhirServer: string, patientId = 'p/1') => {
  const response = await openApp(world.gateway).request('/cds-services/concord-order-select', {
    method: 'POST',
    headers: { authorization: `Bearer ${await tokenFor(world.gateway, CITY)}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      hook: 'order-select',
      hookInstance: 'x',
      fhirServer,
      fhirAuthorization: { access_token: 'for-the-his', token_type: 'Bearer' },
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
  expect(asked).toEqual([{ path: '/fhir/Patient/p%2F1', token: 'Bearer for-the-his' }]);
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
])('%s is a patient that is not there', async (_, ask, requests) => {
  const { status, body } = await ask();
  expect([status, body.code, asked.length]).toEqual([412, 'web/missing-prefetch', requests]);
});
