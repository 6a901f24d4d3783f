/** A Patient without a Person is a set of itself: certain for its own facility when the name agrees (SETTLED 10). */
import type { FacilityProfile } from '../terms/facility.ts';
import type { IdentityFacts } from '../terms/mapped.ts';
import { isHeld } from './held.ts';
import { birthDatesDiffer, classOfRecord, namesAgree, sexesDiffer, statedNumbers } from './compare-facts.ts';

/**
 * `asked` found `own` under the asking facility's own Patient key: is it the same human for that facility? Never
 * while the record waits for a steward (`openReasons`): it may hold the results of two.
 */
export function agreesWithOwnRecord(
  asked: IdentityFacts,
  own: IdentityFacts,
  openReasons: readonly string[] = [],
): boolean {
  if (isHeld(openReasons)) return false;
  if (classOfRecord(asked) !== 'real' || classOfRecord(own) !== 'real' || !namesAgree(asked, own)) return false;
  return !birthDatesDiffer(asked.birthDate, own.birthDate) && !sexesDiffer(asked.sex, own.sex);
}

/**
 * The same for who only looks, so that no link is judged anew: what is asked must not speak against the record by a national
 * number either. A local number that was given again, or mistyped, shows nobody's results.
 */
export function mayBeLookedAt(asked: IdentityFacts, own: IdentityFacts, profile?: FacilityProfile): boolean {
  const known = statedNumbers(own, profile).typed.map(({ number }) => number);
  const isAnother = statedNumbers(asked, profile).typed.some(({ number }) => !known.includes(number));
  return agreesWithOwnRecord(asked, own) && (known.length === 0 || !isAnother);
}
