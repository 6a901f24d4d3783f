/** The demo's clock: it is turned to each event of the region's months, and runs on from there. */
import type { Clock } from '../../../ports/clock.ts';
import type { Instant } from '../../../terms/instant.ts';

export interface DemoClock extends Clock {
  /** Never turns back. */
  turnTo(instant: Instant): void;
}

export function createDemoClock(start: Instant): DemoClock {
  let base = Date.parse(start);
  let turnedAt = performance.now();
  const nowMs = (): number => base + Math.floor(performance.now() - turnedAt);
  return {
    now: () => new Date(nowMs()).toISOString() as Instant,
    turnTo(instant) {
      base = Math.max(Date.parse(instant), nowMs());
      turnedAt = performance.now();
    },
  };
}
