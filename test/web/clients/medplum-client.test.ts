/** MedplumClient against the gateway, its own code unchanged: its own client login, its own paging, its own batching. */
import { MedplumClient, OperationOutcomeError } from '@medplum/core';
import type { Bundle } from 'fhir/r4';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NATIONAL, NUMBER, type ServedWorld, serveWorld, transactionOf, WEAK } from './served-world.ts';

let served: ServedWorld;
let medplum: MedplumClient;

const clientOf = (options: object = {}): MedplumClient =>
  new MedplumClient({
    baseUrl: `${served.origin}/`,
    fhirUrlPath: 'fhir',
    tokenUrl: `${served.origin}/oauth/token`,
    fetch,
    cacheTime: 0,
    autoBatchTime: 0,
    ...options,
  });

beforeAll(async () => {
  served = await serveWorld();
  medplum = clientOf();
});
afterAll(() => served.close());

test('logs in as it knows to, and creates a transaction', async () => {
  // Its last step asks a Medplum server who it is: this is none, and it has its token by then.
  await medplum.startClientLogin(WEAK, served.secret).catch(() => undefined);
  expect(medplum.getAccessToken()).toBeDefined();
  const statement = (await medplum.get('fhir/metadata')) as { fhirVersion: string };
  expect(statement.fhirVersion).toBe('4.0.1');
  const answer = (await medplum.executeBatch(transactionOf('medplum'))) as Bundle;
  expect(answer.entry?.map(({ response }) => response?.status)).toEqual(['201 Created', '201 Created', '201 Created']);
});

test('searches, reads, updates and follows a history', async () => {
  const found = await medplum.searchResources('Observation', {
    'patient.identifier': 'urn:clients|medplum',
    _sort: '-date',
  });
  expect(found).toHaveLength(2);
  const [first] = found;
  const read = await medplum.readResource('Observation', first?.id ?? '');
  const updated = await medplum.updateResource({ ...read, status: 'amended' });
  expect(updated.meta?.versionId).toBe('2');
  const history = (await medplum.readHistory('Observation', read.id)) as Bundle;
  expect(history.entry?.map(({ resource }) => (resource as { status?: string } | undefined)?.status)).toEqual([
    'amended',
    'final',
  ]);
  const old = await medplum.readVersion('Observation', read.id, '1');
  expect(old.status).toBe('final');
});

test('pages through 250 results', async () => {
  const ids = new Set<string>();
  let pages = 0;
  for await (const page of medplum.searchResourcePages('Observation', {
    'patient.identifier': `${NATIONAL}|${NUMBER}`,
    _count: 100,
  })) {
    pages++;
    for (const { id } of page as { id: string }[]) ids.add(id);
  }
  // It asks for a thousand on our next link, and gets them.
  expect([ids.size, pages]).toEqual([250, 2]);
});

test('creates under a condition twice and has one', async () => {
  const body = {
    resourceType: 'Organization',
    identifier: [{ system: 'urn:clients', value: 'medplum-org' }],
    name: '检验科',
  } as const;
  const first = await medplum.createResourceIfNoneExist(body as never, 'identifier=urn:clients|medplum-org');
  const second = await medplum.createResourceIfNoneExist(body as never, 'identifier=urn:clients|medplum-org');
  expect((second as { id: string }).id).toBe((first as { id: string }).id);
});

test('reads many at once as one batch', async () => {
  const batching = clientOf({ autoBatchTime: 20 });
  batching.setAccessToken(medplum.getAccessToken() ?? '');
  const found = await medplum.searchResources('Observation', { 'patient.identifier': 'urn:clients|medplum' });
  const read = await Promise.all(
    (found as { id?: string }[]).map(({ id }) => batching.readResource('Observation', id ?? '')),
  );
  expect((read as { id: string }[]).map(({ id }) => id)).toEqual((found as { id?: string }[]).map(({ id }) => id));
});

test('hears of errors as outcomes', async () => {
  await expect(medplum.readResource('Patient', 'nobody')).rejects.toBeInstanceOf(OperationOutcomeError);
  await expect(medplum.createResource({ resourceType: 'Observation' } as never)).rejects.toThrow();
});
