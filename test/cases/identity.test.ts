/** Runs the identity rules that a steward can read (test/cases/identity/*.yaml) against `judgeIdentity`. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { judgeIdentity } from '../../src/identity/judge-identity.ts';
import type { Judgement, JudgeInput } from '../../src/identity/judgement.ts';
import { SENTENCES } from '../../src/identity/problems.ts';
import type { Bucket } from '../../src/terms/bucket.ts';
import { DEFAULT_PROFILE, type FacilityId } from '../../src/terms/facility.ts';
import type { IdentityFacts, StatedIdentifier } from '../../src/terms/mapped.ts';

interface RecordText {
  readonly name?: string;
  readonly names?: readonly string[];
  readonly born?: string;
  readonly sex?: IdentityFacts['sex'];
  readonly number?: string | readonly string[];
  readonly untyped?: string;
  readonly passport?: string;
  readonly identifiers?: readonly Partial<StatedIdentifier>[];
}

interface Case {
  readonly case: string;
  readonly profile?: { readonly nationalIdType: string };
  readonly newcomer: RecordText;
  readonly standing?: readonly (RecordText & { readonly id: string; readonly person?: string })[];
  readonly previous?: RecordText & {
    readonly linked?: boolean;
    readonly ground?: string;
    readonly otherPerson?: boolean;
    readonly unlinkedBySteward?: boolean;
    readonly open?: readonly string[];
  };
  readonly expect: {
    readonly certainty: Judgement['certainty'];
    readonly ground?: string;
    readonly number?: string;
    readonly queue?: Judgement['queue'] | 'none';
    readonly problems?: readonly string[];
  };
}

const FOLDER = new URL('./identity/', import.meta.url);
const KEYS = ['case', 'profile', 'newcomer', 'standing', 'previous', 'expect'];
const EXPECT_KEYS = ['certainty', 'ground', 'number', 'queue', 'problems'];

for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'))) {
  // The failsafe schema keeps numbers and dates as they are written.
  const cases = parse(readFileSync(new URL(file, FOLDER), 'utf8'), { schema: 'failsafe' }) as readonly Case[];
  describe(file, () => {
    it('has one name per case and no key that this loader does not read', () => {
      expect(new Set(cases.map((one) => one.case)).size).toBe(cases.length);
      expect(cases.flatMap((one) => Object.keys(one)).filter((key) => !KEYS.includes(key))).toEqual([]);
      expect(cases.flatMap((one) => Object.keys(one.expect)).filter((key) => !EXPECT_KEYS.includes(key))).toEqual([]);
    });
    for (const one of cases) it(one.case, () => check(one));
  });
}

function check(one: Case): void {
  const judged = judgeIdentity(inputOf(one));
  const wanted = one.expect;
  expect(judged.certainty).toBe(wanted.certainty);
  if (wanted.ground !== undefined) expect(judged.ground).toBe(wanted.ground);
  if (wanted.number !== undefined) expect(judged.nationalNumber ?? 'none').toBe(wanted.number);
  if (wanted.queue === 'none') expect(judged.queue).toBeUndefined();
  else if (wanted.queue !== undefined) expect(judged.queue).toEqual(wanted.queue);
  const codes = judged.problems.map((problem) => problem.code);
  if (wanted.problems !== undefined) expect(codes).toEqual(wanted.problems);
  for (const code of codes) expect(SENTENCES).toHaveProperty([code]);
  if (judged.certainty === 'conflict') expect(codes).not.toEqual([]);
}

function inputOf(one: Case): JudgeInput {
  const { previous } = one;
  return {
    newcomer: factsOf(one.newcomer),
    ...(one.profile === undefined ? {} : { profile: { ...DEFAULT_PROFILE, ...one.profile } }),
    standing: (one.standing ?? []).map((record, index) => ({
      patient: { bucket: 0 as Bucket, patient: record.id, facility: `facility-${index}` as FacilityId },
      facts: factsOf(record),
      person: record.person,
    })),
    ...(previous === undefined
      ? {}
      : {
          previous: {
            facts: factsOf(previous),
            linked: isTrue(previous.linked),
            otherPerson: isTrue(previous.otherPerson),
            unlinkedBySteward: isTrue(previous.unlinkedBySteward),
            openReasons: previous.open ?? [],
            ...(previous.ground === undefined ? {} : { ground: previous.ground }),
          },
        }),
  };
}

function factsOf(record: RecordText): IdentityFacts {
  const numbers = record.number === undefined ? [] : [record.number].flat();
  const identifiers: StatedIdentifier[] = [
    ...numbers.map((value, index) => ({ type: 'NI', system: '', value, at: `PID-3(${index + 1})` })),
    ...(record.untyped === undefined ? [] : [{ type: '', system: '', value: record.untyped, at: 'PID-2' }]),
    ...(record.passport === undefined ? [] : [{ type: 'PPN', system: '', value: record.passport, at: 'PID-3' }]),
    ...(record.identifiers ?? []).map((one) => ({ type: '', system: '', value: '', at: 'PID-3', ...one })),
  ];
  return {
    identifiers,
    names: record.names ?? (record.name === undefined ? [] : [record.name]),
    ...(record.born === undefined ? {} : { birthDate: record.born }),
    ...(record.sex === undefined ? {} : { sex: record.sex }),
    at: 'PID',
  };
}

/** The failsafe schema reads `true` as text. */
function isTrue(value: unknown): boolean {
  return value === 'true';
}
