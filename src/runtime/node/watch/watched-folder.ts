/**
 * A folder that a cart drops files into: which of them are whole by now, and where they go when they were taken. A file is
 * whole when its size and time did not change for a while; nothing is deleted, `done/` and `failed/` keep it.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';

export interface WatchedFile {
  readonly name: string;
  readonly path: string;
}

interface Seen {
  readonly size: number;
  readonly changed: number;
  /** When it was first seen like that. */
  readonly since: number;
}

export interface WatchedFolder {
  /** Files whose size and time have not changed for `settleMs`, by name. */
  settled(now: number): readonly WatchedFile[];
  /** Files that are still being written, or wait for others. */
  waiting(): number;
  read(file: WatchedFile): Uint8Array;
  /** Moves it to `done/` or `failed/`; a name that is there already gets a number. `note` is written beside a failed one. */
  put(file: WatchedFile, where: 'done' | 'failed', note?: string): void;
}

/** Names that writers use while they write, and what systems leave behind. */
const UNFINISHED = /^\.|^~|\.(?:tmp|part|partial|crdownload|filepart|lock)$/i;

export function watchFolder(folder: string, settleMs: number): WatchedFolder {
  const seen = new Map<string, Seen>();
  let waiting = 0;
  return {
    settled(now) {
      const names = readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isFile() && !UNFINISHED.test(entry.name))
        .map(({ name }) => name)
        .toSorted();
      for (const name of seen.keys()) if (!names.includes(name)) seen.delete(name);
      const whole = names.filter((name) => isWhole(join(folder, name), { name, now, settleMs, seen }));
      waiting = names.length - whole.length;
      return whole.map((name) => ({ name, path: join(folder, name) }));
    },
    waiting: () => waiting,
    read: ({ path }) => readFileSync(path),
    put({ name, path }, where, note) {
      const target = freeName(join(folder, where), name);
      renameSync(path, target);
      if (note !== undefined) writeFileSync(`${target}.problems.txt`, note);
      seen.delete(name);
    },
  };
}

function isWhole(
  path: string,
  of: { readonly name: string; readonly now: number; readonly settleMs: number; readonly seen: Map<string, Seen> },
): boolean {
  const { name, now, settleMs, seen } = of;
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return false;
  const before = seen.get(name);
  const isSame = before !== undefined && before.size === found.size && before.changed === found.mtimeMs;
  if (!isSame) seen.set(name, { size: found.size, changed: found.mtimeMs, since: now });
  return found.size > 0 && now - (isSame ? before.since : now) >= settleMs;
}

/** Never over another file: two carts may give one name. */
function freeName(folder: string, name: string): string {
  mkdirSync(folder, { recursive: true });
  const [stem, end] = [basename(name, extname(name)), extname(name)];
  for (let k = 1; ; k++) {
    const target = join(folder, k === 1 ? name : `${stem}-${k}${end}`);
    if (!existsSync(target)) return target;
  }
}
