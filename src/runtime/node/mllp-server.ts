/**
 * MLLP over TCP or TLS (HL7 Transport Specification: MLLP): frames in, answers out, in order per
 * connection. Which facility speaks is the channel's word (port, address, certificate), never MSH-4's.
 */
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import type { Problem } from '../../base/problem.ts';
import { acknowledge } from '../../formats/hl7v2/ack.ts';
import { createFramer, type FrameEvent, type Framer, frame } from '../../formats/hl7v2/mllp.ts';
import { SENTENCES } from '../../formats/hl7v2/problems.ts';
import type { Instant } from '../../terms/instant.ts';

/** Who is at the other end: what a channel is found by (SETTLED 26). */
export interface MllpPeer {
  readonly remoteAddress: string;
  /** Our own port that was called. */
  readonly port: number;
  /** SHA-256 fingerprint of a verified client certificate, `AB:CD:…`. */
  readonly certificate?: string;
}

export interface MllpServerOptions {
  /** 0 takes a free one. */
  readonly port: number;
  readonly host: string;
  /** Larger messages are passed over and answered AR; the connection lives. */
  readonly bytesMax: number;
  /** A connection that completes no message for so long is closed, however slowly it talks. */
  readonly idleSeconds: number;
  readonly connectionsMax: number;
  /** How long `close` waits for what is in hand; 10 unless told. */
  readonly closeSeconds?: number;
  readonly tls?: MllpTls;
  /**
   * One message's bytes to its answer; undefined answers nothing. When it throws, nothing was promised:
   * the connection is closed without an answer and the sender sends again.
   */
  readonly handle: (bytes: Uint8Array, peer: MllpPeer) => Promise<Uint8Array | undefined>;
  /** A code of `formats/hl7v2/problems.ts`. */
  readonly onProblem: (code: string, peer: MllpPeer) => void;
}

export interface MllpTls {
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
  readonly ca?: string | Buffer;
  /** Wants a certificate signed by `ca` of every client. */
  readonly requestCert?: boolean;
}

export interface MllpServer {
  readonly port: number;
  readonly connections: number;
  /** Takes no new connection and no new message, finishes and answers what is in hand, then ends. */
  close(): Promise<void>;
}

export async function startMllpServer(options: MllpServerOptions): Promise<MllpServer> {
  const open = new Set<Connection>();
  const accept = (socket: Socket): void => {
    const connection = new Connection(socket, options);
    open.add(connection);
    socket.once('close', () => open.delete(connection));
  };
  const server =
    options.tls === undefined
      ? createServer(HALF_OPEN, accept)
      : createTlsServer({ ...tlsOf(options.tls), ...HALF_OPEN }, accept);
  server.maxConnections = options.connectionsMax;
  server.on('drop', (drop) =>
    options.onProblem('hl7v2/connections-limit', {
      remoteAddress: plainAddress(drop?.remoteAddress),
      port: options.port,
    }),
  );
  server.on('tlsClientError', (_error, socket: TLSSocket) =>
    options.onProblem('hl7v2/handshake-failed', peerOf(socket)),
  );
  await listening(server, options);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  return {
    port,
    get connections() {
      return open.size;
    },
    close: () => closeAll(server, open, options.closeSeconds ?? CLOSE_SECONDS),
  };
}

/** A sender that has said its last may still read our answer. */
const HALF_OPEN = { allowHalfOpen: true };
const CLOSE_SECONDS = 10;
const HANDSHAKE_MS = 10_000;

function tlsOf(tls: MllpTls) {
  const wanted = tls.requestCert === true;
  const asked = { requestCert: wanted, rejectUnauthorized: wanted };
  return { ...tls, ...asked, minVersion: 'TLSv1.2' as const, handshakeTimeout: HANDSHAKE_MS };
}

function listening(server: Server, { port, host }: MllpServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host }, () => {
      server.off('error', reject);
      // An error after this (no file descriptors left) costs one connection, not the server.
      server.on('error', () => {});
      resolve();
    });
  });
}

async function closeAll(server: Server, open: ReadonlySet<Connection>, seconds: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  for (const connection of open) connection.finish();
  const deadline = setTimeout(() => {
    for (const connection of open) connection.destroy();
  }, seconds * 1000);
  await Promise.all([closed, ...[...open].map((connection) => connection.ended)]);
  clearTimeout(deadline);
}

/** One sender: one message at a time, the next is read only when the last is answered and taken. */
class Connection {
  readonly ended: Promise<void>;
  readonly #socket: Socket;
  readonly #options: MllpServerOptions;
  readonly #peer: MllpPeer;
  readonly #framer: Framer;
  readonly #waiting: FrameEvent[] = [];
  #busy = false;
  #finishing = false;
  #left = false;
  #idle: NodeJS.Timeout | undefined;

  constructor(socket: Socket, options: MllpServerOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#peer = peerOf(socket);
    this.#framer = createFramer({ bytesMax: options.bytesMax });
    this.ended = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    socket.on('data', (chunk: Buffer) => {
      if (!this.#left) this.#take(this.#framer.push(chunk));
    });
    socket.on('end', () => {
      if (!this.#left) this.#take(this.#framer.end());
    });
    // A reset is seen as the close that follows it.
    socket.on('error', () => {});
    socket.once('close', () => clearTimeout(this.#idle));
    this.#watchIdle();
  }

  finish(): void {
    this.#finishing = true;
    this.#socket.pause();
    if (!this.#busy) this.#leave();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #take(events: readonly FrameEvent[]): void {
    this.#waiting.push(...events);
    const hasEnded = this.#socket.readableEnded;
    if (!this.#busy && (this.#waiting.length > 0 || hasEnded)) void this.#work();
  }

  async #work(): Promise<void> {
    this.#busy = true;
    this.#socket.pause();
    try {
      for (let event = this.#waiting.shift(); event !== undefined; event = this.#waiting.shift()) {
        await this.#answer(event);
      }
    } catch {
      // Nothing was promised; the sender finds its connection closed and sends again.
      this.#options.onProblem('hl7v2/message-unanswered', this.#peer);
      this.#waiting.length = 0;
      this.#socket.destroy();
    }
    this.#busy = false;
    if (this.#finishing || this.#socket.readableEnded) this.#leave();
    else this.#socket.resume();
  }

  /** Reads on for a moment, so that what was still coming does not reset the connection under our last answer. */
  #leave(): void {
    this.#left = true;
    clearTimeout(this.#idle);
    const linger = setTimeout(() => this.#socket.destroy(), LINGER_MS);
    this.#socket.once('close', () => clearTimeout(linger));
    this.#socket.end();
    this.#socket.resume();
  }

  async #answer(event: FrameEvent): Promise<void> {
    if (event.kind !== 'message') this.#options.onProblem(event.problem.code, this.#peer);
    if (event.kind === 'problem') return;
    clearTimeout(this.#idle);
    const answer =
      event.kind === 'oversize'
        ? refusal(event.head, event.problem)
        : await this.#options.handle(event.bytes, this.#peer);
    this.#watchIdle();
    if (answer !== undefined) await this.#send(frame(answer));
  }

  /** Resolves when the bytes are taken or the connection is gone: a sender that does not read holds itself up. */
  #send(bytes: Uint8Array): Promise<void> {
    if (this.#socket.destroyed || !this.#socket.writable) return Promise.resolve();
    if (this.#socket.write(bytes)) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        this.#socket.off('drain', done);
        this.#socket.off('close', done);
        this.#watchIdle();
        resolve();
      };
      this.#socket.once('drain', done);
      this.#socket.once('close', done);
    });
  }

  /** Counts from the last message that was completed; bytes that complete none do not prolong it. */
  #watchIdle(): void {
    clearTimeout(this.#idle);
    if (this.#socket.destroyed) return;
    this.#idle = setTimeout(() => {
      this.#options.onProblem('hl7v2/connection-idle', this.#peer);
      this.#socket.destroy();
    }, this.#options.idleSeconds * 1000);
  }
}

const LINGER_MS = 1_000;
const KEEP_ALIVE_MS = 60_000;

/** AR to a message over the limit, from its first bytes. */
function refusal(head: Uint8Array, problem: Problem): Uint8Array {
  return acknowledge({
    bytes: head,
    code: 'AR',
    problems: [{ ...problem, at: 'MSH' }],
    controlId: crypto.randomUUID().replaceAll('-', '').slice(0, 20),
    at: new Date().toISOString() as Instant,
    sentence: (code) => SENTENCES[code],
  });
}

function peerOf(socket: Socket): MllpPeer {
  const peer = { remoteAddress: plainAddress(socket.remoteAddress), port: socket.localPort ?? 0 };
  const certificate = certificateOf(socket);
  return certificate === undefined ? peer : { ...peer, certificate };
}

function certificateOf(socket: Socket): string | undefined {
  if (!('getPeerCertificate' in socket)) return undefined;
  const tls = socket as TLSSocket;
  return tls.authorized ? tls.getPeerCertificate().fingerprint256 : undefined;
}

/** IPv4 as itself when it comes over an IPv6 socket. */
function plainAddress(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:(?=\d+\.)/, '');
}
