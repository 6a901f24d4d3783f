/** Two openers of one data folder take turns: who comes second waits a while, or finds the gateway that serves it. */
import { runningGateway } from './gateway-file.ts';
import { FolderInUse } from './pglite/folder-lock.ts';

/** A command holds the folder for as long as it runs; a gateway that is starting announces itself within this. */
const WAIT_SECONDS_MAX = 30;
const STEP_MS = 100;

/**
 * What `start` opened, or the address of the gateway that serves the folder meanwhile. Throws FolderInUse when
 * the folder stays taken.
 */
export async function takeFolder<T>(dataDir: string, start: () => Promise<T>): Promise<T | string> {
  const giveUpAt = performance.now() + WAIT_SECONDS_MAX * 1000;
  for (;;) {
    try {
      return await start();
    } catch (error) {
      if (!(error instanceof FolderInUse)) throw error;
      const running = await runningGateway(dataDir);
      if (running !== undefined) return running;
      if (performance.now() > giveUpAt) throw error;
      await new Promise((resolve) => setTimeout(resolve, STEP_MS));
    }
  }
}
