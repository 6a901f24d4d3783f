import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { createFramer, frame } from '../../src/formats/hl7v2/mllp.ts';
import { readMessage } from '../../src/formats/hl7v2/read.ts';
import { MllpClosed, type MllpClient, openMllp } from '../../src/runtime/node/mllp-client.ts';
import {
  type MllpPeer,
  type MllpServer,
  type MllpServerOptions,
  startMllpServer,
} from '../../src/runtime/node/mllp-server.ts';
import { noOpenssl } from '../support/required.ts';

const encoder = new TextEncoder();
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const message = (id: string) => encoder.encode(`MSH|^~\\&|LIS|H01|||2026||ORU^R01|${id}|P|2.5.1\r`);
const idOf = (bytes: Uint8Array) => readMessage(bytes).value?.message.msh.get(10) ?? '';

/** Resolved from outside. */
function gate() {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** The other side has ended or reset the connection. */
function gone(socket: Socket): Promise<void> {
  socket.resume();
  return new Promise((resolve) => {
    socket.once('end', () => resolve()).once('close', () => resolve());
  });
}

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

interface Started {
  readonly server: MllpServer;
  readonly problems: string[];
  readonly peers: MllpPeer[];
  readonly client: (options?: Partial<Parameters<typeof openMllp>[0]>) => Promise<MllpClient>;
  readonly socket: () => Promise<Socket>;
}

/** A server that answers each message with its control id, unless told otherwise. */
async function start(options: Partial<MllpServerOptions> = {}): Promise<Started> {
  const problems: string[] = [];
  const peers: MllpPeer[] = [];
  const server = await startMllpServer({
    port: 0,
    host: '127.0.0.1',
    bytesMax: 10_000,
    idleSeconds: 30,
    connectionsMax: 100,
    closeSeconds: 5,
    onProblem: (code) => problems.push(code),
    handle: async (bytes, peer) => {
      peers.push(peer);
      return encoder.encode(idOf(bytes));
    },
    ...options,
  });
  closing.push(() => server.close());
  return {
    server,
    problems,
    peers,
    client: async (more = {}) => {
      const client = await openMllp({ host: '127.0.0.1', port: server.port, ...more });
      closing.push(() => client.close());
      return client;
    },
    socket: async () => {
      const socket = connect({ host: '127.0.0.1', port: server.port, allowHalfOpen: true });
      socket.on('error', () => {});
      closing.push(async () => void socket.destroy());
      await once(socket, 'connect');
      return socket;
    },
  };
}

/** The texts of the framed answers that come, until there are as many as wanted. */
async function answers(socket: Socket, count: number): Promise<string[]> {
  const framer = createFramer({ bytesMax: 100_000_000 });
  const texts: string[] = [];
  for await (const chunk of socket as AsyncIterable<Uint8Array>) {
    for (const event of framer.push(chunk)) if (event.kind === 'message') texts.push(text(event.bytes));
    if (texts.length >= count) break;
  }
  return texts;
}

describe('messages', () => {
  test('are answered over one connection, one after the other', async () => {
    const { client, peers, server } = await start();
    const one = await client();
    expect(text(await one.send(message('M1')))).toBe('M1');
    expect(text(await one.send(message('M2')))).toBe('M2');
    expect(peers[0]).toEqual({ remoteAddress: '127.0.0.1', port: server.port });
  });

  test('of many connections are answered to whom they belong', async () => {
    const { client } = await start();
    const clients = await Promise.all(Array.from({ length: 40 }, () => client()));
    const sent = clients.flatMap((one, c) =>
      Array.from({ length: 10 }, async (_, m) => text(await one.send(message(`M${c}.${m}`)))),
    );
    expect(await Promise.all(sent)).toEqual(
      clients.flatMap((_, c) => Array.from({ length: 10 }, (__, m) => `M${c}.${m}`)),
    );
  });

  test('of one connection are handled strictly in order, however long each takes', async () => {
    const gates = new Map([1, 2, 3].map((n) => [`M${n}`, gate()]));
    const log: string[] = [];
    const { client } = await start({
      handle: async (bytes) => {
        const id = idOf(bytes);
        log.push(`begin ${id}`);
        await gates.get(id)?.opened;
        log.push(`end ${id}`);
        return encoder.encode(id);
      },
    });
    const one = await client();
    const sent = [1, 2, 3].map((n) => one.send(message(`M${n}`)));
    // The last may go on first, and still has to wait for its turn.
    for (const n of [3, 2, 1]) gates.get(`M${n}`)?.open();
    expect((await Promise.all(sent)).map(text)).toEqual(['M1', 'M2', 'M3']);
    expect(log).toEqual(['begin M1', 'end M1', 'begin M2', 'end M2', 'begin M3', 'end M3']);
  });

  test('that want no answer get none, and the next is answered', async () => {
    const { socket } = await start({
      handle: async (bytes) => (idOf(bytes) === 'M1' ? undefined : encoder.encode(idOf(bytes))),
    });
    const one = await socket();
    one.write(frame(message('M1')));
    one.write(frame(message('M2')));
    expect(await answers(one, 1)).toEqual(['M2']);
  });

  test('are answered to a sender that has closed its own side', async () => {
    const { socket } = await start();
    const one = await socket();
    one.end(frame(message('M1')));
    expect(await answers(one, 2)).toEqual(['M1']);
  });

  test('are read behind junk, which is told', async () => {
    const { socket, problems } = await start();
    const one = await socket();
    one.write('GET / HTTP/1.1\r\n\r\n');
    one.write(frame(message('M1')));
    expect(await answers(one, 1)).toEqual(['M1']);
    expect(problems).toEqual(['hl7v2/frame-junk']);
  });

  test('cut off by the end of the connection are told and not handled', async () => {
    const { socket, problems, peers } = await start();
    const one = await socket();
    one.end(frame(message('M1')).subarray(0, 20));
    await gone(one);
    expect([problems, peers]).toEqual([['hl7v2/frame-unfinished'], []]);
  });
});

describe('limits', () => {
  test('a message over the limit is answered AR with its control id, and the connection lives', async () => {
    const { client, problems } = await start();
    const one = await client();
    const large = encoder.encode(`${text(message('BIG'))}OBX|1|TX|||${'x'.repeat(100_000)}\r`);
    const answer = readMessage(await one.send(large)).value?.message;
    expect([answer?.segments[1]?.get(1), answer?.segments[1]?.get(2)]).toEqual(['AR', 'BIG']);
    expect(answer?.segments[2]?.get(5)).toBe('hl7v2/frame-oversize');
    expect(text(await one.send(message('M2')))).toBe('M2');
    expect(problems).toEqual(['hl7v2/frame-oversize']);
  });

  test('a sender that does not read its answers is not read either', async () => {
    let handled = 0;
    const large = new Uint8Array(2_000_000).fill(0x78);
    const { socket, client } = await start({
      handle: async (bytes) => {
        if (idOf(bytes) !== 'SLOW') return encoder.encode('quick');
        handled += 1;
        return large;
      },
    });
    const slow = await socket();
    slow.pause();
    const count = 60;
    for (let i = 0; i < count; i++) slow.write(frame(message('SLOW')));
    const quick = await client();
    for (let i = 0; i < 200; i++) await quick.send(message('QUICK'));
    expect(handled).toBeGreaterThan(0);
    expect(handled).toBeLessThan(count);
    slow.resume();
    expect(await answers(slow, count)).toHaveLength(count);
    expect(handled).toBe(count);
  });

  test('a connection that completes no message in time is closed, even one that keeps talking', async () => {
    const { socket, problems } = await start({ idleSeconds: 0.15 });
    const silent = await socket();
    const talking = await socket();
    talking.write('\u000B');
    const talk = setInterval(() => talking.write('x'), 10);
    await Promise.all([gone(silent), gone(talking)]);
    clearInterval(talk);
    expect(problems).toEqual(['hl7v2/connection-idle', 'hl7v2/connection-idle']);
  });

  test('a message that takes longer than the idle time is answered all the same', async () => {
    const slow = gate();
    const { client, socket } = await start({
      idleSeconds: 0.1,
      handle: async () => {
        await slow.opened;
        return encoder.encode('late');
      },
    });
    const one = await client();
    const answer = one.send(message('M1'));
    const idle = await socket();
    await gone(idle);
    slow.open();
    expect(text(await answer)).toBe('late');
  });

  test('a connection more than are served is refused and told, the others live', async () => {
    const { client, socket, problems } = await start({ connectionsMax: 2 });
    const [one, two] = [await client(), await client()];
    const three = await socket();
    await gone(three);
    expect(problems).toEqual(['hl7v2/connections-limit']);
    expect(text(await one.send(message('M1')))).toBe('M1');
    expect(text(await two.send(message('M2')))).toBe('M2');
  });
});

describe('faults', () => {
  test('a message that could not be kept is not answered: the connection is closed and the server lives', async () => {
    const { client, problems } = await start({
      handle: async (bytes) => {
        if (idOf(bytes) === 'BAD') throw new Error('the store is gone');
        return encoder.encode('kept');
      },
    });
    const one = await client();
    await expect(one.send(message('BAD'))).rejects.toBeInstanceOf(MllpClosed);
    expect(problems).toEqual(['hl7v2/message-unanswered']);
    expect(text(await (await client()).send(message('GOOD')))).toBe('kept');
  });

  test('a port that is taken is refused when starting', async () => {
    const { server } = await start();
    await expect(start({ port: server.port })).rejects.toThrow(/EADDRINUSE/);
  });
});

describe('closing', () => {
  test('what is in hand is finished and answered, then nothing listens any more', async () => {
    const begun = gate();
    const slow = gate();
    const { server, client } = await start({
      handle: async (bytes) => {
        begun.open();
        await slow.opened;
        return encoder.encode(idOf(bytes));
      },
    });
    const [one, idle] = [await client(), await client()];
    const sent = one.send(message('M1'));
    await begun.opened;
    const closed = server.close();
    slow.open();
    expect(text(await sent)).toBe('M1');
    await closed;
    expect(server.connections).toBe(0);
    await expect(idle.send(message('M2'))).rejects.toBeInstanceOf(MllpClosed);
    await expect(openMllp({ host: '127.0.0.1', port: server.port })).rejects.toThrow(/ECONNREFUSED/);
  });

  test('what does not finish in time is cut off', async () => {
    const begun = gate();
    const { server, client } = await start({
      closeSeconds: 0.1,
      handle: () => {
        begun.open();
        return new Promise(() => {});
      },
    });
    const sent = (await client()).send(message('M1'));
    const rejected = expect(sent).rejects.toBeInstanceOf(MllpClosed);
    await begun.opened;
    await server.close();
    await rejected;
  });
});

const openssl = noOpenssl();

describe.skipIf(openssl !== undefined)(openssl === undefined ? 'TLS' : `TLS (skipped: ${openssl})`, () => {
  test('a sender is known by its certificate, and one without is refused', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mllp-'));
    const make = (name: string) => {
      const [key, cert] = [join(folder, `${name}.key`), join(folder, `${name}.crt`)];
      const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1'];
      const kind = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
      execFileSync('openssl', [...kind, '-keyout', key, '-out', cert, ...subject], { stdio: 'ignore' });
      return { key: readFileSync(key), cert: readFileSync(cert) };
    };
    const [own, sender] = [make('gateway'), make('sender')];
    rmSync(folder, { recursive: true });
    const { client, peers, problems, server } = await start({ tls: { ...own, ca: sender.cert, requestCert: true } });
    const one = await client({ tls: { ...sender, ca: own.cert } });
    expect(text(await one.send(message('M1')))).toBe('M1');
    expect(peers[0]?.certificate).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    const stranger = openMllp({ host: '127.0.0.1', port: server.port, tls: { ca: own.cert } });
    await expect(stranger.then((opened) => opened.send(message('M2')))).rejects.toThrow();
    expect(peers).toHaveLength(1);
    expect(problems).toEqual(['hl7v2/handshake-failed']);
  });
});
