/** When what failed is tried again. */
import { LIMITS } from '../base/limits.ts';
import type { Instant } from '../terms/instant.ts';

/** Seconds to wait after so many attempts: 2, 4, 8 … */
export function backOff(attempts: number): number {
  return Math.min(LIMITS.retrySecondsMax, 2 ** Math.min(attempts, 10));
}

export function later(instant: Instant, seconds: number): Instant {
  return new Date(Date.parse(instant) + seconds * 1000).toISOString() as Instant;
}
