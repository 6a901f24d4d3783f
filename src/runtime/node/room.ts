/**
 * Is there room on the disk of a folder: the embedded database does not survive a log that cannot grow (its thread spins
 * for ever), so nothing is written when room gets short.
 */
import { statfsSync } from 'node:fs';
import { LIMITS } from '../../base/limits.ts';

/** How long one look is good for. */
const LOOK_MS = 500;

export function createRoom(folder: string): () => boolean {
  let lookedAt = -Infinity;
  let hasRoom = true;
  return () => {
    const now = performance.now();
    if (now - lookedAt < LOOK_MS) return hasRoom;
    lookedAt = now;
    hasRoom = bytesFree(folder) >= LIMITS.diskBytesMin;
    return hasRoom;
  };
}

/** For whoever is not root. */
export function bytesFree(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
