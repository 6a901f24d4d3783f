/** The committed modules are what the tables say now; every sentence has a code, every code a sentence. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compileMappings } from '../../../scripts/mappings/compile.ts';
import { loadFhirElements } from '../../../scripts/mappings/fhir-elements.ts';
import { SENTENCES } from '../../../src/mapping/problems.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const MAPPING = join(ROOT, 'src', 'mapping');

describe('src/mapping/generated', () => {
  it('holds exactly what the tables compile to', () => {
    const files = compileMappings(join(ROOT, 'mappings'), loadFhirElements());
    expect(readdirSync(join(MAPPING, 'generated')).toSorted()).toEqual([...files.keys()].toSorted());
    for (const [file, text] of files) expect(readFileSync(join(MAPPING, 'generated', file), 'utf8')).toBe(text);
  });
});

describe('problems of mapping', () => {
  const sources = readdirSync(MAPPING, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && file !== 'problems.ts')
    .map((file) => readFileSync(join(MAPPING, file), 'utf8'))
    .join('\n');
  const used = new Set([...sources.matchAll(/'(mapping\/[a-z-]+)'/g)].map((match) => match[1] as string));

  it('are told with codes that have a sentence, and none has a sentence that nobody tells', () => {
    expect([...used].toSorted()).toEqual(Object.keys(SENTENCES).toSorted());
  });

  it('say what, where and what to do next', () => {
    for (const sentence of Object.values(SENTENCES)) expect(sentence).toMatch(/^[A-Z].* \(.+\) — .+\.$/);
  });

  it('are each told by a fixture or by a test of their own', () => {
    const fixtures = join(ROOT, 'fixtures', 'hl7v2');
    const told = readdirSync(fixtures)
      .map((name) => readFileSync(join(fixtures, name, 'problems.json'), 'utf8'))
      .join('');
    const tests = readdirSync(import.meta.dirname, { encoding: 'utf8' })
      .filter((file) => file.endsWith('.test.ts'))
      .map((file) => readFileSync(join(import.meta.dirname, file), 'utf8'))
      .join('');
    const missing = Object.keys(SENTENCES).filter(
      (code) => !told.includes(`"${code}"`) && !tests.includes(`'${code}'`),
    );
    expect(missing).toEqual([]);
  });
});
