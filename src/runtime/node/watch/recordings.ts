/** Files of a folder as what is sent: most alone; a WFDB header with its signals as one ZIP, once all of them are there. */
import { zipSync } from 'fflate';
import { readWfdbHeader } from '../../../formats/ecg/wfdb/header.ts';
import type { WatchedFile } from './watched-folder.ts';

/** The files of one recording, the one that it is named by first. */
export type Recording = readonly WatchedFile[];

/**
 * What may be sent now, and what waits for others: a header whose signals are not whole yet, and a signal file that no header
 * here names, since alone it says nothing.
 */
export function recordingsIn(
  files: readonly WatchedFile[],
  read: (file: WatchedFile) => Uint8Array,
): { readonly ready: readonly Recording[]; readonly incomplete: readonly WatchedFile[] } {
  const byName = new Map(files.map((file) => [file.name, file]));
  const headers = files.filter(({ name }) => /\.hea$/i.test(name));
  const sets = headers.map((file) => ({ file, signals: signalsOf(file, read) }));
  const named = new Set(sets.flatMap(({ signals }) => signals));
  const ready: Recording[] = [];
  const incomplete: WatchedFile[] = [];
  for (const { file, signals } of sets) {
    const beside = signals.flatMap((name) => byName.get(name) ?? []);
    if (beside.length < signals.length) incomplete.push(file);
    else ready.push([file, ...beside]);
  }
  for (const file of files) {
    if (headers.includes(file) || named.has(file.name)) continue;
    if (/\.dat$/i.test(file.name)) incomplete.push(file);
    else ready.push([file]);
  }
  return { ready, incomplete };
}

/** One file as it is, several as a ZIP. */
export function bytesOf(recording: Recording, read: (file: WatchedFile) => Uint8Array): Uint8Array {
  const [first, ...others] = recording;
  if (first === undefined) return new Uint8Array();
  if (others.length === 0) return read(first);
  return zipSync(Object.fromEntries(recording.map((file) => [file.name, read(file)])));
}

/** Names of signal files; none when it is no header, or is gone by now. */
function signalsOf(file: WatchedFile, read: (file: WatchedFile) => Uint8Array): readonly string[] {
  try {
    const header = readWfdbHeader(new TextDecoder('utf-8').decode(read(file)));
    return [...new Set((header?.signals ?? []).map(({ file: name }) => name))];
  } catch {
    return [];
  }
}
