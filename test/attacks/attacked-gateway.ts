/** A gateway in a process of its own whose whole standard error is kept: attacks look for values in it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { TEST_KEYS } from '../support/gateway-process.ts';

const ROOT = resolve(import.meta.dirname, '../..');

export interface AttackedGateway {
  readonly url: string;
  readonly mllpPort: number;
  readonly dataDir: string;
  readonly adminToken: string;
  readonly pid: number;
  /** Everything said so far on standard error and standard output. */
  said(): string;
  /** The administrator's routes; throws when one refuses. */
  configure(path: string, body: unknown): Promise<Record<string, unknown>>;
  stop(): Promise<number | null>;
}

export async function startAttackedGateway(): Promise<AttackedGateway> {
  const dataDir = mkdtempSync(join(tmpdir(), 'concord-attacked-'));
  const child = serveIn(dataDir);
  let text = '';
  for (const stream of [child.stderr, child.stdout]) {
    stream?.setEncoding('utf8');
    stream?.on('data', (chunk: string) => {
      text += chunk;
    });
  }
  const url = await new Promise<string>((found, failed) => {
    child.stderr?.on('data', () => {
      const up = /"code":"gateway\/up","url":"([^"]+)"/.exec(text)?.[1];
      if (up !== undefined) found(up);
    });
    child.once('exit', (code) => failed(new Error(`the gateway ended at start (${String(code)}): ${text}`)));
  });
  const adminToken = readFileSync(join(dataDir, 'admin.token'), 'utf8').trim();
  const configure: AttackedGateway['configure'] = async (path, body) => {
    const response = await fetch(`${url}/admin${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Record<string, unknown>;
  };
  return {
    url,
    mllpPort: await freePort(),
    dataDir,
    adminToken,
    pid: child.pid ?? 0,
    said: () => text,
    configure,
    stop: async () => {
      const code = await end(child);
      rmSync(dataDir, { recursive: true, force: true });
      return code;
    },
  };
}

/** `concord serve` over the embedded database of a folder. */
export function serveIn(dataDir: string): ChildProcess {
  return spawn(process.execPath, ['src/runtime/node/cli.ts', 'serve'], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], ...TEST_KEYS, PORT: '0', DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function end(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await gone;
  clearTimeout(late);
  return child.exitCode;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
