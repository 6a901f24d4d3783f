/**
 * Judges a known Patient that came with other content (SETTLED 8): its link is judged again, and a key that
 * now names another human is found before anything of the two is mixed.
 */
import {
  birthDatesDiffer,
  classOfRecord,
  contradiction,
  namesAgree,
  normalNames,
  statedNumbers,
} from './compare-facts.ts';
import { isHeld } from './held.ts';
import { judgeNewcomer } from './judge-newcomer.ts';
import type { Judgement, JudgeInput, PreviousRecord } from './judgement.ts';
import type { NationalId } from './national-id.ts';
import { type IdentityReason, problemOf } from './problems.ts';
import { sameFacts } from './same-facts.ts';

export function judgeKnown(input: JudgeInput, previous: PreviousRecord): Judgement {
  if (previous.unlinkedBySteward === true || isHeld(previous.openReasons ?? [])) return held(input);
  const changed = changeOf(input, previous);
  if (changed !== undefined) return changed;
  const fresh = judgeNewcomer(input);
  if (previous.linked && fresh.certainty !== 'conflict') return keepLink(input, previous, fresh);
  return sameFacts(previous.facts, input.newcomer, input.profile) ? quiet(fresh) : fresh;
}

/** What makes the new version another human's, or perhaps so. */
function changeOf(input: JudgeInput, previous: PreviousRecord): Judgement | undefined {
  const { newcomer } = input;
  const before = statedNumbers(previous.facts, input.profile).typed;
  const now = statedNumbers(newcomer, input.profile).typed;
  if (isAnotherNumber(before, now, previous)) return unlink(input, 'conflict', 'another-national-number');
  const nameChanged = isNameChanged(input, previous);
  if (nameChanged && birthDatesDiffer(previous.facts.birthDate, newcomer.birthDate)) {
    return unlink(input, 'conflict', 'name-and-birth-date-changed');
  }
  // Many an unknown human may lie under one such record: a name does not say whose the earlier results are.
  if (classOfRecord(previous.facts) === 'placeholder' && classOfRecord(newcomer) === 'real') {
    return unlink(input, 'suspended', 'named-after-placeholder');
  }
  const [number] = before;
  // The number that the link rests on may be absent from this message: it still must not be denied.
  const rests = previous.linked && now.length === 0 ? number : undefined;
  const against = rests === undefined ? undefined : contradiction(newcomer, rests);
  if (against !== undefined) return unlink(input, 'conflict', against);
  return nameChanged && !isFirstName(previous) ? unlink(input, 'suspended', 'name-changed') : undefined;
}

function isAnotherNumber(before: readonly NationalId[], now: readonly NationalId[], previous: PreviousRecord): boolean {
  const [old] = before;
  if (now.length === 0) return false;
  if (old !== undefined) return !now.some((one) => one.number === old.number);
  // An earlier version stated the number that the link was made by, the last one did not.
  return previous.linked && groundOf(previous) === 'national-id' && previous.otherPerson === true;
}

/** A missing name says nothing. */
function isNameChanged(input: JudgeInput, previous: PreviousRecord): boolean {
  if (normalNames(previous.facts).length === 0 || normalNames(input.newcomer).length === 0) return false;
  return !namesAgree(previous.facts, input.newcomer);
}

/**
 * A newborn is given a name, a damaged one is mended: no other human. Any other change of name suspends a record
 * without link too, for it is a set of itself at its own facility (SETTLED 10).
 */
function isFirstName(previous: PreviousRecord): boolean {
  const recordClass = classOfRecord(previous.facts);
  return !previous.linked && (recordClass === 'newborn' || recordClass === 'unreadable');
}

/** Nothing speaks against the link that stands, be it a number's or a steward's. */
function keepLink(input: JudgeInput, previous: PreviousRecord, fresh: Judgement): Judgement {
  const ground = groundOf(previous);
  const { nationalNumber, queue, problems } = fresh;
  const seen = sameFacts(previous.facts, input.newcomer, input.profile);
  if (ground === 'national-id') {
    if (nationalNumber === undefined) return { certainty: 'certain', ground, problems };
    const more = queue === undefined || seen ? {} : { queue };
    return { certainty: 'certain', ground, nationalNumber, ...more, problems };
  }
  if (nationalNumber === undefined || seen || previous.otherPerson !== true) {
    return { certainty: 'certain', ground, problems };
  }
  const reason: IdentityReason = 'number-on-steward-link';
  return {
    certainty: 'certain',
    ground,
    queue: { kind: 'possible', reason, others: othersOf(input) },
    problems: [...problems, problemOf(reason, input.newcomer.at)],
  };
}

function groundOf(previous: PreviousRecord): string {
  return previous.ground ?? 'national-id';
}

function unlink(input: JudgeInput, kind: 'conflict' | 'suspended', reason: IdentityReason): Judgement {
  return {
    certainty: kind === 'conflict' ? 'conflict' : 'possible',
    ground: reason,
    queue: { kind, reason, others: othersOf(input) },
    problems: [problemOf(reason, input.newcomer.at)],
  };
}

function othersOf(input: JudgeInput): readonly string[] {
  return [...new Set(input.standing.map((record) => record.patient.patient))].toSorted();
}

function held(input: JudgeInput): Judgement {
  const reason: IdentityReason = 'held-for-steward';
  return { certainty: 'conflict', ground: reason, problems: [problemOf(reason, input.newcomer.at)] };
}

/** The steward has seen this content already. */
function quiet(judgement: Judgement): Judgement {
  const { queue: _seen, ...rest } = judgement;
  return rest;
}
