/** People that cannot exist, with the troubles that identity has to survive. */
import { describe, expect, it } from 'vitest';
import { FACILITIES } from '../../../src/simulation/facilities.ts';
import { createPopulation } from '../../../src/simulation/people.ts';
import type { Person } from '../../../src/simulation/people.ts';
import { measure } from '../../../src/simulation/physiology.ts';
import { recordOf } from '../../../src/simulation/records.ts';
import { fifteenDigits, residentNumber } from '../../../src/simulation/resident-number.ts';

const START = Date.UTC(2026, 1, 28, 16);
const SIZE = 3000;
const population = createPopulation({ seed: 'people', size: SIZE, start: START, days: 90 });
const people: readonly Person[] = Array.from({ length: SIZE }, (_, index) => population.person(index));

/** GB 11643 the other way round: ISO 7064 MOD 11-2 of the whole number is 1. */
function isValid(number: string): boolean {
  let sum = 0;
  for (const sign of number) sum = (sum * 2 + (sign === 'X' ? 10 : Number(sign))) % 11;
  return sum === 1;
}

describe('resident numbers', () => {
  it('follow the standard: its own printed example has this check digit', () => {
    expect(isValid('11010519491231002X')).toBe(true);
    expect(isValid('110105194912310021')).toBe(false);
  });

  it('are impossible, and right in everything else', () => {
    for (const { number } of people) {
      if (number === undefined) continue;
      expect(number).toMatch(/^000000(19|20)\d{9}[\dX]$/);
      expect(isValid(number)).toBe(true);
    }
  });

  it('agree with birth date and sex of whoever has a number of their own', () => {
    for (const { number, trouble, statedBirthDay, statedSex } of people) {
      if (trouble !== 'own' || number === undefined) continue;
      expect(number.slice(6, 14)).toBe(statedBirthDay.replaceAll('-', ''));
      expect(Number(number[16]) % 2 === 1).toBe(statedSex === 'male');
    }
  });

  it('are nobody else\u2019s by accident', () => {
    const own = people.filter(({ trouble }) => trouble === 'own').map(({ number }) => number);
    expect(new Set(own).size).toBe(own.length);
  });

  it('lose century and check digit in the old form', () => {
    const number = residentNumber('1975-03-09', 'female', 20);
    expect(fifteenDigits(number)).toBe(`000000750309${number.slice(14, 17)}`);
  });
});

describe('troubles', () => {
  it.each(['own', 'none', 'mother', 'neighbour', 'borrowed'] as const)('of kind %s are there', (trouble) => {
    expect(people.some((person) => person.trouble === trouble)).toBe(true);
  });

  it('give a newborn the number of a woman who can be the mother, and her name', () => {
    for (const { owner, number, name, bornAt } of people.filter(({ trouble }) => trouble === 'mother')) {
      const mother = population.person(owner as number);
      expect(mother.sex).toBe('female');
      expect(mother.number).toBe(number);
      expect(name.startsWith(`${mother.name}之`)).toBe(true);
      expect((bornAt - mother.bornAt) / 31_557_600_000).toBeGreaterThan(18);
    }
  });

  it('leave a wrong number beside the right name, birth date and sex of the neighbour', () => {
    for (const person of people.filter(({ trouble }) => trouble === 'neighbour')) {
      const owner = population.person(person.owner as number);
      expect(person.number).toBe(owner.number);
      expect(person.statedBirthDay).toBe(person.birthDay);
      expect(person.birthDay).not.toBe(owner.birthDay);
    }
  });

  it('put the owner of a borrowed card whole into the record, but for the name', () => {
    for (const person of people.filter(({ trouble }) => trouble === 'borrowed')) {
      const owner = population.person(person.owner as number);
      expect([person.number, person.statedBirthDay, person.statedSex]).toEqual([
        owner.number,
        owner.birthDay,
        owner.sex,
      ]);
    }
  });
});

describe('names', () => {
  it('hold second bytes that are delimiters, four-byte characters, middle dots', () => {
    const kinds = new Set(people.map(({ nameKind }) => nameKind));
    expect(kinds).toEqual(new Set(['common', 'delimiter-tailed', 'rare', 'minority', 'newborn']));
    expect(people.some(({ name }) => name.includes('·'))).toBe(true);
    expect(people.some(({ name }) => /[玘瑋珅誠璡珇]/.test(name))).toBe(true);
  });
});

describe('records', () => {
  it('give one person another number of its own at each facility, and never two persons one', () => {
    for (const facility of FACILITIES) {
      const locals = people.map((person) => recordOf('people', person, facility).local);
      expect(new Set(locals).size).toBe(SIZE);
    }
    const person = people[0] as Person;
    expect(new Set(FACILITIES.map((facility) => recordOf('people', person, facility).local)).size).toBe(
      FACILITIES.length,
    );
  });

  it('spell the number in every form, or leave it out here and there', () => {
    const written = FACILITIES.flatMap((facility) =>
      people.map((person) => recordOf('people', person, facility).number),
    );
    expect(written.some((number) => number === undefined)).toBe(true);
    expect(written.some((number) => number?.length === 15)).toBe(true);
    expect(written.some((number) => number?.endsWith('x') === true)).toBe(true);
    expect(written.some((number) => /[０-９]/.test(number ?? ''))).toBe(true);
  });
});

function find(person: Person, visit: string): number {
  const found = measure({ seed: 'people', person, visit, acute: undefined, analytes: ['CREA'] });
  return found.get('CREA')?.value ?? Number.NaN;
}

function mean(of: readonly Person[]): number {
  return of.reduce((sum, person) => sum + find(person, 'a'), 0) / of.length;
}

describe('what a laboratory finds', () => {
  it('in one person moves little from day to day, less than people differ', () => {
    const healthy = people.filter(({ conditions }) => !conditions.includes('kidney-disease')).slice(0, 400);
    const within = healthy.map((person) => Math.abs(find(person, 'a') / find(person, 'b') - 1));
    const values = healthy.map((person) => find(person, 'a'));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const between = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) / mean;
    expect(within.reduce((sum, change) => sum + change, 0) / within.length).toBeLessThan(between);
    expect(mean).toBeGreaterThan(57);
    expect(mean).toBeLessThan(85);
  });

  it('is higher where a condition makes it so', () => {
    const ill = people.filter(({ conditions }) => conditions.includes('kidney-disease'));
    expect(mean(ill)).toBeGreaterThan(1.3 * mean(people.filter((person) => !ill.includes(person))));
  });

  it('agrees with itself: indices follow from counts, differences from sums', () => {
    for (const person of people.slice(0, 100)) {
      const analytes = ['HGB', 'RBC', 'HCT', 'MCV', 'MCH', 'MCHC', 'TP', 'ALB', 'GLO', 'WBC', 'NEUTP', 'NEUT'];
      const found = measure({ seed: 'people', person, visit: 'v', acute: undefined, analytes });
      const value = (id: string): number => found.get(id)?.value ?? Number.NaN;
      expect(value('MCV')).toBeCloseTo((value('HCT') / value('RBC')) * 10, 6);
      expect(value('MCH')).toBeCloseTo(value('HGB') / value('RBC'), 6);
      expect(value('GLO')).toBeCloseTo(value('TP') - value('ALB'), 6);
      expect(value('NEUT')).toBeCloseTo((value('WBC') * value('NEUTP')) / 100, 6);
    }
  });

  it('is one thing on one visit and another on the next', () => {
    const person = people[5] as Person;
    const glucose = (visit: string): number | undefined =>
      measure({ seed: 'people', person, visit, acute: undefined, analytes: ['GLU'] }).get('GLU')?.value;
    expect(glucose('x')).toBe(glucose('x'));
    expect(glucose('x')).not.toBe(glucose('y'));
  });
});
