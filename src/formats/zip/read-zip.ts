/**
 * A ZIP of a few files (APPNOTE 6.3): how a recording that is several files is sent as one. Read from its beginning, entry by
 * entry and in small pieces, so that each byte inflates once and a bomb is stopped, whatever its directory says.
 */
import { Unzip, UnzipInflate } from 'fflate';
import { concatBytes } from '../../base/bytes.ts';
import { LIMITS } from '../../base/limits.ts';
import type { Parsed } from '../../base/problem.ts';

export function looksLikeZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 0x03 && bytes[3] === 0x04;
}

/** Pushed at a time: what a piece inflates to is at most about a thousand times as much. */
const PIECE = 4_096;

/**
 * Files by their names without folders. Problems, all fatal: `zip/too-large` (files or bytes), `zip/repeated` (two files of
 * one name), `zip/unreadable` (cut, encrypted, or packed in a way that is not read).
 */
export function readZip(bytes: Uint8Array): Parsed<ReadonlyMap<string, Uint8Array>> {
  const reading = new Reading();
  const unzip = new Unzip((file) => {
    // A folder has no content.
    if (file.name.endsWith('/')) return;
    const parts = reading.open(lastPart(file.name));
    file.ondata = (error, data, final) => {
      // What is thrown here comes back as an error of the reader's: the first fault counts.
      if (error !== null) throw reading.fail('zip/unreadable');
      reading.take(parts, data, final);
    };
    file.start();
  });
  unzip.register(UnzipInflate);
  try {
    for (let at = 0; at < bytes.length; at += PIECE)
      unzip.push(bytes.subarray(at, at + PIECE), at + PIECE >= bytes.length);
    return { value: reading.close(), problems: [] };
  } catch (thrown) {
    if (!(thrown instanceof Fault)) reading.fail('zip/unreadable');
    return { value: undefined, problems: [{ code: reading.fault ?? 'zip/unreadable', severity: 'fatal', at: 'file' }] };
  }
}

/** Leaves the reader. */
class Fault extends Error {}

class Reading {
  /** Code of the first fault. */
  fault: string | undefined;
  readonly #files = new Map<string, Uint8Array[]>();
  #bytes = 0;
  #open = 0;

  fail(code: string): Fault {
    this.fault ??= code;
    return new Fault();
  }

  open(name: string): Uint8Array[] {
    if (this.#files.has(name)) throw this.fail('zip/repeated');
    if (this.#files.size >= LIMITS.zipFilesMax) throw this.fail('zip/too-large');
    const parts: Uint8Array[] = [];
    this.#files.set(name, parts);
    this.#open += 1;
    return parts;
  }

  take(parts: Uint8Array[], data: Uint8Array, final: boolean): void {
    this.#bytes += data.length;
    if (this.#bytes > LIMITS.zipBytesMax) throw this.fail('zip/too-large');
    parts.push(data);
    if (final) this.#open -= 1;
  }

  /** What came whole; a file that was begun and not ended means that the archive is cut. */
  close(): ReadonlyMap<string, Uint8Array> {
    if (this.#open > 0 || this.#files.size === 0) throw this.fail('zip/unreadable');
    return new Map([...this.#files].map(([name, parts]) => [name, concatBytes(...parts)]));
  }
}

function lastPart(name: string): string {
  return name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
}
