/** The served gateway knows where a request comes from by its socket, and its own address by its settings. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadKeys } from '../../src/runtime/node/load-keys.ts';
import { readSettings } from '../../src/runtime/node/settings.ts';
import { SettingFault } from '../../src/runtime/settings.ts';
import { type RunningGateway, startGateway } from '../../src/runtime/node/start-gateway.ts';
import { addChannel } from '../../src/gateway/channels.ts';
import { putFacilities } from '../../src/gateway/configure.ts';
import { DEFAULT_PROFILE, type FacilityId } from '../../src/terms/facility.ts';
import { expectOk } from '../support/gateway.ts';

let dataDir: string;
let running: RunningGateway;
let secret = '';
let client = '';

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'concord-peer-'));
  running = await startGateway(readSettings({ DATA_DIR: dataDir, PORT: '0' }), { demo: false, serving: false });
  const county = { id: 'county' as FacilityId, name: '试验县医院', level: 2, area: '000001', alliances: [] } as const;
  expectOk(await putFacilities(running.gateway, [{ ...county, zone: 'Asia/Shanghai', profile: DEFAULT_PROFILE }]));
  const added = expectOk(await addChannel(running.gateway, { facility: county.id, kind: 'client', test: false }));
  [client, secret] = [added.channel, added.secret ?? ''];
});
afterAll(async () => {
  await running.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function askToken(headers: Record<string, string> = {}): Promise<number> {
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: client, client_secret: secret });
  return (await fetch(`${running.url}/oauth/token`, { method: 'POST', body, headers })).status;
}

/** A request written by hand: `fetch` would mend it. */
async function send(target: string, host: string): Promise<string> {
  const { port, hostname } = new URL(running.url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.write(
    `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nX-Forwarded-Host: evil.example\r\nConnection: close\r\n\r\n`,
  );
  return text(socket);
}

describe('a secret', () => {
  test('without an address is good from this machine, and not through a proxy that nobody named', async () => {
    expect(await askToken()).toBe(200);
    expect(await askToken({ 'x-forwarded-for': '10.1.2.3' })).toBe(401);
    expect(await askToken({ 'x-forwarded-for': '127.0.0.1' })).toBe(401);
  });
});

describe('the gateway’s address', () => {
  const PATH = '/.well-known/smart-configuration';
  test.each([
    [PATH, 'evil.example'],
    [`http://evil.example${PATH}`, 'localhost'],
    [`http://evil.example${PATH}`, 'evil.example'],
    [PATH, 'localhost@evil.example'],
    [PATH, '127.0.0.1.evil.example'],
    [PATH, 'evil.example/localhost'],
    [PATH, 'evil.example#localhost'],
  ])('is not chosen by GET %s with Host: %s', async (target, host) => {
    const answer = await send(target, host);
    expect(answer).toMatch(/^HTTP\/1\.1 (?:200|400)/);
    expect(answer).not.toContain('evil');
  });

  test('is the one that this machine was asked by', async () => {
    const { host } = new URL(running.url);
    expect(await send(PATH, host)).toContain(`"token_endpoint":"http://${host}/oauth/token"`);
  });
});

describe('token keys', () => {
  const keyOf = (fill: number): string => Buffer.alloc(32, fill).toString('base64');

  test('of before are read beside the one that signs', () => {
    const settings = readSettings({
      DATA_DIR: dataDir,
      TOKEN_KEY: keyOf(9),
      TOKEN_KEYS_OLD: `${keyOf(7)}, ${keyOf(8)}`,
    });
    const { token, oldTokens } = loadKeys(settings, { demo: false });
    expect([token, ...(oldTokens ?? [])].map(([first]) => first)).toEqual([9, 7, 8]);
    expect(loadKeys(readSettings({ DATA_DIR: dataDir }), { demo: false }).oldTokens).toEqual([]);
  });

  test('that are none refuse to start, without being told', () => {
    const settings = readSettings({ DATA_DIR: dataDir, TOKEN_KEYS_OLD: 'too-short-a-key' });
    const load = (): unknown => loadKeys(settings, { demo: false });
    expect(load).toThrow(SettingFault);
    expect(load).not.toThrow('too-short');
  });
});
