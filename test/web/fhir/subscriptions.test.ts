/** Subscriptions at the FHIR door: made, told in order, signed, tried again, given up; each hears what it may see, no more. */
import type { Subscription } from 'fhir/r4';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { LIMITS } from '../../../src/base/limits.ts';
import { putCodes } from '../../../src/gateway/configure.ts';
import { finishPending } from '../../../src/gateway/run-jobs.ts';
import { bucketOfId } from '../../../src/gateway/id-source.ts';
import { setOptOut } from '../../../src/gateway/steward.ts';
import { isSignedBy } from '../../../src/gateway/subscriptions/notification.ts';
import { runDeliveries } from '../../../src/gateway/subscriptions/run-deliveries.ts';
import { parseAllowedHosts } from '../../../src/outbound/allow-list.ts';
import { createOutbound } from '../../../src/outbound/create-outbound.ts';
import { createPinnedTransport } from '../../../src/runtime/node/pinned-transport.ts';
import type { Bucket } from '../../../src/terms/bucket.ts';
import type { ChannelId } from '../../../src/terms/channel.ts';
import type { FacilityId } from '../../../src/terms/facility.ts';
import { ADMIN, type App, openApp } from '../../support/app.ts';
import { type FhirInit, type FhirTester, fhirTester } from '../../support/fhir.ts';
import { CITY, COUNTY, DATABASES, openWorld, type TestDatabase, type TestWorld, TOWN } from '../../support/gateway.ts';
import { oru, residentNumber, ZHANG } from '../../support/messages.ts';
import { openReceiver, type Notice, type Receiver } from '../../support/receiver.ts';
import { openSql } from '../../support/sql.ts';

const NUMBER = `urn:oid:2.16.156.10011.1.3|${ZHANG.national}`;
const CONTENT = 'http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-payload-content';
const TREATING = { url: 'urn:concord:extension:treating-encounter', valueString: 'MZ1' };
const SECRET = 'urn:concord:extension:webhook-secret';
const LI = {
  mrn: 'M2',
  national: residentNumber('1980-05-06', 22),
  name: '李试验',
  birthDate: '19800506',
  sex: 'F',
} as const;
const wbc = (value: string, status = 'F'): string => `NM|WBC^白细胞^L||${value}|10^9/L|3.5-9.5||||${status}`;

describe.each(DATABASES)('subscriptions on $name', (kind) => {
  let database: TestDatabase;
  let world: TestWorld;
  let app: App;
  let fhir: FhirTester;
  let receiver: Receiver;
  let sql: ReturnType<typeof openSql>;
  let sent = 0;

  beforeAll(async () => {
    database = await kind.open();
    receiver = await openReceiver();
    const outbound = createOutbound(parseAllowedHosts(receiver.origin), createPinnedTransport());
    world = await openWorld(database, { outbound });
    app = openApp(world.gateway);
    fhir = fhirTester(world, app);
    sql = openSql(database.url);
  });
  afterAll(async () => {
    await sql.end();
    await receiver.close();
    await world.close();
    await database.close();
  });
  beforeEach(() => pass(60));
  afterEach(async () => {
    await sql`update subscription set status = 'off'`;
    await sql`update reference_version set version = version + 1`;
    await sql`delete from job`;
    world.gateway.reference.refresh();
    receiver.answers.clear();
    receiver.clear();
  });

  const pass = (seconds: number): void =>
    world.clock.turnTo(new Date(Date.parse(world.clock.now()) + seconds * 1000).toISOString());
  const wish = (path: string, over: Partial<Subscription> = {}, channel: Partial<Subscription['channel']> = {}) =>
    JSON.stringify({
      resourceType: 'Subscription',
      status: 'requested',
      reason: '新结果',
      criteria: 'Observation?code=WBC',
      channel: {
        type: 'rest-hook',
        endpoint: `${receiver.origin}${path}`,
        payload: 'application/fhir+json',
        ...channel,
      },
      ...over,
    });
  const post = (by: FacilityId, body: string, init: FhirInit = {}): Promise<Response> =>
    fhir.ask(by, '/Subscription', {
      method: 'POST',
      body,
      ...init,
      headers: { 'content-type': 'application/fhir+json' },
    });
  const subscribe = async (by: FacilityId, body: string, init: FhirInit = {}): Promise<Subscription> => {
    const response = await post(by, body, init);
    const made = (await response.json()) as Subscription;
    expect([response.status, made.status]).toEqual([201, 'active']);
    receiver.clear();
    return made;
  };
  const turn = (by: FacilityId, { id }: Subscription, status: string): Promise<Response> =>
    fhir.ask(by, `/Subscription/${id}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/fhir+json' },
      body: wish('/', { id: id as string, status: status as 'off' }),
    });
  /** One report of one value; the same filler corrects it. */
  const send = async (from: FacilityId, over: Partial<Parameters<typeof oru>[0]> = {}): Promise<string> => {
    sent++;
    const text = oru({
      controlId: `S${sent}`,
      reported: `20260301${String(100_000 + sent)}`,
      results: [wbc(`6.${sent}`)],
      ...over,
    });
    await world.send(from, text);
    return text;
  };
  const work = async (): Promise<void> => {
    await finishPending(world.gateway);
    await runDeliveries(world.gateway);
  };
  const told = (path = ''): readonly Notice[] =>
    receiver.notices.filter((one) => one.event > 0 && one.path.startsWith(path));
  const deliveries = async (of: Subscription) =>
    (await sql`select state, last_fault as fault, attempts from delivery where subscription = ${of.id as string}
      order by patient, event`) as unknown as { state: string; fault: string; attempts: number }[];

  test('are asked for once by a handshake, get their secret once, and are shown to their own facility only', async () => {
    const response = await post(COUNTY, wish('/own', {}, { header: ['X-Own: yes'] }));
    expect(response.status).toBe(201);
    const made = (await response.json()) as Subscription;
    expect(made).toMatchObject({
      status: 'active',
      criteria: 'Observation?code=WBC',
      channel: { header: ['X-Own: yes'] },
    });
    expect(made.extension?.map(({ url }) => url)).toEqual([SECRET]);
    expect(receiver.notices).toMatchObject([{ path: '/own', type: 'handshake', headers: { 'x-own': 'yes' } }]);
    expect(response.headers.get('location')).toContain(`/fhir/Subscription/${made.id}`);

    const read = await fhir.get<Subscription>(COUNTY, `/Subscription/${made.id}`);
    expect(JSON.stringify(read)).not.toContain(SECRET);
    expect((await fhir.ask(CITY, `/Subscription/${made.id}`)).status).toBe(404);
    expect((await turn(CITY, made, 'off')).status).toBe(404);
    expect((await fhir.search(COUNTY, '/Subscription?status=active')).matches.map(({ id }) => id)).toEqual([made.id]);
    expect((await fhir.search(COUNTY, '/Subscription?status=error')).matches).toEqual([]);
    expect((await fhir.search(CITY, '/Subscription')).matches).toEqual([]);
  });

  test('to an endpoint that does not take the handshake are in error, and active when it does later', async () => {
    const away = `http://127.0.0.1:1`;
    const closed = createOutbound(parseAllowedHosts(away), createPinnedTransport());
    const { gateway } = world;
    const deaf = fhirTester(
      { ...world, gateway: { ...gateway, outbound: closed } },
      openApp({ ...gateway, outbound: closed }),
    );
    const response = await deaf.ask(COUNTY, '/Subscription', {
      method: 'POST',
      headers: { 'content-type': 'application/fhir+json' },
      body: wish('/', {}, { endpoint: `${away}/hook` }),
    });
    const made = (await response.json()) as Subscription;
    expect([response.status, made.status, made.error]).toEqual([201, 'error', 'outbound/unreachable']);
    await sql`update subscription set endpoint = ${`${receiver.origin}/later`} where id = ${made.id as string}`;
    await sql`update reference_version set version = version + 1`;
    gateway.reference.refresh();
    const again = await turn(COUNTY, made, 'requested');
    expect(await again.json()).toMatchObject({ status: 'active' });
    expect(receiver.notices).toMatchObject([{ path: '/later', type: 'handshake' }]);
  });

  test.each<[string, string, Partial<Subscription>, Partial<Subscription['channel']>]>([
    ['criteria of another type', 'gateway/bad-criteria', { criteria: 'Patient?name=张' }, {}],
    ['criteria without a type', 'gateway/bad-criteria', { criteria: '?code=WBC' }, {}],
    [
      'a parameter that needs more than the result',
      'gateway/bad-criteria',
      { criteria: 'Observation?_lastUpdated=gt2026' },
      {},
    ],
    ['a value set', 'gateway/bad-criteria', { criteria: 'Observation?code:in=http://x' }, {}],
    ['an included type', 'gateway/bad-criteria', { criteria: 'Observation?code=WBC&_include=Observation:subject' }, {}],
    ['a host that is not allowed', 'gateway/bad-endpoint', {}, { endpoint: 'https://elsewhere.example/hook' }],
    ['an address of this machine', 'gateway/bad-endpoint', {}, { endpoint: 'http://127.0.0.1:22/' }],
    ['a mailbox', 'gateway/bad-subscription', {}, { type: 'email' }],
    ['a payload of XML', 'gateway/bad-subscription', {}, { payload: 'application/fhir+xml' }],
    ['a Host header', 'gateway/bad-subscription', {}, { header: ['Host: elsewhere'] }],
    ['a header in two lines', 'gateway/bad-subscription', {}, { header: ['X-Own: a\r\nHost: b'] }],
    ['a header of the signature', 'gateway/bad-subscription', {}, { header: ['webhook-id: 1'] }],
    ['a status of its own', 'gateway/bad-subscription', { status: 'active' }, {}],
  ])('with %s are refused', async (_, code, over, channel) => {
    const refused = await fhir.refusal(await post(COUNTY, wish('/bad', over, channel)));
    expect(refused.code).toBe(code);
    expect(receiver.notices).toEqual([]);
  });

  test('need the scope to make them and the scope to search what they ask for', async () => {
    for (const scopes of [
      ['system/Observation.rs'],
      ['system/Subscription.cruds'],
      ['system/Subscription.cruds', 'system/Observation.r'],
    ]) {
      expect(await fhir.refusal(await post(COUNTY, wish('/scope'), { scopes }))).toMatchObject({
        status: 403,
        code: 'gateway/scope',
      });
    }
    await subscribe(COUNTY, wish('/scope'), { scopes: ['system/Subscription.c', 'system/Observation.s'] });
  });

  test('of one facility are so many and no more', async () => {
    await subscribe(TOWN, wish('/many'));
    await sql`insert into subscription (id, bucket, facility, channel, status, criteria, endpoint, payload, ends_at)
      select s.id || n, s.bucket, s.facility, s.channel, s.status, s.criteria, s.endpoint, s.payload, s.ends_at
      from subscription s, generate_series(2, ${LIMITS.subscriptionsMax}::int) n where s.facility = ${TOWN} and s.status = 'active'`;
    await sql`update reference_version set version = version + 1`;
    world.gateway.reference.refresh();
    expect((await fhir.refusal(await post(TOWN, wish('/many')))).code).toBe('gateway/too-many-subscriptions');
  });

  test('hear of what is new, corrected and taken back, signed and by id; of nothing that came again or was mapped anew', async () => {
    const made = await subscribe(COUNTY, wish('/hear', {}, { header: ['Authorization: Bearer own'] }));
    const secret = made.extension?.find(({ url }) => url === SECRET)?.valueString ?? '';
    const first = await send(COUNTY, { filler: 'H1' });
    await work();
    await world.send(COUNTY, first);
    await putCodes(world.gateway, [
      { facility: COUNTY, kind: 'result', system: '', code: 'WBC', display: 'WBC', target: 'RBC' },
    ]);
    await putCodes(world.gateway, [
      { facility: COUNTY, kind: 'result', system: '', code: 'WBC', display: 'WBC', target: 'WBC' },
    ]);
    await work();
    await send(COUNTY, { filler: 'H1', results: [wbc('7.7', 'C')] });
    await work();
    await send(COUNTY, { filler: 'H1', results: [wbc('', 'D')] });
    await work();
    const notices = told('/hear');
    expect(notices.map(({ event, focus }) => [event, focus[0]?.split('/').at(-1)])).toEqual([
      [1, '1'],
      [2, '2'],
      [3, '3'],
    ]);
    expect(new Set(notices.map(({ headers }) => headers['webhook-id'])).size).toBe(3);
    for (const { headers, text, bundle } of notices) {
      const message = {
        id: String(headers['webhook-id']),
        seconds: String(headers['webhook-timestamp']),
        signature: String(headers['webhook-signature']),
        body: text,
      };
      expect(isSignedBy(secret, message)).toBe(true);
      expect(isSignedBy(secret, { ...message, body: `${text} ` })).toBe(false);
      expect(headers['authorization']).toBe('Bearer own');
      expect(bundle).toMatchObject({ resourceType: 'Bundle', type: 'history' });
      expect(bundle.entry?.slice(1).map(({ resource }) => resource)).toEqual([undefined]);
      expect(text).not.toContain(ZHANG.name);
    }
  });

  test('hear of no test message, of no other hospital, and of no other code', async () => {
    await subscribe(COUNTY, wish('/quiet'));
    await send(COUNTY, { processing: 'T' });
    await send(CITY);
    await send(COUNTY, { results: ['NM|HGB^血红蛋白^L||141|g/L|130-175||||F'] });
    await work();
    expect(told()).toEqual([]);
    expect((await sql`select * from job`).length).toBe(0);
  });

  test('hear of what a FHIR client writes as of what a message brings', async () => {
    await send(COUNTY);
    const zhang = (await fhir.search(COUNTY, `/Patient?identifier=${NUMBER}`)).matches[0]?.id ?? '';
    await subscribe(COUNTY, wish('/fhir', { criteria: `Observation?patient=Patient/${zhang}&category=laboratory` }));
    const written = await fhir.ask(COUNTY, '/Observation', {
      method: 'POST',
      headers: { 'content-type': 'application/fhir+json' },
      body: JSON.stringify({
        resourceType: 'Observation',
        status: 'final',
        category: [
          { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory' }] },
        ],
        code: { coding: [{ system: 'http://loinc.org', code: '6690-2' }] },
        subject: { reference: `Patient/${zhang}` },
        effectiveDateTime: '2026-03-01T08:30:00+08:00',
        valueQuantity: { value: 6.2, unit: '10^9/L', system: 'http://unitsofmeasure.org', code: '10*9/L' },
      }),
    });
    expect(written.status).toBe(201);
    const { id } = (await written.json()) as { id: string };
    await send(COUNTY, { patient: LI });
    await work();
    expect(told('/fhir').map(({ focus }) => focus)).toEqual([[`Observation/${id}/_history/1`]]);
  });

  test('are read and listed through their own routes alone: no history, no other door shows their headers', async () => {
    const made = await subscribe(COUNTY, wish('/headers', {}, { header: ['X-Token: of-the-endpoint'] }));
    for (const by of [COUNTY, CITY]) {
      for (const path of [`/Subscription/${made.id}/_history`, `/Subscription/${made.id}/_history/1`]) {
        const response = await fhir.ask(by, path);
        expect(response.status, path).toBe(404);
        expect(await response.text()).not.toContain('of-the-endpoint');
      }
    }
    const rows = await sql`select content from resource where id = ${made.id as string}`;
    expect(rows.length).toBe(1);
    expect(Buffer.from(rows[0]?.['content'] as Uint8Array).toString('latin1')).not.toContain('of-the-endpoint');
    const [row] = await sql`select criteria from subscription where id = ${made.id as string}`;
    expect(String(row?.['criteria'])).not.toContain('of-the-endpoint');
  });

  test('say as much as was asked for: nothing, ids, or the whole result', async () => {
    const content = (valueCode: string) =>
      ({ _payload: { extension: [{ url: CONTENT, valueCode }] } }) as Partial<Subscription['channel']>;
    await subscribe(COUNTY, wish('/empty', {}, content('empty')));
    await subscribe(COUNTY, wish('/whole', { criteria: 'DiagnosticReport?status=final' }, content('full-resource')));
    await send(COUNTY);
    await work();
    const [empty] = told('/empty') as [Notice];
    expect([empty.focus, empty.bundle.entry?.length]).toEqual([[], 1]);
    const [whole] = told('/whole') as [Notice];
    expect(whole.bundle.entry?.[1]?.resource).toMatchObject({ resourceType: 'DiagnosticReport', status: 'final' });
    expect(whole.focus).toEqual([`DiagnosticReport/${whole.bundle.entry?.[1]?.resource?.id}/_history/1`]);
    expect((await post(COUNTY, wish('/odd', {}, content('odd')))).status).toBe(400);
  });

  test('are written down before anything is told, once for each notification, as the search that they are', async () => {
    await subscribe(COUNTY, wish('/audited'));
    receiver.answers.set('/audited', 500);
    const since = world.clock.now();
    await send(COUNTY);
    for (const seconds of [0, 5, 30]) {
      pass(seconds);
      await work();
    }
    expect(told('/audited').length).toBeGreaterThan(1);
    const rows = await sql`select action, outcome, resource, detail, patient_mac as mac, query from audit_event
      where at >= ${since} and resource = 'Observation' and detail like 'told%'`;
    expect(rows).toMatchObject([{ action: 'search', outcome: 'success', detail: 'told 1' }]);
    expect(rows[0]?.['mac']).not.toBe('');
  });

  test('hear of linked records for a treating relationship only, and not after an opt-out, judged when they are told', async () => {
    const criteria = `Observation?patient.identifier=${NUMBER}&code=WBC`;
    await send(COUNTY);
    await send(CITY);
    await subscribe(COUNTY, wish('/plain', { criteria }));
    const treating = await subscribe(COUNTY, wish('/treating', { criteria, extension: [TREATING] }));
    await send(CITY);
    await send(CITY, { patient: LI });
    await work();
    expect([told('/plain').length, told('/treating').length]).toEqual([0, 1]);

    await send(CITY);
    await finishPending(world.gateway);
    const zhang = (await fhir.search(CITY, `/Patient?identifier=${NUMBER}`)).matches[0]?.id ?? '';
    const patient = { bucket: bucketOfId(zhang) as Bucket, patient: zhang, facility: CITY };
    await setOptOut(world.gateway, { patient, optOut: true, steward: 'test' });
    await runDeliveries(world.gateway);
    await send(CITY);
    await work();
    expect(told('/treating').length).toBe(1);
    expect((await deliveries(treating)).map(({ state, fault }) => `${state} ${fault}`)).toEqual([
      'delivered ',
      'withheld gateway/not-open',
    ]);
    await send(COUNTY);
    await work();
    expect([told('/plain').length, told('/treating').length]).toEqual([1, 2]);
    await setOptOut(world.gateway, { patient, optOut: false, steward: 'test' });
  });

  test('see no more than the token that made them, nor than the channel may now', async () => {
    const base = ['system/Subscription.cruds'];
    await subscribe(COUNTY, wish('/images'), { scopes: [...base, 'system/Observation.rs?category=imaging'] });
    await subscribe(COUNTY, wish('/lab'), { scopes: [...base, 'system/Observation.rs?category=laboratory'] });
    await send(COUNTY);
    await work();
    expect([told('/images').length, told('/lab').length]).toEqual([0, 1]);
    await send(COUNTY);
    await finishPending(world.gateway);
    await sql`update channel set scopes = '["system/Patient.rs"]' where id = ${`${COUNTY}-client` as ChannelId}`;
    await sql`update reference_version set version = version + 1`;
    world.gateway.reference.refresh();
    await runDeliveries(world.gateway);
    expect(told('/lab').length).toBe(1);
    await sql`update channel set scopes = null where id = ${`${COUNTY}-client` as ChannelId}`;
    await sql`update reference_version set version = version + 1`;
    world.gateway.reference.refresh();
  });

  test('that do not hear are tried again, each time later, in order per patient, while others hear at once', async () => {
    const deaf = await subscribe(COUNTY, wish('/deaf'));
    await subscribe(COUNTY, wish('/well'));
    receiver.answers.set('/deaf', 503);
    for (const filler of ['D1', 'D1', 'D1']) await send(COUNTY, { filler, patient: LI });
    await send(COUNTY, { filler: 'D2' });
    await work();
    expect(told('/well').length).toBe(4);
    // One attempt told that the endpoint is away: the rest was spared.
    expect(told('/deaf').length).toBe(1);
    await work();
    expect(told('/deaf').length).toBe(1);
    for (const seconds of [3, 5, 9, 17, 33]) {
      pass(seconds);
      await work();
    }
    const during = told('/deaf').length;
    expect(during).toBeGreaterThanOrEqual(4);
    expect(during).toBeLessThanOrEqual(12);
    expect((await deliveries(deaf)).some(({ fault }) => fault === 'gateway/endpoint-refused')).toBe(true);

    receiver.clear();
    receiver.answers.clear();
    // Everything that is put off is called back with the first that is heard.
    pass(65);
    await work();
    const order = told('/deaf').map(({ focus, event }) => `${focus[0]?.split('/')[1]?.split('.')[0]} ${event}`);
    expect(new Set(order).size).toBe(4);
    expect(
      order.filter((one) => one.startsWith(order.find((first) => first.endsWith(' 3'))?.split(' ')[0] ?? '-')),
    ).toMatchObject([expect.stringMatching(/ 1$/), expect.stringMatching(/ 2$/), expect.stringMatching(/ 3$/)]);
  });

  test('whose endpoint is gone are turned off, and what waits behind is not sent', async () => {
    const gone = await subscribe(COUNTY, wish('/gone'));
    receiver.answers.set('/gone', 410);
    await send(COUNTY, { filler: 'G1' });
    await send(COUNTY, { filler: 'G1' });
    await work();
    expect(told('/gone').length).toBe(1);
    expect((await deliveries(gone)).map(({ state, fault }) => `${state} ${fault}`)).toEqual([
      'dead gateway/endpoint-gone',
      'withheld gateway/subscription-off',
    ]);
    expect(await fhir.get(COUNTY, `/Subscription/${gone.id}`)).toMatchObject({ status: 'off' });
    await send(COUNTY);
    await work();
    expect((await deliveries(gone)).length).toBe(2);
  });

  test('that are turned off hear nothing more, and hear again of what is new when they are turned on', async () => {
    const made = await subscribe(COUNTY, wish('/off'));
    await send(COUNTY);
    await finishPending(world.gateway);
    expect(await (await turn(COUNTY, made, 'off')).json()).toMatchObject({ id: made.id, status: 'off' });
    await send(COUNTY);
    await work();
    expect(told('/off')).toEqual([]);
    expect((await turn(COUNTY, made, 'error')).status).toBe(400);
    expect(await (await turn(COUNTY, made, 'requested')).json()).toMatchObject({ status: 'active' });
    await send(COUNTY);
    await work();
    expect(told('/off').map(({ event }) => event)).toEqual([2]);
  });

  test('give a notification up after a day, go on with the next, and end in error; what is dead can be sent again', async () => {
    const made = await subscribe(COUNTY, wish('/dead'));
    receiver.answers.set('/dead', 500);
    await send(COUNTY, { filler: 'X1' });
    await work();
    pass(LIMITS.deliverySecondsMax + 1);
    await send(COUNTY, { filler: 'X1' });
    await work();
    pass(700);
    await work();
    expect((await deliveries(made)).map(({ state }) => state)).toEqual(['dead', 'waiting']);
    const admin = { headers: { authorization: `Bearer ${ADMIN}` } };
    const dead = (await (await app.request('/admin/deliveries?state=dead', admin)).json()) as {
      id: string;
      subscription: string;
    }[];
    const [mine] = dead.filter(({ subscription }) => subscription === made.id);
    expect(mine).toMatchObject({ state: 'dead', lastFault: 'gateway/endpoint-refused', results: 1, event: 1 });
    expect(JSON.stringify(dead)).not.toContain('Observation/');

    receiver.answers.clear();
    receiver.clear();
    const again = await app.request(`/admin/deliveries/${mine?.id}/redeliver`, { method: 'POST', ...admin });
    expect(again.status).toBe(200);
    pass(700);
    await work();
    expect(
      told('/dead')
        .map(({ event }) => event)
        .toSorted((a, b) => a - b),
    ).toEqual([1, 2]);
    const twice = await app.request(`/admin/deliveries/${mine?.id}/redeliver`, { method: 'POST', ...admin });
    expect([twice.status, ((await twice.json()) as { code: string }).code]).toEqual([404, 'gateway/unknown-delivery']);

    receiver.answers.set('/dead', 500);
    for (let n = 0; n < LIMITS.deliveriesDeadMax; n++) await send(COUNTY, { filler: `Y${n}`, patient: LI });
    await finishPending(world.gateway);
    pass(LIMITS.deliverySecondsMax + 1);
    for (let n = 0; n < LIMITS.deliveriesDeadMax; n++) {
      await work();
      pass(700);
    }
    expect(await fhir.get(COUNTY, `/Subscription/${made.id}`)).toMatchObject({ status: 'error' });
    const listed = (await (await app.request('/admin/subscriptions', admin)).json()) as { id: string }[];
    expect(listed.find(({ id }) => id === made.id)).toMatchObject({ status: 'error', facility: COUNTY });
    expect(JSON.stringify(listed)).not.toContain('criteria');
  });
});
