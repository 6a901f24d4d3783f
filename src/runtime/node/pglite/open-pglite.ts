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
/** Seconds before a broken thread is started anew: the first time, and at most. */
const RESTART_SECONDS = 0.1;
const RESTART_SECONDS_MAX = 30;
/** A thread that works on one thing for longer spins: PGlite does so when its log cannot grow. */
const WORK_SECONDS_MAX = 120;
const LOOK_SECONDS = 1;

/** `dataDir`: a folder of its own, or IN_MEMORY. Throws FolderInUse. */
export async function openPglite({
  dataDir,
  workSecondsMax = WORK_SECONDS_MAX,
}: {
  readonly dataDir: string;
  readonly workSecondsMax?: number;
}): Promise<EmbeddedDatabase> {
  const inMemory = dataDir === IN_MEMORY;
  const unlock = inMemory ? (): void => undefined : lockFolder(dataDir);
  const folder = inMemory ? IN_MEMORY : join(dataDir, 'data');
  const place = socketPath(inMemory ? undefined : dataDir);
  const { socket } = place;
  let worker: Worker;
  let closing = false;

  async function start(): Promise<void> {
    rmSync(socket, { force: true });
    const work = new Int32Array(new SharedArrayBuffer(4));
    worker = new Worker(new URL('./worker.ts', import.meta.url), {
      // Flags of the process (`--eval`, `--input-type`, …) are not the thread's.
      execArgv: [],
      workerData: { folder, socket, work } satisfies WorkerOrder,
    });
    const begun = worker;
    const unwatch = watchWork(work, workSecondsMax, () => void begun.terminate());
    begun.once('exit', unwatch);
    await untilReady(begun);
    // Not asked to end: PGlite broke, or was ended. Its log is replayed by a new one; clients see a lost connection meanwhile.
    begun.once('exit', () => restart(RESTART_SECONDS));
  }

  /** For as long as it takes: where the disk is full, until there is room. */
  function restart(seconds: number): void {
    if (closing || inMemory) return;
    setTimeout(() => {
      if (!closing) start().catch(() => restart(Math.min(seconds * 2, RESTART_SECONDS_MAX)));
    }, seconds * 1000).unref();
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

/** `work` counts up when the thread begins something and when it has done it: odd while it works. */
function watchWork(work: Int32Array, secondsMax: number, onSpin: () => void): () => void {
  let seen = 0;
  let looks = 0;
  const timer = setInterval(() => {
    const now = Atomics.load(work, 0);
    looks = now === seen && now % 2 !== 0 ? looks + 1 : 0;
    seen = now;
    if (looks * LOOK_SECONDS >= secondsMax) onSpin();
  }, LOOK_SECONDS * 1000).unref();
  return () => clearInterval(timer);
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
