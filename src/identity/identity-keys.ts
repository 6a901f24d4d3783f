/**
 * Which stated identifiers become rows of the identifier index, of which kind, and the text whose HMAC
 * the row holds (DESIGN 4: never the number). Also what a search or a question looks up.
 */
import { joinKey } from '../base/digest.ts';
import type { FacilityId, FacilityProfile } from '../terms/facility.ts';
import type { IdentityFacts, StatedIdentifier } from '../terms/mapped.ts';
import { classOfRecord, isStatedNational, normalNames, plainSex } from './compare-facts.ts';
import { NATIONAL_ID_SYSTEM, readNationalId } from './national-id.ts';

export interface IdentityKey {
  /**
   * `national-id`: stated as one and valid, the only kind that can make an identity certain. `document`:
   * finds records of other facilities and is only ever possible: passports and the like, an untyped valid
   * number, and (name, sex, birth date). `local`: unique within its facility.
   */
  readonly kind: 'national-id' | 'document' | 'local';
  /** Give this text to the index key's HMAC. */
  readonly text: string;
}

/** HL7 table 0203 and CV02.01.101 under one name. The household register (02) is a family's, not a person's. */
const DOCUMENTS: ReadonlyMap<string, string> = new Map([
  ['PPN', 'passport'],
  ['DP', 'passport'],
  ['03', 'passport'],
  ['MI', 'military'],
  ['04', 'military'],
  ['DL', 'driving-licence'],
  ['05', 'driving-licence'],
  ['06', 'hong-kong-macao-permit'],
  ['07', 'taiwan-permit'],
  ['PRC', 'permanent-residence'],
  ['HC', 'health-card'],
  ['109', 'health-card'],
  ['BCT', 'birth-certificate'],
  ['111', 'birth-certificate'],
]);

/** Every row of a record, each text once. A newborn or nameless record has no key that others are found by. */
export function identityKeys(
  facts: IdentityFacts,
  scope: { readonly facility: FacilityId; readonly profile?: FacilityProfile },
): readonly IdentityKey[] {
  const recordClass = classOfRecord(facts);
  const keys = new Map<string, IdentityKey>();
  const add = (kind: IdentityKey['kind'], text: string): void => {
    if (keys.get(text)?.kind !== 'national-id') keys.set(text, { kind, text });
  };
  for (const identifier of facts.identifiers) {
    if (identifier.value.trim() === '') continue;
    const national = readNationalId(identifier.value);
    const document = documentOf(identifier);
    const stated = isStatedNational(identifier, scope.profile);
    const nobody = recordClass === 'newborn' || recordClass === 'placeholder';
    if (!nobody && national !== undefined) add(stated ? 'national-id' : 'document', nationalKey(national.number));
    if (document !== undefined && (!nobody || document === 'birth-certificate')) {
      add('document', documentKey(document, identifier.value));
    }
    if (!stated || national === undefined || nobody) add('local', localKey(scope.facility, identifier));
  }
  const nameKey = demographicKey(facts);
  if (nameKey !== undefined) add('document', nameKey);
  return [...keys.values()];
}

/** True for what names a human beyond one facility: a stated national number, a passport and the like. */
export function isDocument(identifier: StatedIdentifier, profile?: FacilityProfile): boolean {
  return isStatedNational(identifier, profile) || documentOf(identifier) !== undefined;
}

/** `number` normalised to 18 characters. */
export function nationalKey(number: string): string {
  return joinKey(NATIONAL_ID_SYSTEM, number);
}

export function localKey(
  facility: FacilityId,
  identifier: { readonly system: string; readonly value: string },
): string {
  return joinKey('local', facility, identifier.system.trim(), identifier.value.normalize('NFKC').trim());
}

/** Name, sex and whole birth date, where the record states all three and names somebody. */
export function demographicKey(facts: IdentityFacts): string | undefined {
  const sex = plainSex(facts.sex);
  const [name] = normalNames(facts);
  if (classOfRecord(facts) !== 'real' || name === undefined || sex === undefined) return undefined;
  return facts.birthDate?.length === 10 ? joinKey('name-sex-birth', name, sex, facts.birthDate) : undefined;
}

/** The document keys of a record, in the order stated; without (name, sex, birth date). */
export function documentKeys(facts: IdentityFacts): readonly string[] {
  return facts.identifiers.flatMap((identifier) => {
    const document = documentOf(identifier);
    return document === undefined || identifier.value.trim() === '' ? [] : [documentKey(document, identifier.value)];
  });
}

function documentKey(document: string, value: string): string {
  return joinKey('document', document, value.normalize('NFKC').replace(/[\s-]/g, '').toUpperCase());
}

function documentOf(identifier: StatedIdentifier): string | undefined {
  const type = identifier.type.trim().toUpperCase();
  // Table 0203 writes passports of a country as PP and its ISO code: PPUSA, PPCHN.
  return /^PP[A-Z]{3}$/.test(type) ? 'passport' : DOCUMENTS.get(type);
}
