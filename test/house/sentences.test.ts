/** Codes and sentences (CONVENTIONS 4): listed once, formed alike, produced by a test, and every code in the source listed. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ALL_SENTENCES } from '../../src/gateway/sentences.ts';
import { SENTENCES as outbound } from '../../src/outbound/problems.ts';
import { SENTENCES as runtime } from '../../src/runtime/node/doctor/sentences.ts';
import { SENTENCES as web } from '../../src/web/problems.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const FOLDERS =
  'access|fhir|xml|zip|dicom|ecg|search|outbound|hl7v2|mapping|identity|registry|recognition|ledger|gateway|web|units|base|store|runtime';
const SENTENCES: Readonly<Record<string, string>> = { ...ALL_SENTENCES, ...outbound, ...web, ...runtime };

function textsBelow(
  folder: string,
  extension = /\.(ts|json|ya?ml)$/,
): readonly { readonly name: string; readonly text: string }[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && extension.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((name) => ({ name, text: readFileSync(name, 'utf8') }));
}

describe('problem and refusal codes', () => {
  test.each(Object.entries(SENTENCES))('%s has a sentence that says what, where and what to do', (code, sentence) => {
    expect(code).toMatch(/^[a-z0-9]+\/[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(sentence).toMatch(/^.+ \(.+\) — .+\.$/);
    expect(sentence).not.toMatch(/[{}$]/);
  });

  test('every code that the source names is listed', () => {
    const named = new RegExp(`'((?:${FOLDERS})/[a-z0-9]+(?:-[a-z0-9]+)*)'`, 'g');
    const codes = textsBelow('src', /\.ts$/)
      .filter(({ name }) => !name.includes('/migrations/'))
      .flatMap(({ text }) => [...text.matchAll(named)].map((match) => match[1] as string));
    const unlisted = [...new Set(codes)].filter((code) => !(code in SENTENCES) && !LOG_ONLY.has(code));
    expect(unlisted).toEqual([]);
  });

  test('every code is produced by a test or a fixture', () => {
    const texts = [...textsBelow('test'), ...textsBelow('fixtures')].filter(
      ({ name }) => !name.endsWith('sentences.test.ts'),
    );
    const evidence = texts.map(({ text }) => text).join('\n');
    const unproven = Object.keys(SENTENCES).filter((code) => !evidence.includes(code) && !shortlyNamed(code, texts));
    expect(unproven).toEqual([]);
  });
});

/** Identity's reasons, and the catalogue compiler's codes, stand in the tests of their rooms without the folder. */
function shortlyNamed(code: string, texts: readonly { readonly name: string; readonly text: string }[]): boolean {
  const [folder = '', short = ''] = code.split('/');
  if (folder !== 'identity' && folder !== 'recognition') return false;
  const word = new RegExp(`(?<![\\w/-])${short}(?![\\w-])`);
  return texts.some(({ name, text }) => name.includes(`/${folder}/`) && word.test(text));
}

/** Codes of log lines, which have no reader outside; and a package that is spelt like one. */
const LOG_ONLY: ReadonlySet<string> = new Set([
  'fhir/r4',
  'gateway/up',
  'gateway/down',
  'gateway/tick',
  'store/watch',
  'web/not-mappable',
]);
