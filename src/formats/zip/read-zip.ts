/** A ZIP of a few files, within limits (APPNOTE 6.3): how a recording that is several files is sent as one. */
import { unzipSync } from 'fflate';
import { LIMITS } from '../../base/limits.ts';
import type { Parsed } from '../../base/problem.ts';

export function looksLikeZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 0x03 && bytes[3] === 0x04;
}

/** Files by their names without folders. Problems, both fatal: `zip/too-large` (files or bytes), `zip/unreadable`. */
export function readZip(bytes: Uint8Array): Parsed<ReadonlyMap<string, Uint8Array>> {
  let files = 0;
  let size = 0;
  let tooLarge = false;
  try {
    const entries = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        if (name.endsWith('/')) return false;
        files += 1;
        size += originalSize;
        // The directory may lie: what a file inflates to is bounded by the buffer of the size that it states.
        tooLarge ||= files > LIMITS.zipFilesMax || size > LIMITS.zipBytesMax;
        return !tooLarge;
      },
    });
    if (tooLarge) return fatal('zip/too-large');
    const named = Object.entries(entries).map(([name, content]) => [lastPart(name), content] as const);
    return { value: new Map(named), problems: [] };
  } catch {
    return fatal('zip/unreadable');
  }
}

function lastPart(name: string): string {
  return name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
}

function fatal(code: string): Parsed<never> {
  return { value: undefined, problems: [{ code, severity: 'fatal', at: 'file' }] };
}
