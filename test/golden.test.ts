/**
 * Bytes → bundle and problems, over `fixtures/hl7v2/`. `UPDATE_FIXTURES=1` writes the expected files anew: read
 * every difference before committing it.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { printResource } from '../src/base/json.ts';
import type { FacilityProfile } from '../src/terms/facility.ts';
import { mapFixture } from './support/map-fixture.ts';
import { prettyJson } from './support/pretty-json.ts';
import { r4Faults } from './support/r4-validator.ts';

const FIXTURES = join(import.meta.dirname, '..', 'fixtures');
const ROOT = join(FIXTURES, 'hl7v2');
const UPDATE = process.env['UPDATE_FIXTURES'] === '1';
const cases = readdirSync(ROOT).toSorted();

function readCase(name: string) {
  const profileFile = join(ROOT, name, 'profile.json');
  const profile = existsSync(profileFile)
    ? (JSON.parse(readFileSync(profileFile, 'utf8')) as FacilityProfile)
    : undefined;
  const result = mapFixture(new Uint8Array(readFileSync(join(ROOT, name, 'input.hl7'))), profile);
  if (result === undefined) throw new Error(`fixture ${name} is no message`);
  return result;
}

describe.each(cases)('fixture %s', (name) => {
  const { message, mapped, bundle, problems } = readCase(name);
  const printed = printResource(bundle);
  const texts = {
    'expected.json': prettyJson(printed),
    'problems.json': `${JSON.stringify({ problems, unread: mapped.unread }, null, 2)}\n`,
  };

  it.each(Object.entries(texts))('gives %s', (file, text) => {
    const path = join(ROOT, name, file);
    if (UPDATE) writeFileSync(path, text);
    expect(text).toBe(readFileSync(path, 'utf8'));
  });

  it('is valid R4', () => {
    expect(r4Faults(JSON.parse(printed))).toEqual([]);
  });

  it('accounts for every OBX by an Observation or a problem at its position', () => {
    const found = mapped.patients.flatMap(({ reports }) =>
      reports.flatMap(({ elements }) =>
        elements.filter(({ resource }) => resource.resourceType === 'Observation').map(({ at }) => at),
      ),
    );
    const told = problems.map(({ at }) => at);
    const results = message.segments
      .filter((segment) => segment.name === 'OBX')
      .map((segment) => `OBX[${segment.occurrence}]`);
    expect(new Set(found).size).toBe(found.length);
    expect(results.filter((at) => !found.includes(at) && !told.includes(at))).toEqual(
      told.includes('MSH-9') ? results : [],
    );
  });

  it('maps the same bytes to the same bundle', () => {
    expect(printResource(readCase(name).bundle)).toBe(printed);
  });
});

describe('fixtures/README.md', () => {
  const readme = readFileSync(join(FIXTURES, 'README.md'), 'utf8');

  it('says in one line what each case is for, and names no other', () => {
    const named = [...readme.matchAll(/^\| `([a-z0-9-]+)` \| .{20,} \|$/gm)].map((match) => match[1] as string);
    expect(named.toSorted()).toEqual(cases);
  });
});
