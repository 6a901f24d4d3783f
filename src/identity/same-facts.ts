/** Does a record state anything that is not known already? If not, it need not be judged again. */
import type { FacilityProfile } from '../terms/facility.ts';
import type { IdentityFacts, StatedIdentifier } from '../terms/mapped.ts';
import { isStatedNational, normalNames } from './compare-facts.ts';
import { fold } from './normalise-name.ts';

/**
 * True when every identifier, name, birth date and sex of `facts` stands in `known`. What is absent from
 * `facts` (an HIS sends less than a LIS) changes nothing: missing does not contradict (SETTLED 9).
 */
export function sameFacts(known: IdentityFacts, facts: IdentityFacts, profile?: FacilityProfile): boolean {
  const identifiers = new Set(known.identifiers.map((identifier) => keyOf(identifier, profile)));
  if (!facts.identifiers.every((identifier) => identifiers.has(keyOf(identifier, profile)))) return false;
  const names = normalNames(known);
  if (!normalNames(facts).every((name) => names.includes(name))) return false;
  if (facts.birthDate !== undefined && !known.birthDate?.startsWith(facts.birthDate)) return false;
  return facts.sex === undefined || facts.sex === 'unknown' || facts.sex === known.sex;
}

function keyOf(identifier: StatedIdentifier, profile: FacilityProfile | undefined): string {
  const value = fold(identifier.value).replaceAll(' ', '');
  if (isStatedNational(identifier, profile)) return `national ${value}`;
  return `${identifier.type.trim().toUpperCase()} ${identifier.system.trim()} ${value}`;
}
