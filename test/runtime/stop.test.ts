/** A stop under load: each request that was taken is answered, none with a fault of ours, and the process ends in time. */
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { freePort } from '../../src/runtime/node/free-port.ts';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway-process.ts';
import { oru } from '../support/messages.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean();
});

async function start(): Promise<{ gateway: GatewayProcess; token: string; mllp: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'concord-stop-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  const gateway = await startGatewayProcess({ dataDir: folder });
  cleanups.push(() => gateway.kill());
  const mllp = await freePort();
  const { admin } = gateway;
  await admin.post('/facilities', [{ id: 'lab', name: '试验县医院', level: 2, area: '000001', zone: 'Asia/Shanghai' }]);
  const { channel } = await admin.post<{ channel: string }>('/channels', { facility: 'lab', kind: 'client' });
  await admin.post('/channels', { facility: 'lab', kind: 'mllp', port: mllp });
  const { token } = await admin.post<{ token: string }>('/tokens', { channel });
  return { gateway, token, mllp };
}

/** Everything that the other side says until it hangs up, or the code of the error that ended it. */
async function heard(socket: Socket): Promise<string> {
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const error = await new Promise<string>((resolve) => {
    socket.once('error', (fault: NodeJS.ErrnoException) => resolve(fault.code ?? 'error'));
    socket.once('close', () => resolve(''));
  });
  return error === '' ? text : `${error} ${text}`;
}

function requestOf(url: URL, token: string, n: number): string {
  const body = oru({ controlId: `STOP${n}` });
  return [
    'POST /intake HTTP/1.1',
    `host: ${url.host}`,
    `authorization: Bearer ${token}`,
    'content-type: application/hl7-v2',
    `content-length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}

test('answers 200 requests and an MLLP message that it was in the middle of, refuses what comes later, and ends with 0', async () => {
  const { gateway, token, mllp } = await start();
  const url = new URL(gateway.url);
  const open = async (port: number): Promise<Socket> => {
    const socket = connect(port, '127.0.0.1');
    cleanups.push(() => socket.destroy());
    await once(socket, 'connect');
    return socket;
  };
  const sender = await open(mllp);
  const sockets = await Promise.all(Array.from({ length: 200 }, () => open(Number(url.port))));
  const answers = sockets.map(heard);
  const ack = heard(sender);
  sender.write(`\u000b${oru({ controlId: 'STOPMLLP', filler: 'M1' })}\u001c\r`);
  // Every fourth is a message to be kept.
  for (const [n, socket] of sockets.entries())
    socket.write(n % 4 === 0 ? requestOf(url, token, n) : `GET /fhir/metadata HTTP/1.1\r\nhost: ${url.host}\r\n\r\n`);
  const begin = Date.now();
  const ended = gateway.stop();

  const texts = await Promise.all(answers);
  const wrong = texts.filter((text) => !/^HTTP\/1\.1 200 [^]*(?:MSA\|AA\||CapabilityStatement)/.test(text));
  expect(wrong).toEqual([]);
  expect(await ack).toContain('MSA|AA|STOPMLLP');
  expect(await ended).toBe(0);
  expect(Date.now() - begin).toBeLessThan(10_000);
  await expect(open(Number(url.port))).rejects.toThrow(/ECONNREFUSED/);
}, 60_000);

test('says that it is draining while it finishes, and ends at once when it is told twice', async () => {
  const { gateway, token } = await start();
  const url = new URL(gateway.url);
  // A body that does not come keeps the stop waiting.
  const slow = connect(Number(url.port), '127.0.0.1');
  cleanups.push(() => slow.destroy());
  await once(slow, 'connect');
  slow.on('error', () => undefined);
  slow.write(requestOf(url, token, 1).slice(0, -10));
  const asker = connect(Number(url.port), '127.0.0.1');
  cleanups.push(() => asker.destroy());
  await once(asker, 'connect');
  // Both are in hand before the signal.
  asker.write(`GET /healthz HTTP/1.1\r\nhost: ${url.host}\r\n\r\n`);
  await once(asker, 'data');
  const begin = Date.now();
  const ended = gateway.stop();
  let told = '';
  do {
    asker.write(`GET /readyz HTTP/1.1\r\nhost: ${url.host}\r\n\r\n`);
    const [chunk] = (await once(asker, 'data')) as [Buffer];
    told = chunk.toString();
  } while (told.startsWith('HTTP/1.1 200'));
  expect(told).toMatch(/^HTTP\/1\.1 503 /);
  expect(told).toContain('web/draining');
  expect(told.toLowerCase()).toContain('connection: close');
  gateway.signal('SIGTERM');
  expect(await ended).toBe(1);
  expect(Date.now() - begin).toBeLessThan(5_000);
}, 60_000);
