/**
 * The FHIR door on Node over a durable PostgreSQL, by HTTP on the loopback: read, search by patient and code, `$lastn` and
 * a transaction of 20 results, beside one lookup of a bare Hono + postgres.js in the same process; and what a token costs.
 */
import { serve, type ServerType } from '@hono/node-server';
import { Hono } from 'hono';
import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import postgres from 'postgres';
import { signToken, verifyToken } from '../../src/access/access-token.ts';
import { createRateLimiter } from '../../src/access/rate-limit.ts';
import { createAuthenticator } from '../../src/web/authenticate.ts';
import { createDenials } from '../../src/web/denials.ts';
import type { ChannelId } from '../../src/terms/channel.ts';
import { openApp } from '../support/app.ts';
import { COUNTY, openWorld, type TestWorld } from '../support/gateway.ts';
import { oru } from '../support/messages.ts';
import { postgresMissing, startPostgres } from '../support/postgres.ts';
import { type BenchLine, perSecond } from './bench-line.ts';
import { CODES, messageOf, personOf, transactionOf } from './fhir-results.ts';

const LANES = 8;
const REPORTS_EACH = 5;
/** Bearer tokens meet a limit per channel; what is measured here is the way behind it. */
const limiter = createRateLimiter({ perSecond: 1e9, burst: 1e9 });

type Size = 'short' | 'plain' | 'large';

interface Bench {
  readonly world: TestWorld;
  readonly sql: postgres.Sql;
  readonly token: string;
  /** Origins of the gateway and of the bare application. */
  readonly ours: string;
  readonly bare: string;
  readonly count: number;
  readonly patients: readonly string[];
  readonly results: readonly string[];
}

export async function benchFhir(size: Size): Promise<readonly BenchLine[]> {
  const missing = postgresMissing();
  if (missing !== undefined) {
    console.log(`skipped   FHIR door: ${missing}`);
    return [];
  }
  const server = await startPostgres({ durable: true });
  const world = await openWorld({ name: 'PostgreSQL', url: server.url, close: () => server.stop() });
  const sql = postgres(server.url, { max: LANES, fetch_types: false, onnotice: () => undefined });
  world.clock.turnTo(new Date().toISOString());
  const token = await tokenOf(world);
  const [gateway, plain] = await Promise.all([listen(openApp(world.gateway, { limiter }).fetch), listen(bareApp(sql))]);
  try {
    const persons = size === 'short' ? 40 : 400;
    const held = await fill(world, sql, persons);
    const count = size === 'short' ? 400 : 4000;
    const bench: Bench = { world, sql, token, ours: gateway.origin, bare: plain.origin, count, ...held };
    return [...(await reads(bench)), ...(await writes(bench, persons)), ...(await tokens(bench))];
  } finally {
    for (const { server } of [gateway, plain]) await close(server);
    await sql.end();
    await world.close();
    await server.stop();
  }
}

/** Persons with reports of ten results each, and as many bare rows of a result's length. */
async function fill(
  world: TestWorld,
  sql: postgres.Sql,
  persons: number,
): Promise<Pick<Bench, 'patients' | 'results'>> {
  await perSecond(persons * REPORTS_EACH, LANES, (index) =>
    world.send(
      COUNTY,
      oru({
        controlId: `F${index}`,
        patient: personOf(index % persons),
        collected: `2026030${1 + Math.floor(index / persons)}083000`,
        results: CODES.slice(0, 10).map((code, place) => `NM|${code}^项目^L||${(place + 1) * 1.5}|mmol/L|1-20||||F`),
      }),
    ),
  );
  await sql`create table bare (id text primary key, body text not null)`;
  await sql`create table bare_audit (id uuid primary key, at timestamptz not null, detail text not null)`;
  await sql`insert into bare select element, repeat('x', 900) from result_entry`;
  await sql`analyze`;
  const patients = await sql`select id from resource where type = 'Patient' order by id`;
  const results = await sql`select element from result_entry order by md5(element) limit 5000`;
  return { patients: patients.map(({ id }) => String(id)), results: results.map(({ element }) => String(element)) };
}

async function reads(bench: Bench): Promise<readonly BenchLine[]> {
  const { bare, ours, patients, results } = bench;
  const patient = (n: number): string => patients[n % patients.length] as string;
  const result = (n: number): string => results[n % results.length] as string;
  const [lookup, audited, read, search, newest] = await inTurns(bench.count, [
    (n) => get(bench, `${bare}/lookup/${result(n)}`),
    (n) => get(bench, `${bare}/audited/${result(n)}`),
    (n) => get(bench, `${ours}/fhir/Observation/${result(n)}`),
    (n) => get(bench, `${ours}/fhir/Observation?patient=${patient(n)}&code=${CODES[n % 10]}`),
    (n) => get(bench, `${ours}/fhir/Observation/$lastn?patient=${patient(n)}`),
  ]);
  const line = (what: string, figure: Rate): BenchLine => ({
    what: `Node: ${what}, ${LANES} at a time`,
    unit: '/s',
    ours: figure.perSecond,
    yardstick: 'a bare Hono + postgres.js lookup',
    theirs: lookup.perSecond,
    note: `${said(figure)}; the lookup's ${said(lookup)}`,
  });
  return [
    line('the bare lookup with a durable insert before its answer', audited),
    line('FHIR read of a result, with its audit row', read),
    line(`search by patient and code, ${REPORTS_EACH} found, with its audit row`, search),
    line(`$lastn of a patient, 10 found in ${REPORTS_EACH * 10}, with its audit row`, newest),
  ];
}

/** A transaction of a Patient, a report and its 20 results, beside a message of the same and beside the lookup. */
async function writes(bench: Bench, persons: number): Promise<readonly BenchLine[]> {
  const { ours, bare, results } = bench;
  const count = Math.ceil(bench.count / 8);
  const bodies = Array.from({ length: count + WARM }, (_, n) => JSON.stringify(transactionOf(n, persons)));
  const messages = Array.from({ length: count + WARM }, (_, n) => messageOf(n, persons));
  const [taken, message, lookup] = await inTurns(count, [
    (n) => post(bench, `${ours}/fhir`, bodies[n] ?? '', 'application/fhir+json'),
    (n) => post(bench, `${ours}/intake`, messages[n] ?? '', 'application/hl7-v2'),
    (n) => get(bench, `${bare}/lookup/${results[n % results.length]}`),
  ]);
  const line = (yardstick: string, theirs: number, note: string): BenchLine => ({
    what: `Node: transaction of 20 results, ${LANES} at a time`,
    unit: '/s',
    ours: taken.perSecond,
    yardstick,
    theirs,
    note,
  });
  return [
    line(
      'an HL7 message of the same results by HTTP',
      message.perSecond,
      `${said(taken)}; the message's ${said(message)}`,
    ),
    line('a bare Hono + postgres.js lookup', lookup.perSecond, `${Math.round(taken.perSecond * 22)} resources/s`),
  ];
}

/** Microseconds of one check: of a token for the first time, and of one that is known, with channel, scopes and limit. */
async function tokens({ world, token, count }: Bench): Promise<readonly BenchLine[]> {
  const { gateway } = world;
  const parts = { gateway, limiter, denials: createDenials(gateway), adminTokenHash: '' };
  const authenticator = createAuthenticator(parts);
  const asked = new Request('http://localhost/fhir/Observation/x', { headers: { authorization: `Bearer ${token}` } });
  const now = gateway.clock.now();
  const known = async (): Promise<void> => {
    const caller = await authenticator.fhir(asked);
    if (!caller.ok) throw new Error(caller.refusal.code);
  };
  const first = async (): Promise<void> => {
    const claims = await verifyToken([gateway.keys.token], token, now);
    if (!claims.ok) throw new Error(claims.refusal.code);
  };
  const cost = async (check: () => Promise<void>): Promise<number> => {
    await perSecond(WARM * 10, 1, check);
    return 1_000_000 / (await perSecond(count * 10, 1, check));
  };
  return [
    {
      what: 'token check: one that is known, with its channel, scopes and limit',
      unit: 'µs',
      ours: await cost(known),
      yardstick: "a new token's signature and claims",
      theirs: await cost(first),
    },
  ];
}

const WARM = 200;
const TURNS = 4;

interface Rate {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

/**
 * Each of `ones` by itself, turn and turn about, so that none has the quieter machine; warmed up before. No index comes
 * twice. Times in milliseconds.
 */
async function inTurns<const T extends readonly ((n: number) => Promise<void>)[]>(
  count: number,
  ones: T,
): Promise<{ readonly [K in keyof T]: Rate }> {
  const figures = ones.map((one) => ({ one, times: new Array<number>(), seconds: 0 }));
  for (const one of ones) await perSecond(WARM, LANES, (n) => one(count + n));
  const each = Math.ceil(count / TURNS);
  for (let turn = 0; turn < TURNS; turn++) {
    const from = turn * each;
    const share = Math.min(each, count - from);
    for (const figure of figures) {
      const rate = await perSecond(share, LANES, async (n) => {
        const begun = performance.now();
        await figure.one(from + n);
        figure.times.push(performance.now() - begun);
      });
      figure.seconds += share / rate;
    }
  }
  return figures.map(({ times, seconds }): Rate => {
    times.sort((a, b) => a - b);
    const at = (share: number): number => times[Math.floor(times.length * share)] ?? 0;
    return { perSecond: count / seconds, p50: at(0.5), p99: at(0.99) };
  }) as { readonly [K in keyof T]: Rate };
}

function said({ p50, p99 }: Rate): string {
  return `median ${p50.toFixed(1)} ms, 99th percentile ${p99.toFixed(1)} ms`;
}

function get(bench: Pick<Bench, 'token'>, url: string): Promise<void> {
  return ask(bench, url, {});
}

function post(bench: Pick<Bench, 'token'>, url: string, body: string, type: string): Promise<void> {
  return ask(bench, url, { type, body });
}

/** The client runs on the same two cores: `node:http` takes less of them than `fetch` does. */
const agent = new Agent({ keepAlive: true, maxSockets: LANES });

function ask(
  { token }: Pick<Bench, 'token'>,
  url: string,
  { type = '', body = '' }: { readonly type?: string; readonly body?: string },
): Promise<void> {
  const method = body === '' ? 'GET' : 'POST';
  const sent = body === '' ? {} : { 'content-type': type, 'content-length': Buffer.byteLength(body) };
  const headers = { ...sent, authorization: `Bearer ${token}` };
  return new Promise((resolve, reject) => {
    const answered = (answer: IncomingMessage): void => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const { statusCode = 0 } = answer;
        if (statusCode < 300) resolve();
        else reject(new Error(`${statusCode} ${Buffer.concat(chunks).toString().slice(0, 500)}`));
      });
    };
    request(url, { method, headers, agent }, answered).on('error', reject).end(body);
  });
}

/** The yardstick: one lookup by primary key a request, and the same with a durable insert before the answer. */
function bareApp(sql: postgres.Sql): Hono['fetch'] {
  const app = new Hono();
  app.get('/lookup/:id', async (context) => {
    const [row] = await sql`select body from bare where id = ${context.req.param('id')}`;
    return row === undefined ? context.notFound() : context.text(String(row['body']));
  });
  app.get('/audited/:id', async (context) => {
    const [row] = await sql`select body from bare where id = ${context.req.param('id')}`;
    await sql`insert into bare_audit values (${crypto.randomUUID()}, now(), 'read')`;
    return row === undefined ? context.notFound() : context.text(String(row['body']));
  });
  return app.fetch;
}

async function listen(fetch: Hono['fetch']): Promise<{ readonly server: ServerType; readonly origin: string }> {
  const server = serve({ fetch, port: 0, hostname: '127.0.0.1' });
  if (!server.listening) await once(server, 'listening');
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function close(server: ServerType): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  if ('closeAllConnections' in server) server.closeAllConnections();
  await closed;
}

function tokenOf({ gateway }: TestWorld): Promise<string> {
  return signToken(gateway.keys.token, {
    channel: `${COUNTY}-client` as ChannelId,
    scopes: ['concord/intake', 'system/*.cruds'],
    now: gateway.clock.now(),
    seconds: 3600,
    id: 'bench',
  });
}
