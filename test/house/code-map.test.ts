/** `src/README.md` is true: folders, paths and anchors that it names are there, and every folder has its place in it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const SRC = resolve(ROOT, 'src');
const README = readFileSync(resolve(SRC, 'README.md'), 'utf8');
const QUESTIONS = [
  'Where do bytes become text?',
  'Where is a resend noticed?',
  'Where does an OBX become an Observation?',
  'Where does a retraction leave the registry?',
  "Where is a check's *unknown* judged?",
  'Where is the price chosen?',
  'Where is a seal made?',
  'Where does a token become a facility?',
];

function section(heading: string): string {
  const from = README.indexOf(`\n### ${heading}\n`);
  if (from < 0) return '';
  const next = README.indexOf('\n##', from + 5);
  return README.slice(from, next < 0 ? undefined : next);
}

describe('the code map', () => {
  const rooms = readdirSync(SRC, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

  test.each(rooms)('%s/ has a paragraph and at least two invariants', (room) => {
    const text = section(`${room}/`);
    expect(text.split('\n').filter((line) => line.startsWith('- ')).length).toBeGreaterThanOrEqual(2);
    expect(text.replace(/^- .*$/gm, '').trim().length).toBeGreaterThan(100);
  });

  test('every path that it names exists', () => {
    const paths = [...README.matchAll(/`((?:\.\.\/)?[\w.-]+(?:\/[\w.-]+)+\/?|[\w-]+\.(?:ts|csv|md|json))`/g)].map(
      (match) => match[1] as string,
    );
    expect(paths.length).toBeGreaterThan(30);
    const lost = paths.filter(
      (path) => ![resolve(SRC, path), resolve(ROOT, path)].some((candidate) => existsSync(candidate)),
    );
    expect(lost).toEqual([]);
  });

  test.each(QUESTIONS)('%s — answered with a file and an export that are there', (question) => {
    const line = README.split('\n').find((candidate) => candidate.includes(question)) ?? '';
    const anchor = /`([\w./-]+\.ts)` · `(\w+)`/.exec(line);
    expect(anchor).not.toBeNull();
    const text = readFileSync(resolve(SRC, anchor?.[1] ?? ''), 'utf8');
    expect(text).toMatch(
      new RegExp(`export (?:async )?(?:function\\*?|const|interface|type|class) ${anchor?.[2] ?? ''}\\b`),
    );
  });

  test('decisions are numbered without a gap', () => {
    const numbers = [...README.matchAll(/^(\d+)\. \*\*/gm)].map((match) => Number(match[1]));
    expect(numbers.length).toBeGreaterThan(20);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  });
});
