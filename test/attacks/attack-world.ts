/** What the attacks share: people of their own, an order that a county result answers, and a look at what was shown. */
import type { Answer } from '../../src/gateway/answer.ts';
import type { IdentityFacts } from '../../src/terms/mapped.ts';
import type { Question } from '../../src/terms/question.ts';
import type { TestDatabase } from '../support/gateway.ts';
import { ELECTROLYTES, oru, residentNumber, type TestMessage } from '../support/messages.ts';
import { openMigratedPglite } from '../support/store-kit.ts';

export const NATIONAL_SYSTEM = 'urn:oid:2.16.156.10011.1.3';

/** An embedded database with the schema of now, in a quarter of a second. */
export async function openAttacked(): Promise<TestDatabase> {
  return { name: 'PGlite', ...(await openMigratedPglite()) };
}

export interface Victim {
  readonly mrn: string;
  readonly national: string;
  readonly name: string;
  readonly birthDate: string;
  readonly sex: 'M' | 'F';
}

let people = 600;

/** A person of her own for each test, so that tests do not meet. */
export function newVictim(): Victim {
  people += 2;
  const national = residentNumber('1970-03-05', people);
  return { mrn: `M${people}`, national, name: `受害${people}`, birthDate: '19700305', sex: 'F' };
}

/** Electrolytes in serum: what the order DJZ asks for. */
export function electrolytes(message: Omit<TestMessage, 'results'>): string {
  return oru({ ...message, results: ELECTROLYTES, specimen: '血清' });
}

/** The victim's true facts under the asker's own number; `mrn` '' states none. */
export function factsOf(victim: Victim, mrn: string, over: Partial<IdentityFacts> = {}): IdentityFacts {
  return {
    identifiers: [
      ...(mrn === '' ? [] : [{ type: 'PI', system: '', value: mrn, at: 'patient' }]),
      { type: '', system: NATIONAL_SYSTEM, value: victim.national, at: 'patient' },
    ],
    names: [victim.name],
    birthDate: '1970-03-05',
    sex: 'female',
    at: 'patient',
    ...over,
  };
}

let orders = 0;

export function asking(patient: IdentityFacts, encounter = 'E1'): Question {
  return { patient, encounter, orders: [{ key: `o${orders++}`, system: '', code: 'DJZ' }] };
}

/** Facilities whose results the answer would show on a card. */
export function shownOf(answer: Answer): readonly string[] {
  return [
    ...new Set(
      answer.items.flatMap(({ decision, offer }) =>
        offer === null ? [] : decision.items.flatMap(({ entry }) => (entry === undefined ? [] : [entry.facility])),
      ),
    ),
  ];
}
