/** fhirclient (SMART JS) against the gateway, its own code unchanged; it is handed a token, as backend apps hand it one. */
import { createRequire } from 'node:module';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NATIONAL, NUMBER, type ServedWorld, serveWorld, tokenFrom, transactionOf } from './served-world.ts';

interface SmartClient {
  request<T>(options: string | object, fhirOptions?: object): Promise<T>;
  create<T>(resource: object, options?: object): Promise<T>;
  update<T>(resource: object): Promise<T>;
  getFhirVersion(): Promise<string>;
}
interface Bundle {
  readonly entry?: {
    resource: { id: string; meta: { versionId: string }; status: string };
    response?: { status: string };
  }[];
}

/** Its types are a browser's, and would be every test's. */
const smart = createRequire(import.meta.url)('fhirclient') as (
  request: object,
  response: object,
) => { client(state: object): SmartClient };

let served: ServedWorld;
let client: SmartClient;

const clientWith = (token: string): SmartClient =>
  smart({ headers: {} }, {}).client({
    serverUrl: `${served.origin}/fhir`,
    tokenResponse: { access_token: token },
  });

beforeAll(async () => {
  served = await serveWorld();
  const configuration = (await (await fetch(`${served.origin}/fhir/.well-known/smart-configuration`)).json()) as {
    token_endpoint: string;
  };
  const endpoint = configuration.token_endpoint;
  client = clientWith(await tokenFrom(endpoint, await served.assertion(endpoint)));
});
afterAll(() => served.close());

test('knows the version without a token, and creates a transaction', async () => {
  expect(await clientWith('').getFhirVersion()).toBe('4.0.1');
  const answer = await client.request<Bundle>({
    url: '',
    method: 'POST',
    body: JSON.stringify(transactionOf('smart')),
    headers: { 'content-type': 'application/json' },
  });
  expect(answer.entry?.map(({ response }) => response?.status)).toEqual(['201 Created', '201 Created', '201 Created']);
});

test('searches, reads, updates and follows a history', async () => {
  const found = await client.request<Bundle>(
    `Observation?patient.identifier=${encodeURIComponent('urn:clients|smart')}&_count=1`,
  );
  const { resource } = found.entry?.[0] ?? { resource: { id: '' } };
  const read = await client.request<{ id: string; status: string }>(`Observation/${resource.id}`);
  expect(read.id).toBe(resource.id);
  await client.update({ ...read, status: 'amended' });
  const history = await client.request<Bundle>(`Observation/${resource.id}/_history`);
  expect(history.entry?.map((entry) => entry.resource.status)).toEqual(['amended', 'final']);
});

test('resolves references, and pages through 250 results by itself', async () => {
  const pages = await client.request<{ id: string }[]>(
    `Observation?patient.identifier=${encodeURIComponent(`${NATIONAL}|${NUMBER}`)}&_count=100`,
    {
      pageLimit: 0,
      flat: true,
    },
  );
  expect(new Set(pages.map(({ id }) => id)).size).toBe(250);
  const report = await client.request<{ subject: { resourceType: string } }[]>(
    `DiagnosticReport?patient.identifier=${encodeURIComponent(`${NATIONAL}|${NUMBER}`)}&_count=1`,
    { resolveReferences: ['subject'], flat: true },
  );
  expect(report[0]?.subject.resourceType).toBe('Patient');
});

test('creates under a condition twice and has one', async () => {
  const body = {
    resourceType: 'Organization',
    identifier: [{ system: 'urn:clients', value: 'smart-org' }],
    name: '检验科',
  };
  const options = { headers: { 'If-None-Exist': 'identifier=urn:clients|smart-org' } };
  const first = await client.create<{ id: string }>(body, options);
  const second = await client.create<{ id: string }>(body, options);
  expect(second.id).toBe(first.id);
});

test('hears of errors in its own way', async () => {
  await expect(client.request('Patient/nobody')).rejects.toMatchObject({ status: 404 });
  await expect(client.create({ resourceType: 'Observation' })).rejects.toMatchObject({ status: 422 });
  // On 401 it looks for a sign-in of its own to renew, and has none here.
  await expect(clientWith('forged').request('Patient/nobody')).rejects.toThrow();
});
