/**
 * Starts the embedded database: takes the folder's lock, then runs PGlite in a worker thread behind a
 * local socket. A worker dies with its process, so that no orphan keeps the folder open.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { lockFolder } from './folder-lock.ts';
import type { WorkerOrder, WorkerReport } from './worker.ts';

export interface EmbeddedDatabase {
  /** `unix:` and the path of the local socket: what `openStore` takes. */
  readonly url: string;
  close(): Promise<void>;
}

/** Tests only: nothing is kept. */
export const IN_MEMORY = 'memory://';

const SOCKET_PATH_BYTES_MAX = 100;
const RESTARTS_MAX = 20;

/** `dataDir`: a folder of its own, or IN_MEMORY. Throws FolderInUse. */
export async function openPglite({ dataDir }: { readonly dataDir: string }): Promise<EmbeddedDatabase> {
  const inMemory = dataDir === IN_MEMORY;
  const unlock = inMemory ? (): void => undefined : lockFolder(dataDir);
  const folder = inMemory ? IN_MEMORY : join(dataDir, 'data');
  const place = socketPath(inMemory ? undefined : dataDir);
  const { socket } = place;
  let worker: Worker;
  let closing = false;
  let restarts = 0;

  async function start(): Promise<void> {
    rmSync(socket, { force: true });
    worker = new Worker(new URL('./worker.ts', import.meta.url), {
      // Flags of the process (`--eval`, `--input-type`, …) are not the thread's.
      execArgv: [],
      workerData: { folder, socket } satisfies WorkerOrder,
    });
    await untilReady(worker);
    worker.once('exit', () => {
      // Not asked to end: PGlite broke. Its log is replayed by a new one; clients see a lost connection meanwhile.
      if (!closing && !inMemory && restarts++ < RESTARTS_MAX) start().catch(() => undefined);
    });
  }

  async function close(): Promise<void> {
    if (closing) return;
    closing = true;
    const ended = new Promise<void>((resolve) => void worker.once('exit', () => resolve()));
    if (worker.threadId > 0) {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
      worker.postMessage('close');
      await ended;
    }
    place.remove();
    unlock();
  }

  try {
    if (!inMemory) mkdirSync(folder, { recursive: true, mode: 0o700 });
    await start();
  } catch (error) {
    place.remove();
    unlock();
    throw error;
  }
  return { url: `unix:${socket}`, close };
}

function untilReady(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number): void => reject(new Error(`the embedded database ended at its start (${code})`));
    worker.once('exit', onExit);
    worker.once('error', reject);
    worker.on('message', (report: WorkerReport) => {
      if (report.kind !== 'ready') return;
      worker.off('exit', onExit);
      worker.off('error', reject);
      // From here on an error ends the thread, and `exit` is heard.
      worker.on('error', () => undefined);
      resolve();
    });
  });
}

/** The socket of a data folder; undefined where that path is too long for one. */
export function socketIn(dataDir: string): string | undefined {
  const socket = join(dataDir, 'db.sock');
  return Buffer.byteLength(socket) <= SOCKET_PATH_BYTES_MAX ? socket : undefined;
}

/** In the data folder, or in a folder of our own where that path is too long. */
function socketPath(dataDir: string | undefined): { socket: string; remove(): void } {
  const own = dataDir === undefined ? undefined : socketIn(dataDir);
  if (own !== undefined) return { socket: own, remove: () => rmSync(own, { force: true }) };
  const socket = join(mkdtempSync(join(tmpdir(), 'concord-')), 'db.sock');
  return { socket, remove: () => rmSync(dirname(socket), { recursive: true, force: true }) };
}
