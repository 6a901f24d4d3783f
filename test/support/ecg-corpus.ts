/** The sample recordings of CORPUS_DIR and what independent readers found in them (`X.ref.json` beside `X`). */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export interface ReferenceLead {
  readonly lead: string;
  readonly samples: number;
  readonly uVPerUnit: number;
  readonly offsetUv: number;
  readonly rawSha256Int32LE: string;
}

export interface Reference {
  readonly format: string;
  readonly series: readonly { readonly samplingRateHz: number; readonly leads: readonly ReferenceLead[] }[];
  /** What else is there differs by format. */
  readonly [key: string]: unknown;
}

export interface Recording {
  /** `fda-aecg/subject1_0.xml`. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Undefined for files that nobody could decode: there is nothing in them. */
  readonly reference: Reference | undefined;
}

const SUFFIX = '.ref.json';

export function ecgCorpus(): readonly Recording[] {
  const root = resolve(join(process.env['CORPUS_DIR'] ?? '', 'ecg'));
  if (!existsSync(root)) return [];
  return readdirSync(root)
    .toSorted()
    .flatMap((folder) =>
      readdirSync(join(root, folder))
        .filter((name) => !name.endsWith(SUFFIX) && name !== 'LICENSE')
        .toSorted()
        .map((name): Recording => {
          const path = join(root, folder, name);
          const reference = existsSync(path + SUFFIX) ? readFileSync(path + SUFFIX, 'utf8') : undefined;
          return {
            name: `${folder}/${name}`,
            bytes: new Uint8Array(readFileSync(path)),
            reference: reference === undefined ? undefined : (JSON.parse(reference) as Reference),
          };
        }),
    );
}
