/** Who looked at whom: AuditEvents, break-glass and its review, a patient's word; nothing is shown that is not written down. */
import type { AuditEvent, Bundle, Consent, Observation, Patient } from 'fhir/r4';
import { validateResource } from '@medplum/core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createGateway } from '../../../src/gateway/gateway.ts';
import { StoreUnavailable } from '../../../src/ports/store.ts';
import { systemRandom } from '../../../src/runtime/node/clock.ts';
import { ADMIN, type App, openApp } from '../../support/app.ts';
import { type FhirTester, fhirTester } from '../../support/fhir.ts';
import { CITY, COUNTY, DATABASES, openWorld, type TestDatabase, type TestWorld, TOWN } from '../../support/gateway.ts';
import { oru, residentNumber, ZHANG } from '../../support/messages.ts';
import { r4Definitions } from '../../support/r4-definitions.ts';
import { openSql } from '../../support/sql.ts';

const NUMBER = `urn:oid:2.16.156.10011.1.3|${ZHANG.national}`;
const WANG = {
  mrn: 'W1',
  national: residentNumber('1960-01-02', 15),
  name: '王试验',
  birthDate: '19600102',
  sex: 'M',
} as const;
const WANG_NUMBER = `urn:oid:2.16.156.10011.1.3|${WANG.national}`;
const MATCHED = {
  resourceType: 'Patient',
  identifier: [{ system: 'urn:oid:2.16.156.10011.1.3', value: ZHANG.national }],
  name: [{ text: ZHANG.name }],
};
const REASON = encodeURIComponent('患者昏迷，急诊抢救');

describe.each(DATABASES)('the audit at the FHIR door on $name', (kind) => {
  let database: TestDatabase;
  let world: TestWorld;
  let app: App;
  let fhir: FhirTester;
  let sql: ReturnType<typeof openSql>;
  let zhang: string;

  beforeAll(async () => {
    database = await kind.open();
    world = await openWorld(database);
    app = openApp(world.gateway);
    fhir = fhirTester(world, app);
    sql = openSql(database.url);
    for (const [facility, who] of [
      [COUNTY, ZHANG],
      [CITY, ZHANG],
      [COUNTY, WANG],
      [CITY, WANG],
    ] as const) {
      await world.send(facility, oru({ controlId: `${facility}${who.mrn}`, filler: who.mrn, patient: who }));
    }
    zhang = (await fhir.search(COUNTY, `/Patient?identifier=${NUMBER}`)).matches[0]?.id ?? '';
  });
  afterAll(async () => {
    await sql.end();
    await world.close();
    await database.close();
  });
  beforeEach(() => world.clock.turnTo(new Date(Date.parse(world.clock.now()) + 60_000).toISOString()));

  const latest = async (): Promise<Record<string, unknown>[]> => {
    const since = world.clock.now();
    return [...(await sql`select * from audit_event where at >= ${since} order by at desc, id`)];
  };
  const events = async (by: typeof COUNTY, query: string): Promise<AuditEvent[]> =>
    ((await fhir.get<Bundle>(by, `/AuditEvent${query}`)).entry ?? []).map(({ resource }) => resource as AuditEvent);

  test('writes down every read, search and denial, of whose and by whom, the query sealed', async () => {
    const [observation] = (await fhir.search(COUNTY, `/Observation?patient=${zhang}&code=WBC`)).matches;
    await fhir.ask(COUNTY, `/Observation/${observation?.id}`);
    await fhir.ask(CITY, `/Observation/${observation?.id}`);
    await fhir.ask(CITY, `/Observation/${observation?.id}/_history`);
    const rows = await latest();
    expect(rows.map((row) => [row['facility'], row['action'], row['outcome']].join(' ')).toSorted()).toEqual([
      'city read denied',
      'city read denied',
      'county read success',
      'county search success',
    ]);
    expect(new Set(rows.map((row) => row['patient_mac'])).size).toBe(1);
    expect(JSON.stringify(rows)).not.toContain(ZHANG.national);
    const search = rows.find((row) => row['action'] === 'search');
    expect(String(search?.['query'])).not.toContain(zhang);
  });

  test('shows a facility its own acts as BALP has them, with its own query', async () => {
    await fhir.search(COUNTY, `/Observation?patient=${zhang}&code=WBC`);
    const [event] = (await events(COUNTY, '?_count=1')).filter(({ subtype }) => subtype?.[0]?.code === 'search');
    expect(event).toMatchObject({
      action: 'E',
      outcome: '0',
      type: { code: 'rest' },
      purposeOfEvent: [{ coding: [{ code: 'TREAT' }] }],
    });
    const query = event?.entity?.find(({ role }) => role?.code === '24')?.query ?? '';
    expect(atob(query)).toBe(`patient=${zhang}&code=WBC`);
    r4Definitions();
    for (const one of await events(COUNTY, '')) expect(() => validateResource(one as never)).not.toThrow();
    expect((await fhir.get<AuditEvent>(COUNTY, `/AuditEvent/${event?.id}`)).id).toBe(event?.id);
    expect((await fhir.ask(CITY, `/AuditEvent/${event?.id}`)).status).toBe(404);
  });

  test('shows a patient’s hospital who looked, everywhere, and not how others asked', async () => {
    await fhir.search(CITY, `/Observation?patient.identifier=${NUMBER}&code=HGB`, { 'concord-encounter': 'MZ9' });
    const seen = await events(COUNTY, `?patient=Patient/${zhang}`);
    const byCity = seen.filter(({ agent }) => agent[0]?.who?.identifier?.value === 'city');
    expect(byCity.length).toBeGreaterThan(0);
    const told = JSON.stringify(byCity);
    expect(told).toContain('试验市医院');
    expect(told).toContain(`Patient/${zhang}`);
    for (const hidden of [ZHANG.national, 'city-client', 'MZ9', btoa('HGB')]) expect(told).not.toContain(hidden);
    expect(byCity.every(({ entity }) => entity?.every(({ query }) => query === undefined))).toBe(true);
    expect(await events(TOWN, `?patient=Patient/${zhang}`)).toEqual([]);
    expect(await events(CITY, `?patient=Patient/${zhang}`)).toEqual([]);
  });

  test('pages by links, bounds by dates, and refuses what it does not serve', async () => {
    const first = await fhir.get<Bundle>(COUNTY, '/AuditEvent?_count=2');
    const next = first.link?.find(({ relation }) => relation === 'next')?.url ?? '';
    const second = await fhir.get<Bundle>(COUNTY, next);
    const ids = [...(first.entry ?? []), ...(second.entry ?? [])].map(({ resource }) => resource?.id);
    expect(new Set(ids).size).toBe(4);
    expect((await fhir.refusal(await fhir.ask(CITY, next))).code).toBe('gateway/bad-cursor');
    expect(await events(COUNTY, '?date=lt2020-01-01')).toEqual([]);
    expect((await events(COUNTY, '?date=ge2026-03-01')).length).toBeGreaterThan(3);
    expect((await fhir.refusal(await fhir.ask(COUNTY, '/AuditEvent?agent=x'))).code).toBe('search/not-served');
    expect((await fhir.refusal(await fhir.ask(COUNTY, '/AuditEvent?date=x'))).code).toBe('search/bad-value');
    expect((await fhir.ask(COUNTY, '/AuditEvent', { scopes: ['system/Observation.rs'] })).status).toBe(403);
  });

  test('shows nothing that cannot be written down', async () => {
    const deaf = { ...world.store, recordAnswer: () => Promise.reject(new StoreUnavailable('away')) };
    const closed = fhirTester(world, openApp(createGateway({ ...world.gateway, store: deaf, random: systemRandom })));
    const [observation] = (await fhir.search(COUNTY, `/Observation?patient=${zhang}&code=WBC`)).matches;
    for (const path of [
      `/Observation/${observation?.id}`,
      `/Observation?patient=${zhang}`,
      `/Patient/${zhang}/$everything`,
      `/Observation/$lastn?patient=${zhang}`,
      `/Observation/${observation?.id}/_history`,
      `/Observation/${observation?.id}/_history/1`,
      `/Patient?identifier=${NUMBER}`,
      `/Provenance/${observation?.id}.p1`,
      `/Provenance?target=Observation/${observation?.id}`,
      `/AuditEvent?patient=Patient/${zhang}`,
      `/AuditEvent/00000000-0000-4000-8000-000000000000`,
      // That somebody was refused is not told either before it is written down.
      `/Observation/${observation?.id?.slice(0, 2)}00000000000000000000.0000000000`,
    ]) {
      const response = await closed.ask(COUNTY, path);
      expect(response.status).toBe(503);
      expect(await response.text()).not.toContain('WBC');
    }
    const parameters = { resourceType: 'Parameters', parameter: [{ name: 'resource', resource: MATCHED }] };
    const batch = {
      resourceType: 'Bundle',
      type: 'batch',
      entry: [{ request: { method: 'GET', url: `Patient/${zhang}` } }],
    };
    for (const [path, body] of [
      ['/Patient/$match', JSON.stringify(parameters)],
      ['', JSON.stringify(batch)],
      ['/Observation/_search', new URLSearchParams({ patient: zhang })],
    ] as const) {
      const type = typeof body === 'string' ? 'application/fhir+json' : 'application/x-www-form-urlencoded';
      const response = await closed.ask(COUNTY, path, { method: 'POST', body, headers: { 'content-type': type } });
      expect(response.status, path).toBe(503);
      expect(await response.text()).not.toContain(ZHANG.mrn);
    }
  });

  test('breaks the glass with a reason, for an hour, and leaves it to a reviewer', async () => {
    const path = `/Observation?patient.identifier=${NUMBER}&code=WBC`;
    const broken = { 'concord-purpose': 'BTG', 'concord-reason': REASON };
    expect((await fhir.search(CITY, path)).matches).toHaveLength(1);
    expect((await fhir.search(CITY, path, broken)).matches).toHaveLength(2);
    expect((await fhir.search(CITY, path, broken)).matches).toHaveLength(2);
    expect((await fhir.ask(CITY, path, { headers: { 'concord-purpose': 'BTG' } })).status).toBe(400);
    expect((await fhir.search(TOWN, path, broken)).matches).toHaveLength(0);
    const admin = async (url: string, body?: object): Promise<Response> =>
      app.request(`/admin${url}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { authorization: `Bearer ${ADMIN}` },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    const waiting = (await (await admin('/break-glass')).json()) as { id: string; reason: string; facility: string }[];
    expect(waiting.map(({ facility, reason }) => [facility, reason])).toEqual([['city', '患者昏迷，急诊抢救']]);
    const id = waiting[0]?.id ?? '';
    expect((await admin(`/break-glass/${id}`, { as: 'justified', by: '质控科' })).status).toBe(200);
    expect((await admin(`/break-glass/${id}`, { as: 'justified', by: '质控科' })).status).toBe(404);
    expect(
      ((await (await admin(`/break-glass/${id}`, { as: 'justified', by: '质控科' })).json()) as { code: string }).code,
    ).toBe('gateway/unknown-glass');
    expect(await (await admin('/break-glass')).json()).toEqual([]);
    const stored = await sql`select reason from break_glass`;
    expect(String(stored[0]?.['reason'])).not.toContain('昏迷');
    expect((await latest()).filter((row) => row['action'] === 'break-glass')).toHaveLength(1);
    world.clock.turnTo(new Date(Date.parse(world.clock.now()) + 3_700_000).toISOString());
    await fhir.search(CITY, path, broken);
    expect(await sql`select id from break_glass`).toHaveLength(2);
  });

  test('breaks no more glass than a channel may in an hour', async () => {
    const path = `/Observation?patient.identifier=${WANG_NUMBER}&code=WBC`;
    await sql`insert into break_glass select gen_random_uuid(), ${world.clock.now()}, 'city', 'city-client', 1, 'p' || g, '', '', '', ${world.clock.now()}, null, null, null from generate_series(1, 20) g`;
    const broken = { 'concord-purpose': 'BTG', 'concord-reason': REASON };
    const refused = await fhir.ask(CITY, path, { headers: broken });
    expect(refused.headers.get('retry-after')).toBe('600');
    expect(await fhir.refusal(refused)).toMatchObject({ status: 429, code: 'gateway/too-much-glass' });
    expect((await latest()).map((row) => [row['action'], row['outcome'], row['detail']])).toEqual([
      ['break-glass', 'denied', 'gateway/too-much-glass'],
    ]);
    expect((await fhir.search(CITY, path)).matches).toHaveLength(1);
    await sql`delete from break_glass where patient like 'p%'`;
    expect((await fhir.search(CITY, path, broken)).matches).toHaveLength(2);
  });

  test('keeps a patient’s word: denied, it closes; permitted, it opens; finer, it is refused', async () => {
    const wang = (await fhir.search(COUNTY, `/Patient?identifier=${WANG_NUMBER}`)).matches[0]?.id ?? '';
    const consent = (type: string, over: object = {}) => ({
      resourceType: 'Consent',
      status: 'active',
      scope: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }] },
      category: [{ coding: [{ system: 'http://loinc.org', code: '59284-0' }] }],
      patient: { reference: `Patient/${wang}` },
      policyRule: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'OPTOUT' }] },
      provision: { type },
      ...over,
    });
    const post = (body: object): Promise<Response> =>
      fhir.ask(COUNTY, '/Consent', {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/fhir+json' },
      });
    const seen = async (): Promise<number> =>
      (
        await fhir.search(CITY, `/Observation?patient.identifier=${WANG_NUMBER}&code=WBC`, {
          'concord-encounter': 'MZ3',
        })
      ).matches.length;
    expect(await seen()).toBe(2);
    const denied = await post(consent('deny'));
    expect(denied.status).toBe(201);
    expect(await seen()).toBe(1);
    const { id } = (await denied.json()) as Consent;
    expect((await fhir.search(COUNTY, `/Consent?patient=${wang}`)).matches.map((one) => one.id)).toEqual([id]);
    for (const finer of [
      consent('deny', { provision: { type: 'deny', purpose: [{ code: 'TREAT' }] } }),
      consent('deny', { provision: undefined }),
      consent('deny', { scope: { text: 'research' } }),
      consent('deny', { patient: undefined }),
    ]) {
      expect(await fhir.refusal(await post(finer))).toMatchObject({ status: 400, code: 'gateway/consent-meaning' });
    }
    const put = await fhir.ask(COUNTY, `/Consent/${id}`, {
      method: 'PUT',
      body: JSON.stringify({ ...consent('deny', { status: 'inactive' }), id }),
      headers: { 'content-type': 'application/fhir+json' },
    });
    expect(put.status).toBe(200);
    expect(await seen()).toBe(2);
  });

  test('tells nothing of a person in logs, errors and links', async () => {
    const texts: string[] = [];
    const talkative = openApp(world.gateway, { onFault: (fault) => void texts.push(JSON.stringify(fault)) });
    const tester = fhirTester(world, talkative);
    for (const path of [
      `/Patient?identifier=${NUMBER}&bad=${ZHANG.national}`,
      `/Patient/${ZHANG.national}`,
      `/Observation?patient.identifier=${NUMBER}&date=${ZHANG.national}`,
      `/Observation?${ZHANG.national}=1`,
      `/${ZHANG.national}/1`,
    ]) {
      const response = await tester.ask(COUNTY, path);
      texts.push(await response.text(), JSON.stringify([...response.headers]));
      expect(response.status).toBeGreaterThanOrEqual(400);
    }
    const page = await tester.search(COUNTY, `/Observation?patient.identifier=${NUMBER}&_count=1`);
    texts.push(page.next ?? '', JSON.stringify(page.bundle.link));
    const said = texts.join('\n');
    for (const value of [ZHANG.national, ZHANG.name, ZHANG.mrn, encodeURIComponent(ZHANG.name)])
      expect(said).not.toContain(value);
    expect((page.matches[0] as Observation | undefined)?.status).toBe('final');
    expect((await fhir.get<Patient>(COUNTY, `/Patient/${zhang}`)).id).toBe(zhang);
  });
});
