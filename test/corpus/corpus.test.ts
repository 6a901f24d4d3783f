/**
 * Every sample message through the real path, judged OBX by OBX against the independent oracle (issue 01,
 * "done when" 2). Problems per file are held to a committed count by digest; UPDATE_CORPUS=1 rewrites it.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { type Aspect, KNOWN_TYPES, hasValue, missing } from '../oracle/judge.ts';
import { readFile } from '../oracle.ts';
import { type CorpusFile, corpusFiles, corpusSkipReason } from '../support/corpus.ts';
import { parseExact } from '../support/exact-json.ts';
import { type RealFile, arrivedResults, mapFile } from '../support/real-path.ts';
import { factsOf, type Json } from './facts.ts';

const COUNTS = fileURLToPath(new URL('problem-counts.json', import.meta.url));
const VALUES_MIN = 0.97;
const skipped = corpusSkipReason === undefined ? '' : ` (skipped: ${corpusSkipReason})`;

type Counts = Record<string, number>;

/** What the whole run adds up to, printed at its end. */
const total = { obx: 0, observations: 0, unmapped: 0, knownWithData: 0, withValue: 0, excused: {} as Counts };

describe.skipIf(corpusSkipReason !== undefined)(`the sample messages${skipped}`, () => {
  const files = corpusSkipReason === undefined ? corpusFiles() : [];
  const mapped = new Map<string, RealFile>();
  const real = (file: CorpusFile): RealFile => {
    const known = mapped.get(file.name) ?? mapFile(file.bytes);
    mapped.set(file.name, known);
    return known;
  };

  const results = (name: string): unknown => {
    const [file] = files.filter((one) => one.name === `synthetic-cn/${name}.hl7`);
    expect(file, name).toBeDefined();
    return real(file as CorpusFile).messages.map((message) => {
      const bundle = parseExact(message.text) as Json;
      return { facts: factsOf(bundle), texts: textsOf(bundle) };
    });
  };

  afterAll(() => console.log(`corpus: ${files.length} files, ${JSON.stringify(total)}`));

  it('are there', () => {
    expect(files.length).toBeGreaterThan(0);
  });

  it.each(files.map((file) => [file.name, file] as const))('arrive whole: %s', (_, file) => {
    expect(lossesOf(file, real(file))).toEqual([]);
  });

  it(`carry a value in at least ${VALUES_MIN * 100} % of the OBX of a known type that hold data`, () => {
    expect(total.knownWithData).toBeGreaterThan(1000);
    expect(total.withValue / total.knownWithData).toBeGreaterThanOrEqual(VALUES_MIN);
  });

  it('meet the problems that are committed for them', () => {
    const counted = Object.fromEntries(files.map((file) => [file.digest, countProblems(real(file))]));
    if (process.env['UPDATE_CORPUS'] === '1' && files.length > 0) writeCounts(counted);
    expect(existsSync(COUNTS)).toBe(true);
    expect(counted).toEqual(JSON.parse(readFileSync(COUNTS, 'utf8')));
  });

  it('say the same in UTF-8 and in GB18030, whatever their label', () => {
    const truth = results('oru-utf8-declared');
    for (const name of [
      'oru-gb18030-declared',
      'oru-gb18030-label-ascii',
      'oru-gb18030-undeclared',
      'oru-utf8-label-gb18030-mismatch',
    ]) {
      expect(results(name), name).toEqual(truth);
    }
  });
});

/** What was stated and did not arrive without a problem at its place: `1/OBX[3]: unit`. */
function lossesOf(file: CorpusFile, real: RealFile): string[] {
  const stated = readFile(file.bytes);
  if (stated.length !== real.messages.length)
    return [`messages: ${stated.length} stated, ${real.messages.length} mapped`];
  return stated.flatMap((message, i) => {
    const { problems } = real.messages[i] as RealFile['messages'][number];
    const arrived = arrivedResults(real.messages[i] as RealFile['messages'][number]);
    const strangers = arrived.filter((one) => !message.results.some((result) => result.position === one.at));
    const losses = strangers.map((one) => `${i + 1}/${one.at}: nobody stated it`);
    for (const result of message.results) {
      const [here, ...more] = arrived.filter((one) => one.at === result.position);
      total.obx += 1;
      total.observations += here === undefined ? 0 : 1;
      total.unmapped += here === undefined ? 1 : 0;
      if (more.length > 0) losses.push(`${i + 1}/${result.position}: arrived ${more.length + 1} times`);
      if (result.carries && KNOWN_TYPES.has(result.type)) {
        total.knownWithData += 1;
        if (here !== undefined && hasValue(result, here.observation, here.attachments)) total.withValue += 1;
      }
      const lost: (Aspect | 'everything')[] =
        here === undefined ? ['everything'] : missing(result, here.observation, here.attachments);
      for (const aspect of lost) {
        const codes = problems.filter((one) => excuses(one.at, result.position, FIELDS[aspect])).map((one) => one.code);
        if (codes.length === 0) losses.push(`${i + 1}/${result.position} (${result.type}): ${aspect}`);
        else count(total.excused, `${aspect}: ${[...new Set(codes)].join(' ')}`);
      }
    }
    return losses;
  });
}

/** Fields whose problems account for the loss of an aspect. */
const FIELDS: Readonly<Record<Aspect | 'everything', readonly number[]>> = {
  code: [3, 4],
  value: [2, 5],
  number: [2, 5],
  text: [2, 5],
  unit: [6],
  status: [11],
  everything: [],
};

/** A problem at `OBX[2]` itself, or at one of the fields: `OBX[2]-5`, `OBX[2]-5.1`, `OBX[2]-5[2].1`. */
function excuses(at: string, position: string, fields: readonly number[]): boolean {
  return at === position
    ? fields.length === 0
    : fields.some((field) => /^[[.]|^$/.test(rest(at, `${position}-${field}`)));
}

function rest(at: string, start: string): string {
  return at.startsWith(start) ? at.slice(start.length) : 'elsewhere';
}

function countProblems(real: RealFile): Counts {
  const counts: Counts = {};
  for (const problem of [...real.problems, ...real.messages.flatMap((message) => message.problems)])
    count(counts, problem.code);
  return Object.fromEntries(Object.entries(counts).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function count(counts: Counts, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}

function writeCounts(counted: Readonly<Record<string, Counts>>): void {
  const lines = Object.keys(counted)
    .toSorted()
    .map((digest) => `  ${JSON.stringify(digest)}: ${JSON.stringify(counted[digest])}`);
  writeFileSync(COUNTS, `{\n${lines.join(',\n')}\n}\n`);
}

/** Every text with a character beyond ASCII, in order: what a wrong character set would change. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return /[^\u0020-\u007e]/.test(value) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsOf);
}
