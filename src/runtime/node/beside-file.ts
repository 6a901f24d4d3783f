/** Other files of a recording that is several (a WFDB header names its signals): those that lie beside it, and no others. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A name with a folder in it is none of a file beside. */
export function besideFile(path: string): (name: string) => Uint8Array | undefined {
  return (name) => {
    if (!/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$/.test(name)) return undefined;
    const file = join(dirname(path), name);
    return existsSync(file) ? readFileSync(file) : undefined;
  };
}
