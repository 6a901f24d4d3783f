/** The machine's clock, randomness and timers, as the ports want them. */
import { randomBytes, randomUUID } from 'node:crypto';
import type { Clock, Randomness, Timer } from '../../ports/clock.ts';
import type { Instant } from '../../terms/instant.ts';

export const systemClock: Clock = { now: () => new Date().toISOString() as Instant };

export const systemRandom: Randomness = {
  uuid: () => randomUUID(),
  bytes: (count) => new Uint8Array(randomBytes(count)),
};

/** Runs one after another: the next round waits for the last. Faults go to `onFault` and stop nothing. */
export function createTimer(onFault: (error: unknown) => void): Timer {
  return {
    every(seconds, run) {
      let stopped = false;
      let handle: NodeJS.Timeout;
      let running: Promise<void> = Promise.resolve();
      const begin = (): void => {
        running = round();
      };
      const round = async (): Promise<void> => {
        try {
          await run();
        } catch (error) {
          onFault(error);
        }
        if (!stopped) handle = setTimeout(begin, seconds * 1000);
      };
      handle = setTimeout(begin, seconds * 1000);
      return {
        stop() {
          stopped = true;
          clearTimeout(handle);
          return running;
        },
      };
    },
  };
}
