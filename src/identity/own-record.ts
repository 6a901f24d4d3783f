/** A Patient without a Person is a set of itself: certain for its own facility when the name agrees (SETTLED 10). */
import type { IdentityFacts } from '../terms/mapped.ts';
import { birthDatesDiffer, classOfRecord, namesAgree, sexesDiffer } from './compare-facts.ts';

/** `asked` found `own` under the asking facility's own Patient key; is it the same human for that facility? */
export function agreesWithOwnRecord(asked: IdentityFacts, own: IdentityFacts): boolean {
  if (classOfRecord(asked) !== 'real' || classOfRecord(own) !== 'real' || !namesAgree(asked, own)) return false;
  return !birthDatesDiffer(asked.birthDate, own.birthDate) && !sexesDiffer(asked.sex, own.sex);
}
