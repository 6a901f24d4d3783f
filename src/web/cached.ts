/** What is dear to compute: once for all who ask while it runs, or, where it may be a little old, once in so many seconds. */
import type { Clock } from '../ports/clock.ts';
import type { Instant } from '../terms/instant.ts';

export interface Cached<T> {
  readonly value: T;
  /** When it was computed. */
  readonly at: Instant;
}

/** Many who ask at once cost one computation, and share how it ends. */
export function together<T>(compute: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () =>
    (running ??= compute().finally(() => {
      running = undefined;
    }));
}

/**
 * The first asker waits; later ones get what there is, and when it is older than `seconds` it is computed anew behind
 * their back. A computation that fails leaves the old value; the first one's failure is the asker's.
 */
export function createCached<T>(clock: Clock, seconds: number, compute: () => Promise<T>): () => Promise<Cached<T>> {
  let held: Cached<T> | undefined;
  const run = together(async () => {
    const at = clock.now();
    return (held = { value: await compute(), at });
  });

  return async () => {
    if (held === undefined) return run();
    const ageSeconds = (Date.parse(clock.now()) - Date.parse(held.at)) / 1000;
    if (ageSeconds >= seconds || ageSeconds < 0) void run().catch(() => undefined);
    return held;
  };
}
