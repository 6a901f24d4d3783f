/** Files of a path: itself, or everything below it in a stable order, with the path relative to it. */
import { readdirSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';

export interface ListedFile {
  readonly path: string;
  /** Relative to the path that was named; a file named by itself keeps its name. */
  readonly relative: string;
}

export function listFiles(root: string): readonly ListedFile[] {
  if (!statSync(root).isDirectory()) return [{ path: root, relative: basename(root) }];
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
    .map((path) => ({ path, relative: relative(root, path) }));
}
