/** Every bundle from fixtures and sample messages is structurally right FHIR R4 (issue 01, "done when" 3). */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { corpusFiles, corpusSkipReason } from '../support/corpus.ts';
import { r4Faults } from '../support/r4-validator.ts';
import { mapFile } from '../support/real-path.ts';

const FIXTURES = fileURLToPath(new URL('../../fixtures/', import.meta.url));
const skipped = corpusSkipReason === undefined ? '' : ` (skipped: ${corpusSkipReason})`;

function faultsOf(bytes: Uint8Array): string[] {
  const texts = mapFile(bytes).messages.map((message) => message.text);
  return texts.filter((text) => text !== '').flatMap((text) => r4Faults(JSON.parse(text) as Record<string, unknown>));
}

describe('the bundles of fixtures/', () => {
  const inputs = existsSync(FIXTURES)
    ? readdirSync(FIXTURES, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.hl7'))
    : [];
  const expected = existsSync(FIXTURES)
    ? readdirSync(FIXTURES, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('expected.json'))
    : [];

  it('are there', () => {
    expect(inputs.length).toBeGreaterThan(0);
    expect(expected).toHaveLength(inputs.length);
  });

  it.each(inputs.toSorted())('pass as mapped: %s', (name) => {
    expect(faultsOf(new Uint8Array(readFileSync(FIXTURES + name)))).toEqual([]);
  });

  it.each(expected.toSorted())('pass as expected: %s', (name) => {
    expect(r4Faults(JSON.parse(readFileSync(FIXTURES + name, 'utf8')) as Record<string, unknown>)).toEqual([]);
  });
});

describe.skipIf(corpusSkipReason !== undefined)(`the bundles of the sample messages${skipped}`, () => {
  const files = corpusSkipReason === undefined ? corpusFiles() : [];

  it('are there', () => {
    expect(files.length).toBeGreaterThan(0);
  });

  it.each(files.map((file) => [file.name, file] as const))('pass: %s', (_, file) => {
    expect(faultsOf(file.bytes)).toEqual([]);
  });
});
