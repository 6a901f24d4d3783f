/** The sample messages of CORPUS_DIR: which files there are, by folder-relative name and digest. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { noCorpus } from './required.ts';

export const CORPUS_FOLDERS = [
  'microsoft-fhir-converter',
  'cdc-prime-reportstream',
  'cdc-trusted-intermediary',
  'cosyte-hl7',
  'synthetic-cn',
] as const;

export interface CorpusFile {
  /** `cosyte-hl7/canonical__oru-r01.hl7`. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** SHA-256 in hexadecimal. */
  readonly digest: string;
}

/** Why the corpus tests do not run; undefined when they do. */
export const corpusSkipReason: string | undefined = noCorpus();

/** Where `hl7v2/` of the corpus lies. */
export function corpusPath(...parts: readonly string[]): string {
  return resolve(join(process.env['CORPUS_DIR'] ?? '', 'hl7v2', ...parts));
}

/** Every message file of the corpus, by folder and name; empty when there is none at CORPUS_DIR. */
export function corpusFiles(folders: readonly string[] = CORPUS_FOLDERS): CorpusFile[] {
  return folders.flatMap((folder) => {
    const path = corpusPath(folder);
    if (!existsSync(path)) return [];
    const names = readdirSync(path).filter((name) => name.endsWith('.hl7'));
    return names.toSorted().map((name) => {
      const bytes = new Uint8Array(readFileSync(join(path, name)));
      return { name: `${folder}/${name}`, bytes, digest: digestOf(bytes) };
    });
  });
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
