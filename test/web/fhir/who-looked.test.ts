/** The trail at the FHIR door: what a facility is told of itself and of others, and that no refusal can be read off it. */
import type { AuditEvent, Bundle } from 'fhir/r4';
import { validateResource } from '@medplum/core';
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
import { r4Definitions } from '../../support/r4-definitions.ts';
import { openSql } from '../../support/sql.ts';

const NUMBER = `urn:oid:2.16.156.10011.1.3|${ZHANG.national}`;
const BALP = 'https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.';
const JSON_TYPE = { 'content-type': 'application/fhir+json' };

describe.each(DATABASES)('on $name', (kind) => {
  let database: TestDatabase;
  let world: TestWorld;
  let app: App;
  let fhir: FhirTester;
  let sql: ReturnType<typeof openSql>;
  const patients: Record<string, string> = {};
  const results: Record<string, string> = {};

  beforeAll(async () => {
    database = await kind.open();
    world = await openWorld(database);
    app = openApp(world.gateway);
    fhir = fhirTester(world, app);
    sql = openSql(database.url);
    for (const facility of [COUNTY, CITY]) {
      await world.send(facility, oru({ controlId: facility, filler: facility }));
      patients[facility] = (await fhir.search(facility, `/Patient?identifier=${NUMBER}`)).matches[0]?.id ?? '';
      const found = await fhir.search(facility, `/Observation?patient=${patients[facility]}&code=WBC`);
      results[facility] = found.matches[0]?.id ?? '';
    }
    for (const id of ['county-test'])
      expectOk(await addChannel(world.gateway, { id: id as ChannelId, facility: COUNTY, kind: 'client', test: true }));
  });
  afterAll(async () => {
    await sql.end();
    await world.close();
    await database.close();
  });
  beforeEach(() => world.clock.turnTo(new Date(Date.parse(world.clock.now()) + 60_000).toISOString()));

  /** What a facility is told of this test's minute. */
  const told = async (query = '', by = COUNTY, channel = `${by}-client`): Promise<AuditEvent[]> => {
    const path = `/AuditEvent?date=ge${world.clock.now()}${query === '' ? '' : `&${query}`}`;
    const bundle = (await (await fhir.ask(by, path, { channel })).json()) as Bundle<AuditEvent>;
    return (bundle.entry ?? []).map(({ resource }) => resource as AuditEvent);
  };
  const rows = async (): Promise<Record<string, unknown>[]> => [
    ...(await sql`select * from audit_event where at >= ${world.clock.now()} order by id`),
  ];
  const dataOf = ({ entity }: AuditEvent): string =>
    entity?.find(({ role }) => role?.code === '4')?.what?.reference ?? '';

  test('a refused look is told alike, whether there was something or nothing', async () => {
    const city = results[CITY] ?? '';
    const nothing = `${city.slice(0, 2)}${'0'.repeat(20)}.${'0'.repeat(10)}`;
    for (const id of [city, nothing]) expect((await fhir.ask(COUNTY, `/Observation/${id}`)).status).toBe(404);
    const refused = await told('outcome=4');
    expect(refused.map(dataOf).toSorted()).toEqual([`Observation/${city}`, `Observation/${nothing}`].toSorted());
    const [one, other] = refused.map((event) =>
      JSON.stringify({ ...event, id: '' })
        .replaceAll(city, 'ID')
        .replaceAll(nothing, 'ID'),
    );
    expect(one).toBe(other);
    // The database knows whose it was; the list of who looked at that human does not tell the one who guessed.
    expect((await rows()).filter((row) => row['outcome'] === 'denied' && row['patient_mac'] !== '')).toHaveLength(1);
    expect((await told(`patient=Patient/${patients[COUNTY]}`)).filter(({ outcome }) => outcome === '4')).toEqual([]);
    const owner = await told(`patient=${patients[CITY]}`, CITY);
    expect(owner.map(({ outcome, agent }) => [outcome, agent[0]?.who?.identifier?.value])).toContainEqual([
      '4',
      'county',
    ]);
    expect(owner.filter(({ outcome }) => outcome === '4').map(dataOf)).toEqual(['']);
  });

  test('of others, looks are told and nothing of what they write', async () => {
    const encounter = { resourceType: 'Encounter', status: 'in-progress', class: { code: 'IMP' } };
    const body = JSON.stringify({ ...encounter, subject: { reference: `Patient/${patients[CITY]}` } });
    expect((await fhir.ask(CITY, '/Encounter', { method: 'POST', body, headers: JSON_TYPE })).status).toBe(201);
    await fhir.ask(CITY, `/Observation/${results[CITY]}`);
    const seen = await told(`patient=${patients[COUNTY]}`);
    expect(seen.map(({ action }) => action)).toEqual(['R']);
    expect(seen[0]).not.toHaveProperty('meta');
    expect(seen[0]?.entity).toEqual([
      expect.objectContaining({
        what: { reference: `Patient/${patients[COUNTY]}` },
        role: expect.anything() as object,
      }),
    ]);
    const own = await told(`patient=${patients[CITY]}`, CITY);
    expect(own.map(({ action }) => action)).toContain('C');
  });

  test('a channel for trying, and a hospital whose record may be two humans, are told of their own record alone', async () => {
    await fhir.ask(CITY, `/Observation/${results[CITY]}`);
    await fhir.ask(COUNTY, `/Observation/${results[COUNTY]}`);
    const query = `patient=${patients[COUNTY]}&action=R`;
    const facilities = (events: AuditEvent[]) =>
      events.map(({ agent }) => agent[0]?.who?.identifier?.value ?? '').toSorted();
    expect(facilities(await told(query))).toEqual(['city', 'county']);
    expect(facilities(await told(query, COUNTY, 'county-test'))).toEqual(['county']);
    await sql`insert into identity_queue (id, bucket, patient, facility, kind, others, reason, opened_at)
      select 'doubt', bucket, id, facility, 'suspended', '[]', 'name-changed', ${world.clock.now()}
      from resource where id = ${patients[COUNTY] ?? ''} limit 1`;
    expect(facilities(await told(query))).toEqual(['county']);
    await sql`delete from identity_queue where id = 'doubt'`;
  });

  test('what goes beyond the scopes is refused and written down, once each', async () => {
    const scopes = ['system/Encounter.r'];
    const parameters = {
      resourceType: 'Parameters',
      parameter: [{ name: 'resource', resource: { resourceType: 'Patient' } }],
    };
    const asks: readonly (readonly [path: string, body?: object])[] = [
      [`/Observation/${results[COUNTY]}`],
      [`/Observation?patient=${patients[COUNTY]}`],
      [`/Observation/$lastn?patient=${patients[COUNTY]}`],
      [`/Patient/${patients[COUNTY]}/$everything`],
      ['/AuditEvent'],
      ['/AuditEvent/00000000-0000-4000-8000-000000000000'],
      [`/Provenance?target=Observation/${results[COUNTY]}`],
      ['/Patient/$match', parameters],
      ['/Encounter', { resourceType: 'Encounter', status: 'finished', class: { code: 'AMB' } }],
    ];
    for (const [path, body] of asks) {
      const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body), headers: JSON_TYPE };
      expect((await fhir.ask(COUNTY, path, { scopes, ...init })).status, path).toBe(403);
    }
    const denied = await rows();
    expect(denied.map((row) => [row['outcome'], row['detail']])).toEqual(asks.map(() => ['denied', 'gateway/scope']));
    expect(JSON.stringify(denied)).not.toContain(patients[COUNTY]);
  });

  test('a reference to what is another’s is refused and written down', async () => {
    const subject = { reference: `Patient/${patients[CITY]}` };
    const body = JSON.stringify({ resourceType: 'Encounter', status: 'finished', class: { code: 'AMB' }, subject });
    const response = await fhir.ask(COUNTY, '/Encounter', { method: 'POST', body, headers: JSON_TYPE });
    expect((await fhir.refusal(response)).code).toBe('gateway/reference-not-there');
    expect((await rows()).map((row) => [row['resource'], row['detail']])).toEqual([
      ['Encounter', 'gateway/reference-not-there'],
    ]);
  });

  test('looking at the trail is written down once, by search and by id, and not for every line', async () => {
    await fhir.ask(COUNTY, `/Observation/${results[COUNTY]}`);
    const [event] = await told();
    expect((await fhir.ask(COUNTY, `/AuditEvent/${event?.id}`)).status).toBe(200);
    expect((await fhir.ask(COUNTY, '/AuditEvent/x')).status).toBe(404);
    const looks = (await rows()).filter((row) => String(row['resource']).startsWith('AuditEvent'));
    expect(looks.map((row) => [row['action'], row['resource'], row['outcome']].join(' ')).toSorted()).toEqual([
      'read AuditEvent denied',
      `read AuditEvent/${event?.id} success`,
      'search AuditEvent success',
    ]);
  });

  test('is narrowed by act, by outcome and by what was looked at', async () => {
    await fhir.ask(COUNTY, `/Observation/${results[COUNTY]}`);
    await fhir.ask(COUNTY, `/Observation/${results[CITY]}`);
    await fhir.search(COUNTY, `/Observation?patient=${patients[COUNTY]}`);
    expect((await told('action=R')).length).toBe(2);
    expect((await told('action=http://hl7.org/fhir/audit-event-action|R&outcome=0')).map(dataOf)).toEqual([
      `Observation/${results[COUNTY]}`,
    ]);
    expect((await told(`entity=Observation/${results[CITY]}`)).map(({ outcome }) => outcome)).toEqual(['4']);
    expect((await told(`entity=Patient/${patients[COUNTY]}&action=E`)).length).toBe(1);
    for (const none of ['outcome=8', 'outcome=12', 'action=D', 'action=R&action=E', 'date=lt2020-01-01'])
      expect(await told(none), none).toEqual([]);
    for (const wrong of [
      'action=X',
      'outcome=9',
      'entity=x',
      'date=ne2026-01-01',
      'patient=Observation/1',
      '_count=0',
    ]) {
      const refused = await fhir.refusal(await fhir.ask(COUNTY, `/AuditEvent?${wrong}`));
      expect(refused, wrong).toMatchObject({ status: 400, code: 'search/bad-value' });
    }
  });

  test('names a profile of BALP only where all that it asks for is there, and is right R4', async () => {
    r4Definitions();
    await fhir.ask(COUNTY, `/Observation/${results[COUNTY]}`);
    await fhir.ask(COUNTY, `/Observation/${results[CITY]}`);
    await fhir.search(COUNTY, `/Observation?patient=${patients[COUNTY]}`);
    await fhir.ask(COUNTY, `/Patient/${patients[COUNTY]}/$everything`);
    await fhir.search(COUNTY, '/Observation?_id=nothing');
    const body = JSON.stringify({ resourceType: 'Organization', name: '试验科' });
    await fhir.ask(COUNTY, '/Organization', { method: 'POST', body, headers: JSON_TYPE });
    const events = [...(await told()), ...(await told(`patient=${patients[COUNTY]}`))];
    for (const event of events) {
      expect(() => validateResource(event as never)).not.toThrow();
      const profile = event.meta?.profile?.[0]?.slice(BALP.length);
      if (profile === undefined) continue;
      const roles = (event.entity ?? []).map(({ role }) => role?.code);
      expect(event.outcome).toBe('0');
      expect(roles).toContain(profile.endsWith('Query') ? '24' : '4');
      expect(roles.includes('1')).toBe(profile.startsWith('Patient'));
      const client = event.agent.find(({ requestor }) => requestor)?.type?.coding?.[0]?.code;
      expect(client).toBe(event.action === 'R' ? '110152' : '110153');
      expect(event.agent.every(({ network }) => network !== undefined)).toBe(true);
    }
    const profiles = new Set(events.flatMap(({ meta }) => meta?.profile ?? []).map((url) => url.slice(BALP.length)));
    expect([...profiles].toSorted()).toEqual(['Create', 'PatientQuery', 'PatientRead', 'Query']);
  });

  test('is printed for the operator by facility and by human, without queries and pseudonyms, and that is written down', async () => {
    await fhir.ask(CITY, `/Observation/${results[CITY]}`);
    await fhir.search(COUNTY, `/Observation?patient.identifier=${NUMBER}`);
    const trail = async (query: string, status = 200): Promise<Record<string, unknown>[]> => {
      const response = await app.request(`/admin/audit?${query}`, { headers: { authorization: `Bearer ${ADMIN}` } });
      expect(response.status, query).toBe(status);
      return status === 200 ? ((await response.json()) as Record<string, unknown>[]) : [];
    };
    const since = `since=${world.clock.now()}`;
    const human = await trail(`${since}&patient=${patients[COUNTY]}`);
    expect(human.map((line) => [line['facility'], line['action']].join(' ')).toSorted()).toEqual([
      'city read',
      'county search',
    ]);
    expect((await trail(`${since}&facility=city`)).map((line) => line['facility'])).toEqual(['city']);
    expect((await trail(since)).map((line) => line['actor'])).toContain('administrator');
    for (const hidden of ['query', 'patientMac', 'encounterMac']) expect(human[0]).not.toHaveProperty(hidden);
    for (const wrong of ['since=yesterday', 'who=x', `facility=city&patient=${patients[COUNTY]}`])
      await trail(wrong, 400);
    for (const unknown of ['nobody', results[COUNTY] ?? '']) await trail(`patient=${unknown}`, 404);
    expect((await rows()).filter((row) => row['actor'] === 'administrator' && row['patient_mac'] !== '')).toHaveLength(
      1,
    );
  });
});
