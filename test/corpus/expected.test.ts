/**
 * Our bundles beside those of Microsoft's FHIR Converter and ReportStream, by facts (issue 01, "done
 * when" 2). They are other projects' output, not truth: every difference is listed, with the clause that
 * says why, and the list must match exactly. UPDATE_CORPUS=1 rewrites it; a difference that no clause
 * explains is written with an empty one, which fails.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { readFile } from '../oracle.ts';
import { type CorpusFile, corpusFiles, corpusPath, corpusSkipReason } from '../support/corpus.ts';
import { parseExact } from '../support/exact-json.ts';
import { mapFile } from '../support/real-path.ts';
import { clauseFor } from './clauses.ts';
import { differences } from './compare.ts';
import { type BundleFacts, factsOf, type Json } from './facts.ts';

interface Listed {
  /** Folder-relative name of the sample message, and its SHA-256. */
  readonly file: string;
  readonly digest: string;
  readonly path: string;
  readonly clause: string;
  readonly ours: string;
  readonly theirs: string;
}

const LIST = fileURLToPath(new URL('expected-differences.json', import.meta.url));
const SOURCES = [
  { messages: 'microsoft-fhir-converter', expected: '_expected/microsoft', suffix: '-expected.json' },
  { messages: 'cdc-prime-reportstream', expected: '_expected/reportstream', suffix: '.fhir' },
] as const;
const skipped = corpusSkipReason === undefined ? '' : ` (skipped: ${corpusSkipReason})`;

function pairs(): { file: CorpusFile; theirs: string }[] {
  return SOURCES.flatMap((source) =>
    corpusFiles([source.messages]).flatMap((file) => {
      const name = (file.name.split('/')[1] as string).replace(/\.hl7$/, source.suffix);
      const theirs = corpusPath(source.expected, name);
      return existsSync(theirs) ? [{ file, theirs }] : [];
    }),
  );
}

function compared(file: CorpusFile, theirs: string): Listed[] {
  const ours = mapFile(file.bytes).messages.filter((message) => message.text !== '');
  const mine = joined(ours.map((message) => factsOf(parseExact(message.text) as Json)));
  const their = factsOf(parseExact(readFileSync(theirs, 'utf8')) as Json);
  const source = theirs.endsWith('.fhir') ? 'reportstream' : 'microsoft';
  return differences(mine, their).map((difference) => ({
    file: file.name,
    digest: file.digest,
    path: difference.path,
    clause: clauseFor(source, file.name, difference),
    ours: difference.ours,
    theirs: difference.theirs,
  }));
}

function joined(all: readonly BundleFacts[]): BundleFacts {
  return {
    Observation: all.flatMap((one) => one.Observation),
    DiagnosticReport: all.flatMap((one) => one.DiagnosticReport),
    Patient: all.flatMap((one) => one.Patient),
    Specimen: all.flatMap((one) => one.Specimen),
  };
}

describe.skipIf(corpusSkipReason !== undefined)(`the bundles of other converters${skipped}`, () => {
  const found = corpusSkipReason === undefined ? pairs() : [];
  const update = process.env['UPDATE_CORPUS'] === '1' && found.length > 0;
  const all: Listed[] = [];
  const listed = (): Listed[] => (existsSync(LIST) ? (JSON.parse(readFileSync(LIST, 'utf8')) as Listed[]) : []);

  afterAll(() => {
    console.log(`expected bundles: ${found.length} compared, ${all.length} listed differences`);
  });

  it('are there', () => {
    expect(found.length).toBeGreaterThan(100);
  });

  it.each(found.map(({ file, theirs }) => [file.name, file, theirs] as const))(
    'differ from ours only as listed: %s',
    (name, file, theirs) => {
      const results = readFile(file.bytes).flatMap((message) => message.results);
      const observations = mapFile(file.bytes).messages.flatMap(
        (message) => factsOf(parseExact(message.text) as Json).Observation,
      );
      expect(observations).toHaveLength(results.length);
      const now = compared(file, theirs);
      all.push(...now);
      if (!update) expect(now).toEqual(listed().filter((difference) => difference.file === name));
    },
  );

  it('differ for a reason in every case, and none is listed for a file that is not compared', () => {
    if (update) writeFileSync(LIST, `[\n${all.map((one) => `  ${JSON.stringify(one)}`).join(',\n')}\n]\n`);
    expect(listed().filter((difference) => difference.clause === '')).toEqual([]);
    const names = new Set(found.map(({ file }) => file.name));
    expect(listed().filter((difference) => !names.has(difference.file))).toEqual([]);
  });
});
