/** A disk of so many megabytes, in memory, that a test fills: a tmpfs, which root may mount. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TinyDisk {
  readonly folder: string;
  /** Makes room. */
  grow(megabytes: number): void;
  close(): void;
}

const ASROOT = process.getuid?.() === 0 ? [] : ['sudo', '-n'];

function asRoot(...command: readonly string[]): void {
  const [program = '', ...args] = [...ASROOT, ...command];
  execFileSync(program, args, { stdio: 'ignore' });
}

/** Anybody may write to it. */
export function openTinyDisk(megabytes: number): TinyDisk {
  const folder = mkdtempSync(join(tmpdir(), 'concord-disk-'));
  asRoot('mount', '-t', 'tmpfs', '-o', `size=${megabytes}m,mode=777`, 'none', folder);
  chmodSync(folder, 0o777);
  return {
    folder,
    grow: (size) => asRoot('mount', '-o', `remount,size=${size}m`, folder),
    close: () => {
      // What has it open still may take a moment to end: the name goes at once, the disk with its last user.
      asRoot('umount', '--lazy', folder);
      rmdirSync(folder);
    },
  };
}

/** Why no such disk can be had; undefined when one can. */
export function tinyDiskMissing(): string | undefined {
  try {
    openTinyDisk(1).close();
    return undefined;
  } catch {
    return 'a disk to fill cannot be mounted: that wants root and a Linux that lets it';
  }
}
