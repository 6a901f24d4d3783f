/** A hospital that writes its orders as ServiceRequests makes them known: each once, and cancelled when it says so. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openApp } from '../../support/app.ts';
import { type FhirTester, fhirTester } from '../../support/fhir.ts';
import { CITY, DATABASES, openWorld, type TestDatabase, type TestWorld } from '../../support/gateway.ts';
import { openSql } from '../../support/sql.ts';

const JSON_TYPE = { 'content-type': 'application/fhir+json' };

describe.each(DATABASES)('on $name', (kind) => {
  let database: TestDatabase;
  let world: TestWorld;
  let sql: ReturnType<typeof openSql>;
  let tester: FhirTester;
  let patient = '';
  beforeAll(async () => {
    database = await kind.open();
    world = await openWorld(database);
    sql = openSql(database.url);
    tester = fhirTester(world, openApp(world.gateway));
    patient = await write('Patient', { identifier: [{ value: 'C1' }], name: [{ text: '李试验' }] });
  });
  afterAll(async () => {
    await sql.end();
    await world.close();
    await database.close();
  });

  const write = async (type: string, resource: object): Promise<string> => {
    const response = await tester.ask(CITY, `/${type}`, {
      method: 'POST',
      headers: JSON_TYPE,
      body: JSON.stringify({ resourceType: type, ...resource }),
    });
    if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`);
    return ((await response.json()) as { id: string }).id;
  };
  const order = (over: object = {}) => ({
    status: 'active',
    intent: 'order',
    identifier: [{ value: 'P1' }],
    subject: { reference: `Patient/${patient}` },
    code: { coding: [{ code: 'DJZ', display: '电解质' }] },
    ...over,
  });
  const known = () =>
    sql<{ target: string; cancelled: boolean }[]>`select target, cancelled from known_order order by target, cancelled`;

  test('an order is known by its code, once, and taken back when it is revoked', async () => {
    const id = await write('ServiceRequest', order());
    expect(await known()).toEqual([{ target: 'ELECTROLYTES', cancelled: false }]);
    await write('ServiceRequest', order());
    expect(await known()).toHaveLength(1);
    const revoked = await tester.ask(CITY, `/ServiceRequest/${id}`, {
      method: 'PUT',
      headers: JSON_TYPE,
      body: JSON.stringify({ resourceType: 'ServiceRequest', id, ...order({ status: 'revoked' }) }),
    });
    expect(revoked.status).toBe(200);
    expect((await known()).map(({ cancelled }) => cancelled)).toEqual([false, true]);
  });

  test('what is planned is none; what has no code we know is known all the same', async () => {
    const before = await known();
    await write('ServiceRequest', order({ status: 'draft', identifier: [{ value: 'P2' }] }));
    await write('ServiceRequest', order({ intent: 'plan', identifier: [{ value: 'P3' }] }));
    expect(await known()).toEqual(before);
    await write('ServiceRequest', order({ identifier: [{ value: 'P4' }], code: { coding: [{ code: 'WHAT' }] } }));
    expect((await known()).map(({ target }) => target)).toContain('');
  });
});
