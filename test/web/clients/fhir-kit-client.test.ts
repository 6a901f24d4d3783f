/** fhir-kit-client against the gateway, its own code unchanged: from discovery to an error. */
import { Client } from 'fhir-kit-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NATIONAL, NUMBER, type ServedWorld, serveWorld, tokenFrom, transactionOf } from './served-world.ts';

let served: ServedWorld;
let client: Client;

beforeAll(async () => {
  served = await serveWorld();
  client = new Client({ baseUrl: `${served.origin}/fhir` });
});
afterAll(() => served.close());

const fetched = <T>(value: unknown): T => value as T;
interface Bundle {
  readonly total?: number;
  readonly link?: { relation: string; url: string }[];
  readonly entry?: {
    resource: { id: string; resourceType: string; meta: { versionId: string } };
    response?: { status: string; location: string };
  }[];
}

test('reads what the server can do, finds where tokens are had, and earns one', async () => {
  const statement = fetched<{ fhirVersion: string }>(await client.capabilityStatement());
  expect(statement.fhirVersion).toBe('4.0.1');
  const { tokenUrl } = await client.smartAuthMetadata();
  expect(String(tokenUrl)).toBe(`${served.origin}/oauth/token`);
  client.bearerToken = await tokenFrom(String(tokenUrl), await served.assertion(String(tokenUrl)));
});

test('creates a transaction, and finds, reads and follows what it made', async () => {
  const answer = fetched<Bundle>(await client.transaction({ body: transactionOf('kit') as never }));
  expect(answer.entry?.map(({ response }) => response?.status)).toEqual(['201 Created', '201 Created', '201 Created']);
  const found = fetched<Bundle>(
    await client.search({
      resourceType: 'Observation',
      searchParams: { 'patient.identifier': 'urn:clients|kit', code: 'WBC' },
    }),
  );
  expect(found.total).toBe(2);
  const posted = fetched<Bundle>(
    await client.search({
      resourceType: 'Observation',
      searchParams: { 'patient.identifier': 'urn:clients|kit' },
      options: { postSearch: true },
    }),
  );
  expect(posted.total).toBe(2);
  const id = found.entry?.[0]?.resource.id ?? '';
  const read = fetched<{ id: string; status: string }>(await client.read({ resourceType: 'Observation', id }));
  expect(read).toMatchObject({ id, status: 'final' });
  await client.update({ resourceType: 'Observation', id, body: { ...read, status: 'amended' } as never });
  const history = fetched<Bundle>(await client.history({ resourceType: 'Observation', id }));
  expect(history.entry?.map(({ resource }) => resource.meta.versionId)).toEqual(['2', '1']);
  const old = fetched<{ status: string }>(await client.vread({ resourceType: 'Observation', id, version: '1' }));
  expect(old.status).toBe('final');
});

test('pages through 250 results', async () => {
  const ids = new Set<string>();
  let page: Bundle | undefined = fetched<Bundle>(
    await client.search({
      resourceType: 'Observation',
      searchParams: { 'patient.identifier': `${NATIONAL}|${NUMBER}`, _count: 40, _sort: '-date' },
    }),
  );
  expect(page.total).toBe(250);
  let pages = 0;
  while (page !== undefined) {
    pages++;
    for (const { resource } of page.entry ?? []) ids.add(resource.id);
    page = fetched<Bundle | undefined>(await client.nextPage({ bundle: page as never }));
  }
  expect([ids.size, pages]).toEqual([250, 7]);
});

test('creates under a condition twice and has one', async () => {
  const body = {
    resourceType: 'Organization',
    identifier: [{ system: 'urn:clients', value: 'kit-org' }],
    name: '检验科',
  } as never;
  const options = { headers: { 'If-None-Exist': 'identifier=urn:clients|kit-org' } };
  const first = fetched<{ id: string }>(await client.create({ resourceType: 'Organization', body, options }));
  const second = fetched<{ id: string }>(await client.create({ resourceType: 'Organization', body, options }));
  expect(second.id).toBe(first.id);
});

test('calls operations, and hears of errors in its own way', async () => {
  const lastn = fetched<Bundle>(
    await client.operation({
      name: '$lastn',
      resourceType: 'Observation',
      method: 'GET',
      input: { 'patient.identifier': `${NATIONAL}|${NUMBER}` },
    }),
  );
  expect(lastn.total).toBe(5);
  const fails = async (work: Promise<unknown>): Promise<{ status: number; data: { resourceType: string } }> =>
    work.then(
      () => {
        throw new Error('it was answered');
      },
      (error: unknown) => (error as { response: { status: number; data: { resourceType: string } } }).response,
    );
  expect(await fails(client.read({ resourceType: 'Patient', id: 'nobody' }))).toMatchObject({
    status: 404,
    data: { resourceType: 'OperationOutcome' },
  });
  expect(
    await fails(client.create({ resourceType: 'Observation', body: { resourceType: 'Observation' } })),
  ).toMatchObject({ status: 422 });
  const stranger = new Client({ baseUrl: `${served.origin}/fhir` });
  expect(await fails(stranger.read({ resourceType: 'Patient', id: 'x' }))).toMatchObject({
    status: 401,
    data: { resourceType: 'OperationOutcome' },
  });
});
