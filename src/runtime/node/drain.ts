/**
 * How the gateway stops: whoever was heard is answered, nobody new is heard, ten seconds at most. A connection that is kept
 * alive is told to close with its next answer (RFC 9112 9.6).
 */
import type { ServerType } from '@hono/node-server';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';

/** How long a stop waits for what is in hand. */
const DRAIN_SECONDS = 10;
/** For so long at least, and at most, connections are still taken: what the machine has accepted for us is answered. */
const ARRIVING_MS = 200;
const ARRIVING_MS_MAX = 2_000;
const IDLE_MS = 50;
const TURNS = 3;

/** Resolves when `work` and every request in hand are done; what takes longer is left to its lease, and to its sender's patience. */
export async function drain(server: ServerType, work: readonly Promise<void>[]): Promise<void> {
  const patience = delay(DRAIN_SECONDS * 1000, undefined, { ref: false });
  await Promise.race([Promise.all([...work, closeServer(server as Server)]), patience]);
  (server as Server).closeAllConnections();
}

async function closeServer(server: Server): Promise<void> {
  let taken = 0;
  server.on('connection', () => taken++);
  server.prependListener('request', (_: IncomingMessage, response: ServerResponse) => {
    response.setHeader('connection', 'close');
  });
  const latest = Date.now() + ARRIVING_MS_MAX;
  await delay(ARRIVING_MS);
  // One connection is taken in a turn: those that wait for theirs would be reset.
  for (let before = -1; before !== taken && Date.now() < latest; ) {
    before = taken;
    await someTurns();
  }
  // Not the HTTP server's own close: it would end connections whose request is still to be read.
  const closed = new Promise<void>((resolve) => void NetServer.prototype.close.call(server, () => resolve()));
  const ended = closed.then(() => true);
  do {
    await someTurns();
    server.closeIdleConnections();
  } while (!(await Promise.race([ended, delay(IDLE_MS, false)])));
}

/** Turns of the loop, in which what has arrived is taken and read. */
async function someTurns(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await nextTurn();
}
