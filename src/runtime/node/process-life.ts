/** Which process it was: by its number and its start time, so that another one under the same number is not taken for it. */
import { readFileSync } from 'node:fs';

export interface ProcessMark {
  readonly pid: number;
  /** Clock ticks since boot; '' where that is not known. */
  readonly started: string;
}

export function thisProcess(): ProcessMark {
  return { pid: process.pid, started: startedAt(process.pid) ?? '' };
}

export function isAlive(mark: ProcessMark): boolean {
  if (!Number.isSafeInteger(mark.pid) || mark.pid <= 0) return false;
  try {
    process.kill(mark.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const started = startedAt(mark.pid);
  return started === undefined || mark.started === '' || started === mark.started;
}

/** Undefined where there is no /proc. */
function startedAt(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
