/**
 * A folder that a cart drops files into: which of them are whole by now, and where they go. A file is whole when its size and
 * time did not change for a while; before it is read it is moved to `taking/`, so that what the cart writes under its name
 * meanwhile is another file, and of two watchers one takes it. Nothing is deleted.
 */
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  type Stats,
  writeFileSync,
} from 'node:fs';
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
  /** Moves what an earlier run had taken and not put away back to where it came from. */
  resume(): void;
  /** Files whose size and time have not changed for `settleMs`, by name; empty ones last. */
  settled(now: number): readonly WatchedFile[];
  /** Files that are still being written. */
  waiting(): number;
  /** The file in `taking/`; undefined when it is gone, or another watcher was first. */
  take(file: WatchedFile): WatchedFile | undefined;
  read(file: WatchedFile): Uint8Array;
  /** From `taking/` to where it came from. */
  giveBack(file: WatchedFile): void;
  /** From `taking/` to `done/` or `failed/`; a name that is there already gets a number. `note` is written beside a failed one. */
  put(file: WatchedFile, where: 'done' | 'failed', note?: string): void;
}

/** Names that writers use while they write, and what systems leave behind. */
const UNFINISHED = /^\.|^~|\.(?:tmp|part|partial|crdownload|filepart|lock)$/i;

export function watchFolder(folder: string, settleMs: number): WatchedFolder {
  const seen = new Map<string, Seen>();
  let waiting = 0;
  const move = ({ name, path }: WatchedFile, to: string): WatchedFile => {
    const target = freeName(to, name);
    renameSync(path, target);
    return { name, path: target };
  };
  return {
    resume() {
      const taking = join(folder, 'taking');
      if (!existsSync(taking)) return;
      for (const name of readdirSync(taking)) move({ name, path: join(taking, name) }, folder);
    },
    settled(now) {
      const names = readdirSync(folder)
        .filter((name) => !UNFINISHED.test(name) && fileAt(join(folder, name)) !== undefined)
        .toSorted();
      for (const name of seen.keys()) if (!names.includes(name)) seen.delete(name);
      const whole = names.filter((name) => isWhole(join(folder, name), { name, now, settleMs, seen }));
      waiting = names.length - whole.length;
      return whole.map((name) => ({ name, path: join(folder, name) }));
    },
    waiting: () => waiting,
    take(file) {
      seen.delete(file.name);
      try {
        return move(file, join(folder, 'taking'));
      } catch (error) {
        if (isGone(error)) return undefined;
        throw error;
      }
    },
    read: ({ path }) => readFileSync(path),
    giveBack: (file) => void move(file, folder),
    put(file, where, note) {
      const { path } = move(file, join(folder, where));
      if (note !== undefined) writeFileSync(`${path}.problems.txt`, note);
    },
  };
}

/** A file itself: no folder, and no link that leads out of the folder. */
function fileAt(path: string): Stats | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found?.isFile() === true ? found : undefined;
}

function isWhole(
  path: string,
  of: { readonly name: string; readonly now: number; readonly settleMs: number; readonly seen: Map<string, Seen> },
): boolean {
  const { name, now, settleMs, seen } = of;
  const found = fileAt(path);
  if (found === undefined) return false;
  const before = seen.get(name);
  const isSame = before !== undefined && before.size === found.size && before.changed === found.mtimeMs;
  if (!isSame) seen.set(name, { size: found.size, changed: found.mtimeMs, since: now });
  return now - (isSame ? before.since : now) >= settleMs;
}

/** Never over another file: two carts may give one name. */
function freeName(folder: string, name: string): string {
  mkdirSync(folder, { recursive: true });
  const [stem, end] = [basename(name, extname(name)), extname(name)];
  for (let k = 1; ; k++) {
    const target = join(folder, k === 1 ? name : `${stem}-${k}${end}`);
    if (lstatSync(target, { throwIfNoEntry: false }) === undefined) return target;
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
