/** Files of a folder as what is sent: most alone; a WFDB header with its signals as one ZIP, once all of them are there. */
import { zipSync } from 'fflate';
import { readWfdbHeader } from '../../../formats/ecg/wfdb/header.ts';
import type { WatchedFile } from './watched-folder.ts';

export interface Recording {
  /** The file that it is named by, first. */
  readonly files: readonly WatchedFile[];
  readonly bytes: () => Uint8Array;
}

/** What may be sent now. A header whose signals are not whole yet waits, and so does a signal file whose header is not. */
export function recordingsIn(
  files: readonly WatchedFile[],
  read: (file: WatchedFile) => Uint8Array,
): readonly Recording[] {
  const byName = new Map(files.map((file) => [file.name, file]));
  const headers = files
    .filter(({ name }) => /\.hea$/i.test(name))
    .map((file) => ({ file, parts: signalsOf(read(file)) }));
  const parts = new Set(headers.flatMap((header) => header.parts));
  const sets = headers.flatMap(({ file, parts: names }): readonly Recording[] => {
    const beside = names.flatMap((name) => byName.get(name) ?? []);
    if (beside.length < names.length) return [];
    const all = [file, ...beside];
    return [{ files: all, bytes: () => zipSync(Object.fromEntries(all.map((one) => [one.name, read(one)]))) }];
  });
  const alone = files
    .filter(({ name }) => !/\.(?:hea|dat)$/i.test(name) && !parts.has(name))
    .map((file): Recording => ({ files: [file], bytes: () => read(file) }));
  // A `.dat` that no header here names waits for one: alone it says nothing.
  return [...sets, ...alone];
}

/** Names of signal files; none when it is no header. */
function signalsOf(bytes: Uint8Array): readonly string[] {
  const header = readWfdbHeader(new TextDecoder('utf-8').decode(bytes));
  return [...new Set((header?.signals ?? []).map(({ file }) => file))];
}
