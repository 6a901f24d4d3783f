/** A person as one facility's clerk wrote them down: its own number, a spelling of the name, and what was asked of the ID card. */
import type { SimulatedFacility } from './facilities.ts';
import type { Person } from './people.ts';
import { randomFor } from './random.ts';
import { fifteenDigits, fullWidth } from './resident-number.ts';

/** `urn:oid` of the resident ID number (SETTLED 9). */
export const NATIONAL_SYSTEM = 'urn:oid:2.16.156.10011.1.3';

export interface PatientRecord {
  readonly local: string;
  /** As written; absent when nobody asked for the card. */
  readonly number?: string;
  readonly family: string;
  readonly given: string;
  /** YYYY-MM-DD; absent for somebody unknown. */
  readonly birthDay?: string;
  readonly sex?: 'male' | 'female';
}

export function recordOf(seed: string, person: Person, facility: SimulatedFacility): PatientRecord {
  const random = randomFor(seed, 'record', person.index, facility.id);
  const shown = person.number !== undefined && !random.chance(facility.level === 1 ? 0.12 : 0.05);
  const mistyped = person.trouble === 'own' && random.chance(0.02);
  return {
    local: localNumber(seed, person.index, facility),
    ...(shown ? { number: writtenNumber(person, facility) } : {}),
    family: person.family,
    given: person.given.replaceAll('·', facility.dialect.dot),
    birthDay: mistyped ? nextDay(person.statedBirthDay) : person.statedBirthDay,
    sex: person.statedSex,
  };
}

/** Somebody brought in unconscious: a number of the visit, no name, no birth date. */
export function unknownRecord(options: {
  readonly facility: SimulatedFacility;
  readonly digits: string;
  readonly count: number;
  readonly sex: 'male' | 'female';
}): PatientRecord {
  const { facility, digits, count, sex } = options;
  return {
    local: `${prefixOf(facility)}X${digits.slice(2, 8)}${String(count).padStart(3, '0')}`,
    family: '',
    given: `无名氏${digits.slice(0, 8)}`,
    sex,
  };
}

function localNumber(seed: string, index: number, facility: SimulatedFacility): string {
  const offset = randomFor(seed, 'local', facility.id).between(10_000, 60_000);
  return `${prefixOf(facility)}${String(offset + index * 3).padStart(7, '0')}`;
}

function prefixOf(facility: SimulatedFacility): string {
  return facility.level === 3 ? '' : facility.level === 2 ? 'H' : 'W';
}

function writtenNumber(person: Person, facility: SimulatedFacility): string {
  const number = person.number ?? '';
  switch (facility.dialect.numberForm) {
    case 'plain':
      return number;
    case 'lower-x':
      return number.toLowerCase();
    case 'full-width':
      return person.index % 2 === 0 ? fullWidth(number) : number;
    case 'fifteen':
      // Only who was registered before October 1999 can have one.
      return number.slice(6, 14) < '19990101' && person.index % 3 !== 0 ? fifteenDigits(number) : number;
  }
}

function nextDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}
