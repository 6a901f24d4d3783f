/** A Patient without a Person is a set of itself: certain for its own facility when the name agrees (SETTLED 10). */
import type { IdentityFacts } from '../terms/mapped.ts';
import { isHeld } from './held.ts';
import { birthDatesDiffer, classOfRecord, namesAgree, sexesDiffer } from './compare-facts.ts';

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
