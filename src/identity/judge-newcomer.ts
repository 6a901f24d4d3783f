/** Judges a record by itself and by those that share an identifier with it (DESIGN 5, SETTLED 9 and 10). */
import type { FacilityId, FacilityProfile } from '../terms/facility.ts';
import type { IdentityFacts } from '../terms/mapped.ts';
import {
  birthDatesDiffer,
  classOfRecord,
  contradiction,
  isCalled,
  namesAgree,
  type StatedNumbers,
  sexesDiffer,
  statedNumbers,
} from './compare-facts.ts';
import { identityKeys } from './identity-keys.ts';
import type { Judgement, JudgeInput, StandingRecord } from './judgement.ts';
import type { NationalId } from './national-id.ts';
import { type IdentityReason, problemOf } from './problems.ts';

export function judgeNewcomer(input: JudgeInput): Judgement {
  const { newcomer } = input;
  const recordClass = classOfRecord(newcomer);
  if (recordClass === 'newborn') return unlinked(input, 'none', 'newborn-without-number', []);
  if (recordClass === 'placeholder') return unlinked(input, 'none', 'placeholder-name', []);
  const numbers = statedNumbers(newcomer, input.profile);
  const [number, second] = numbers.typed;
  if (number === undefined) return judgeWithoutNumber(input, numbers);
  const same = underNumber(input, number.number);
  if (second !== undefined) return conflict(input, 'two-national-numbers', same);
  const against = contradiction(newcomer, number);
  if (against !== undefined) return conflict(input, against, same);
  if (recordClass === 'missing') return unlinked(input, 'possible', 'name-missing', same);
  if (recordClass === 'unreadable') return unlinked(input, 'possible', 'name-unreadable', same);
  return judgeNamed(input, number, same);
}

/** The record has a valid number that it may own, and a name: does the name agree with who stands there? */
function judgeNamed(input: JudgeInput, number: NationalId, same: readonly StandingRecord[]): Judgement {
  const named = same.filter((record) => classOfRecord(record.facts) === 'real');
  // A linked record that lost its name agrees with nobody: it must not open the set to any name.
  const set = same.filter((record) => record.person !== undefined);
  // Where no set stands, every record that may own the number must agree: which of two is right is a steward's word.
  const loose = named.filter((record) => contradiction(record.facts, number) === undefined);
  const agrees = (record: StandingRecord): boolean =>
    classOfRecord(record.facts) === 'real' && isCalled(record.facts, input.newcomer);
  const asked = set.length > 0 ? set : loose;
  const hold = (test: (record: StandingRecord) => boolean): boolean =>
    set.length > 0 ? set.some(test) : loose.every(test);
  if (!hold(agrees)) {
    // Only an alias hits: it may be the same human, and it may be a guess.
    return hold((record) => namesAgree(input.newcomer, record.facts))
      ? unlinked(input, 'possible', 'possible-same-person', asked)
      : conflict(input, 'same-number-other-name', asked);
  }
  const possible = possiblySame(input);
  return {
    certainty: 'certain',
    ground: 'national-id',
    nationalNumber: number.number,
    ...(possible.length === 0
      ? {}
      : { queue: { kind: 'possible', reason: 'possible-same-person', others: idsOf(possible) } }),
    problems: invalidNumbers(input),
  };
}

function judgeWithoutNumber(input: JudgeInput, numbers: StatedNumbers): Judgement {
  const recordClass = classOfRecord(input.newcomer);
  const possible = possiblySame(input);
  if (numbers.untyped.length > 0) return unlinked(input, 'possible', 'untyped-national-number', possible);
  if (possible.length > 0) return unlinked(input, 'possible', 'possible-same-person', possible);
  if (recordClass === 'missing') return unlinked(input, 'none', 'name-missing', []);
  if (recordClass === 'unreadable') return unlinked(input, 'none', 'name-unreadable', []);
  return unlinked(input, 'none', numbers.invalid.length > 0 ? 'national-number-invalid' : 'no-national-number', []);
}

/**
 * Records that may be the same human without it being certain: a key in common (untyped number, passport, or
 * name, sex and birth date), the same name, and nothing that speaks against it.
 */
function possiblySame(input: JudgeInput): readonly StandingRecord[] {
  const ours = new Set(sharedKeys(input.newcomer, input.profile));
  const ourNumbers = statedNumbers(input.newcomer, input.profile).typed;
  return input.standing.filter((record) => {
    const { facts } = record;
    if (classOfRecord(facts) !== 'real' || !namesAgree(input.newcomer, facts)) return false;
    if (birthDatesDiffer(input.newcomer.birthDate, facts.birthDate)) return false;
    if (sexesDiffer(input.newcomer.sex, facts.sex)) return false;
    // Both own a number: then the numbers decide, and nothing else does.
    if (ourNumbers.length > 0 && statedNumbers(facts, record.profile).typed.length > 0) return false;
    return sharedKeys(facts, record.profile).some((key) => ours.has(key));
  });
}

/** Those linked to the number's Person, and those that state it as theirs; a newborn's or nameless one is none of these. */
function underNumber({ standing, person }: JudgeInput, number: string): readonly StandingRecord[] {
  return standing.filter((record) => {
    if (person !== undefined && record.person === person) return true;
    const recordClass = classOfRecord(record.facts);
    if (recordClass === 'newborn' || recordClass === 'placeholder') return false;
    return statedNumbers(record.facts, record.profile).typed.some((one) => one.number === number);
  });
}

function conflict(input: JudgeInput, reason: IdentityReason, others: readonly StandingRecord[]): Judgement {
  const problems = [...invalidNumbers(input), problemOf(reason, input.newcomer.at)];
  return {
    certainty: 'conflict',
    ground: reason,
    queue: { kind: 'conflict', reason, others: idsOf(others) },
    problems,
  };
}

function unlinked(
  input: JudgeInput,
  certainty: 'possible' | 'none',
  reason: IdentityReason,
  others: readonly StandingRecord[],
): Judgement {
  const problems = invalidNumbers(input);
  if (reason !== 'national-number-invalid') problems.push(problemOf(reason, input.newcomer.at));
  return { certainty, ground: reason, queue: { kind: 'possible', reason, others: idsOf(others) }, problems };
}

function invalidNumbers(input: JudgeInput): ReturnType<typeof problemOf>[] {
  const { invalid } = statedNumbers(input.newcomer, input.profile);
  return invalid.map((identifier) => problemOf('national-number-invalid', identifier.at));
}

function idsOf(records: readonly StandingRecord[]): readonly string[] {
  return [...new Set(records.map((record) => record.patient.patient))].toSorted();
}

/** Keys that mean the same at every facility; local numbers do not. */
function sharedKeys(facts: IdentityFacts, profile: FacilityProfile | undefined): readonly string[] {
  const scope = { facility: '' as FacilityId };
  const keys = identityKeys(facts, profile === undefined ? scope : { ...scope, profile });
  return keys.filter((key) => key.kind !== 'local').map((key) => key.text);
}
