/** Two openers of one data folder take turns: who comes second waits a while, or finds the gateway that serves it. */
import { runningGateway } from './gateway-file.ts';
import { FolderInUse } from './pglite/folder-lock.ts';

/** A command holds the folder for as long as it runs; a gateway that is starting announces itself within this. */
const WAIT_SECONDS_MAX = 30;
const STEP_MS = 100;

/** Another gateway serves the folder, and does so until it is stopped. */
export interface ServedFolder {
  readonly served: string;
  readonly fault: FolderInUse;
}

/** What `start` opened, or who serves the folder meanwhile. Throws FolderInUse when the folder stays taken. */
export async function takeFolder<T extends object>(
  dataDir: string,
  start: () => Promise<T>,
): Promise<T | ServedFolder> {
  const giveUpAt = performance.now() + WAIT_SECONDS_MAX * 1000;
  for (;;) {
    try {
      return await start();
    } catch (error) {
      if (!(error instanceof FolderInUse)) throw error;
      const running = await runningGateway(dataDir);
      if (running !== undefined) return { served: running, fault: error };
      if (performance.now() > giveUpAt) throw error;
      await new Promise((resolve) => setTimeout(resolve, STEP_MS));
    }
  }
}
