/**
 * A lock on the data folder: PGlite takes none, and two openers lose each other's rows without an error.
 * The file names the holder by process id and start time, so that a dead holder, or another process
 * that got its number, does not keep the folder.
 */
import { closeSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, type ProcessMark, thisProcess } from '../process-life.ts';

export class FolderInUse extends Error {
  override readonly name = 'FolderInUse';
  readonly pid: number;
  constructor(folder: string, pid: number) {
    super(
      `${folder} is in use by process ${pid} — stop that gateway, talk to it over HTTP, or choose another DATA_DIR`,
    );
    this.pid = pid;
  }
}

const NAME = 'concord.lock';

/** Throws FolderInUse. The function returned gives the lock back. */
export function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, NAME);
  const mark = thisProcess();
  const own = `${mark.pid} ${mark.started}`;
  for (let attempt = 0; attempt < 5; attempt++) {
    if (takeFile(folder, file, own)) return () => giveBack(file, own);
    const holder = readHolder(file);
    if (holder === undefined) continue;
    if (isAlive(holder) || held.has(file)) throw new FolderInUse(folder, holder.pid);
    // Only the very text that was judged dead is removed; a newcomer's file stays.
    if (readText(file) === holder.text) rmSync(file, { force: true });
  }
  throw new FolderInUse(folder, readHolder(join(folder, NAME))?.pid ?? 0);
}

/** Files held by this very process: a second opener in it is refused too. */
const held = new Set<string>();

/** Written aside and linked into place: the lock appears with its content, or not at all. */
function takeFile(folder: string, file: string, own: string): boolean {
  const aside = join(folder, `${NAME}.${process.pid}`);
  rmSync(aside, { force: true });
  const handle = openSync(aside, 'wx', 0o600);
  writeSync(handle, own);
  closeSync(handle);
  try {
    linkSync(aside, file);
    held.add(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function giveBack(file: string, own: string): void {
  if (!held.delete(file)) return;
  if (readText(file) === own) rmSync(file, { force: true });
}

interface Holder extends ProcessMark {
  readonly text: string;
}

function readHolder(file: string): Holder | undefined {
  const text = readText(file);
  if (text === undefined) return undefined;
  const [pid = '', started = ''] = text.split(' ');
  return { text, pid: Number(pid), started };
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
