/**
 * Group commit: answers that arrive while one commit is on its way share the next. The first of a quiet
 * moment waits for nobody, so that no answer waits longer than the commit before its own.
 */
import { StoreUnavailable } from '../ports/store.ts';

interface Waiter<T> {
  readonly record: T;
  resolve(): void;
  reject(error: unknown): void;
}

const BATCH_MAX = 200;

/** `commit` makes all of its records durable or none. A batch that is refused is tried again one by one. */
export function createGroupCommit<T>(commit: (records: readonly T[]) => Promise<void>): (record: T) => Promise<void> {
  const waiting: Waiter<T>[] = [];
  let running = false;

  async function flush(batch: readonly Waiter<T>[]): Promise<void> {
    try {
      await commit(batch.map(({ record }) => record));
      for (const waiter of batch) waiter.resolve();
    } catch (error) {
      // One bad record must not fail its neighbours; a database that is gone fails them all alike.
      if (batch.length === 1 || error instanceof StoreUnavailable) for (const waiter of batch) waiter.reject(error);
      else for (const waiter of batch) await flush([waiter]);
    }
  }

  async function run(): Promise<void> {
    running = true;
    try {
      // Whoever asks in the same turn of the event loop shares the first commit.
      await Promise.resolve();
      while (waiting.length > 0) await flush(waiting.splice(0, BATCH_MAX));
    } finally {
      running = false;
    }
  }

  return (record) =>
    new Promise((resolve, reject) => {
      waiting.push({ record, resolve, reject });
      if (!running) void run();
    });
}
