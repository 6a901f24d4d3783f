/** Time, ids and randomness come from outside; the core never asks the machine for them. */
import type { Instant } from '../terms/instant.ts';

export interface Clock {
  now(): Instant;
}

export interface Randomness {
  /** A random UUID (v4 or v7). */
  uuid(): string;
  bytes(count: number): Uint8Array;
}

/** Timers of the runtime: Node's, or a Worker's cron. */
export interface Timer {
  every(seconds: number, run: () => Promise<void>): Rounds;
}

export interface Rounds {
  /** No round begins any more; resolves when the one that runs has ended. */
  stop(): Promise<void>;
}
