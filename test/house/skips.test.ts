/** A suite is skipped for a reason that `required.ts` knows, so that CONCORD_REQUIRE_ALL can forbid it; never by hand. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const TEST = resolve(import.meta.dirname, '..');
const FILES = readdirSync(TEST, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && entry.name !== 'skips.test.ts')
  .map((entry) => {
    const path = join(entry.parentPath, entry.name);
    return { name: relative(TEST, path), text: readFileSync(path, 'utf8') };
  });

describe('skipping', () => {
  test('asks required.ts for its reason', () => {
    const skipping = FILES.filter(({ text }) => /\b(?:skipIf|runIf)\(|\.skip\(/.test(text));
    expect(skipping.length).toBeGreaterThan(5);
    const byHand = skipping.filter(({ text }) => !/support\/(?:required|corpus)\.ts'/.test(text));
    expect(byHand.map(({ name }) => name)).toEqual([]);
  });

  test('leaves nothing out for a while: no only, no todo', () => {
    const left = FILES.filter(({ text }) => /\b(?:it|test|describe)\.(?:only|todo|fails)\b/.test(text));
    expect(left.map(({ name }) => name)).toEqual([]);
  });
});
