/**
 * The region's people. A person is computed from the seed and a number whenever needed, never kept, so a
 * million of them cost no memory. Some have clerical trouble that identity has to survive.
 */
import { fullName, nameFor } from './names.ts';
import type { NameKind } from './names.ts';
import { randomFor } from './random.ts';
import type { Random } from './random.ts';
import { residentNumber } from './resident-number.ts';
import { DAY, localDay, startOfLocalDay } from './when.ts';

export type Condition =
  | 'diabetes'
  | 'kidney-disease'
  | 'fatty-liver'
  | 'hepatitis-b'
  | 'anaemia'
  | 'hyperlipidaemia'
  | 'hypothyroid'
  | 'hyperthyroid'
  | 'anticoagulated';

/**
 * own: a number of one's own. none: never shows one. mother: a newborn under the mother's number.
 * neighbour: a clerk typed somebody else's number. borrowed: came with somebody else's card, whose number,
 * birth date and sex stand in the record.
 */
export type NumberTrouble = 'own' | 'none' | 'mother' | 'neighbour' | 'borrowed';

export interface Person {
  readonly index: number;
  readonly name: string;
  readonly family: string;
  readonly given: string;
  readonly nameKind: NameKind | 'newborn';
  readonly sex: 'male' | 'female';
  /** YYYY-MM-DD. */
  readonly birthDay: string;
  readonly bornAt: number;
  /** What stands in records: own or, in trouble, another's; absent for none. */
  readonly number: string | undefined;
  readonly trouble: NumberTrouble;
  /** The person whose number this one carries. */
  readonly owner: number | undefined;
  /** As the record states them; another's for `borrowed`. */
  readonly statedSex: 'male' | 'female';
  readonly statedBirthDay: string;
  readonly home: 'city' | 'wangxi' | 'yunzhan';
  readonly conditions: readonly Condition[];
}

export interface Population {
  readonly size: number;
  person(index: number): Person;
  /** The trouble of a person, without making the person. */
  trouble(index: number): NumberTrouble;
}

const GOLDEN = 0.6180339887498949;
/** Cumulative share of people up to each age: a county in an ageing country. */
const AGES: readonly (readonly [share: number, age: number])[] = [
  [0, 1],
  [0.1, 10],
  [0.2, 22],
  [0.42, 42],
  [0.68, 58],
  [0.92, 76],
  [1, 94],
];

export function createPopulation(options: {
  readonly seed: string;
  readonly size: number;
  readonly start: number;
  readonly days: number;
}): Population {
  const { seed, size, start, days } = options;
  const shift = randomFor(seed, 'ages').next();
  const phase = randomFor(seed, 'troubles').between(0, 400);

  const trouble = (index: number): NumberTrouble => {
    const turn = (index + phase) % 40;
    if (turn === 7) return 'none';
    if (turn === 15 || turn === 32) return 'mother';
    if (turn === 21) return 'neighbour';
    if (turn === 29) return 'borrowed';
    return 'own';
  };
  const born = (index: number): number => {
    const today = startOfLocalDay(start);
    if (trouble(index) === 'mother') {
      const share = randomFor(seed, 'birth', index).next();
      return today - 20 * DAY + Math.floor(share * (days * 0.6 + 20)) * DAY;
    }
    return today - Math.floor(ageInDays((index * GOLDEN + shift) % 1)) * DAY;
  };
  const sexOf = (index: number): 'male' | 'female' => (randomFor(seed, 'sex', index).chance(0.5) ? 'male' : 'female');
  /** Serials and the even spread of birth days together keep two people from one number by accident. */
  const numberOf = (index: number): string => residentNumber(localDay(born(index)), sexOf(index), index % 499);
  const isMother = (index: number): boolean => {
    const age = (start - born(index)) / DAY / 365.25;
    return trouble(index) === 'own' && sexOf(index) === 'female' && age > 19 && age < 43;
  };
  const ownerOf = (index: number): number | undefined => {
    const of = trouble(index);
    if (of === 'own' || of === 'none') return undefined;
    for (let step = 1; step < size; step++) {
      const other = (index - step + size) % size;
      if (of === 'mother' ? isMother(other) : trouble(other) === 'own') return other;
    }
    return undefined;
  };

  const person = (index: number): Person => {
    const random = randomFor(seed, 'person', index);
    const of = trouble(index);
    const owner = ownerOf(index);
    const sex = sexOf(index);
    const bornAt = born(index);
    const birthDay = localDay(bornAt);
    const kind = nameKind(index + phase);
    const own = nameFor(random, sex, kind);
    const newborn = of === 'mother' && owner !== undefined;
    const name = newborn ? `${person(owner).name}之${sex === 'male' ? '子' : '女'}` : fullName(own);
    const borrowed = of === 'borrowed' && owner !== undefined;
    return {
      index,
      name,
      family: newborn ? '' : own.family,
      given: newborn ? name : own.given,
      nameKind: newborn ? 'newborn' : kind,
      sex,
      birthDay,
      bornAt,
      number: of === 'none' ? undefined : numberOf(owner ?? index),
      trouble: of,
      owner,
      statedSex: borrowed ? sexOf(owner) : sex,
      statedBirthDay: borrowed ? localDay(born(owner)) : birthDay,
      home: random.weighted([
        ['city', 3],
        ['wangxi', 4],
        ['yunzhan', 3],
      ] as const),
      conditions: newborn ? [] : conditionsFor(random, (start - bornAt) / DAY / 365.25),
    };
  };
  return { size, person, trouble };
}

function nameKind(turn: number): NameKind {
  if (turn % 13 === 3) return 'delimiter-tailed';
  if (turn % 17 === 5) return 'rare';
  if (turn % 15 === 8) return 'minority';
  return 'common';
}

function ageInDays(share: number): number {
  for (let i = 1; i < AGES.length; i++) {
    const [above, older] = AGES[i] as readonly [number, number];
    const [below, younger] = AGES[i - 1] as readonly [number, number];
    if (share <= above) return (younger + ((share - below) / (above - below)) * (older - younger)) * 365.25;
  }
  throw new Error('a share above one');
}

function conditionsFor(random: Random, age: number): readonly Condition[] {
  const old = age < 25 ? 0.1 : age < 50 ? 0.6 : 1.4;
  const chances: readonly (readonly [Condition, number])[] = [
    ['diabetes', 0.12 * old],
    ['kidney-disease', 0.05 * old],
    ['fatty-liver', 0.15 * old],
    ['hepatitis-b', 0.06],
    ['anaemia', 0.07],
    ['hyperlipidaemia', 0.18 * old],
    ['hypothyroid', 0.03],
    ['hyperthyroid', 0.02],
    ['anticoagulated', 0.03 * old],
  ];
  return chances.filter(([, chance]) => random.chance(chance)).map(([condition]) => condition);
}
