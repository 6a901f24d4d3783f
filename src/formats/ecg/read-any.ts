/** An ECG as it is sent: one file, or a ZIP of the files of one recording (a WFDB header with its signals). */
import type { Parsed } from '../../base/problem.ts';
import type { Ecg } from '../../terms/parsed/ecg.ts';
import { looksLikeZip, readZip } from '../zip/read-zip.ts';
import { detectEcg } from './detect.ts';
import { readEcg } from './read-ecg.ts';
import type { Companions } from './wfdb/read-wfdb.ts';

/** True for bytes that `readAnyEcg` would try: an ECG format by its content, or a ZIP. */
export function looksLikeEcg(bytes: Uint8Array): boolean {
  return looksLikeZip(bytes) || detectEcg(bytes) !== undefined;
}

/** `companions`: the other files of the recording, by the names that the first one gives them. */
export function readAnyEcg(bytes: Uint8Array, companions?: Companions): Parsed<Ecg> {
  if (!looksLikeZip(bytes)) return readEcg(bytes, companions);
  const { value: files, problems } = readZip(bytes);
  if (files === undefined) return { value: undefined, problems };
  const known = [...files.values()].filter((content) => detectEcg(content) !== undefined);
  const [first, ...others] = known;
  // Two recordings in one archive are two: which one is meant is not guessed.
  if (first === undefined || others.length > 0)
    return { value: undefined, problems: [{ code: 'ecg/format-unknown', severity: 'fatal', at: 'file' }] };
  const used = new Set<Uint8Array>([first]);
  const parsed = readEcg(first, (name) => {
    const content = files.get(name);
    if (content !== undefined) used.add(content);
    return content;
  });
  // What came along and is no part of the recording is told, and stays in the original.
  const unused = files.size - used.size;
  if (unused === 0) return parsed;
  return {
    ...parsed,
    problems: [...parsed.problems, { code: 'ecg/files-unused', severity: 'warning', at: `${unused} files` }],
  };
}
