/** A gateway in a process of its own, as it is deployed: started, spoken to, and killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createAdminClient, type AdminClient } from '../../src/runtime/node/admin-client.ts';

const ROOT = resolve(import.meta.dirname, '../..');

export interface GatewayProcess {
  readonly url: string;
  readonly admin: AdminClient;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** Sends it and waits for nothing. */
  signal(name: 'SIGTERM'): void;
}

/** The six keys that a gateway on a server wants; fixed, since these are tests. */
export const TEST_KEYS = Object.fromEntries(
  ['INDEX_KEY', 'ID_KEY', 'PSEUDONYM_KEY', 'TOKEN_KEY', 'CIPHER_KEY'].map((name, index) => [
    name,
    Buffer.alloc(32, index + 1).toString('base64url'),
  ]),
);

export async function startGatewayProcess(options: {
  readonly dataDir: string;
  readonly databaseUrl?: string;
  readonly env?: Readonly<Record<string, string>>;
}): Promise<GatewayProcess> {
  const child = spawn(process.execPath, ['src/runtime/node/cli.ts', 'serve'], {
    cwd: ROOT,
    env: {
      PATH: process.env['PATH'],
      ...TEST_KEYS,
      PORT: '0',
      DATA_DIR: options.dataDir,
      ...options.env,
      ...(options.databaseUrl === undefined ? {} : { DATABASE_URL: options.databaseUrl }),
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let text = '';
  child.stderr.setEncoding('utf8');
  const url = await new Promise<string>((resolveUrl, reject) => {
    child.stderr.on('data', (chunk: string) => {
      text = (text + chunk).slice(-20_000);
      const up = /"code":"gateway\/up","url":"([^"]+)"/.exec(text)?.[1];
      if (up !== undefined) resolveUrl(up);
    });
    child.once('exit', (code) => reject(new Error(`the gateway ended at start (${String(code)}): ${text}`)));
  });
  const tokenFile = join(options.dataDir, 'admin.token');
  const token = existsSync(tokenFile) ? readFileSync(tokenFile, 'utf8').trim() : '';
  return {
    url,
    admin: createAdminClient(url, token),
    kill: async () => {
      await end(child, 'SIGKILL');
    },
    stop: () => end(child, 'SIGTERM'),
    signal: (name) => void child.kill(name),
  };
}

async function end(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
  return child.exitCode;
}
