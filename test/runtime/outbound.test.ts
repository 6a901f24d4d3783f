/** The way out against a hostile other side, over real sockets: redirects, silence, floods, bombs, names that change. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseAllowedHosts } from '../../src/outbound/allow-list.ts';
import { createOutbound } from '../../src/outbound/create-outbound.ts';
import type { Outbound } from '../../src/ports/outbound.ts';
import { createPinnedTransport } from '../../src/runtime/node/pinned-transport.ts';

let server: Server;
let base: string;
let outbound: Outbound;
const seen: { path: string; authorization: string | undefined }[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    seen.push({ path: request.url ?? '', authorization: request.headers.authorization });
    switch (request.url) {
      case '/redirect':
        response.writeHead(302, { location: 'http://169.254.169.254/' }).end();
        return;
      case '/silent':
        return;
      case '/drip':
        response.writeHead(200);
        response.write('x');
        return;
      case '/flood': {
        response.writeHead(200);
        const flood = (): void => {
          while (response.write('x'.repeat(65_536)));
        };
        response.on('drain', flood);
        flood();
        return;
      }
      case '/bomb':
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(BOMB);
        return;
      case '/broken':
        response.writeHead(200, { 'content-encoding': 'gzip' }).end('no gzip');
        return;
      case '/cut':
        response.writeHead(200, { 'content-length': '100' }).write('x');
        response.destroy();
        return;
      case '/gzip':
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{"a":1}'));
        return;
      default:
        response.writeHead(418, { 'x-test': 'yes' }).end('张试验 00000019700305011X');
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  outbound = createOutbound(parseAllowedHosts(base), createPinnedTransport());
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const SILENT = new Set(['/silent', '/drip']);
const BOMB = gzipSync(Buffer.alloc(50_000_000));

const get = (path: string, to: Outbound = outbound, url = base) =>
  to.send({
    method: 'GET',
    url: url + path,
    bytesMax: 1_000_000,
    // Only silence is waited for to the end.
    timeoutMs: SILENT.has(path) ? 500 : 10_000,
    headers: { authorization: 'Bearer secret' },
  });

describe('the way out', () => {
  test('brings back status, headers and body', async () => {
    const plain = await get('/other');
    expect(plain).toMatchObject({ ok: true, value: { status: 418, headers: { 'x-test': 'yes' } } });
    const zipped = await get('/gzip');
    expect(zipped.ok && new TextDecoder().decode(zipped.value.body)).toBe('{"a":1}');
  });

  test.each([
    ['/redirect', 'outbound/redirect'],
    ['/silent', 'outbound/timed-out'],
    ['/drip', 'outbound/timed-out'],
    ['/flood', 'outbound/too-large'],
    ['/bomb', 'outbound/too-large'],
    ['/broken', 'outbound/unreachable'],
    ['/cut', 'outbound/unreachable'],
  ])('ends %s with %s and nothing of the other side', async (path, code) => {
    const outcome = await get(path);
    expect(outcome).toMatchObject({ ok: false, refusal: { code } });
    expect(JSON.stringify(outcome)).not.toContain('张');
  });

  test('refuses what is not on the list before a connection is opened', async () => {
    const before = seen.length;
    expect(await get('/x', outbound, 'http://127.0.0.2:1')).toMatchObject({
      ok: false,
      refusal: { code: 'outbound/not-allowed' },
    });
    expect(seen.length).toBe(before);
  });

  test('goes to the address that was looked at, and to none of a private network unless that is meant', async () => {
    const { port } = new URL(base);
    const resolve = (address: string) => () => Promise.resolve([{ address, family: 4 }]);
    const named = (entry: string, address: string): Outbound =>
      createOutbound(parseAllowedHosts(entry), createPinnedTransport(resolve(address)));
    const url = `http://hospital.example:${port}`;
    expect(await get('/x', named(url, '127.0.0.1'), url)).toMatchObject({
      ok: false,
      refusal: { code: 'outbound/private-address' },
    });
    expect(await get('/x', named(`${url}+private`, '127.0.0.1'), url)).toMatchObject({ ok: true });
    let asked = 0;
    const changing = createOutbound(
      parseAllowedHosts(`${url}+private`),
      createPinnedTransport(() => Promise.resolve([{ address: asked++ === 0 ? '127.0.0.1' : '127.0.0.9', family: 4 }])),
    );
    expect(await get('/x', changing, url)).toMatchObject({ ok: true });
    expect(asked).toBe(1);
    const mixed = createOutbound(
      parseAllowedHosts(url),
      createPinnedTransport(() =>
        Promise.resolve(['192.0.2.1', '127.0.0.1'].map((address) => ({ address, family: 4 }))),
      ),
    );
    expect(await get('/x', mixed, url)).toMatchObject({ ok: false, refusal: { code: 'outbound/private-address' } });
  });

  test('says when nobody is there', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const url = `http://127.0.0.1:${(closed.address() as AddressInfo).port}`;
    closed.close();
    await once(closed, 'close');
    const to = createOutbound(parseAllowedHosts(url), createPinnedTransport());
    expect(await get('/', to, url)).toMatchObject({ ok: false, refusal: { code: 'outbound/unreachable' } });
  });
});
