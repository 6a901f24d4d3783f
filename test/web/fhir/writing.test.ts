/** FHIR in: create, update, conditions, transaction, batch and message, over both databases and the whole path. */
import type { Bundle, Observation, OperationOutcome, Patient } from 'fhir/r4';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addChannel } from '../../../src/gateway/channels.ts';
import type { ChannelId } from '../../../src/terms/channel.ts';
import { type App, openApp } from '../../support/app.ts';
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
import { oru, residentNumber, ZHANG } from '../../support/messages.ts';
import { openSql } from '../../support/sql.ts';

const JSON_TYPE = { 'content-type': 'application/fhir+json' };
const NATIONAL = {
  system: 'urn:oid:2.16.156.10011.1.3',
  type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'NI' }] },
};

const sorted = (numbers: readonly number[]): readonly number[] => numbers.toSorted((a, b) => a - b);

let count = 0;
const person = () => ({
  mrn: `F${++count}`,
  national: residentNumber('1985-06-07', 101 + 2 * count),
  name: `赵试验${count}`,
});

const patientOf = ({ mrn, national, name }: ReturnType<typeof person>) => ({
  resourceType: 'Patient',
  identifier: [
    { type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MR' }] }, value: mrn },
    { ...NATIONAL, value: national },
  ],
  name: [{ text: name }],
  gender: 'male',
  birthDate: '1985-06-07',
});

const observationOf = (subject: string, over: object = {}) => ({
  resourceType: 'Observation',
  status: 'final',
  category: [
    { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory' }] },
  ],
  code: { coding: [{ code: 'WBC', display: '白细胞' }] },
  subject: { reference: subject },
  effectiveDateTime: '2026-03-01T08:00:00+08:00',
  valueQuantity: { value: 6.3, unit: '10^9/L', system: 'http://unitsofmeasure.org', code: '10*9/L' },
  ...over,
});

describe.each(DATABASES)('FHIR in on $name', (kind) => {
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
    expectOk(
      await addChannel(world.gateway, {
        id: 'trial-client' as ChannelId,
        facility: COUNTY,
        kind: 'client',
        test: true,
      }),
    );
  });
  afterAll(async () => {
    await sql.end();
    await world.close();
    await database.close();
  });
  beforeEach(() => world.clock.turnTo(new Date(Date.parse(world.clock.now()) + 1_000).toISOString()));

  const send = (
    method: string,
    path: string,
    body: unknown,
    headers: Record<string, string> = {},
    by = COUNTY,
  ): Promise<Response> =>
    fhir.ask(by, path, {
      method,
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { ...JSON_TYPE, ...headers },
    });
  const created = async <T>(
    path: string,
    body: unknown,
    headers?: Record<string, string>,
  ): Promise<T & { id: string }> => {
    const response = await send('POST', path, body, headers);
    const read = (await response.json()) as T & { id: string };
    if (response.status >= 300) throw new Error(JSON.stringify(read));
    return read;
  };
  const refusal = async (response: Promise<Response>) => fhir.refusal(await response);
  const counts = async (): Promise<number[]> => {
    const rows =
      await sql`select (select count(*) from container) as c, (select count(*) from resource) as r, (select count(*) from result_entry) as e, (select count(*) from envelope) as v`;
    return Object.values(rows[0] ?? {}).map(Number);
  };

  test('creates, and answers where and as what version', async () => {
    const patient = await created<Patient>('/Patient', patientOf(person()));
    const response = await send('POST', '/Observation', observationOf(`Patient/${patient.id}`));
    expect(response.status).toBe(201);
    const observation = (await response.json()) as Observation & { id: string };
    expect(response.headers.get('location')).toBe(`http://localhost/fhir/Observation/${observation.id}/_history/1`);
    expect(response.headers.get('etag')).toBe('W/"1"');
    expect(observation.meta).toMatchObject({ versionId: '1', source: 'urn:concord:facility:county' });
    expect(
      (await fhir.search(COUNTY, `/Observation?patient=${patient.id}&code=WBC`)).matches.map(({ id }) => id),
    ).toEqual([observation.id]);
    const minimal = await send('POST', '/Observation', observationOf(`Patient/${patient.id}`), {
      prefer: 'return=minimal',
    });
    expect([minimal.status, await minimal.text()]).toEqual([201, '']);
  });

  test('keeps decimals as they were written', async () => {
    const patient = await created<Patient>('/Patient', patientOf(person()));
    const text = JSON.stringify(observationOf(`Patient/${patient.id}`)).replace('6.3', '6.300');
    const { id } = await created<Observation>('/Observation', text);
    expect(await (await fhir.ask(COUNTY, `/Observation/${id}`)).text()).toContain('"value":6.300');
  });

  test('takes a result of a FHIR client for one of another hospital, as one of a message', async () => {
    const who = person();
    const patient = await created<Patient>('/Patient', patientOf(who));
    await created(
      '/Observation',
      observationOf(`Patient/${patient.id}`, {
        code: { coding: [{ code: 'HGB' }] },
        valueQuantity: { value: 141, unit: 'g/L', system: 'http://unitsofmeasure.org', code: 'g/L' },
      }),
    );
    const answer = await world.ask(CITY, {
      patient: {
        identifiers: [{ type: 'NI', system: NATIONAL.system, value: who.national, at: '' }],
        names: [who.name],
        birthDate: '1985-06-07',
        sex: 'male',
        at: '',
      },
      encounter: 'MZ77',
      orders: [{ key: '1', system: '', code: 'HGB' }],
    });
    expect(answer.items[0]?.decision.items[0]?.entry).toMatchObject({
      item: 'HGB',
      facility: COUNTY,
      status: 'final',
      basis: 'performed',
      production: true,
    });
    expect(answer.items[0]?.decision.verdict).not.toBe('do-not');
  });

  test('updates by id, with If-Match or without, and leaves what is the same', async () => {
    const patient = await created<Patient>('/Patient', patientOf(person()));
    const first = await created<Observation>('/Observation', observationOf(`Patient/${patient.id}`));
    const path = `/Observation/${first.id}`;
    const changed = { ...observationOf(`Patient/${patient.id}`, { status: 'corrected' }), id: first.id };
    expect(await refusal(send('PUT', path, changed, { 'if-match': 'W/"7"' }))).toMatchObject({
      status: 412,
      code: 'gateway/version-conflict',
    });
    const second = await send('PUT', path, changed, { 'if-match': 'W/"1"' });
    expect([second.status, second.headers.get('etag')]).toEqual([200, 'W/"2"']);
    const same = await send('PUT', path, changed);
    expect([same.status, same.headers.get('etag')]).toEqual([200, 'W/"2"']);
    const history = await fhir.get<Bundle>(COUNTY, `${path}/_history`);
    expect(history.entry?.map(({ resource }) => (resource as Observation).status)).toEqual(['corrected', 'final']);
    const entries =
      await sql`select status, known_to from result_entry where element = ${first.id} order by known_from`;
    expect(entries.map((row) => [row['status'], row['known_to'] === null])).toEqual([
      ['final', false],
      ['corrected', true],
    ]);
  });

  test('lets one of several who update at once with one If-Match through', async () => {
    const patient = await created<Patient>('/Patient', patientOf(person()));
    const { id } = await created<Observation>('/Observation', observationOf(`Patient/${patient.id}`));
    const device = await created<{ resourceType: 'Device' }>('/Device', {
      resourceType: 'Device',
      deviceName: [{ name: 'a', type: 'model-name' }],
    });
    const race = (path: string, body: (n: number) => object): Promise<number[]> =>
      Promise.all([1, 2, 3, 4, 5].map(async (n) => (await send('PUT', path, body(n), { 'if-match': 'W/"1"' })).status));
    const results = await race(`/Observation/${id}`, (n) =>
      observationOf(`Patient/${patient.id}`, { id, valueQuantity: { value: n } }),
    );
    expect(sorted(results)).toEqual([200, 412, 412, 412, 412]);
    const devices = await race(`/Device/${device.id}`, (n) => ({
      resourceType: 'Device',
      id: device.id,
      deviceName: [{ name: `${n}`, type: 'model-name' }],
    }));
    expect(sorted(devices)).toEqual([200, 412, 412, 412, 412]);
  });

  test('retracts a result that is entered in error, and a report takes its results along', async () => {
    const patient = await created<Patient>('/Patient', patientOf(person()));
    const subject = `Patient/${patient.id}`;
    const observation = await created<Observation>('/Observation', observationOf(subject));
    const report = {
      resourceType: 'DiagnosticReport',
      status: 'final',
      code: { text: '血细胞分析' },
      subject: { reference: subject },
      result: [{ reference: `Observation/${observation.id}` }],
    };
    const made = await created<{ resourceType: 'DiagnosticReport' }>('/DiagnosticReport', report);
    const status = async (): Promise<unknown> =>
      (await sql`select status from result_entry where element = ${observation.id} and known_to is null`)[0]?.[
        'status'
      ];
    expect(await status()).toBe('final');
    await send('PUT', `/DiagnosticReport/${made.id}`, { ...report, id: made.id, status: 'entered-in-error' });
    expect(await status()).toBe('entered-in-error');
    await send('PUT', `/DiagnosticReport/${made.id}`, { ...report, id: made.id, status: 'corrected' });
    expect(await status()).toBe('final');
    await send('PUT', `/Observation/${observation.id}`, {
      ...observationOf(subject),
      id: observation.id,
      status: 'entered-in-error',
    });
    expect(await status()).toBe('entered-in-error');
  });

  test('creates under a condition once, whoever asks at the same time', async () => {
    const patient = await created<Patient>('/Patient', patientOf(person()));
    const body = observationOf(`Patient/${patient.id}`, { identifier: [{ system: 'urn:lis', value: `L${count}` }] });
    const condition = { 'if-none-exist': `identifier=urn:lis|L${count}` };
    const answers = await Promise.all(Array.from({ length: 20 }, () => send('POST', '/Observation', body, condition)));
    expect(sorted(answers.map(({ status }) => status))).toEqual([...Array.from({ length: 19 }, () => 200), 201]);
    const ids = new Set(await Promise.all(answers.map(async (answer) => ((await answer.json()) as Observation).id)));
    expect(ids.size).toBe(1);
    const organization = {
      resourceType: 'Organization',
      identifier: [{ system: 'urn:org', value: `O${count}` }],
      name: '检验科',
    };
    const orgs = await Promise.all(
      Array.from({ length: 20 }, () =>
        send('POST', '/Organization', organization, { 'if-none-exist': `identifier=urn:org|O${count}` }),
      ),
    );
    expect(orgs.filter(({ status }) => status === 201)).toHaveLength(1);
  });

  test('updates under a condition: made, brought up to date, or refused where two fit', async () => {
    const patient = await created<Patient>('/Patient', patientOf(person()));
    const body = (value: number) =>
      observationOf(`Patient/${patient.id}`, {
        identifier: [{ system: 'urn:lis', value: `U${count}` }],
        valueQuantity: { value },
      });
    const path = `/Observation?identifier=${encodeURIComponent(`urn:lis|U${count}`)}`;
    const first = await send('PUT', path, body(1));
    const second = await send('PUT', path, body(2));
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(((await second.json()) as Observation).meta?.versionId).toBe('2');
    await created('/Observation', body(3));
    expect(await refusal(send('PUT', path, body(4)))).toMatchObject({ status: 412, code: 'gateway/several-match' });
    expect(await refusal(send('PUT', '/Observation?code=WBC', body(5)))).toMatchObject({
      status: 400,
      code: 'gateway/bad-condition',
    });
    expect(await refusal(send('POST', '/Observation', body(6), { 'if-none-exist': 'code=WBC' }))).toMatchObject({
      code: 'gateway/bad-condition',
    });
  });

  test('knows a Patient by the hospital’s number, and judges who it is as a message’s', async () => {
    const who = person();
    const first = await created<Patient>('/Patient', patientOf(who));
    const again = await send('POST', '/Patient', patientOf(who));
    expect([again.status, ((await again.json()) as Patient).id]).toEqual([200, first.id]);
    await world.send(
      CITY,
      oru({
        controlId: `W${count}`,
        patient: { mrn: `C${count}`, national: who.national, name: who.name, birthDate: '19850607', sex: 'M' },
      }),
    );
    const treating = await fhir.search(COUNTY, `/Observation?patient.identifier=${NATIONAL.system}|${who.national}`, {
      'concord-encounter': 'V1',
    });
    expect(treating.matches).toHaveLength(5);
  });

  test('gives ids itself and takes nobody’s', async () => {
    const patient = await created<Patient>('/Patient', { ...patientOf(person()), id: 'mine' });
    expect(patient.id).not.toBe('mine');
    const absent = await send('PUT', `/Patient/${'0'.repeat(22)}`, { ...patientOf(person()), id: '0'.repeat(22) });
    const foreign = await send('PUT', `/Patient/${patient.id}`, { ...patientOf(person()), id: patient.id }, {}, CITY);
    expect([absent.status, foreign.status]).toEqual([405, 405]);
    expect(await absent.text()).toBe(await foreign.text());
    expect(await refusal(send('PUT', '/Patient/chosen', { ...patientOf(person()), id: 'chosen' }))).toMatchObject({
      code: 'gateway/id-not-given',
    });
  });

  test('leaves what came in a message to messages', async () => {
    await world.send(COUNTY, oru({ controlId: 'M1', filler: 'RM1' }));
    const [observation] = (
      await fhir.search(COUNTY, `/Observation?patient.identifier=${NATIONAL.system}|${ZHANG.national}&code=WBC`)
    ).matches;
    const refused = await refusal(
      send('PUT', `/Observation/${observation?.id}`, { ...observation, status: 'amended' }),
    );
    expect(refused).toMatchObject({ status: 409, code: 'gateway/owned-by-message' });
  });

  test('overwrites what the server owns', async () => {
    const meta = {
      versionId: '9',
      lastUpdated: '1999-01-01T00:00:00Z',
      source: 'urn:concord:facility:city',
      profile: ['http://example.org/p'],
      security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'U' }],
      tag: [
        { system: 'urn:concord:tenant', code: 'city' },
        { system: 'urn:own', code: 'a' },
      ],
    };
    const patient = await created<Patient>('/Patient', { ...patientOf(person()), meta });
    expect(patient.meta).toEqual({
      profile: ['http://example.org/p'],
      tag: [{ system: 'urn:own', code: 'a' }],
      versionId: '1',
      lastUpdated: world.clock.now(),
      source: 'urn:concord:facility:county',
    });
  });

  test('drops a narrative that is not plain, and says so', async () => {
    const div = '<div xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></div>';
    const response = await send(
      'POST',
      '/Patient',
      { ...patientOf(person()), text: { status: 'generated', div } },
      { prefer: 'return=OperationOutcome' },
    );
    const outcome = (await response.json()) as OperationOutcome;
    expect([response.status, outcome.issue[0]?.details?.coding?.[0]?.code]).toEqual([201, 'fhir/narrative']);
    expect((await sql`select count(*) as n from container where content like '%script%'`)[0]?.['n']).toBe('0');
  });

  test('keeps what comes over a test channel apart from what is real', async () => {
    const who = person();
    const trial = await send('POST', '/Patient', patientOf(who), {}, 'trial' as never);
    const tried = (await trial.json()) as Patient & { id: string };
    expect(tried.meta?.security?.[0]?.code).toBe('HTEST');
    const real = await created<Patient>('/Patient', patientOf(who));
    expect(real.id).not.toBe(tried.id);
    expect(
      (await send('PUT', `/Patient/${real.id}`, { ...patientOf(who), id: real.id }, {}, 'trial' as never)).status,
    ).toBe(405);
    await send('POST', '/Observation', observationOf(`Patient/${tried.id}`), {}, 'trial' as never);
    expect((await sql`select production from result_entry where patient = ${tried.id}`)[0]?.['production']).toBe(false);
  });

  test('writes a transaction whole: references by any name, Patient and results in whatever order', async () => {
    const who = person();
    const P = 'urn:uuid:3fdc72f4-a11d-4a9d-9260-a9f745779e1d';
    const entry = (resource: object, fullUrl: string, url: string, over: object = {}) => ({
      fullUrl,
      resource,
      request: { method: 'POST', url, ...over },
    });
    const uuid = (n: number): string => `urn:uuid:00000000-0000-4000-8000-00000000000${n}`;
    const transaction = {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [
        entry(
          {
            resourceType: 'DiagnosticReport',
            status: 'final',
            code: { text: 'CBC' },
            subject: { reference: P },
            result: [{ reference: uuid(1) }, { reference: 'Observation/local' }],
            specimen: [{ reference: uuid(3) }],
            extension: [{ url: 'http://x', valueReference: { reference: P } }],
          },
          uuid(4),
          'DiagnosticReport',
        ),
        entry(observationOf(P, { specimen: { reference: uuid(3) } }), uuid(1), 'Observation'),
        entry(
          {
            ...observationOf(`Patient?identifier=${encodeURIComponent(`${NATIONAL.system}|${ZHANG.national}`)}`),
            id: 'local',
          },
          'http://lis.local/Observation/local',
          'Observation',
        ),
        entry(
          {
            resourceType: 'Specimen',
            type: { text: '全血' },
            subject: { reference: P },
            collection: { collectedDateTime: '2026-03-01T07:30:00+08:00' },
          },
          uuid(3),
          'Specimen',
        ),
        entry(patientOf(who), P, 'Patient', { ifNoneExist: `identifier=${NATIONAL.system}|${who.national}` }),
        { request: { method: 'GET', url: 'Organization?_count=1' } },
      ],
    };
    await world.send(COUNTY, oru({ controlId: `T${count}`, filler: `T${count}` }));
    const answer = await created<Bundle>('', transaction);
    expect(answer.type).toBe('transaction-response');
    expect(answer.entry?.map(({ response }) => response?.status)).toEqual([
      '201 Created',
      '201 Created',
      '201 Created',
      '201 Created',
      '201 Created',
      '200',
    ]);
    const [report, first] = answer.entry ?? [];
    const read = await fhir.get<
      { result: { reference: string }[]; subject: { reference: string }; extension: unknown[] } & Patient
    >(COUNTY, `/${report?.response?.location?.replace(/\/_history.*/, '')}`);
    expect(read.result[0]?.reference).toBe(first?.response?.location?.replace(/\/_history.*/, ''));
    expect(JSON.stringify(read)).not.toContain('urn:uuid');
    const [found] =
      await sql`select effective_start, basis from result_entry where element = ${(first?.resource as Observation | undefined)?.id ?? ''}`;
    expect([new Date(found?.['effective_start'] as string).toISOString(), found?.['basis']]).toEqual([
      '2026-02-28T23:30:00.000Z',
      'collected',
    ]);
  });

  test('takes nothing of a transaction of which something is wrong, and names the entry', async () => {
    const before = await counts();
    const P = 'urn:uuid:3fdc72f4-a11d-4a9d-9260-a9f745779e1d';
    const good = { fullUrl: P, resource: patientOf(person()), request: { method: 'POST', url: 'Patient' } };
    const of = (...entry: unknown[]) => ({ resourceType: 'Bundle', type: 'transaction', entry: [good, ...entry] });
    const post = (resource: object, request: object = {}) => ({
      resource,
      request: { method: 'POST', url: 'Observation', ...request },
    });
    const cases: [object, number, string, string][] = [
      [of(post(observationOf(P, { status: 'done' }))), 422, 'gateway/not-valid', 'Bundle.entry[1].resource.status'],
      [
        of(post(observationOf('urn:uuid:00000000-0000-4000-8000-000000000009'))),
        400,
        'gateway/reference-not-there',
        'Bundle.entry[1].resource.subject.reference',
      ],
      [
        of(post(observationOf(`Patient/${'0'.repeat(22)}`))),
        400,
        'gateway/reference-not-there',
        'Bundle.entry[1].resource.subject.reference',
      ],
      [
        of(post(observationOf('https://evil.example/fhir/Patient/1'))),
        400,
        'gateway/reference-not-there',
        'Bundle.entry[1].resource.subject.reference',
      ],
      [
        of(post(observationOf('Patient?identifier=urn:x|none'))),
        400,
        'gateway/reference-not-there',
        'Bundle.entry[1].resource.subject.reference',
      ],
      [
        of(post(observationOf(P), { method: 'DELETE', url: 'Observation/1' })),
        400,
        'gateway/bad-bundle-entry',
        'Bundle.entry[1].request',
      ],
      [of(post(observationOf(P), { url: 'Patient' })), 400, 'gateway/bad-bundle-entry', 'Bundle.entry[1].request'],
      [of(post(observationOf(P), { ifNoneExist: 'code=1' })), 400, 'gateway/bad-condition', 'Bundle.entry[1].request'],
      [
        of({
          resource: { resourceType: 'Task', status: 'draft', intent: 'order' },
          request: { method: 'POST', url: 'Task' },
        }),
        422,
        'gateway/type-not-written',
        'Bundle.entry[1].resource',
      ],
      [
        of({
          resource: observationOf(P, { id: '0'.repeat(22) }),
          request: { method: 'PUT', url: `Observation/${'0'.repeat(22)}` },
        }),
        405,
        'gateway/id-not-given',
        'Bundle.entry[1].resource',
      ],
      [{ resourceType: 'Bundle', type: 'collection' }, 422, 'gateway/bundle-type', 'Bundle.type'],
      [{ resourceType: 'Patient' }, 422, 'gateway/bundle-type', 'Resource.resourceType'],
      [
        { resourceType: 'Bundle', type: 'transaction', entry: Array.from({ length: 1_001 }, () => good) },
        413,
        'gateway/too-many-entries',
        'Bundle.entry',
      ],
    ];
    for (const [body, status, code, at] of cases) {
      expect(await refusal(send('POST', '', body))).toEqual({ status, code, at });
    }
    const long = observationOf(P, { code: { coding: [{ code: 'x'.repeat(300) }] } });
    expect((await refusal(send('POST', '/', of(post(long))))).code).toBe('gateway/code-too-long');
    expect(await counts()).toEqual(before);
  });

  test('answers a bundle that comes again under its own identifier as before, and makes nothing twice', async () => {
    const bundle = {
      resourceType: 'Bundle',
      type: 'transaction',
      identifier: { system: 'urn:lis', value: `B${++count}` },
      entry: [{ resource: patientOf(person()), request: { method: 'POST', url: 'Patient' } }],
    };
    const first = await (await send('POST', '', bundle)).text();
    const before = await counts();
    expect(await (await send('POST', '', bundle)).text()).toBe(first);
    expect(await counts()).toEqual(before);
  });

  test('takes the entries of a batch each for itself', async () => {
    const patient = await created<Patient>('/Patient', patientOf(person()));
    const answer = await created<Bundle>('', {
      resourceType: 'Bundle',
      type: 'batch',
      entry: [
        { resource: observationOf(`Patient/${patient.id}`), request: { method: 'POST', url: 'Observation' } },
        {
          resource: observationOf(`Patient/${patient.id}`, { status: 'done' }),
          request: { method: 'POST', url: 'Observation' },
        },
        { request: { method: 'GET', url: `Patient/${patient.id}` } },
        { request: { method: 'GET', url: `Patient/${'0'.repeat(22)}` } },
      ],
    });
    expect(answer.entry?.map(({ response }) => response?.status)).toEqual(['201 Created', '422', '200', '404']);
    expect((answer.entry?.[2]?.resource as Patient | undefined)?.id).toBe(patient.id);
  });

  test('takes a message by identifiers, and answers as a message', async () => {
    const who = person();
    const message = (value: number) => ({
      resourceType: 'Bundle',
      type: 'message',
      identifier: { system: 'urn:msg', value: `${count}-${value}` },
      entry: [
        {
          fullUrl: 'urn:uuid:00000000-0000-4000-8000-000000000001',
          resource: {
            resourceType: 'MessageHeader',
            id: `h${value}`,
            eventUri: 'urn:lis:result',
            source: { endpoint: 'urn:lis' },
          },
        },
        { fullUrl: 'urn:uuid:00000000-0000-4000-8000-000000000002', resource: patientOf(who) },
        {
          fullUrl: 'urn:uuid:00000000-0000-4000-8000-000000000003',
          resource: observationOf('urn:uuid:00000000-0000-4000-8000-000000000002', {
            identifier: [{ system: 'urn:lis,a|b', value: `X${count}` }],
            valueQuantity: { value },
          }),
        },
      ],
    });
    const answer = await created<Bundle>('', message(5));
    expect(answer.entry?.[0]?.resource).toMatchObject({
      resourceType: 'MessageHeader',
      response: { identifier: 'h5', code: 'ok' },
    });
    await created<Bundle>('', message(6));
    const found = await fhir.search(COUNTY, `/Observation?patient.identifier=${NATIONAL.system}|${who.national}`);
    expect(
      (found.matches as Observation[]).map(({ valueQuantity, meta }) => [valueQuantity?.value, meta?.versionId]),
    ).toEqual([[6, '2']]);
  });

  test('writes under scopes and categories only', async () => {
    const patient = await created<Patient>('/Patient', patientOf(person()));
    const as = async (scopes: string[], body: object): Promise<number> =>
      (
        await fhir.ask(COUNTY, '/Observation', {
          method: 'POST',
          body: JSON.stringify(body),
          headers: JSON_TYPE,
          scopes,
        })
      ).status;
    const observation = observationOf(`Patient/${patient.id}`);
    expect(await as(['system/Observation.rs'], observation)).toBe(403);
    expect(await as(['system/Patient.cruds'], observation)).toBe(403);
    expect(await as(['system/Observation.c'], observation)).toBe(201);
    expect(await as(['system/Observation.c?category=imaging'], observation)).toBe(403);
    expect(await as(['system/Observation.c?category=laboratory'], observation)).toBe(201);
  });

  test('refuses what is no JSON, another resource, or too much, with a place', async () => {
    expect(await refusal(send('POST', '/Patient', '<Patient/>'))).toMatchObject({
      status: 422,
      code: 'gateway/not-valid',
    });
    expect(
      await refusal(send('POST', '/Patient', patientOf(person()), { 'content-type': 'application/fhir+xml' })),
    ).toMatchObject({ status: 415 });
    expect(await refusal(send('POST', '/Observation', patientOf(person())))).toMatchObject({
      code: 'gateway/type-mismatch',
    });
    expect(await refusal(send('PUT', '/Patient/a', { ...patientOf(person()), id: 'b' }))).toMatchObject({
      code: 'gateway/type-mismatch',
    });
    expect(await refusal(send('POST', '/Medication', { resourceType: 'Medication' }))).toMatchObject({
      status: 404,
      code: 'web/type-not-served',
    });
    expect(await refusal(send('POST', '/Patient', 'x'.repeat(10 * 1024 * 1024 + 1)))).toMatchObject({
      status: 413,
      code: 'web/body-too-large',
    });
  });

  test('validates without keeping anything', async () => {
    const before = await counts();
    const bad = (await (
      await send('POST', '/Observation/$validate', observationOf('Patient/1', { status: 'done' }))
    ).json()) as OperationOutcome;
    expect(bad.issue.map(({ details, expression }) => [details?.coding?.[0]?.code, expression?.[0]])).toEqual([
      ['fhir/unknown-code', 'Observation.status'],
    ]);
    const good = (await (
      await send('POST', '/Observation/$validate', {
        resourceType: 'Parameters',
        parameter: [{ name: 'resource', resource: observationOf('Patient/1') }],
      })
    ).json()) as OperationOutcome;
    expect(good.issue[0]?.severity).toBe('information');
    expect(await counts()).toEqual(before);
  });

  test('audits what is written, of whose and by whom', async () => {
    const before = Number((await sql`select count(*) as n from audit_event`)[0]?.['n']);
    const patient = await created<Patient>('/Patient', patientOf(person()));
    const { id } = await created<Observation>('/Observation', observationOf(`Patient/${patient.id}`));
    const rows = await sql`select action, resource, patient_mac from audit_event order by at desc limit 2`;
    expect(Number((await sql`select count(*) as n from audit_event`)[0]?.['n'])).toBe(before + 2);
    expect(rows.map((row) => row['action'])).toEqual(['create', 'create']);
    expect(new Set(rows.map((row) => row['resource']))).toEqual(
      new Set([`Patient/${patient.id}`, `Observation/${id}`]),
    );
    expect(new Set(rows.map((row) => row['patient_mac'])).size).toBe(1);
  });
});
