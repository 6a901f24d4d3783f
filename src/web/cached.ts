/** What is dear to compute and may be a little old: at most once in so many seconds, whoever asks how often. */
import type { Clock } from '../ports/clock.ts';
import type { Instant } from '../terms/instant.ts';

export interface Cached<T> {
  readonly value: T;
  /** When it was computed. */
  readonly at: Instant;
}

/**
 * The first asker waits; later ones get what there is, and when it is older than `seconds` it is computed anew behind
 * their back. A computation that fails leaves the old value; the first one's failure is the asker's.
 */
export function createCached<T>(clock: Clock, seconds: number, compute: () => Promise<T>): () => Promise<Cached<T>> {
  let held: Cached<T> | undefined;
  let running: Promise<Cached<T>> | undefined;

  const run = (): Promise<Cached<T>> => {
    const at = clock.now();
    running ??= compute()
      .then((value) => (held = { value, at }))
      .finally(() => {
        running = undefined;
      });
    return running;
  };

  return async () => {
    if (held === undefined) return run();
    const ageSeconds = (Date.parse(clock.now()) - Date.parse(held.at)) / 1000;
    if (ageSeconds >= seconds || ageSeconds < 0) void run().catch(() => undefined);
    return held;
  };
}
