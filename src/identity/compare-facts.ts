/** What two records state of a human, compared: names, birth date, sex, national numbers (SETTLED 9). */
import type { FacilityProfile } from '../terms/facility.ts';
import type { IdentityFacts, StatedIdentifier } from '../terms/mapped.ts';
import { NATIONAL_ID_SYSTEM, type NationalId, readNationalId } from './national-id.ts';
import { normaliseName } from './normalise-name.ts';
import { classOfName, type NameClass } from './placeholder-name.ts';

export interface StatedNumbers {
  /** Stated as national identifiers and valid; each number once. */
  readonly typed: readonly NationalId[];
  /** Valid, and not stated as national identifiers: possible only. */
  readonly untyped: readonly NationalId[];
  /** Stated as national identifiers and not valid. */
  readonly invalid: readonly StatedIdentifier[];
}

/** CX.5 NI or NNCHN, the profile's type, PID-19, or the system of the national number. */
export function isStatedNational(identifier: StatedIdentifier, profile?: FacilityProfile): boolean {
  const type = identifier.type.trim().toUpperCase();
  if (type === 'NI' || type === 'NNCHN') return true;
  if (type !== '' && type === profile?.nationalIdType?.trim().toUpperCase()) return true;
  if (identifier.system === NATIONAL_ID_SYSTEM || `urn:oid:${identifier.system}` === NATIONAL_ID_SYSTEM) return true;
  return /^PID(\[\d+\])?-19(?!\d)/.test(identifier.at);
}

export function statedNumbers(facts: IdentityFacts, profile?: FacilityProfile): StatedNumbers {
  const typed = new Map<string, NationalId>();
  const untyped = new Map<string, NationalId>();
  const invalid: StatedIdentifier[] = [];
  for (const identifier of facts.identifiers) {
    const read = readNationalId(identifier.value);
    if (isStatedNational(identifier, profile)) {
      if (read === undefined) invalid.push(identifier);
      else typed.set(read.number, read);
    } else if (read !== undefined) untyped.set(read.number, read);
  }
  for (const number of typed.keys()) untyped.delete(number);
  return { typed: [...typed.values()], untyped: [...untyped.values()], invalid };
}

/** The record's own class: a newborn form among its names makes it a newborn, else its official name decides. */
export function classOfRecord(facts: IdentityFacts): NameClass {
  const classes = facts.names.map(classOfName).filter((one) => one !== 'missing');
  return classes.includes('newborn') ? 'newborn' : (classes[0] ?? 'missing');
}

/** The official name of one is among the names of the other, by their normal forms. */
export function namesAgree(left: IdentityFacts, right: IdentityFacts): boolean {
  const ours = normalNames(left);
  const theirs = normalNames(right);
  const [ourOfficial] = ours;
  const [theirOfficial] = theirs;
  if (ourOfficial === undefined || theirOfficial === undefined) return false;
  return theirs.includes(ourOfficial) || ours.includes(theirOfficial);
}

/**
 * The newcomer's own official name is among the names of who stands. Its aliases count for nothing here: who knows a
 * number and not the name could try names by the dozen.
 */
export function isCalled(standing: IdentityFacts, newcomer: IdentityFacts): boolean {
  const [official] = normalNames(newcomer);
  return official !== undefined && normalNames(standing).includes(official);
}

export function normalNames(facts: IdentityFacts): readonly string[] {
  return facts.names.map(normaliseName).filter((name) => name !== '');
}

/** Both stated, and one is no beginning of the other (YYYY, YYYY-MM, YYYY-MM-DD). */
export function birthDatesDiffer(left: string | undefined, right: string | undefined): boolean {
  if (!left || !right) return false;
  return !left.startsWith(right) && !right.startsWith(left);
}

/** Both stated as male or female, and different; `other` and `unknown` state nothing that a number could deny. */
export function sexesDiffer(left: IdentityFacts['sex'], right: IdentityFacts['sex']): boolean {
  return plainSex(left) !== undefined && plainSex(right) !== undefined && left !== right;
}

export function plainSex(sex: IdentityFacts['sex']): 'male' | 'female' | undefined {
  return sex === 'male' || sex === 'female' ? sex : undefined;
}

/** Why the record cannot own the number; undefined when nothing stated denies it. */
export function contradiction(
  facts: IdentityFacts,
  number: NationalId,
): 'birth-date-differs-from-number' | 'sex-differs-from-number' | undefined {
  if (birthDatesDiffer(facts.birthDate, number.birthDate)) return 'birth-date-differs-from-number';
  return sexesDiffer(facts.sex, number.sex) ? 'sex-differs-from-number' : undefined;
}
