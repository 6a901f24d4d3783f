/**
 * A PostgreSQL wire server over one embedded session that several connections share: a connection owns
 * the session from its first message until ReadyForQuery says idle, so that neither the messages of one
 * statement nor the statements of one transaction mix with another's (facts/toolchain 3).
 */
import { createServer, type Server, type Socket } from 'node:net';
import {
  closeStatements,
  errorResponse,
  FrameReader,
  greeting,
  IDLE,
  START,
  statementName,
  TYPE,
  withRefusals,
} from './wire-messages.ts';

/** The session that is shared: PGlite's raw protocol. */
export interface WireSession {
  /** Sends front-end messages; what the back end answers comes in chunks that are valid only during the call. */
  send(messages: Uint8Array, onAnswer: (chunk: Uint8Array) => void): Promise<void>;
  rollback(): Promise<void>;
}

export interface WireServerOptions {
  readonly connectionsMax: number;
  readonly messageBytesMax: number;
  readonly parameters: Readonly<Record<string, string>>;
  /** The session is broken: nothing it would say can be trusted. */
  onBroken(error: unknown): void;
}

interface Batch {
  readonly bytes: Buffer;
  /** Ends with Sync or Query, so that ReadyForQuery follows. */
  readonly answered: boolean;
}

interface Connection {
  readonly socket: Socket;
  readonly reader: FrameReader;
  readonly batches: Batch[];
  readonly statements: Set<string>;
  pending: Buffer[];
  pendingBytes: number;
  greeted: boolean;
  state: number;
  dead: boolean;
}

export interface WireServer {
  readonly server: Server;
  /** Hangs up and resolves when the session is at rest; what was under way is rolled back. */
  stop(): Promise<void>;
}

export function createWireServer(session: WireSession, options: WireServerOptions): WireServer {
  const connections = new Set<Connection>();
  const waiting: Connection[] = [];
  const forgotten: string[] = [];
  let owner: Connection | undefined;
  let running: Promise<void> | undefined;
  let ended = false;

  function pump(): void {
    if (running !== undefined || ended) return;
    running = work().finally(() => {
      running = undefined;
    });
  }

  async function work(): Promise<void> {
    try {
      for (;;) if (ended || !(await step())) return;
    } catch (error) {
      ended = true;
      for (const connection of connections) connection.socket.destroy();
      options.onBroken(error);
    }
  }

  async function stop(): Promise<void> {
    ended = true;
    server.close();
    for (const connection of connections) connection.socket.destroy();
    await running;
    if (owner !== undefined && owner.state !== IDLE) await session.rollback();
  }

  /** One batch of one connection, or a change of owner; false when there is nothing to do. */
  async function step(): Promise<boolean> {
    if (owner?.dead === true) {
      if (owner.state !== IDLE) await session.rollback();
      owner = undefined;
    }
    if (owner === undefined && forgotten.length > 0) {
      await session.send(closeStatements(forgotten.splice(0)), () => undefined);
    }
    owner ??= waiting.shift();
    if (owner === undefined) return false;
    const current = owner;
    const batch = current.batches.shift();
    if (batch === undefined) {
      if (current.state !== IDLE) return current.dead;
      owner = undefined;
      return true;
    }
    await run(current, batch);
    if (current.state === IDLE) {
      owner = undefined;
      if (current.batches.length > 0) waiting.push(current);
    }
    return true;
  }

  async function run(connection: Connection, batch: Batch): Promise<void> {
    let tail: Uint8Array = new Uint8Array(0);
    connection.state = 0;
    await session.send(batch.bytes, (chunk) => {
      const copy = Buffer.from(chunk);
      tail = copy.length >= 6 ? copy.subarray(-6) : Buffer.concat([tail, copy]).subarray(-6);
      if (!connection.dead) connection.socket.write(copy);
    });
    if (batch.answered && tail.length === 6 && tail[0] === 0x5a && tail[4] === 5) connection.state = tail[5] as number;
  }

  function queue(connection: Connection, answered: boolean): void {
    connection.batches.push({ bytes: Buffer.concat(connection.pending), answered });
    connection.pending = [];
    connection.pendingBytes = 0;
    if (owner !== connection && !waiting.includes(connection)) waiting.push(connection);
    pump();
  }

  function onMessage(connection: Connection, original: Buffer): void {
    const type = original[0];
    if (type === TYPE.terminate) {
      connection.socket.end();
      return;
    }
    if (type === TYPE.parse) connection.statements.add(statementName(original));
    connection.pending.push(withRefusals(original));
    connection.pendingBytes += original.length;
    if (connection.pendingBytes > options.messageBytesMax) throw new Error('a batch over the limit');
    if (type === TYPE.sync || type === TYPE.query) queue(connection, true);
    else if (type === TYPE.flush) queue(connection, false);
  }

  function onStart(connection: Connection, packet: Buffer): void {
    const code = packet.readInt32BE(4);
    if (code === START.ssl || code === START.gss) {
      connection.socket.write('N');
    } else if (code !== START.protocol3) {
      // Cancel requests too: the session cannot be interrupted.
      connection.socket.end();
    } else if (connections.size > options.connectionsMax) {
      connection.socket.end(errorResponse('53300', 'the embedded database has no connection left', 'FATAL'));
    } else {
      connection.greeted = true;
      connection.reader.start();
      connection.socket.write(greeting(options.parameters));
    }
  }

  function onData(connection: Connection, chunk: Buffer): void {
    try {
      connection.reader.push(chunk);
      for (let frame = connection.reader.next(); frame !== undefined; frame = connection.reader.next()) {
        if (connection.greeted) onMessage(connection, frame);
        else onStart(connection, frame);
      }
    } catch {
      connection.socket.end(errorResponse('08P01', 'a wire message over the limit or out of form', 'FATAL'));
      gone(connection);
    }
  }

  function gone(connection: Connection): void {
    if (connection.dead) return;
    connection.dead = true;
    connections.delete(connection);
    connection.batches.length = 0;
    const place = waiting.indexOf(connection);
    if (place >= 0) waiting.splice(place, 1);
    forgotten.push(...[...connection.statements].filter((name) => name !== ''));
    pump();
  }

  const server = createServer({ noDelay: true }, (socket) => {
    const connection: Connection = {
      socket,
      reader: new FrameReader(options.messageBytesMax),
      batches: [],
      statements: new Set(),
      pending: [],
      pendingBytes: 0,
      greeted: false,
      state: IDLE,
      dead: false,
    };
    connections.add(connection);
    socket.on('data', (chunk: Buffer) => {
      if (!connection.dead) onData(connection, chunk);
    });
    socket.on('close', () => gone(connection));
    socket.on('error', () => gone(connection));
  });
  return { server, stop };
}
