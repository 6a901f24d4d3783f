/** Attacks on the FHIR door (OWASP API 2023: broken object level authorisation, mass assignment, forged links, injection). */
import type { Bundle, Observation, Patient } from 'fhir/r4';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { setOptOut } from '../../src/gateway/steward.ts';
import { bucketOfId } from '../../src/gateway/id-source.ts';
import type { Bucket } from '../../src/terms/bucket.ts';
import type { FacilityId } from '../../src/terms/facility.ts';
import { type App, openApp } from '../support/app.ts';
import { type FhirInit, type FhirTester, fhirTester, foundIn } from '../support/fhir.ts';
import { CITY, COUNTY, openWorld, type TestDatabase, type TestWorld, TOWN } from '../support/gateway.ts';
import { openSql } from '../support/sql.ts';
import { electrolytes, NATIONAL_SYSTEM, newVictim, openAttacked } from './attack-world.ts';

const JSON_TYPE = { 'content-type': 'application/fhir+json' };
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

let database: TestDatabase;
let world: TestWorld;
let app: App;
let fhir: FhirTester;
let sql: ReturnType<typeof openSql>;

const victim = newVictim();
const NUMBER = `${NATIONAL_SYSTEM}|${victim.national}`;
/** What the county hospital holds of the victim. */
const held = { patient: '', observation: '', report: '', loose: '', specimen: '', encounter: '', order: '' };
/** The city hospital's own record of the same human. */
let known = '';

beforeAll(async () => {
  database = await openAttacked();
  world = await openWorld(database);
  app = openApp(world.gateway);
  fhir = fhirTester(world, app);
  sql = openSql(database.url);
  await world.send(COUNTY, electrolytes({ controlId: 'V1', filler: 'VR1', patient: victim }));
  await world.send(CITY, electrolytes({ controlId: 'V2', filler: 'VR2', patient: victim }));
  known = (await fhir.search(CITY, `/Patient?identifier=${NUMBER}`)).matches[0]?.id ?? '';
  held.patient = (await fhir.search(COUNTY, `/Patient?identifier=${NUMBER}`)).matches[0]?.id ?? '';
  held.report = (await fhir.search(COUNTY, '/DiagnosticReport?identifier=VR1')).matches[0]?.id ?? '';
  held.observation = (await fhir.search(COUNTY, `/Observation?patient=${held.patient}&code=K`)).matches[0]?.id ?? '';
  const subject = { reference: `Patient/${held.patient}` };
  held.encounter = await made('Encounter', {
    identifier: [{ system: 'urn:visit', value: 'VISIT-1' }],
    status: 'in-progress',
    class: { code: 'AMB' },
    subject,
  });
  held.order = await made('ServiceRequest', {
    identifier: [{ system: 'urn:order', value: 'ORDER-1' }],
    status: 'active',
    intent: 'order',
    subject,
  });
  held.specimen = await made('Specimen', { accessionIdentifier: { system: 'urn:tube', value: 'TUBE-1' }, subject });
  held.loose = await made('Observation', {
    ...observation(held.patient),
    identifier: [{ system: 'urn:lis', value: 'LOOSE-1' }],
    basedOn: [{ reference: `ServiceRequest/${held.order}` }],
    specimen: { reference: `Specimen/${held.specimen}` },
    encounter: { reference: `Encounter/${held.encounter}` },
  });
});
afterAll(async () => {
  await sql.end();
  await world.close();
  await database.close();
});
beforeEach(() => world.clock.turnTo(new Date(Date.parse(world.clock.now()) + 1_000).toISOString()));

const observation = (patient: string, over: object = {}) => ({
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ code: 'HGB' }] },
  subject: { reference: `Patient/${patient}` },
  effectiveDateTime: '2026-03-01T08:00:00+08:00',
  valueQuantity: { value: 141, unit: 'g/L' },
  ...over,
});

function send(by: FacilityId, method: string, path: string, body: unknown, headers = {}): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return fhir.ask(by, path, { method, body: text, headers: { ...JSON_TYPE, ...headers } });
}

async function made(type: string, body: object, by = COUNTY): Promise<string> {
  const response = await send(by, 'POST', `/${type}`, { resourceType: type, ...body });
  const { id, ...rest } = (await response.json()) as { id?: string };
  if (response.status !== 201 || id === undefined) throw new Error(JSON.stringify(rest));
  return id;
}

/** An id of the right form, in the same bucket, under which nothing is. */
function absent(id: string): string {
  return id.slice(0, 2) + '0'.repeat(20) + (id.includes('.') ? `.${'0'.repeat(10)}` : '');
}

/** What an answer tells: status, what the headers say of a version, and the body without signed links and the ids asked for. */
async function told(response: Response, ...asked: readonly string[]): Promise<unknown> {
  let text = await response.text();
  for (const id of asked) text = text.replaceAll(id, 'ID');
  const headers = ['etag', 'last-modified', 'location', 'content-location', 'content-type', 'retry-after'];
  return {
    status: response.status,
    headers: headers.map((name) => response.headers.get(name)),
    text: text.replaceAll(/_cursor=[^"]*/g, '_cursor=…'),
  };
}

const events = async (): Promise<number> =>
  Number((await sql`select count(*) as n from audit_event`)[0]?.['n'] ?? Number.NaN);

type Shape = readonly [name: string, ask: (id: (kept: keyof typeof held) => string) => readonly [string, FhirInit?]];

const SHAPES: readonly Shape[] = [
  ['a read', (id) => [`/Observation/${id('observation')}`]],
  ['a read of a loose result', (id) => [`/Observation/${id('loose')}`]],
  ['a read of the report', (id) => [`/DiagnosticReport/${id('report')}`]],
  ['a read of the Patient', (id) => [`/Patient/${id('patient')}`]],
  ['a read of the Encounter', (id) => [`/Encounter/${id('encounter')}`]],
  ['a read under another type', (id) => [`/Specimen/${id('observation')}`]],
  ['a read of a version', (id) => [`/Observation/${id('observation')}/_history/1`]],
  ['a read of a version that never was', (id) => [`/Observation/${id('observation')}/_history/7`]],
  ['the history', (id) => [`/Patient/${id('patient')}/_history`]],
  ['a guess at the ETag', (id) => [`/Observation/${id('observation')}`, { headers: { 'if-none-match': 'W/"1"' } }]],
  ['the Provenance', (id) => [`/Provenance/${id('observation')}.p1`]],
  ['a search by _id', (id) => [`/Observation?_id=${id('observation')}`]],
  [
    'a search by _id with what comes along',
    (id) => [
      `/Observation?_id=${id('observation')},${id('loose')}&_include=Observation:patient&_include=Observation:specimen&_revinclude=Provenance:target`,
    ],
  ],
  ['a report with its results', (id) => [`/DiagnosticReport?_id=${id('report')}&_include=DiagnosticReport:result`]],
  ['a search by patient', (id) => [`/Observation?patient=${id('patient')}`]],
  ['a search by subject in full', (id) => [`/Observation?subject=http://localhost/fhir/Patient/${id('patient')}`]],
  ['a count', (id) => [`/Observation?patient=${id('patient')}&_summary=count`]],
  ['a total', (id) => [`/Observation?patient=${id('patient')}&_total=accurate&_count=1`]],
  ['a search by order', (id) => [`/Observation?based-on=ServiceRequest/${id('order')}`]],
  ['a search by specimen', (id) => [`/Observation?specimen=${id('specimen')}`]],
  ['a search by encounter', (id) => [`/Observation?encounter=${id('encounter')}`]],
  ['a search by result', (id) => [`/DiagnosticReport?result=${id('observation')}`]],
  [
    'a search in a body',
    (id) => [
      '/Observation/_search',
      { method: 'POST', body: new URLSearchParams({ patient: id('patient') }), headers: FORM },
    ],
  ],
  ['who looked at the Patient', (id) => [`/AuditEvent?patient=${id('patient')}`]],
  ['$lastn', (id) => [`/Observation/$lastn?patient=${id('patient')}&max=3`]],
  ['$everything', (id) => [`/Patient/${id('patient')}/$everything`]],
  [
    'an update',
    (id) => [
      `/Observation/${id('loose')}`,
      { method: 'PUT', body: JSON.stringify({ ...observation(known), id: id('loose') }), headers: JSON_TYPE },
    ],
  ],
  [
    'an update of a version',
    (id) => [
      `/Encounter/${id('encounter')}`,
      {
        method: 'PUT',
        body: JSON.stringify({
          resourceType: 'Encounter',
          id: id('encounter'),
          status: 'finished',
          class: { code: 'AMB' },
        }),
        headers: { ...JSON_TYPE, 'if-match': 'W/"1"' },
      },
    ],
  ],
  [
    'a result for the other’s Patient',
    (id) => ['/Observation', { method: 'POST', body: JSON.stringify(observation(id('patient'))), headers: JSON_TYPE }],
  ],
  [
    'a batch',
    (id) => [
      '',
      {
        method: 'POST',
        body: JSON.stringify({
          resourceType: 'Bundle',
          type: 'batch',
          entry: [
            { request: { method: 'GET', url: `Observation/${id('observation')}` } },
            { request: { method: 'GET', url: `Observation?patient=${id('patient')}` } },
            { resource: observation(id('patient')), request: { method: 'POST', url: 'Observation' } },
          ],
        }),
        headers: JSON_TYPE,
      },
    ],
  ],
];

/** Shapes that find nothing for anybody, or write. */
const NOTHING_ANYWHERE = /another type|never was|an update|a result for|a batch/;

describe('what another facility holds', () => {
  const tries = [TOWN, CITY].flatMap((by) => SHAPES.map(([name, ask]) => [by, name, ask] as const));

  test.each(tries)('looks to %s by %s like nothing there, and the try is audited', async (by, _, ask) => {
    const asking = (id: (kept: keyof typeof held) => string) => fhir.ask(by, ...ask(id));
    const nothing = await told(await asking((kept) => absent(held[kept])), ...Object.values(held).map(absent));
    const before = await events();
    const answered = await asking((kept) => held[kept]);
    const something = await told(answered, ...Object.values(held));
    expect(something).toEqual(nothing);
    if (ask((kept) => kept)[1]?.body === undefined || answered.status === 200)
      expect(await events()).toBeGreaterThan(before);
    expect(JSON.stringify(something)).not.toContain('facility:county');
  });

  test.each(SHAPES.filter(([name]) => !NOTHING_ANYWHERE.test(name)))('is there for its owner: %s', async (_, ask) => {
    const nothing = await told(
      await fhir.ask(COUNTY, ...ask((kept) => absent(held[kept]))),
      ...Object.values(held).map(absent),
    );
    expect(await told(await fhir.ask(COUNTY, ...ask((kept) => held[kept])), ...Object.values(held))).not.toEqual(
      nothing,
    );
  });

  test.each([
    '/Observation?identifier=urn:lis|LOOSE-1',
    '/Observation?identifier=LOOSE-1',
    '/ServiceRequest?identifier=ORDER-1',
    '/Specimen?accession=TUBE-1',
    '/Encounter?identifier=VISIT-1',
    '/DiagnosticReport?identifier=VR1&_include=DiagnosticReport:result',
    '/Observation?_lastUpdated=ge2000-01-01',
  ])('is not found by its identifier or in a feed: %s', async (path) => {
    expect(JSON.stringify((await fhir.search(COUNTY, path)).bundle)).toContain('facility:county');
    for (const by of [TOWN, CITY])
      expect(JSON.stringify((await fhir.search(by, path)).bundle)).not.toMatch(/facility:county|LOOSE|VISIT|TUBE/);
  });

  test('is not told to who names the human by the national number without treating them', async () => {
    for (const path of [
      `/Observation?patient.identifier=${NUMBER}`,
      `/Observation?subject:identifier=${NUMBER}`,
      `/Patient?identifier=${victim.national}`,
      `/Observation/$lastn?patient.identifier=${NUMBER}`,
    ]) {
      expect((await fhir.search(TOWN, path)).matches).toEqual([]);
      const city = await fhir.search(CITY, path);
      expect(new Set(city.matches.map(({ meta }) => meta?.source))).toEqual(new Set(['urn:concord:facility:city']));
    }
  });

  test('is not meant by the address of another server', async () => {
    for (const host of [
      'http://evil.example/fhir',
      'https://localhost/fhir',
      'http://localhost/fhir/x',
      'http://localhost',
    ]) {
      const path = `/Observation?subject=${host}/Patient/${held.patient}`;
      expect((await fhir.refusal(await fhir.ask(COUNTY, path))).code, host).toBe('search/bad-value');
    }
  });

  test('is matched by no $match, certain or possible', async () => {
    const resource = {
      resourceType: 'Patient',
      identifier: [{ system: NATIONAL_SYSTEM, value: victim.national }],
      name: [{ text: victim.name }],
      birthDate: '1970-03-05',
      gender: 'female',
    };
    const parameter = [
      { name: 'resource', resource },
      { name: 'onlyCertainMatches', valueBoolean: false },
    ];
    const response = await send(TOWN, 'POST', '/Patient/$match', { resourceType: 'Parameters', parameter });
    expect(((await response.json()) as Bundle).entry).toBeUndefined();
  });

  test('is neither kept nor taken over by a condition that fits it', async () => {
    const body = observation(known, { identifier: [{ system: 'urn:lis', value: 'LOOSE-1' }] });
    const created = await send(CITY, 'POST', '/Observation', body, { 'if-none-exist': 'identifier=urn:lis|LOOSE-1' });
    expect(created.status).toBe(201);
    const put = await send(CITY, 'PUT', '/Observation?identifier=urn:lis|LOOSE-1', { ...body, status: 'amended' });
    expect([put.status, ((await put.json()) as Observation).meta?.source]).toEqual([200, 'urn:concord:facility:city']);
    const left = await fhir.get<Observation>(COUNTY, `/Observation/${held.loose}`);
    expect([left.status, left.meta?.versionId]).toEqual(['final', '1']);
    const subject = { reference: 'Encounter?identifier=urn:visit|VISIT-1' };
    const lost = await fhir.refusal(
      await send(CITY, 'POST', '/Observation', observation(known, { encounter: subject })),
    );
    expect(lost).toMatchObject({ status: 400, code: 'gateway/reference-not-there' });
  });

  test('opens to nobody by a visit that is known to be another patient’s', async () => {
    const stranger = newVictim();
    await world.send(CITY, electrolytes({ controlId: 'V3', patient: stranger }));
    const [other] = (await fhir.search(CITY, `/Patient?identifier=${stranger.national}`)).matches;
    await made(
      'Encounter',
      {
        identifier: [{ system: 'urn:visit', value: 'STRANGE-1' }],
        status: 'in-progress',
        class: { code: 'AMB' },
        subject: { reference: `Patient/${other?.id}` },
      },
      CITY,
    );
    const path = `/Observation?patient.identifier=${NUMBER}`;
    const foreign = async (encounter: string): Promise<number> =>
      (await fhir.search(CITY, path, { 'concord-encounter': encounter })).matches.filter(({ meta }) =>
        meta?.source?.endsWith('county'),
      ).length;
    expect(await foreign('STRANGE-1')).toBe(0);
    expect(await foreign('MZ-9')).toBeGreaterThan(0);
  });
});

describe('what the server owns', () => {
  const claims = {
    versionId: '9',
    lastUpdated: '1999-01-01T00:00:00Z',
    source: 'urn:concord:facility:city',
    security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'HTEST' }],
    tag: [
      { system: 'urn:concord:tenant', code: 'city' },
      { system: 'URN:Concord:tenant', code: 'city' },
    ],
  };
  const owned = { source: 'urn:concord:facility:county', tag: undefined, security: undefined };

  test('is overwritten on create, on update and in a bundle', async () => {
    const body = observation(held.patient, { meta: claims });
    const first = (await (await send(COUNTY, 'POST', '/Observation', body)).json()) as Observation;
    expect({ ...first.meta, tag: first.meta?.tag, security: first.meta?.security }).toEqual({
      ...owned,
      versionId: '1',
      lastUpdated: world.clock.now(),
    });
    const put = await send(COUNTY, 'PUT', `/Observation/${first.id}`, { ...body, id: first.id, status: 'amended' });
    expect(((await put.json()) as Observation).meta).toEqual({
      versionId: '2',
      lastUpdated: world.clock.now(),
      source: owned.source,
    });
    const entry = [{ resource: { ...body, id: 'mine' }, request: { method: 'POST', url: 'Observation' } }];
    const bundle = await send(COUNTY, 'POST', '', { resourceType: 'Bundle', type: 'transaction', entry });
    const [answer] = ((await bundle.json()) as Bundle).entry ?? [];
    expect(answer?.resource?.meta).toMatchObject({ versionId: '1', source: owned.source });
    expect(answer?.resource?.id).not.toBe('mine');
  });

  test.each(['Provenance', 'AuditEvent', 'Person', 'ConceptMap', '__proto__', 'constructor'])(
    'is not made by a client: %s',
    async (type) => {
      const response = await send(COUNTY, 'POST', `/${type}`, { resourceType: type });
      expect((await fhir.refusal(response)).code).toBe('web/type-not-served');
    },
  );

  test('is not smuggled in inside another resource', async () => {
    const contained = [{ resourceType: 'Provenance', id: 'p', meta: claims }];
    const refused = await fhir.refusal(
      await send(COUNTY, 'POST', '/Observation', observation(held.patient, { contained })),
    );
    expect(refused).toMatchObject({ status: 422, code: 'gateway/not-valid' });
  });
});

describe('links', () => {
  const nextOf = async (by: FacilityId, path: string, headers = {}): Promise<string> =>
    (await fhir.search(by, path, headers)).next ?? '';
  const refusedCode = async (by: FacilityId, link: string): Promise<string> =>
    (await fhir.refusal(await fhir.ask(by, link))).code;

  test('are refused when a sign of them is changed, cut off or added', async () => {
    const link = await nextOf(COUNTY, `/Observation?patient=${held.patient}&_count=1`);
    const start = link.indexOf('_cursor=') + '_cursor='.length;
    const bent = Array.from({ length: 40 }, (_, step) => {
      const place = start + Math.floor(((link.length - start) * step) / 40);
      return link.slice(0, place) + (link[place] === 'A' ? 'B' : 'A') + link.slice(place + 1);
    });
    const more = [
      link.slice(0, -1),
      `${link}A`,
      `${link}.x`,
      `${link.slice(0, start)}..`,
      link.slice(0, start) + 'a.b.c',
    ];
    for (const forged of [...bent, ...more])
      expect(await refusedCode(COUNTY, forged), forged).toBe('gateway/bad-cursor');
    expect((await fhir.ask(COUNTY, link)).status).toBe(200);
  });

  test('are good for their owner, their type and their search alone', async () => {
    const link = await nextOf(COUNTY, `/Observation?patient=${held.patient}&_count=1`);
    expect(await refusedCode(CITY, link)).toBe('gateway/bad-cursor');
    expect(await refusedCode(COUNTY, link.replace('/Observation?', '/Specimen?'))).toBe('gateway/bad-cursor');
    const bent = await fhir.search(COUNTY, `${link}&patient=${known}&_include=Observation:patient`);
    expect(bent.included).toEqual([]);
    expect(bent.matches.map((one) => (one as Observation).subject?.reference)).toEqual([`Patient/${held.patient}`]);
    const [, cursor = ''] = link.split('_cursor=');
    expect(atob(cursor.split('.')[1]?.replaceAll('-', '+').replaceAll('_', '/') ?? '')).not.toContain(held.patient);
  });

  test('show after an opt-out nothing of another facility any more', async () => {
    const leaving = newVictim();
    const number = `${NATIONAL_SYSTEM}|${leaving.national}`;
    await world.send(COUNTY, electrolytes({ controlId: 'L1', filler: 'L1', patient: leaving }));
    await world.send(CITY, electrolytes({ controlId: 'L2', filler: 'L2', patient: leaving }));
    const visit = { 'concord-encounter': 'MZ-10' };
    const path = `/Observation?patient.identifier=${number}&_count=2`;
    const walk = async (start: string): Promise<readonly string[]> => {
      const sources: string[] = [];
      for (let link: string | undefined = start; link !== undefined; ) {
        const page: Awaited<ReturnType<FhirTester['search']>> = await fhir.search(CITY, link);
        sources.push(...page.matches.map(({ meta }) => meta?.source ?? ''));
        link = page.next;
      }
      return sources;
    };
    const next = await nextOf(CITY, path, visit);
    expect(await walk(next)).toContain('urn:concord:facility:county');
    const [patient] = (await fhir.search(COUNTY, `/Patient?identifier=${number}`)).matches as Patient[];
    const id = patient?.id ?? '';
    await setOptOut(world.gateway, {
      patient: { bucket: bucketOfId(id) as Bucket, patient: id, facility: COUNTY },
      optOut: true,
      steward: 'test',
    });
    expect(await walk(next)).not.toContain('urn:concord:facility:county');
  });

  test('are not made of a Host that anybody may send', async () => {
    const path = `/Observation?patient=${held.patient}&_count=1`;
    const poison = {
      host: 'evil.example',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'gopher',
      forwarded: 'host=evil.example',
      'x-original-url': 'http://evil.example/',
    };
    const links: string[] = [];
    for (const address of [path, `http://evil.example/fhir${path}`]) {
      const { bundle } = foundIn((await (await fhir.ask(COUNTY, address, { headers: poison })).json()) as Bundle);
      links.push(JSON.stringify(bundle));
    }
    const written = await fhir.ask(COUNTY, 'http://evil.example/fhir/Observation', {
      method: 'POST',
      body: JSON.stringify(observation(held.patient)),
      headers: { ...JSON_TYPE, ...poison },
    });
    links.push(written.headers.get('location') ?? '');
    for (const link of links) {
      expect(link).toContain('http://localhost/fhir/');
      expect(link).not.toMatch(/evil|gopher/);
    }
  });
});

describe('a bent request', () => {
  test('is not another verb by a header, and no verb that is not served', async () => {
    const path = `/Observation/${held.loose}`;
    for (const header of ['x-http-method-override', 'x-http-method', 'x-method-override']) {
      const response = await fhir.ask(COUNTY, path, { headers: { [header]: 'DELETE' } });
      expect(response.status).toBe(200);
    }
    for (const method of ['DELETE', 'PATCH', 'TRACE', 'PROPFIND', 'LOCK']) {
      const { status, code } = await fhir.refusal(
        await fhir.ask(COUNTY, path, { method }).catch(() => new Response('{"issue":[]}', { status: 405 })),
      );
      expect([404, 405]).toContain(status);
      expect(['web/not-found', '']).toContain(code);
    }
    expect((await fhir.ask(COUNTY, path)).status).toBe(200);
  });

  test('from a page of another origin is allowed nothing', async () => {
    for (const method of ['OPTIONS', 'GET']) {
      const headers = { origin: 'https://evil.example', 'access-control-request-method': 'GET' };
      const response = await fhir.ask(COUNTY, `/Observation/${held.loose}`, { method, headers });
      for (const name of ['origin', 'credentials', 'headers', 'methods'])
        expect(response.headers.get(`access-control-allow-${name}`)).toBeNull();
    }
  });

  test.each(['xml', 'application/fhir+xml', 'html', 'ttl', '../../etc/passwd'])(
    'asks in vain for _format=%s',
    async (format) => {
      const response = await fhir.ask(COUNTY, `/Observation/${held.loose}?_format=${encodeURIComponent(format)}`);
      expect((await fhir.refusal(response)).code).toBe('web/not-acceptable');
    },
  );

  test('with an address of sixteen thousand signs, or a thousand headers, is answered and costs nothing', async () => {
    const long = await fhir.refusal(await fhir.ask(COUNTY, `/Observation?patient=${'x'.repeat(16_384)}`));
    expect(long.code).toBe('search/too-much');
    const id = await fhir.refusal(await fhir.ask(COUNTY, `/Observation/${'0'.repeat(16_384)}`));
    expect(id).toMatchObject({ status: 404, code: 'gateway/not-there' });
    const headers = Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`x-${n}`, 'y'.repeat(100)]));
    expect((await fhir.ask(COUNTY, `/Observation/${held.loose}`, { headers })).status).toBe(200);
  });

  test('inside a bundle leads to no route outside the door, and the answer stays JSON', async () => {
    const urls = [
      '../admin/counts',
      '/../../healthz',
      '%2e%2e/admin/counts',
      'http://evil.example/fhir/Patient/x',
      '//evil.example/Patient/x',
      '///',
      'a/b/c/d/e',
      'Observation/$lastn',
      'Patient/$match',
      '?_type=Observation',
      '\\\\evil\\x',
      'metadata',
      `Observation/${held.loose}`,
    ];
    const entry = urls.map((url) => ({ request: { method: 'GET', url } }));
    const response = await send(COUNTY, 'POST', '', { resourceType: 'Bundle', type: 'batch', entry });
    const answered = (await response.json()) as Bundle;
    const statuses = answered.entry?.map((one) => Number(one.response?.status)) ?? [];
    expect(statuses.slice(-2)).toEqual([200, 200]);
    expect(statuses.slice(0, -2).filter((status) => status < 400)).toEqual([]);
    expect(JSON.stringify(answered)).not.toContain('"status":"up"');
  });
});
