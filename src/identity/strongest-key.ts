/** The key that a bucket is made of at first sight (SETTLED 2): national number > other document > Patient key > report key. */
import { joinKey } from '../base/digest.ts';
import type { FacilityProfile } from '../terms/facility.ts';
import type { IdentityFacts } from '../terms/mapped.ts';
import { classOfRecord, statedNumbers } from './compare-facts.ts';
import { documentKeys } from './identity-keys.ts';

/** A text for the id key's HMAC; the same human with a number gives the same text at every facility. */
export function strongestKey(known: {
  readonly facts?: IdentityFacts;
  readonly patientKey?: string;
  readonly reportKey: string;
  readonly profile?: FacilityProfile;
}): string {
  const { facts } = known;
  const recordClass = facts === undefined ? 'missing' : classOfRecord(facts);
  if (facts !== undefined && recordClass !== 'newborn' && recordClass !== 'placeholder') {
    const [national] = statedNumbers(facts, known.profile).typed;
    if (national !== undefined) return joinKey('national', national.number);
    const [document] = documentKeys(facts);
    if (document !== undefined) return document;
  }
  if (known.patientKey) return joinKey('patient', known.patientKey);
  return joinKey('report', known.reportKey);
}
