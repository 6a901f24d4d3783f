/** A file that is made once, by whoever comes first, and then only read. */
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

/** Made aside and linked into place: two processes that make it at once end with the same one, whole. Mode 0600. */
export function readOrMake(file: string, make: () => string): string {
  if (!existsSync(file)) {
    const aside = `${file}.${process.pid}`;
    rmSync(aside, { force: true });
    writeFileSync(aside, make(), { mode: 0o600, flag: 'wx' });
    try {
      linkSync(aside, file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      rmSync(aside, { force: true });
    }
  }
  return readFileSync(file, 'utf8');
}
