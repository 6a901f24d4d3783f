/**
 * Stories whose end is known, spread over the region's months: what is avoidable and what is justified, what is taken back,
 * corrected, another human's, and what somebody does to look better. Each person lives one story, so that each adds up alone.
 */
import type { Instant } from '../../src/terms/instant.ts';
import { ASKER, BRANCH, FEN, GIVER, type Stage, type Step, THIRD } from './stage.ts';

const HOUR_MS = 3_600_000;

/** What a story adds to the figures of the planted facilities. */
export interface Truth {
  readonly grossFen: number;
  readonly reversedFen: number;
  readonly missed: number;
  readonly missedFen: number;
  readonly justified: number;
  readonly notices: readonly string[];
}

interface Story {
  readonly times: number;
  /** All of them on one day. */
  readonly oneDay?: true;
  readonly truth: Partial<Truth>;
  /** By hours from its start; `person` is this one's. */
  readonly steps: readonly (readonly [hour: number, (stage: Stage, person: number) => Promise<void>])[];
}

const tested = (stage: Stage, person: number) => stage.send(GIVER, person, { filler: `P${person}` });
const accept = async (stage: Stage, person: number): Promise<string> => {
  const offer = await stage.ask(ASKER, person, {});
  stage.think(30);
  await stage.say(ASKER, offer, 'accepted');
  return offer;
};
const accepted = async (stage: Stage, person: number): Promise<void> => void (await accept(stage, person));
const done = (stage: Stage, person: number) => stage.send(ASKER, person, { filler: `A${person}` });

const STORIES: Readonly<Record<string, Story>> = {
  avoided: {
    times: 5,
    truth: { grossFen: FEN.K },
    steps: [
      [0, tested],
      [10, accepted],
    ],
  },
  'accepted and done again elsewhere': {
    times: 3,
    truth: { grossFen: FEN.K, reversedFen: FEN.K, missed: 1, missedFen: FEN.K },
    steps: [
      [0, tested],
      [10, accepted],
      [30, (stage, person) => stage.send(THIRD, person, { filler: `T${person}` })],
    ],
  },
  'taken back': {
    times: 2,
    truth: {},
    steps: [
      [0, tested],
      [
        10,
        async (stage, person) => {
          const offer = await accept(stage, person);
          await stage.say(ASKER, offer, 'revoked');
        },
      ],
    ],
  },
  'refused for a reason': {
    times: 3,
    truth: { justified: 1 },
    steps: [
      [0, tested],
      [10, async (stage, person) => stage.say(ASKER, await stage.ask(ASKER, person, {}), 'refused', '01')],
      [11, done],
    ],
  },
  'passed over': {
    times: 4,
    truth: { missed: 1, missedFen: FEN.K },
    steps: [
      [0, tested],
      [10, async (stage, person) => void (await stage.ask(ASKER, person, {}))],
      [11, done],
    ],
  },
  'never asked about': {
    times: 4,
    truth: { missed: 1, missedFen: FEN.K },
    steps: [
      [0, tested],
      [20, done],
    ],
  },
  'critical before': {
    times: 2,
    truth: { justified: 1 },
    steps: [
      [0, (stage, person) => stage.send(GIVER, person, { filler: `P${person}`, value: '6.9', flag: 'HH' })],
      [20, done],
    ],
  },
  'corrected after it was relied on': {
    times: 2,
    truth: { grossFen: FEN.K, notices: ['corrected'] },
    steps: [
      [0, tested],
      [10, accepted],
      [
        40,
        (stage, person) =>
          stage.send(GIVER, person, {
            filler: `P${person}`,
            value: '5.0',
            status: 'C',
            collected: collectedOf(person),
          }),
      ],
    ],
  },
  'another human after all': {
    times: 1,
    truth: { grossFen: FEN.K, notices: ['unlinked'] },
    steps: [
      [0, tested],
      [10, accepted],
      [40, (stage, person) => stage.unlink(GIVER, person)],
    ],
  },
  'accepted without a look': {
    times: 12,
    oneDay: true,
    truth: { grossFen: FEN.K },
    steps: [
      [0, tested],
      [10, async (stage, person) => stage.say(ASKER, await stage.ask(ASKER, person, { doctor: 'G1' }), 'accepted')],
    ],
  },
  'the branch counts as another': {
    times: 2,
    truth: { grossFen: FEN.K },
    steps: [
      [0, (stage, person) => stage.send(BRANCH, person, { filler: `B${person}` })],
      [10, accepted],
    ],
  },
  'done under a similar code': {
    times: 1,
    truth: { grossFen: FEN.GLU },
    steps: [
      [0, (stage, person) => stage.send(GIVER, person, { filler: `P${person}`, item: 'GLU', value: '5.0' })],
      [
        10,
        async (stage, person) => {
          const offer = await stage.ask(ASKER, person, { item: 'GLU' });
          stage.think(30);
          await stage.say(ASKER, offer, 'accepted');
        },
      ],
      [20, (stage, person) => stage.send(ASKER, person, { filler: `A${person}`, item: 'FPG', value: '5.0' })],
    ],
  },
  'collected at another time after all': {
    times: 1,
    truth: {},
    steps: [
      [0, tested],
      [12, (stage, person) => stage.send(GIVER, person, { filler: `P${person}`, status: 'C' })],
    ],
  },
};

const STARTS = new Map<number, number>();

function collectedOf(person: number): Instant {
  return new Date(STARTS.get(person) ?? 0).toISOString() as Instant;
}

/** All stories, one after another through the days from `start`, and what they come to together. */
export function plant(start: number, days: number): { readonly steps: readonly Step[]; readonly truth: Truth } {
  const told = Object.values(STORIES).flatMap((story) => Array.from({ length: story.times }, () => story));
  const each = (days - 10) / told.length;
  const steps = told.flatMap((story, person) => {
    const day = 3 + (story.oneDay === true ? told.indexOf(story) : person) * each;
    const begin = start + Math.floor(day * 24) * HOUR_MS;
    STARTS.set(person, begin);
    return story.steps.map(
      ([hour, play]): Step => ({
        at: new Date(begin + hour * HOUR_MS).toISOString() as Instant,
        play: (stage) => play(stage, person),
      }),
    );
  });
  const sum = (pick: (truth: Partial<Truth>) => number | undefined): number =>
    told.reduce((total, { truth }) => total + (pick(truth) ?? 0), 0);
  return {
    steps,
    truth: {
      grossFen: sum((of) => of.grossFen),
      reversedFen: sum((of) => of.reversedFen),
      missed: sum((of) => of.missed),
      missedFen: sum((of) => of.missedFen),
      justified: sum((of) => of.justified),
      notices: told.flatMap(({ truth }) => truth.notices ?? []).toSorted(),
    },
  };
}
