/**
 * Bytes → bundle, over one file of each ECG format that real devices were seen to write: `fixtures/ecg/expected/`, samples by their number and SHA-256.
 * `UPDATE_FIXTURES=1` writes the expected files anew: read every difference before committing it.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ECG_CASES, type EcgCase } from '../fixtures/ecg/cases.ts';
import { bundleText, mapFile, readCase } from './support/ecg-files.ts';
import { prettyJson } from './support/pretty-json.ts';
import { r4Faults } from './support/r4-validator.ts';

const EXPECTED = join(import.meta.dirname, '..', 'fixtures', 'ecg', 'expected');
const UPDATE = process.env['UPDATE_FIXTURES'] === '1';

const NAMES = [
  'scp-measurements-and-statements',
  'aecg-annotations-global-and-per-lead',
  'dicom-measurements-scpecg',
  'muse-confirmed-and-original',
  'philips-1.04-statements-and-repeats',
  'mfer-text-code-switch',
  'edf-plus-with-annotations',
  'wfdb-format-16',
  'pdf-report',
] as const;

describe.each(NAMES)('the ECG file %s', (name) => {
  const one = ECG_CASES.find((known) => known.name === name) as EcgCase;
  const bytes = one.make();
  const { value, problems } = readCase(one, bytes);
  if (value === undefined) throw new Error(`fixture ${name} is not read`);
  const mapped = mapFile(value, bytes);
  const text = bundleText(mapped);

  it('gives its bundle and its problems', () => {
    const told = [...problems, ...mapped.problems];
    const shown = onFewerLines(prettyJson(withProblems(withoutSamples(text), told)));
    const path = join(EXPECTED, `${name}.json`);
    if (UPDATE) writeFileSync(path, shown);
    expect(shown).toBe(readFileSync(path, 'utf8'));
  });

  it('is valid R4', () => {
    expect(r4Faults(JSON.parse(text) as Record<string, unknown>)).toEqual([]);
  });

  it('maps the same bytes to the same bundle', () => {
    expect(bundleText(mapFile(readCase(one, bytes).value ?? value, bytes))).toBe(text);
  });
});

it('expected bundles are of these files and of no other', () => {
  expect(readdirSync(EXPECTED).toSorted()).toEqual(NAMES.map((name) => `${name}.json`).toSorted());
});

/** Samples are told by how many they are and by what they are. */
function withoutSamples(text: string): string {
  return text.replaceAll(/"data":"([^"]*)"/g, (_, data: string) => {
    const digest = createHash('sha256').update(data).digest('hex');
    return `"data":"${data.split(' ').length} samples, SHA-256 ${digest}"`;
  });
}

function withProblems(bundle: string, problems: readonly object[]): string {
  return `${bundle.slice(0, -1)},"problems":${JSON.stringify(problems)}}`;
}

/** What holds nothing but plain values stands on one line. */
function onFewerLines(text: string): string {
  return text.replaceAll(
    /\{\n\s+([^{}[\]]{0,400}?)\n\s+\}/g,
    (_, inner: string) => `{ ${inner.replaceAll(/\n\s+/g, ' ')} }`,
  );
}
