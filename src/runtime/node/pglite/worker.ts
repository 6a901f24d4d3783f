/** The worker thread that holds PGlite: opens the folder, serves it on a local socket, ends on request. */
import { chmodSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { createWireServer } from './wire-server.ts';

export interface WorkerOrder {
  /** PGlite's folder, or `memory://`. */
  readonly folder: string;
  readonly socket: string;
  /** One number that counts up at the begin and at the end of each work. */
  readonly work: Int32Array;
}

export type WorkerReport = { readonly kind: 'ready' };

/** Four for the store, the rest for a look from outside with plain SQL. */
const CONNECTIONS_MAX = 8;
const MESSAGE_BYTES_MAX = 128 * 1024 * 1024;

const order = workerData as WorkerOrder;
const report = (message: WorkerReport): void => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
  parentPort?.postMessage(message);
};

const database = await PGlite.create(order.folder);
await database.exec(`set timezone = 'UTC'; set datestyle = 'ISO, YMD'`);
const version = await database.query<{ server_version: string }>('show server_version');

const wire = createWireServer(
  {
    send: async (messages, onAnswer) => {
      Atomics.add(order.work, 0, 1);
      await database.runExclusive(() => database.execProtocolRawStream(messages, { onRawData: onAnswer }));
      Atomics.add(order.work, 0, 1);
    },
    rollback: async () => void (await database.exec('rollback')),
  },
  {
    connectionsMax: CONNECTIONS_MAX,
    messageBytesMax: MESSAGE_BYTES_MAX,
    parameters: {
      server_version: version.rows[0]?.server_version ?? '18',
      server_encoding: 'UTF8',
      client_encoding: 'UTF8',
      DateStyle: 'ISO, YMD',
      TimeZone: 'UTC',
      integer_datetimes: 'on',
      standard_conforming_strings: 'on',
    },
    // The thread ends without closing the database: its write-ahead log is replayed at the next start.
    onBroken: () => process.exit(1),
  },
);

wire.server.listen(order.socket, () => {
  chmodSync(order.socket, 0o600);
  report({ kind: 'ready' });
});

parentPort?.once('message', () => {
  wire
    .stop()
    .then(() => database.close())
    .then(
      () => process.exit(0),
      () => process.exit(1),
    );
});
