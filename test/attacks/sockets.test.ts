/** A whole gateway under hostile sockets: whatever comes in, honest senders are answered and nothing leaks into the log. */
import { once } from 'node:events';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFramer, frame } from '../../src/formats/hl7v2/mllp.ts';
import { openMllp } from '../../src/runtime/node/mllp-client.ts';
import { oru, ZHANG } from '../support/messages.ts';
import { type AttackedGateway, serveIn, startAttackedGateway } from './attacked-gateway.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();
let gateway: AttackedGateway;
let token = '';
const opened: Socket[] = [];

beforeAll(async () => {
  gateway = await startAttackedGateway();
  await gateway.configure('/facilities', [
    { id: 'county', name: '试验县医院', level: 2, area: '000001', zone: 'Asia/Shanghai' },
  ]);
  await gateway.configure('/channels', { id: 'door', facility: 'county', kind: 'client' });
  await gateway.configure('/channels', { facility: 'county', kind: 'mllp', port: gateway.mllpPort });
  token = String((await gateway.configure('/tokens', { channel: 'door' }))['token']);
}, 60_000);
afterAll(async () => {
  for (const socket of opened) socket.destroy();
  expect(await gateway.stop()).toBe(0);
}, 30_000);

async function socketTo(port: number): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
  opened.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** Sends one message over a connection of its own; its MSA-1. */
async function honestCode(controlId: string): Promise<string | undefined> {
  const client = await openMllp({ host: '127.0.0.1', port: gateway.mllpPort });
  const answer = decoder.decode(await client.send(encoder.encode(oru({ controlId }))));
  await client.close();
  return /\rMSA\|(\w+)/.exec(answer)?.[1];
}

/** The texts of the framed answers until there are as many, or the connection ends. */
async function answersOf(socket: Socket, count: number): Promise<readonly string[]> {
  const framer = createFramer({ bytesMax: 100_000_000 });
  const texts: string[] = [];
  for await (const chunk of socket as AsyncIterable<Uint8Array>) {
    for (const event of framer.push(chunk)) if (event.kind === 'message') texts.push(decoder.decode(event.bytes));
    if (texts.length >= count) break;
  }
  return texts;
}

const codesOf = (texts: readonly string[]) => texts.map((text) => /\rMSA\|(\w+)/.exec(text)?.[1]);

describe('over MLLP', () => {
  test('an oversize frame is answered AR, and the good one behind it AA', async () => {
    const socket = await socketTo(gateway.mllpPort);
    const huge = oru({ controlId: 'HUGE', results: [`ST|X^x^L||${'A'.repeat(11 * 1024 * 1024)}|||||||F`] });
    socket.write(frame(encoder.encode(huge)));
    socket.write(frame(encoder.encode(oru({ controlId: 'BEHIND' }))));
    const answers = await answersOf(socket, 2);
    expect(codesOf(answers)).toEqual(['AR', 'AA']);
    expect(answers[0]).toContain('HUGE');
    socket.destroy();
  });

  test('600 connections: more than are served are refused, and the honest one comes through when they go', async () => {
    const sockets = await Promise.all(
      Array.from({ length: 600 }, () => socketTo(gateway.mllpPort).catch(() => undefined)),
    );
    await expect.poll(() => gateway.said().includes('hl7v2/connections-limit'), { timeout: 10_000 }).toBe(true);
    for (const socket of sockets) socket?.destroy();
    await expect.poll(() => honestCode('AFTER600').catch(() => undefined), { timeout: 10_000 }).toBe('AA');
  });

  test('senders that speak one byte at a time, say half a frame or nothing do not keep others waiting', async () => {
    const slow = await Promise.all(Array.from({ length: 50 }, () => socketTo(gateway.mllpPort)));
    for (const [index, socket] of slow.entries()) {
      if (index % 3 === 0) socket.write(frame(encoder.encode(oru({ controlId: `SLOW${index}` }))).slice(0, -2));
      if (index % 3 === 1) socket.write(Uint8Array.of(0x0b, 0x4d));
      if (index % 3 === 2) socket.end();
    }
    const start = performance.now();
    expect(await honestCode('AMONGSLOW')).toBe('AA');
    expect(performance.now() - start).toBeLessThan(5_000);
    for (const socket of slow) socket.destroy();
  });

  test('noise, control signs, wrong bytes and no message at all are answered or passed over, and the connection lives', async () => {
    const socket = await socketTo(gateway.mllpPort);
    const noise = Uint8Array.from({ length: 4096 }, (_, at) => (at * 73 + (at >> 3)) & 0xff).filter(
      (byte) => byte !== 0x0b && byte !== 0x1c,
    );
    const dirty = encoder.encode(oru({ controlId: 'DIRTY' }).replace('白细胞', '白\u0000\u0007\ufffe细胞'));
    const invalid = frame(encoder.encode(oru({ controlId: 'INVALID' }).replace('白细胞', 'QQQQ'))).map((byte) =>
      byte === 0x51 ? 0xff : byte,
    );
    socket.write(noise);
    socket.write(frame(noise));
    socket.write(frame(new Uint8Array()));
    socket.write(frame(dirty));
    socket.write(invalid);
    socket.write(frame(encoder.encode(oru({ controlId: 'CLEAN' }))));
    const answers = await answersOf(socket, 5);
    const codes = codesOf(answers);
    expect(codes.slice(0, 2)).toEqual(['AR', 'AR']);
    expect(codes.at(-1)).toBe('AA');
    expect(codes).toHaveLength(5);
    socket.destroy();
  });

  test('a control id of a thousand signs is echoed, and a flood of one control id is one envelope', async () => {
    const controlId = 'ID'.repeat(500);
    const socket = await socketTo(gateway.mllpPort);
    const message = frame(encoder.encode(oru({ controlId })));
    for (let n = 0; n < 100; n++) socket.write(message);
    const answers = await answersOf(socket, 100);
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain(`|${controlId}`);
    socket.destroy();
  });

  test('twenty thousand results in one message are all accounted for', async () => {
    const results = Array.from({ length: 20_000 }, (_, n) => `NM|C${n}^x^L||${n}|mmol/L|||||F`);
    const client = await openMllp({
      host: '127.0.0.1',
      port: gateway.mllpPort,
      answerSeconds: 60,
      bytesMax: 50_000_000,
    });
    const answer = decoder.decode(
      await client.send(encoder.encode(oru({ controlId: 'MANY', filler: 'MANY', results }))),
    );
    expect(['AA', 'AE']).toContain(/\rMSA\|(\w+)/.exec(answer)?.[1]);
    await client.close();
    expect(await honestCode('AFTERMANY')).toBe('AA');
  }, 60_000);

  test('more segments than the limit are answered, and cost no more than their size', async () => {
    const text = oru({ controlId: 'SEGMENTS' }) + 'ZZZ|1\r'.repeat(150_000);
    const client = await openMllp({ host: '127.0.0.1', port: gateway.mllpPort, answerSeconds: 30 });
    const answer = decoder.decode(await client.send(encoder.encode(text)));
    expect(['AA', 'AE', 'AR']).toContain(/\rMSA\|(\w+)/.exec(answer)?.[1]);
    await client.close();
  }, 40_000);
});

/** A request written by hand: method, path and headers as no client would send them. */
async function rawHttp(text: string, linger = 3_000): Promise<string> {
  const socket = await socketTo(Number(new URL(gateway.url).port));
  let answer = '';
  socket.on('data', (chunk: Buffer) => {
    answer += chunk.toString('utf8');
  });
  socket.write(text);
  const timer = setTimeout(() => socket.destroy(), linger);
  await new Promise<void>((resolve) => {
    socket.once('end', () => resolve()).once('close', () => resolve());
  });
  clearTimeout(timer);
  socket.destroy();
  return answer;
}

const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0);

describe('over HTTP', () => {
  test('forwarded hosts change nothing that is answered', async () => {
    const plain = await rawHttp('GET /cds-services HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    const forged = await rawHttp(
      'GET /cds-services HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: https\r\nForwarded: host=evil.example\r\nX-Original-URL: /admin/counts\r\nX-HTTP-Method-Override: POST\r\nConnection: close\r\n\r\n',
    );
    const body = (answer: string) => answer.split('\r\n\r\n').slice(1).join();
    expect(body(forged)).toBe(body(plain));
    expect(forged).not.toContain('evil');
  });

  test.each([
    ['headers of 64 KB', `GET /healthz HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(65_536)}\r\n\r\n`, [431, 400]],
    ['a path of 64 KB', `GET /${'a'.repeat(65_536)} HTTP/1.1\r\nHost: a\r\n\r\n`, [431, 414, 400]],
    ['a host that is none', 'GET /healthz HTTP/1.1\r\nHost: a b<>\r\nConnection: close\r\n\r\n', [400]],
    ['no HTTP', '\u000bMSH|^~\\&|\u001c\r\r\n\r\n', [400]],
    [
      'two lengths (smuggling)',
      'POST /oauth/token HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /admin/counts HTTP/1.1\r\nHost: a\r\n\r\n',
      [400],
    ],
    [
      'a lying length over the limit',
      'POST /oauth/token HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\nConnection: close\r\n\r\nx',
      [413],
    ],
  ] as const)('%s are refused', async (_, text, statuses) => {
    expect(statuses).toContain(statusOf(await rawHttp(text)));
  });

  test('a chunked body without end is cut off at the limit', async () => {
    const status = await new Promise<number>((resolve, reject) => {
      const sending = request(
        `${gateway.url}/recognition/check`,
        { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' } },
        (response) => {
          response.resume();
          clearInterval(pump);
          resolve(response.statusCode ?? 0);
          sending.destroy();
        },
      );
      sending.on('error', reject);
      const pump = setInterval(() => sending.write(' '.repeat(65_536)), 2);
    });
    expect(status).toBe(413);
  });

  test('a body that its sender abandons is no fault of ours', async () => {
    const before = gateway.said().length;
    const socket = await socketTo(Number(new URL(gateway.url).port));
    socket.write(
      `POST /recognition/check HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\nContent-Length: 1000\r\n\r\n{"pat`,
    );
    await new Promise((resolve) => void setTimeout(resolve, 200));
    socket.destroy();
    await new Promise((resolve) => void setTimeout(resolve, 200));
    expect(gateway.said().slice(before)).not.toContain('web/fault');
    expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
  });

  test('500 half-open requests keep no honest one waiting', async () => {
    const port = Number(new URL(gateway.url).port);
    const sockets = await Promise.all(Array.from({ length: 500 }, () => socketTo(port)));
    for (const socket of sockets) socket.write('POST /oauth/token HTTP/1.1\r\nHost: a\r\nContent-Le');
    const start = performance.now();
    expect((await fetch(`${gateway.url}/readyz`)).status).toBe(200);
    expect(performance.now() - start).toBeLessThan(2_000);
    for (const socket of sockets) socket.destroy();
  });

  test('a wrong content type, and other verbs, open nothing', async () => {
    for (const [path, method] of [
      ['/admin/counts', 'GET'],
      ['/admin/counts', 'HEAD'],
      ['/admin/tokens', 'POST'],
      ['/admin/../admin/counts', 'GET'],
      ['/%61dmin/counts', 'GET'],
      ['/recognition/check', 'POST'],
      ['/intake', 'POST'],
    ] as const) {
      const response = await fetch(`${gateway.url}${path}`, { method, headers: { 'content-type': 'text/plain' } });
      expect(response.status).toBe(401);
    }
  });
});

describe('the embedded database', () => {
  test('a second gateway on the same folder is refused, and the first lives', async () => {
    const second = serveIn(gateway.dataDir);
    let said = '';
    second.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk;
    });
    // One that is let in must not outlive the test.
    const late = setTimeout(() => second.kill('SIGKILL'), 20_000);
    const [code] = (await once(second, 'exit')) as [number | null];
    clearTimeout(late);
    expect(code).toBe(1);
    expect(said).toContain(String(gateway.pid));
    expect(await honestCode('AFTERSECOND')).toBe('AA');
  }, 30_000);
});

test('nothing of what was sent stands in the log, and every line of it is one JSON object', async () => {
  const secret = { ...ZHANG, name: '泄露甲', mrn: 'LEAKMRN77' };
  const poison = oru({ controlId: 'LEAKCONTROL77', filler: 'LEAKFILLER77', patient: secret });
  const client = await openMllp({ host: '127.0.0.1', port: gateway.mllpPort });
  for (const text of [
    poison,
    poison.replace('LEAKFILLER77', 'L'.repeat(9_000)),
    poison.replace('ORU^R01', 'LEAK^TRIGGER77'),
  ])
    await client.send(encoder.encode(text)).catch(() => undefined);
  await client.close();
  for (const path of ['/recognition/check', '/recognition/replies', '/LEAKPATH77/x?LEAKQUERY77=1'])
    await fetch(`${gateway.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, cookie: 'LEAKCOOKIE77=1' },
      body: JSON.stringify({ LEAKKEY77: { 泄露甲: 'LEAKVALUE77' } }),
    });
  const wrong = await fetch(`${gateway.url}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: 'LEAKID77',
      client_secret: 'LEAKSECRET77',
    }),
  });
  expect(await wrong.text()).not.toContain('LEAK');
  const said = gateway.said();
  for (const value of ['LEAK', '泄露甲', ZHANG.national, token, gateway.adminToken]) expect(said).not.toContain(value);
  for (const line of said.split('\n').filter((one) => one !== ''))
    expect(() => JSON.parse(line) as unknown).not.toThrow();
});
