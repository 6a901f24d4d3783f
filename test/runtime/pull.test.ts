/** Reading from a hospital's own FHIR server over real sockets: page by page, again and again, and against a hostile one. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Observation } from 'fhir/r4';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createGateway } from '../../src/gateway/gateway.ts';
import { pullReports } from '../../src/gateway/pull-reports.ts';
import { parseAllowedHosts } from '../../src/outbound/allow-list.ts';
import { createOutbound } from '../../src/outbound/create-outbound.ts';
import type { FhirSource } from '../../src/ports/fhir-source.ts';
import { createPinnedTransport } from '../../src/runtime/node/pinned-transport.ts';
import { systemRandom } from '../../src/runtime/node/clock.ts';
import { sourceOfUpstream } from '../../src/runtime/node/source-of.ts';
import { ADMIN, openApp } from '../support/app.ts';
import { type FhirTester, fhirTester } from '../support/fhir.ts';
import { COUNTY, DATABASES, expectOk, openWorld, type TestDatabase, type TestWorld } from '../support/gateway.ts';

interface Asked {
  readonly path: string;
  readonly authorization: string | undefined;
}

let database: TestDatabase;
let world: TestWorld;
let fhir: FhirTester;
let hospital: Server;
let thief: Server;
let origin: string;
const asked: Asked[] = [];
const stolen: (string | undefined)[] = [];
/** What the hospital answers, by path. */
let pages: Record<string, () => object> = {};

const report = (n: number, status = 'final') => ({
  resourceType: 'DiagnosticReport',
  id: `r${n}`,
  status,
  code: { text: '血细胞分析' },
  subject: { reference: 'Patient/p1' },
  result: [{ reference: `Observation/o${n}` }],
});
const observation = (n: number, value: number) => ({
  resourceType: 'Observation',
  id: `o${n}`,
  meta: { versionId: '7', source: 'urn:elsewhere' },
  status: 'final',
  code: { coding: [{ code: 'WBC' }] },
  subject: { reference: 'Patient/p1' },
  effectiveDateTime: '2026-03-01T08:00:00+08:00',
  valueQuantity: { value, unit: '10^9/L' },
});
const patient = {
  resourceType: 'Patient',
  id: 'p1',
  identifier: [{ system: 'urn:mrn', value: 'PULL1' }],
  name: [{ text: '周试验' }],
};
const bundle = (resources: object[], next?: string) => ({
  resourceType: 'Bundle',
  type: 'searchset',
  ...(next === undefined ? {} : { link: [{ relation: 'next', url: next }] }),
  entry: resources.map((resource) => ({ resource })),
});

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  database = await DATABASES[0]!.open();
  world = await openWorld(database);
  fhir = fhirTester(world, openApp(world.gateway));
  thief = createServer((request, response) => {
    stolen.push(request.headers.authorization);
    response.end('{}');
  });
  hospital = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push({ path, authorization: request.headers.authorization });
    if (path === '/token') {
      response.end(JSON.stringify({ access_token: 'tok' }));
      return;
    }
    const found = Object.entries(pages).find(([start]) => path.startsWith(start));
    if (found === undefined)
      response.writeHead(404).end('{"resourceType":"OperationOutcome","issue":[{"diagnostics":"周试验 not found"}]}');
    else response.writeHead(200, { 'content-type': 'application/fhir+json' }).end(JSON.stringify(found[1]()));
  });
  origin = await listen(hospital);
});
afterAll(async () => {
  for (const server of [hospital, thief]) {
    server.closeAllConnections();
    server.close();
  }
  await world.close();
  await database.close();
});
beforeEach(() => {
  asked.length = 0;
  world.clock.turnTo(new Date(Date.parse(world.clock.now()) + 3_600_000).toISOString());
});

const outbound = () => createOutbound(parseAllowedHosts(origin), createPinnedTransport());
const source = (secretName: string | null = 'UPSTREAM_SECRET'): FhirSource =>
  expectOk(
    sourceOfUpstream(outbound(), { UPSTREAM_SECRET: 's3cret' })({
      facility: COUNTY,
      channel: 'county-client',
      baseUrl: `${origin}/fhir`,
      tokenUrl: `${origin}/token`,
      clientId: 'concord',
      secretName,
      scope: 'system/*.rs',
    }),
  );
const found = async (): Promise<[number | undefined, string | undefined][]> =>
  (
    (await fhir.search(COUNTY, '/Observation?patient.identifier=urn:mrn|PULL1&_sort=date')).matches as Observation[]
  ).map(({ valueQuantity, meta }) => [valueQuantity?.value, meta?.versionId]);

describe('reading from a hospital', () => {
  beforeAll(async () => {
    await world.store.upstreams.put({
      facility: COUNTY,
      channel: 'county-client',
      baseUrl: `${origin}/fhir`,
      tokenUrl: null,
      clientId: null,
      secretName: null,
      scope: null,
    });
  });

  test('takes page by page, goes on where it was, and takes nothing twice', async () => {
    pages = {
      '/fhir/DiagnosticReport?': () => bundle([report(1), observation(1, 6.1), patient], `${origin}/fhir/page2`),
      '/fhir/page2': () => bundle([report(2), observation(2, 6.2)]),
      '/fhir/Patient/p1': () => patient,
    };
    const first = expectOk(await pullReports(world.gateway, COUNTY, source(), { pagesMax: 1 }));
    expect([first.pages, first.resources, first.whole]).toEqual([1, 3, false]);
    expect(await found()).toEqual([[6.1, '1']]);
    // Another process, the same database: it begins with the second page.
    asked.length = 0;
    const second = expectOk(
      await pullReports(createGateway({ ...world.gateway, random: systemRandom }), COUNTY, source()),
    );
    expect([second.pages, second.whole]).toEqual([1, true]);
    expect(asked.map(({ path }) => path)).toEqual(['/token', '/fhir/page2', '/fhir/Patient/p1']);
    expect(asked.slice(1).every(({ authorization }) => authorization === 'Bearer tok')).toBe(true);
    expect((await found()).map(([value]) => String(value)).toSorted((a, b) => a.localeCompare(b))).toEqual([
      '6.1',
      '6.2',
    ]);
  });

  test('asks next for what changed since, and takes a correction as a version', async () => {
    pages = { '/fhir/DiagnosticReport?': () => bundle([report(1), observation(1, 9.9), patient]) };
    expectOk(await pullReports(world.gateway, COUNTY, source()));
    const query = new URLSearchParams(asked.find(({ path }) => path.includes('DiagnosticReport?'))?.path.split('?')[1]);
    expect(query.get('_lastUpdated')).toMatch(/^ge2026-03-01T03:5\d/);
    expect(query.getAll('_include')).toContain('DiagnosticReport:result');
    expect(new Map(await found())).toEqual(
      new Map([
        [6.2, '1'],
        [9.9, '2'],
      ]),
    );
  });

  test('leaves out what is wrong by R4, tells it, and takes its neighbours', async () => {
    pages = {
      '/fhir/DiagnosticReport?': () =>
        bundle([
          { ...observation(3, 1), status: 'done' },
          { ...report(4), result: [{ reference: 'Observation/gone' }] },
          patient,
        ]),
    };
    const pulled = expectOk(await pullReports(world.gateway, COUNTY, source()));
    expect(pulled.resources).toBe(2);
    expect(pulled.problems.map(({ code, at }) => [code, at])).toEqual([
      ['fhir/unknown-code', 'entry[0].Observation.status'],
      ['gateway/reference-not-there', 'DiagnosticReport.result[0].reference'],
    ]);
  });

  test('follows no link to another host, and gives its token to nobody else', async () => {
    const foreign = await listen(thief);
    pages = { '/fhir/DiagnosticReport?': () => bundle([patient], `${foreign}/fhir/page2`) };
    const pulled = await pullReports(world.gateway, COUNTY, source());
    expect(pulled).toMatchObject({ ok: false, refusal: { code: 'outbound/foreign-link' } });
    const reader = createOutbound(parseAllowedHosts(`${origin},${foreign}`), createPinnedTransport());
    const open = expectOk(
      sourceOfUpstream(
        reader,
        {},
      )({
        facility: COUNTY,
        channel: '',
        baseUrl: `${origin}/fhir`,
        tokenUrl: null,
        clientId: null,
        secretName: null,
        scope: null,
      }),
    );
    for (const url of [
      `${foreign}/fhir/`,
      `${origin}/fhir.evil/`,
      `${origin}/other`,
      `${origin}/fhir/../secret`,
      `http://user@127.0.0.1/fhir/`,
    ]) {
      expect(await open.page(url)).toMatchObject({ ok: false, refusal: { code: 'outbound/foreign-link' } });
    }
    expect(stolen).toEqual([]);
    expect((await world.store.upstreams.state(COUNTY)).lastFault).toBe('outbound/foreign-link');
    await world.store.upstreams.putState(COUNTY, { since: null, nextPage: null, lastFault: '' }, world.clock.now());
  });

  test('tells a refusal by code alone, and waits for no pattern of the other side’s', async () => {
    pages = {};
    const refused = await pullReports(world.gateway, COUNTY, source());
    expect(refused).toMatchObject({ ok: false, refusal: { code: 'outbound/status' } });
    expect(JSON.stringify(refused)).not.toContain('周');
    pages = {
      '/fhir/DiagnosticReport?': () => ({
        resourceType: 'Bundle',
        type: 'searchset',
        entry: [{ resource: { ...report(9), subject: { reference: `Patient/${'a'.repeat(30)}(a+)+b` } } }],
      }),
    };
    const begin = performance.now();
    await pullReports(world.gateway, COUNTY, source());
    expect(performance.now() - begin).toBeLessThan(2_000);
    const silent = sourceOfUpstream(
      outbound(),
      {},
    )({
      facility: COUNTY,
      channel: '',
      baseUrl: origin,
      tokenUrl: `${origin}/token`,
      clientId: 'c',
      secretName: 'NOT_SET',
      scope: null,
    });
    expect(silent).toMatchObject({ ok: false, refusal: { code: 'outbound/no-secret' } });
    const pdf = createServer((_, response) => response.end('%PDF'));
    const url = await listen(pdf);
    const odd = expectOk(
      sourceOfUpstream(
        createOutbound(parseAllowedHosts(url), createPinnedTransport()),
        {},
      )({ facility: COUNTY, channel: '', baseUrl: url, tokenUrl: null, clientId: null, secretName: null, scope: null }),
    );
    expect(await odd.search('DiagnosticReport', {})).toMatchObject({
      ok: false,
      refusal: { code: 'outbound/not-fhir' },
    });
    pdf.close();
  });

  test('is set up and run by the administrator', async () => {
    pages = { '/fhir/DiagnosticReport?': () => bundle([report(5), observation(5, 5.5), patient]) };
    const gateway = createGateway({ ...world.gateway, outbound: outbound(), random: systemRandom });
    const app = openApp(gateway, { sourceOf: sourceOfUpstream(outbound(), {}) });
    const call = (path: string, body: object): Promise<Response> | Response =>
      app.request(`/admin${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${ADMIN}` },
        body: JSON.stringify(body),
      });
    const wanted = { facility: COUNTY, channel: 'county-client', baseUrl: `${origin}/fhir` };
    const elsewhere = await call('/upstreams', { ...wanted, baseUrl: 'https://elsewhere.example/fhir' });
    expect(await elsewhere.json()).toMatchObject({ code: 'web/host-not-allowed', status: 400 });
    expect((await call('/upstreams', { ...wanted, channel: 'city-client' })).status).toBe(404);
    expect((await call('/upstreams', wanted)).status).toBe(200);
    expect(await (await call(`/pull/${COUNTY}`, {})).json()).toMatchObject({ whole: true, resources: 3 });
    expect((await call(`/upstreams/${COUNTY}/remove`, {})).status).toBe(200);
    const gone = await call(`/pull/${COUNTY}`, {});
    expect(((await gone.json()) as { code: string }).code).toBe('gateway/unknown-upstream');
  });

  test('speaks to nobody where no host is allowed', async () => {
    const closed = createGateway({ ...world.gateway, random: systemRandom, outbound: undefined as never });
    const refused = await closed.outbound.send({ method: 'GET', url: origin, bytesMax: 1, timeoutMs: 1 });
    expect(refused).toMatchObject({ ok: false, refusal: { code: 'gateway/no-outbound' } });
  });
});
