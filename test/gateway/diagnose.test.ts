/** What an operator is told to look at: each finding appears with its cause and is gone with it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addChannel, revokeChannel } from '../../src/gateway/channels.ts';
import { diagnose } from '../../src/gateway/diagnose.ts';
import { tick } from '../../src/gateway/run-jobs.ts';
import type { ChannelId } from '../../src/terms/channel.ts';
import { ADMIN, openApp } from '../support/app.ts';
import {
  CITY,
  COUNTY,
  DATABASES,
  expectOk,
  openWorld,
  type TestDatabase,
  type TestWorld,
  TOWN,
} from '../support/gateway.ts';
import { oru } from '../support/messages.ts';
import { openSql } from '../support/sql.ts';

describe.each(DATABASES)('an installation on $name', (kind) => {
  let database: TestDatabase;
  let world: TestWorld;
  let sql: ReturnType<typeof openSql>;
  beforeAll(async () => {
    database = await kind.open();
    world = await openWorld(database);
    sql = openSql(database.url);
  });
  afterAll(async () => {
    await sql.end();
    await world.close();
    await database.close();
  });

  /** Codes with whom or how many they concern. */
  async function told(options: { silentDays?: number; serving?: boolean } = {}): Promise<readonly string[]> {
    const findings = await diagnose(world.gateway, { silentDays: 3, serving: true, ...options });
    return findings.map(({ code, subjects, count }) => `${code} ${subjects?.join(' ') ?? count ?? ''}`.trim());
  }
  /** The world's catalogue is sample data, and stays so. */
  const SAMPLE = 'gateway/sample-catalogue';

  test('without anything wrong tells of its sample catalogue only', async () => {
    expect(await told()).toEqual([SAMPLE]);
  });

  test('names who never sent, from the day that a door for results is open until it is closed', async () => {
    const door = { id: 'town-mllp' as ChannelId, facility: TOWN, kind: 'mllp', test: false, port: 2600 } as const;
    expectOk(await addChannel(world.gateway, door));
    const trial = { id: 'city-test' as ChannelId, facility: CITY, kind: 'mllp', test: true, port: 2601 } as const;
    expectOk(await addChannel(world.gateway, trial));
    expect(await told()).toEqual([SAMPLE, 'gateway/never-sent town']);
    expectOk(await revokeChannel(world.gateway, door.id));
    expect(await told()).toEqual([SAMPLE]);
  });

  test('names who fell silent, by the days that are asked for, and not who closed its doors', async () => {
    await world.send(COUNTY, oru({ controlId: 'S1' }));
    await world.send(CITY, oru({ controlId: 'S2', filler: 'S2' }));
    await tick(world.gateway);
    world.clock.turnTo('2026-03-04T02:59:00Z');
    expect(await told()).toEqual([SAMPLE]);
    world.clock.turnTo('2026-03-04T03:01:00Z');
    expect(await told()).toEqual([SAMPLE, 'gateway/silent city county']);
    expect(await told({ silentDays: 4 })).toEqual([SAMPLE]);
    expectOk(await revokeChannel(world.gateway, `${CITY}-client` as ChannelId));
    expect(await told()).toEqual([SAMPLE, 'gateway/silent county']);
    await world.send(COUNTY, oru({ controlId: 'S3', filler: 'S3' }));
    await tick(world.gateway);
    expect(await told()).toEqual([SAMPLE]);
  });

  test('tells of work that nobody does, and keeps quiet where no gateway serves', async () => {
    const now = world.clock.now();
    await sql`insert into job (kind, ordering_key, due, attempts, reference) values ('index', 'late', ${now}, 0, 'none')`;
    await sql`insert into ledger_entry (id, form, chain, kind, at, offer, patient_mac, encounter_mac, order_mac, target,
      catalogue_digest, results, cross_facility, reason, counts_as_refusal)
      values ('waits', 1, 'county', 'refused', ${now}, 'o', 'p', 'e', 'r', 'CBC', 'd', '[]', false, '01', true)`;
    await sql`insert into ledger_unsealed (chain, position, entry) select chain, position, id from ledger_entry where id = 'waits'`;
    expect(await told()).toEqual([SAMPLE]);
    world.clock.turnTo(new Date(Date.parse(now) + 61_000).toISOString());
    expect(await told()).toEqual([SAMPLE, 'gateway/unsealed-late 1']);
    world.clock.turnTo(new Date(Date.parse(now) + 901_000).toISOString());
    expect(await told()).toEqual([SAMPLE, 'gateway/work-late index', 'gateway/unsealed-late 1']);
    expect(await told({ serving: false })).toEqual([SAMPLE]);
    await sql`delete from job where ordering_key = 'late'`;
    await sql`delete from ledger_unsealed where entry = 'waits'`;
  });

  test('counts what waits for a person', async () => {
    await world.send(COUNTY, oru({ controlId: 'Q1', filler: 'Q1', results: ['NM|XYZ^无图^L||1|mmol/L|||||F'] }));
    // Another patient under a report number that is taken.
    const other = { mrn: 'M0009', name: '李试验', birthDate: '19900101', sex: 'F' } as const;
    await world.send(COUNTY, oru({ controlId: 'Q2', filler: 'S3', patient: other }));
    await tick(world.gateway);
    await sql`insert into delivery (id, subscription, event, bucket, patient, focus, at, attempts, state, last_fault)
      values ('dead', 's', 1, 1, 'p', '[]', now(), 9, 'dead', 'gateway/endpoint-gone')`;
    await sql`insert into break_glass (id, at, facility, channel, bucket, patient, encounter_mac, key_id, reason, until)
      values ('glass', now(), 'county', 'c', 1, 'p', 'e', '', '\\x00', now())`;
    const [quarantined] = await sql`select count(*)::int as n from envelope where outcome = 'quarantined'`;
    expect(quarantined?.['n']).toBeGreaterThan(0);
    expect(await told()).toEqual([
      SAMPLE,
      'gateway/deliveries-dead 1',
      `gateway/quarantined ${quarantined?.['n']}`,
      'gateway/unmapped 1',
      'gateway/identities-open 1',
      'gateway/glasses-open 1',
    ]);
  });

  test('names the server that could not be read', async () => {
    const facility = COUNTY;
    await world.store.upstreams.put({
      facility,
      channel: `${COUNTY}-client`,
      baseUrl: 'https://fhir.example/fhir',
      tokenUrl: null,
      clientId: null,
      secretName: null,
      scope: null,
    });
    expect((await told()).filter((line) => line.includes('upstream'))).toEqual([]);
    const state = { since: null, nextPage: null, lastFault: 'outbound/gone' };
    await world.store.upstreams.putState(facility, state, world.clock.now());
    expect((await told()).filter((line) => line.includes('upstream'))).toEqual(['gateway/upstream-fails county']);
  });

  test('answers the administrator alone, with sentences', async () => {
    const app = openApp(world.gateway);
    const admin = { headers: { authorization: `Bearer ${ADMIN}` } };
    const answer = await app.request('/admin/doctor?silentDays=30', admin);
    const { areas, findings } = (await answer.json()) as { areas: string[]; findings: { sentence: string }[] };
    expect(areas).toEqual(['catalogue', 'facilities', 'work', 'queues']);
    expect(findings.every(({ sentence }) => / — /.test(sentence))).toBe(true);
    expect((await app.request('/admin/doctor?silentDays=0', admin)).status).toBe(400);
    expect((await app.request('/admin/doctor')).status).toBe(401);
  });
});
