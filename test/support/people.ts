/** Made-up people by number, and what a facility's screen asks about them. */
import type { FacilityId } from '../../src/terms/facility.ts';
import type { Order, Question } from '../../src/terms/question.ts';
import { residentNumber } from './messages.ts';

export function person(sequence: number) {
  const national = residentNumber('1970-03-05', sequence * 2 + 1);
  return { mrn: `R${sequence}`, national, name: `试验${sequence}`, birthDate: '19700305', sex: 'M' } as const;
}

export type Person = ReturnType<typeof person>;

/** One order; potassium by LOINC unless told. */
export function questionOf(
  by: FacilityId,
  who: Pick<Person, 'mrn' | 'national' | 'name'>,
  asked: Pick<Question, 'encounter' | 'visit' | 'practitioner'> & {
    readonly key: string;
    readonly order?: Omit<Order, 'key'>;
  },
): Question {
  const { key, order = { system: 'http://loinc.org', code: '2823-3' }, ...rest } = asked;
  return {
    patient: {
      identifiers: [
        { type: 'PI', system: '', value: `${by}-${who.mrn}`, at: 'patient' },
        { type: '', system: 'urn:oid:2.16.156.10011.1.3', value: who.national, at: 'patient' },
      ],
      names: [who.name],
      birthDate: '1970-03-05',
      sex: 'male',
      at: 'patient',
    },
    ...rest,
    orders: [{ key, ...order }],
  };
}
