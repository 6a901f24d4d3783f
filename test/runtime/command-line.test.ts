/** Commands beside each other, beside a gateway that is just starting, and without a database. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { announceGateway, runningGateway } from '../../src/runtime/node/gateway-file.ts';
import { thisProcess } from '../../src/runtime/node/process-life.ts';
import { readOrMake } from '../../src/runtime/node/write-once.ts';
import { TEST_KEYS } from '../support/gateway-process.ts';

let folder = '';
const started: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'concord-test-'));
});
afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }
  rmSync(folder, { recursive: true, force: true });
});

interface Ran {
  readonly child: ChildProcess;
  readonly said: () => string;
  readonly ended: Promise<{ readonly code: number | null; readonly said: string }>;
}

function concord(args: readonly string[], env: Record<string, string> = {}): Ran {
  const child = spawn(process.execPath, ['src/runtime/node/cli.ts', ...args], {
    cwd: resolve(import.meta.dirname, '../..'),
    env: { PATH: process.env['PATH'], PORT: '0', DATA_DIR: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => {
      text += chunk;
    });
  }
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, said: text }));
  return { child, said: () => text, ended };
}

const addFacility = (id: string) =>
  concord(['facility', 'add', '--id', id, '--name', '试验医院', '--level', '2', '--area', '000001']);

describe('in one data folder', () => {
  test('commands beside each other take turns and leave no address behind', async () => {
    const ends = await Promise.all(['one', 'two'].map((id) => addFacility(id).ended));
    expect(ends.map(({ code, said }) => [code, said])).toEqual(ends.map(({ said }) => [0, said]));
    expect(existsSync(join(folder, 'gateway.json'))).toBe(false);
    const listed = await concord(['facility', 'list']).ended;
    expect((JSON.parse(listed.said) as { id: string }[]).map(({ id }) => id)).toEqual(['one', 'two']);
  }, 60_000);

  test('a command and a gateway that start at once both come through', async () => {
    const gateway = concord(['serve']);
    const [command] = await Promise.all([
      addFacility('one').ended,
      expect.poll(() => gateway.said(), { timeout: 30_000 }).toContain('"gateway/up"'),
    ]);
    expect(command).toMatchObject({ code: 0 });
    const second = await concord(['serve']).ended;
    expect(second.code).toBe(1);
    expect(second.said).toMatch(new RegExp(`is in use by process ${gateway.child.pid} — stop that gateway, .*\\n$`));
    gateway.child.kill('SIGTERM');
    expect(await gateway.ended).toMatchObject({ code: 0 });
    expect(existsSync(join(folder, 'gateway.json'))).toBe(false);
  }, 60_000);
});

describe('without what it needs, a command says so in a sentence and ends with 1', () => {
  const nowhere = { ...TEST_KEYS, DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' };

  test.each([['migrate'], ['serve']])(
    '%s, when no database answers',
    async (command) => {
      const { code, said } = await concord([command], nowhere).ended;
      expect(code).toBe(1);
      expect(said).toMatch(/^the database cannot be used now \([A-Z_]+\) — start it, or mend .*\n$/);
    },
    30_000,
  );

  test('serve, when its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { code, said } = await concord(['serve'], { PORT: String(port) }).ended;
    other.close();
    expect(code).toBe(1);
    expect(said).toBe('PORT or HOST cannot be listened on (EADDRINUSE) — choose another\n');
  }, 30_000);
});

describe('the address of a running gateway', () => {
  test('is believed only of the very process that wrote it', async () => {
    const other = createServer((_, response) => response.end('{}')).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    const write = (mark: object) => writeFileSync(join(folder, 'gateway.json'), JSON.stringify({ url, ...mark }));
    const { pid, started: at } = thisProcess();
    write({ pid, started: at });
    expect(await runningGateway(folder)).toBe(url);
    write({ pid, started: `${at}0` });
    expect(await runningGateway(folder)).toBeUndefined();
    write({ pid: 2 ** 30, started: at });
    expect(await runningGateway(folder)).toBeUndefined();
    write({ pid });
    expect(await runningGateway(folder)).toBeUndefined();
    writeFileSync(join(folder, 'gateway.json'), '{');
    expect(await runningGateway(folder)).toBeUndefined();
    other.close();
  });

  test('is nobody when nothing answers there, and is taken back by who gave it', async () => {
    const withdraw = announceGateway(folder, 'http://127.0.0.1:1');
    expect(await runningGateway(folder)).toBeUndefined();
    const text = readFileSync(join(folder, 'gateway.json'), 'utf8');
    writeFileSync(join(folder, 'gateway.json'), text.replace('127.0.0.1:1', '127.0.0.1:2'));
    withdraw();
    expect(existsSync(join(folder, 'gateway.json'))).toBe(true);
    announceGateway(folder, 'http://127.0.0.1:1')();
    expect(existsSync(join(folder, 'gateway.json'))).toBe(false);
  });
});

test('a file that is made once keeps what the first maker wrote', () => {
  const file = join(folder, 'once');
  expect(readOrMake(file, () => 'first')).toBe('first');
  expect(readOrMake(file, () => 'second')).toBe('first');
});
