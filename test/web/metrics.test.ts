/** `/metrics`: exact counts in Prometheus' text format, for whoever has a token, and nothing that anybody sent. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hashSecret } from '../../src/access/client-secret.ts';
import { createGateway } from '../../src/gateway/gateway.ts';
import { createAdminClient } from '../../src/runtime/node/admin-client.ts';
import { openMllp } from '../../src/runtime/node/mllp-client.ts';
import { createPrometheus } from '../../src/runtime/node/prometheus.ts';
import { readSettings } from '../../src/runtime/node/settings.ts';
import { type RunningGateway, startGateway } from '../../src/runtime/node/start-gateway.ts';
import { freePort } from '../../src/runtime/node/free-port.ts';
import { ADMIN, openApp } from '../support/app.ts';
import { DATABASES, openWorld, type TestDatabase, type TestWorld } from '../support/gateway.ts';
import { oru, ZHANG } from '../support/messages.ts';

const TOKEN = 'a-token-of-whoever-scrapes-the-metrics';

/** Samples by `name{labels}`, numbers as Go's ParseFloat takes them; throws where the text is not the format 0.0.4. */
function parse(text: string): ReadonlyMap<string, number> {
  const samples = new Map<string, number>();
  const typed = new Set<string>();
  expect(text.endsWith('\n')).toBe(true);
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const comment = /^# (?:HELP [a-z0-9_]+ \S.*|TYPE ([a-z0-9_]+) (?:counter|gauge|histogram|summary))$/.exec(line);
    if (comment !== null) {
      if (comment[1] !== undefined) typed.add(comment[1]);
      continue;
    }
    const sample =
      /^([a-z0-9_]+)(\{(?:[a-z]+="(?:[^"\\\n]|\\["\\n])*",?)+\})? ([Nn]a[Nn]|[+-]?Inf|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/.exec(
        line,
      );
    if (sample === null) throw new Error(`no line of the format: ${line}`);
    const [, name = '', labels = '', value] = sample;
    const base = name.replace(/_(?:bucket|sum|count)$/, '');
    expect(typed.has(name) || typed.has(base), name).toBe(true);
    expect(samples.has(name + labels), `${name}${labels} twice`).toBe(false);
    samples.set(name + labels, Number(value));
  }
  return samples;
}

const scraped = async (url: string, token = TOKEN): Promise<ReadonlyMap<string, number>> => {
  const response = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
  expect([response.status, response.headers.get('content-type')]).toEqual([
    200,
    expect.stringMatching(/^text\/plain; version=0\.0\.4/),
  ]);
  return parse(await response.text());
};

const requests = (samples: ReadonlyMap<string, number>, method: string, route: string, status: number): number =>
  samples.get(`concord_http_request_duration_seconds_count{method="${method}",route="${route}",status="${status}"}`) ??
  0;

describe('a gateway that serves', () => {
  let folder: string;
  let running: RunningGateway;
  let other: RunningGateway;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'concord-test-'));
    const start = (name: string): Promise<RunningGateway> =>
      startGateway(readSettings({ DATA_DIR: join(folder, name), PORT: '0', METRICS_TOKEN: TOKEN }));
    [running, other] = await Promise.all([start('one'), start('other')]);
  });
  afterAll(async () => {
    await Promise.all([running.stop(), other.stop()]);
    rmSync(folder, { recursive: true, force: true });
  });

  test('counts messages, results and requests exactly, and another one of the process counts its own', async () => {
    const admin = createAdminClient(running.url, running.adminToken);
    const port = await freePort();
    await admin.post('/facilities', [
      { id: 'meter', name: '试验医院', level: 3, area: '000000', zone: 'Asia/Shanghai' },
    ]);
    await admin.post('/channels', { facility: 'meter', kind: 'mllp', port });
    const sender = await openMllp({ host: '127.0.0.1', port, answerSeconds: 10 });
    const send = async (text: string): Promise<void> => void (await sender.send(new TextEncoder().encode(text)));
    await send(oru({ controlId: 'T1' }));
    await send(oru({ controlId: 'T1' }));
    await send(oru({ controlId: 'T2' }));
    await send(oru({ controlId: 'T3' }).replace('ORU^R01', 'ADT^A01'));
    await sender.close();
    const samples = await scraped(running.url);
    expect(samples.get('concord_messages_total{door="mllp",code="AA"}')).toBe(3);
    expect(samples.get('concord_messages_total{door="mllp",code="AR"}')).toBe(1);
    expect(samples.get('concord_message_resends_total')).toBe(1);
    expect(samples.get('concord_results_total{fate="stored"}')).toBe(10);
    expect(requests(samples, 'POST', '/admin/facilities', 200)).toBe(1);
    expect(samples.get('concord_database_up')).toBe(1);
    expect(samples.get('concord_waiting{queue="identity"}')).toBe(0);
    expect(samples.get('process_cpu_seconds_total')).toBeGreaterThan(0);
    const elsewhere = await scraped(other.url);
    expect(elsewhere.get('concord_message_resends_total')).toBe(0);
    expect(requests(elsewhere, 'POST', '/admin/facilities', 200)).toBe(0);
  });

  test('names routes by their pattern, whatever is asked for, and holds nothing of a message', async () => {
    for (const path of [
      '/nowhere',
      '/nowhere/000000197003050110',
      '/fhir/Patient/secret-id',
      '/%7B%22%7D',
      '/fhir/metadata',
      '/fhir/AuditEvent/secret-id',
    ])
      await fetch(running.url + path);
    await fetch(running.url, { method: 'PROPFIND' });
    const text = await (
      await fetch(`${running.url}/metrics`, { headers: { authorization: `Bearer ${running.adminToken}` } })
    ).text();
    const samples = parse(text);
    expect(requests(samples, 'GET', 'none', 404)).toBe(3);
    expect(requests(samples, 'OTHER', 'none', 404)).toBe(1);
    expect(requests(samples, 'GET', '/fhir/:type/:id', 401)).toBe(1);
    // Two patterns fit each of these: what answered is named.
    expect(requests(samples, 'GET', '/fhir/metadata', 200)).toBe(1);
    expect(requests(samples, 'GET', '/fhir/AuditEvent/:id', 401)).toBe(1);
    for (const word of ['nowhere', 'secret', 'PROPFIND', '%7B', ZHANG.national, ZHANG.name, ZHANG.mrn, 'T1', 'meter'])
      expect(text).not.toContain(word);
  });

  test('count a fault by the code that stands in the log', async () => {
    const admin = createAdminClient(running.url, running.adminToken);
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    await admin.post('/channels', { id: 'meter-taken', facility: 'meter', kind: 'mllp', port });
    const counted = (await scraped(running.url)).get('concord_faults_total{code="mllp/cannot-listen"}');
    expect(counted).toBeGreaterThan(0);
    await admin.post('/channels/meter-taken/revoke', {});
    taken.close();
  });

  test('opens to the scraper’s token and the administrator’s, and to no other', async () => {
    const ask = async (authorization?: string): Promise<unknown> => {
      const response = await fetch(
        `${running.url}/metrics`,
        authorization === undefined ? {} : { headers: { authorization } },
      );
      return [response.status, ((await response.json()) as { code: string }).code];
    };
    expect(await ask()).toEqual([401, 'access/no-token']);
    expect(await ask('Bearer wrong')).toEqual([401, 'access/bad-token']);
    expect(await ask(`Basic ${TOKEN}`)).toEqual([401, 'access/no-token']);
    // The scraper reads metrics and nothing else.
    const admin = await fetch(`${running.url}/admin/counts`, { headers: { authorization: `Bearer ${TOKEN}` } });
    expect(admin.status).toBe(401);
  });
});

describe('metrics of an application', () => {
  let database: TestDatabase;
  let world: TestWorld;
  beforeAll(async () => {
    database = await (DATABASES[0] as (typeof DATABASES)[number]).open();
    world = await openWorld(database);
  });
  afterAll(() => database.close());
  const auth = { headers: { authorization: `Bearer ${TOKEN}` } };

  test('are nowhere where nobody counts', async () => {
    const app = openApp(world.gateway);
    expect((await app.request('/metrics', { headers: { authorization: `Bearer ${ADMIN}` } })).status).toBe(404);
  });

  test('still come when the database is gone, and say so', async () => {
    const { exposition, meter } = createPrometheus();
    const { store, clock, random, keys, regionZone } = world.gateway;
    const gateway = createGateway({ store, clock, random, keys, regionZone, meter });
    const app = openApp(gateway, { metrics: { exposition, tokenHash: hashSecret(TOKEN) } });
    const before = parse(await (await app.request('/metrics', auth)).text());
    expect([before.get('concord_database_up'), before.has('concord_ledger_unsealed')]).toEqual([1, true]);
    await store.close();
    const after = parse(await (await app.request('/metrics', auth)).text());
    expect([after.get('concord_database_up'), after.has('concord_ledger_unsealed')]).toEqual([0, false]);
    expect(requests(after, 'GET', '/metrics', 200)).toBe(1);
  });
});
