/**
 * The Worker on bare workerd: its size, a FHIR read, and a search by patient and code, straight and by way of pgbouncer,
 * beside one lookup of a bare Hono application in the same set-up. A request opens its own connection there.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import postgres from 'postgres';
import { signToken } from '../../src/access/access-token.ts';
import { freePort } from '../../src/runtime/node/free-port.ts';
import type { ChannelId } from '../../src/terms/channel.ts';
import type { Instant } from '../../src/terms/instant.ts';
import { COUNTY, openWorld, testKeys } from '../support/gateway.ts';
import { oru } from '../support/messages.ts';
import { postgresMissing, startPostgres } from '../support/postgres.ts';
import { bundleWorker, startWorkerd } from '../support/workerd.ts';
import { workerdMissing } from '../support/workerd-binary.ts';
import { type BenchLine, perSecond } from './bench-line.ts';

const LANES = 8;
const PGBOUNCER = '/usr/sbin/pgbouncer';
const NOBODY = 65534;

export async function benchWorker(size: 'short' | 'plain' | 'large'): Promise<readonly BenchLine[]> {
  const missing = workerdMissing() ?? postgresMissing();
  if (missing !== undefined) return skipped(missing);
  const folder = mkdtempSync(join(tmpdir(), 'concord-bench-'));
  const server = await startPostgres({ durable: true });
  try {
    const bundles = { ours: bundleWorker(join(folder, 'a')), bare: bundleWorker(join(folder, 'b'), BARE) };
    const paths = await fill(server.url);
    const count = size === 'short' ? 100 : 600;
    const measure = (url: string, way: string, vars: Vars): Promise<readonly BenchLine[]> =>
      beside({ url, way, vars, bundles, paths, count });
    const straight = await measure(server.url, 'straight', {});
    const pooler = await startPgbouncer(server.url);
    if (pooler === undefined) return [sizeOf(bundles.ours), ...straight, ...skipped('no pgbouncer is installed')];
    try {
      // pgbouncer before 1.21 has no prepared statements.
      return [
        sizeOf(bundles.ours),
        ...straight,
        ...(await measure(pooler.url, 'through pgbouncer', { DATABASE_PREPARE: 'false' })),
      ];
    } finally {
      await pooler.stop();
    }
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const BARE = 'test/bench/bare-worker.ts';

type Vars = Readonly<Record<string, string>>;

function skipped(reason: string): readonly BenchLine[] {
  console.log(`skipped   workerd: ${reason}`);
  return [];
}

function sizeOf(bundle: string): BenchLine {
  return {
    what: "the Worker's bundle",
    unit: 'KiB gzip',
    ours: gzipSync(readFileSync(bundle)).length / 1024,
    yardstick: 'the limit, KiB',
    theirs: 1536,
    target: { ratio: 1, sense: 'at-most' },
  };
}

interface Paths {
  readonly token: string;
  readonly read: string;
  readonly search: string;
}

/** One patient with reports, and a table of a bare row of the same length as a result. */
async function fill(url: string): Promise<Paths> {
  const world = await openWorld({ name: 'PostgreSQL', url, close: () => Promise.resolve() });
  world.clock.turnTo(new Date().toISOString());
  for (let n = 0; n < 20; n++) await world.send(COUNTY, oru({ controlId: `N${n}`, filler: `N${n}` }));
  await world.close();
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  await sql`create table bare (id text primary key, body text not null)`;
  await sql`insert into bare select 'r' || n, repeat('x', 900) from generate_series(1, 1000) n`;
  const [row] = await sql`select id from container order by id limit 1`;
  const [patient] = await sql`select id from resource where type = 'Patient' limit 1`;
  await sql.end();
  const token = await signToken(testKeys().token, {
    channel: `${COUNTY}-client` as ChannelId,
    scopes: ['system/*.cruds'],
    now: new Date().toISOString() as Instant,
    seconds: 3600,
    id: 'bench',
  });
  const id = String(patient?.['id']);
  return {
    token,
    read: `/fhir/DiagnosticReport/${String(row?.['id'])}`,
    search: `/fhir/Observation?patient=${id}&code=WBC&_count=20`,
  };
}

async function beside(parts: {
  readonly url: string;
  readonly way: string;
  readonly vars: Vars;
  readonly bundles: { readonly ours: string; readonly bare: string };
  readonly paths: Paths;
  readonly count: number;
}): Promise<readonly BenchLine[]> {
  const { url: databaseUrl, vars, bundles, paths, count, way } = parts;
  const bare = await startWorkerd({ databaseUrl, vars, bundle: bundles.bare });
  const ours = await startWorkerd({ databaseUrl, vars, bundle: bundles.ours });
  try {
    const rate = async (address: (n: number) => string): Promise<number> => {
      const ask = async (n: number): Promise<void> => {
        const response = await fetch(address(n), { headers: { authorization: `Bearer ${paths.token}` } });
        const text = await response.text();
        if (!response.ok) throw new Error(`${response.status} ${text}`);
      };
      await perSecond(20, LANES, ask);
      return perSecond(count, LANES, ask);
    };
    const theirs = await rate((n) => `${bare.url}/lookup/r${1 + (n % 1000)}`);
    const line = (what: string, figure: number): BenchLine => ({
      what: `workerd ${way}: ${what}, ${LANES} at a time, each with its audit row`,
      unit: '/s',
      ours: figure,
      yardstick: 'a bare Hono + postgres.js lookup there',
      theirs,
    });
    return [
      line('FHIR read', await rate(() => `${ours.url}${paths.read}`)),
      line('search by patient and code, 20 found', await rate(() => `${ours.url}${paths.search}`)),
    ];
  } finally {
    await Promise.all([bare.stop(), ours.stop()]);
  }
}

/** Debian's pgbouncer before the server, in transaction mode; undefined when it is not installed. */
async function startPgbouncer(url: string): Promise<{ readonly url: string; stop(): Promise<void> } | undefined> {
  if (!existsSync(PGBOUNCER)) return undefined;
  const target = new URL(url);
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'concord-pgbouncer-'));
  const config = join(folder, 'pgbouncer.ini');
  writeFileSync(
    config,
    `[databases]
postgres = host=${target.hostname} port=${target.port} user=${target.username}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 8
`,
  );
  const root = process.getuid?.() === 0;
  if (root) for (const path of [folder, config]) chownSync(path, NOBODY, NOBODY);
  const child = spawn(PGBOUNCER, ['-q', config], { stdio: 'ignore', ...(root ? { uid: NOBODY, gid: NOBODY } : {}) });
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  for (let attempt = 0; attempt < 100; attempt++) {
    if (await listens(port)) return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, stop };
    await new Promise((wait) => setTimeout(wait, 50));
  }
  await stop();
  throw new Error('pgbouncer did not come up');
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
