/** The Worker as it is deployed: bundled by wrangler, run by workerd alone, PostgreSQL behind its Hyperdrive binding. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { freePort } from '../../src/runtime/node/free-port.ts';
import { ADMIN } from './app.ts';
import { TEST_KEYS } from './gateway-process.ts';
import { workerdPath } from './workerd-binary.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** Bundles the Worker, or another entry, into a folder, offline; answers the bundle's path. */
export function bundleWorker(folder: string, entry = 'src/runtime/worker.ts'): string {
  const wrangler = join(dirname(createRequire(import.meta.url).resolve('wrangler/package.json')), 'bin/wrangler.js');
  execFileSync(process.execPath, [wrangler, 'deploy', entry, '--dry-run', '--outdir', folder], {
    cwd: ROOT,
    env: { ...process.env, CI: '1', WRANGLER_SEND_METRICS: 'false' },
    stdio: 'pipe',
  });
  return join(folder, `${basename(entry, '.ts')}.js`);
}

export interface WorkerdOptions {
  readonly databaseUrl: string;
  /** Variables beside the keys; undefined takes one away. */
  readonly vars?: Readonly<Record<string, string | undefined>>;
  /** False: DATABASE_URL instead of the Hyperdrive binding. */
  readonly hyperdrive?: boolean;
  /** A Worker other than ours. */
  readonly bundle?: string;
}

export interface RunningWorker {
  readonly url: string;
  /** Lets the cron strike once; resolves when its work is done. */
  strike(): Promise<void>;
  /** What the Worker wrote to its log so far. */
  log(): string;
  stop(): Promise<void>;
}

export async function startWorkerd(options: WorkerdOptions): Promise<RunningWorker> {
  const folder = mkdtempSync(join(tmpdir(), 'concord-worker-'));
  if (options.bundle === undefined) bundleWorker(folder);
  else copyFileSync(options.bundle, join(folder, 'worker.js'));
  const [port, cronPort] = [await freePort(), await freePort()];
  writeFileSync(join(folder, 'cron.js'), CRON);
  writeFileSync(join(folder, 'config.capnp'), configOf(options, port, cronPort));
  const child = spawn(workerdPath(), ['serve', '--experimental', join(folder, 'config.capnp')], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const abandon = (): void => void child.kill('SIGKILL');
  process.once('exit', abandon);
  const stop = async (): Promise<void> => {
    process.off('exit', abandon);
    await ended(child);
    rmSync(folder, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}`;
  try {
    await untilUp(child, `${url}/healthz`, () => text);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url,
    strike: async () => {
      const response = await fetch(`http://127.0.0.1:${cronPort}/`);
      if (!response.ok) throw new Error(`the cron handler failed: ${await response.text()}`);
    },
    log: () => text,
    stop,
  };
}

/** The platform's part: it lets a cron strike. */
const CRON = `export default { async fetch(_, env) {
  const { outcome } = await env.GATEWAY.scheduled({ scheduledTime: new Date(), cron: '* * * * *' });
  return new Response(outcome, { status: outcome === 'ok' ? 200 : 500 });
} };`;

function configOf(options: WorkerdOptions, port: number, cronPort: number): string {
  const { hostname, port: databasePort, username, password, pathname } = new URL(options.databaseUrl);
  const byHyperdrive = options.hyperdrive !== false;
  const vars: Readonly<Record<string, string | undefined>> = {
    ...TEST_KEYS,
    ADMIN_TOKEN: ADMIN,
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    PEER_HEADER: 'cf-connecting-ip',
    ...(byHyperdrive ? {} : { DATABASE_URL: options.databaseUrl }),
    ...options.vars,
  };
  const texts = Object.entries(vars).flatMap(([name, value]) =>
    value === undefined ? [] : [`(name = ${JSON.stringify(name)}, text = ${JSON.stringify(value)})`],
  );
  const database = `(name = "DB", hyperdrive = (designator = "postgres", database = ${JSON.stringify(pathname.slice(1))}, user = ${JSON.stringify(username)}, password = ${JSON.stringify(password || 'none')}, scheme = "postgres"))`;
  const toml = readFileSync(join(ROOT, 'wrangler.toml'), 'utf8');
  const date = /^compatibility_date = "([^"]+)"/m.exec(toml)?.[1] ?? '';
  const flags = /^compatibility_flags = (\[[^\]]*\])/m.exec(toml)?.[1] ?? '[]';
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "gateway", worker = (
      modules = [(name = "worker", esModule = embed "worker.js")],
      compatibilityDate = "${date}", compatibilityFlags = ${flags},
      bindings = [${[...texts, ...(byHyperdrive ? [database] : [])].join(', ')}],
      globalOutbound = "network")),
    (name = "cron", worker = (
      modules = [(name = "worker", esModule = embed "cron.js")],
      compatibilityDate = "${date}", compatibilityFlags = ["service_binding_extra_handlers"],
      bindings = [(name = "GATEWAY", service = "gateway")])),
    (name = "network", network = (allow = ["public", "private", "local"])),
    (name = "postgres", external = (address = "${hostname}:${databasePort || '5432'}", tcp = ()))
  ],
  sockets = [
    (name = "http", address = "127.0.0.1:${port}", http = (), service = "gateway"),
    (name = "cron", address = "127.0.0.1:${cronPort}", http = (), service = "cron")
  ]
);
`;
}

async function untilUp(child: ChildProcess, url: string, log: () => string): Promise<void> {
  const until = Date.now() + 20_000;
  for (;;) {
    if (child.exitCode !== null || Date.now() > until) throw new Error(`workerd did not come up: ${log()}`);
    const up = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (up) return;
    await new Promise((wait) => setTimeout(wait, 25));
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
}
