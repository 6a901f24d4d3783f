/**
 * Broken and hostile files: each tells its problems by code and place, in `faulty-expected.json`, and shows nothing that its
 * bytes do not hold. `UPDATE_FIXTURES=1` writes the table anew: read every difference before committing it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ECG_CASES, ECG_FAULTY, type EcgFault } from '../../../../fixtures/ecg/cases.ts';
import type { Parsed, Problem } from '../../../../src/base/problem.ts';
import { secondsOf } from '../../../../src/signals/physical.ts';
import type { Ecg, EcgLead } from '../../../../src/terms/parsed/ecg.ts';
import { bundleText, groupsOfBundle, groupsToKeep, mapFile, readCase, sampleHash } from '../../../support/ecg-files.ts';

const TABLE = join(import.meta.dirname, 'faulty-expected.json');
const UPDATE = process.env['UPDATE_FIXTURES'] === '1';
const expected = UPDATE ? {} : (JSON.parse(readFileSync(TABLE, 'utf8')) as Readonly<Record<string, Told>>);
/** Most take a few milliseconds; a neighbour on the machine may take the rest. */
const MS_MAX = 2_000;

interface Told {
  /** `severity code place`, places without their numbers, each once. */
  readonly problems: readonly string[];
  /** `12 x 5000`, rhythm groups; absent when nothing could be read. */
  readonly shows?: readonly string[];
}

const told = new Map<string, Told>();
const reads = new Map<EcgFault, { readonly bytes: Uint8Array; readonly ms: number } & Parsed<Ecg>>();

/** Each file is made and read once. */
function readOnce(one: EcgFault) {
  const known = reads.get(one);
  if (known !== undefined) return known;
  const bytes = one.make();
  const begin = performance.now();
  const made = { bytes, ...readCase(one, bytes), ms: performance.now() - begin };
  reads.set(one, made);
  return made;
}

describe('a faulty file', () => {
  it.each(ECG_FAULTY.map((one) => [one.name, one.what, one] as const))('%s: %s', (name, _, one) => {
    const { value, problems, ms } = readOnce(one);
    expect(ms).toBeLessThan(MS_MAX);
    const found: Told = {
      problems: [...new Set(problems.map(wordsOf))],
      ...(value === undefined
        ? {}
        : { shows: value.groups.map(({ leads }) => `${leads.length} x ${leads[0]?.samples.length ?? 0}`) }),
    };
    told.set(name, found);
    if (!UPDATE) expect(found).toEqual(expected[name]);
    expect(value === undefined).toBe(problems.some(({ severity }) => severity === 'fatal'));
    for (const { at } of problems) expect(at).toMatch(PLACE);
  });

  it.each(ECG_FAULTY.map((one) => [one.name, one] as const))(
    '%s shows no sample that was not recorded',
    (name, one) => {
      const leads = (readOnce(one).value?.groups ?? []).flatMap((group) => group.leads);
      const strange = leads.filter((lead) => lead.derived !== true && !isRecorded(lead)).map((lead) => lead.name);
      expect(strange).toEqual(CHANGED_ON_PURPOSE[name] ?? []);
    },
  );

  it('keeps what is left of it through FHIR, bit for bit', () => {
    for (const one of ECG_FAULTY) {
      const { value, bytes } = readOnce(one);
      // Of what lasts more than a minute an excerpt goes to FHIR.
      if (value === undefined || value.groups.some((group) => secondsOf(group) > 60)) continue;
      const hashes = (groups: ReturnType<typeof groupsToKeep>) => groups.flatMap(({ leads }) => leads.map(sampleHash));
      expect(hashes(groupsOfBundle(bundleText(mapFile(value, bytes)))), one.name).toEqual(hashes(groupsToKeep(value)));
    }
  });

  afterAll(() => {
    if (UPDATE) writeFileSync(TABLE, `${JSON.stringify(Object.fromEntries(told), null, 2)}\n`);
  });
});

it('the table of faulty files names each of them and no other', () => {
  if (UPDATE) return;
  expect(Object.keys(expected).toSorted()).toEqual(ECG_FAULTY.map(({ name }) => name).toSorted());
});

/** A place is made of the format's own words and numbers: never a piece of the file. */
const PLACE = /^[A-Za-z_0-9()[\]{},.@/ *-]{0,400}$/;

/** Leads whose bytes the fault itself changes. */
const CHANGED_ON_PURPOSE: Readonly<Record<string, readonly string[]>> = {
  'aecg-lead-twice': ['II'],
  'muse-flipped-base64': ['V6'],
};

function wordsOf({ severity, code, at }: Problem): string {
  const place = at
    .replaceAll(/\[\d+\]/g, '')
    .replaceAll(/\(\w{4},\w{4}\)|\b\d+\b/g, (found) => (found.startsWith('(') ? found : '#'));
  return `${severity} ${code} ${place}`.trim();
}

const recorded = new Map<string, Int32Array[]>();
for (const { truth } of ECG_CASES)
  for (const { name, samples } of truth.leads) {
    const key = name.toUpperCase();
    recorded.set(key, [...(recorded.get(key) ?? []), samples]);
  }

/** As far as both go, a lead of that name as some encoder was given it; or zeros throughout, as some faults have them. */
function isRecorded({ name, samples }: EcgLead): boolean {
  if (samples.every((sample) => sample === 0)) return true;
  return (recorded.get(name.toUpperCase()) ?? []).some((known) => {
    const length = Math.min(samples.length, known.length);
    for (let k = 0; k < length; k++) if (samples[k] !== known[k]) return false;
    return true;
  });
}
