/** Broken glass: a reason that says something, one opening for many looks at once, and what stays closed all the same. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addChannel } from '../../../src/gateway/channels.ts';
import type { ChannelId } from '../../../src/terms/channel.ts';
import { ADMIN, type App, openApp } from '../../support/app.ts';
import { type FhirTester, fhirTester } from '../../support/fhir.ts';
import {
  CITY,
  COUNTY,
  DATABASES,
  expectOk,
  openWorld,
  type TestDatabase,
  type TestWorld,
} from '../../support/gateway.ts';
import { oru, ZHANG } from '../../support/messages.ts';
import { openSql } from '../../support/sql.ts';

const NUMBER = `urn:oid:2.16.156.10011.1.3|${ZHANG.national}`;
const PATH = `/Observation?patient.identifier=${NUMBER}&code=WBC`;
const BROKEN = { 'concord-purpose': 'BTG', 'concord-reason': encodeURIComponent('患者昏迷，急诊抢救') };

describe.each(DATABASES)('on $name', (kind) => {
  let database: TestDatabase;
  let world: TestWorld;
  let app: App;
  let fhir: FhirTester;
  let sql: ReturnType<typeof openSql>;

  beforeAll(async () => {
    database = await kind.open();
    world = await openWorld(database);
    app = openApp(world.gateway);
    fhir = fhirTester(world, app);
    sql = openSql(database.url);
    for (const facility of [COUNTY, CITY]) await world.send(facility, oru({ controlId: facility, filler: facility }));
    const trying = { id: 'city-test' as ChannelId, facility: CITY, kind: 'client', test: true } as const;
    expectOk(await addChannel(world.gateway, trying));
  });
  afterAll(async () => {
    await sql.end();
    await world.close();
    await database.close();
  });
  // An opening of one test is over before the next one.
  beforeEach(() => world.clock.turnTo(new Date(Date.parse(world.clock.now()) + 7_200_000).toISOString()));

  const openings = async (): Promise<number> =>
    (await sql`select id from break_glass where at >= ${world.clock.now()}`).length;
  const admin = (path: string, body?: object): Promise<Response> =>
    Promise.resolve(
      app.request(`/admin${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { authorization: `Bearer ${ADMIN}` },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );

  test('ten looks at one moment break it once', async () => {
    const looks = await Promise.all(Array.from({ length: 10 }, () => fhir.search(CITY, PATH, BROKEN)));
    expect(looks.map(({ matches }) => matches.length)).toEqual(looks.map(() => 2));
    expect(await openings()).toBe(1);
  });

  test('a channel for trying breaks nothing', async () => {
    const response = await fhir.ask(CITY, PATH, { channel: 'city-test', headers: BROKEN });
    expect(response.status).toBe(200);
    expect(await response.text()).not.toContain('facility:county');
    expect(await openings()).toBe(0);
  });

  test.each([
    ['none', undefined],
    ['too short a one', 'help'],
    ['blanks', '%20%20%20%20%20%20%20%20%20%20'],
    ['half of a sign', '%E6%82'],
  ])('is refused with %s for a reason, and stays whole', async (_, reason) => {
    const headers = { 'concord-purpose': 'BTG', ...(reason === undefined ? {} : { 'concord-reason': reason }) };
    const refused = await fhir.refusal(await fhir.ask(CITY, PATH, { headers }));
    expect(refused).toMatchObject({ status: 400, code: 'web/circumstances' });
    expect(await openings()).toBe(0);
  });

  test('a blank visit number is no treating relationship', async () => {
    const refused = await fhir.refusal(await fhir.ask(CITY, PATH, { headers: { 'concord-encounter': '%20' } }));
    expect(refused.code).toBe('web/circumstances');
  });

  test('opens what an opt-out closed, and nothing of a record that may be two humans’', async () => {
    await sql`insert into opt_out select bucket, id, facility, true, ${world.clock.now()} from resource where type = 'Patient' and facility = 'county' and version = 1`;
    expect((await fhir.search(CITY, PATH, { 'concord-encounter': 'MZ1' })).matches).toHaveLength(1);
    expect((await fhir.search(CITY, PATH, BROKEN)).matches).toHaveLength(2);
    await sql`delete from opt_out`;
    await sql`insert into identity_queue (id, bucket, patient, facility, kind, others, reason, opened_at)
      select 'doubt', bucket, id, facility, 'suspended', '[]', 'name-changed', ${world.clock.now()}
      from resource where type = 'Patient' and facility = 'city' and version = 1`;
    expect((await fhir.search(CITY, PATH, BROKEN)).matches).toHaveLength(1);
    await sql`delete from identity_queue where id = 'doubt'`;
  });

  test('is judged either way, stays on the list of all, and who read the reasons is written down', async () => {
    await fhir.search(CITY, PATH, BROKEN);
    const waiting = (await (await admin('/break-glass')).json()) as { id: string }[];
    const id = waiting.at(-1)?.id ?? '';
    expect((await admin(`/break-glass/${id}`, { as: 'perhaps', by: '质控科' })).status).toBe(400);
    expect((await admin(`/break-glass/${id}`, { as: 'unjustified', by: '质控科' })).status).toBe(200);
    const all = (await (await admin('/break-glass?all=1')).json()) as { id: string }[];
    expect(all.find((one) => one.id === id)).toMatchObject({ judgement: 'unjustified', reviewedBy: '质控科' });
    const looked =
      await sql`select detail from audit_event where actor = 'administrator' and action = 'read' and at >= ${world.clock.now()}`;
    expect(looked.map((row) => row['detail'] as string).toSorted()).toEqual(
      [`break-glass list ${waiting.length}`, `break-glass list ${all.length}`].toSorted(),
    );
  });
});
