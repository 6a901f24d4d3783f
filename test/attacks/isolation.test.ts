/** A facility that wants to see, or to spoil, what belongs to others: every way must look as if nothing were there. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answer } from '../../src/gateway/answer.ts';
import { reply } from '../../src/gateway/reply.ts';
import type { IdentityFacts } from '../../src/terms/mapped.ts';
import { printAnswer } from '../../src/web/recognition/print-answer.ts';
import { CITY, COUNTY, openWorld, type TestDatabase, type TestWorld, TOWN } from '../support/gateway.ts';
import { ELECTROLYTES, oru, residentNumber } from '../support/messages.ts';
import { openAttacked, asking, electrolytes, factsOf, NATIONAL_SYSTEM, newVictim, shownOf } from './attack-world.ts';

let database: TestDatabase;
let world: TestWorld;
beforeAll(async () => {
  database = await openAttacked();
  world = await openWorld(database);
});
afterAll(async () => {
  await world.close();
  await database.close();
});

let controlIds = 0;
const controlId = (): string => `ATTACK${controlIds++}`;
const fullWidth = (text: string): string =>
  Array.from(text, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0)).join('');

/** A victim with electrolytes at the county hospital. */
async function victimAtCounty() {
  const victim = newVictim();
  await world.send(COUNTY, electrolytes({ controlId: controlId(), patient: victim }));
  return victim;
}

describe('who guesses at a patient of another hospital', () => {
  const attempts: readonly (readonly [string, (victim: ReturnType<typeof newVictim>) => IdentityFacts])[] = [
    ['the right number under a wrong name', (victim) => factsOf(victim, 'H1', { names: ['错名'] })],
    ['the number without a name', (victim) => factsOf(victim, '', { names: [] })],
    ['the number under a name that says nothing', (victim) => factsOf(victim, 'H2', { names: ['无名氏'] })],
    ['the number with another birth date', (victim) => factsOf(victim, 'H3', { birthDate: '1971-03-05' })],
    ['the number with the other sex', (victim) => factsOf(victim, 'H4', { sex: 'male' })],
    [
      'name, birth date and sex without the number',
      (victim) => factsOf(victim, 'H5', { identifiers: [{ type: 'PI', system: '', value: 'H5', at: 'patient' }] }),
    ],
    [
      "the other hospital's own record number",
      (victim) =>
        factsOf(victim, 'H6', { identifiers: [{ type: 'PI', system: '', value: victim.mrn, at: 'patient' }] }),
    ],
    ['a newborn under the mother’s number', (victim) => factsOf(victim, 'H7', { names: [`${victim.name}之女`] })],
    [
      'the number without its type',
      (victim) =>
        factsOf(victim, '', { identifiers: [{ type: 'PI', system: '', value: victim.national, at: 'patient' }] }),
    ],
    [
      'the number with a wrong check digit',
      (victim) => {
        const last = victim.national.endsWith('1') ? '2' : '1';
        const value = victim.national.slice(0, 17) + last;
        return factsOf(victim, '', { identifiers: [{ type: 'NI', system: NATIONAL_SYSTEM, value, at: 'patient' }] });
      },
    ],
    [
      'two numbers at once, one of them the victim’s',
      (victim) => {
        const second = residentNumber('1970-03-05', 998);
        return factsOf(victim, 'H8', {
          identifiers: [
            { type: 'NI', system: NATIONAL_SYSTEM, value: victim.national, at: 'patient' },
            { type: 'NI', system: NATIONAL_SYSTEM, value: second, at: 'patient' },
          ],
        });
      },
    ],
  ];

  test.each(attempts)('by %s is shown nothing', async (_, attempt) => {
    const victim = await victimAtCounty();
    const answered = await world.ask(TOWN, asking(attempt(victim)));
    expect(shownOf(answered)).toEqual([]);
    const printed = JSON.stringify(printAnswer(answered));
    for (const value of ['4.1', '2.31', '试验县医院', victim.national]) expect(printed).not.toContain(value);
    // The defence must not cost the victim anything.
    expect(shownOf(await world.ask(CITY, asking(factsOf(victim, `C${victim.mrn}`))))).toEqual([COUNTY]);
  });

  test('is answered alike, whether there is such a patient or not', async () => {
    const victim = await victimAtCounty();
    const nobody = newVictim();
    const blurred = async (who: typeof victim) =>
      printAnswer(
        await world.ask(TOWN, {
          ...asking(factsOf(who, `B${who.mrn}`, { names: ['错名'] })),
          orders: [{ key: 'k', system: '', code: 'DJZ' }],
        }),
      );
    expect(await blurred(victim)).toEqual(await blurred(nobody));
  });

  test('sees the true patient through a full-width or lower-case number as through the plain one', async () => {
    const victim = newVictim();
    const withX = { ...victim, national: numberWithX() };
    await world.send(COUNTY, electrolytes({ controlId: controlId(), patient: withX }));
    for (const [mrn, value] of [
      ['X1', fullWidth(withX.national)],
      ['X2', withX.national.toLowerCase()],
    ] as const) {
      const identifiers = [
        { type: 'PI', system: '', value: mrn, at: 'patient' },
        { type: 'NI', system: '', value, at: 'patient' },
      ];
      expect(shownOf(await world.ask(CITY, asking(factsOf(withX, mrn, { identifiers }))))).toEqual([COUNTY]);
      // and another name does not take the person over in that form either
      const thief = factsOf(withX, `T${mrn}`, { identifiers: [identifiers[1]!], names: ['冒名'] });
      expect(shownOf(await world.ask(TOWN, asking(thief)))).toEqual([]);
    }
  });

  test('by test data of another hospital is shown nothing', async () => {
    const victim = newVictim();
    await world.send(COUNTY, electrolytes({ controlId: controlId(), patient: victim, processing: 'T' }));
    await world.send(COUNTY, electrolytes({ controlId: controlId(), patient: victim, processing: 'D' }));
    expect(shownOf(await world.ask(CITY, asking(factsOf(victim, `C${victim.mrn}`))))).toEqual([]);
  });

  test('over a channel for trying is given no offer and no value', async () => {
    const victim = await victimAtCounty();
    const asker = await world.askerOf(CITY);
    const tried = await answer(
      world.gateway,
      { ...asker, channel: { ...asker.channel, test: true } },
      asking(factsOf(victim, `C${victim.mrn}`)),
    );
    if (!tried.ok) throw new Error(tried.refusal.code);
    expect(tried.value.items.map(({ offer }) => offer)).toEqual([null]);
    expect(JSON.stringify(printAnswer(tried.value))).not.toContain('4.1');
  });
});

describe('who spoils a patient of another hospital', () => {
  const poisons: readonly (readonly [
    string,
    (victim: ReturnType<typeof newVictim>) => Partial<ReturnType<typeof newVictim>>,
  ])[] = [
    ['the victim’s number under another name', () => ({ name: '投毒' })],
    ['the victim’s number with another birth date', () => ({ birthDate: '19800101' })],
    ['the victim’s number with the other sex', () => ({ sex: 'M' })],
    ['the victim’s name with another number', () => ({ national: residentNumber('1970-03-05', 996) })],
  ];

  test.each(poisons)('by %s changes nothing for the others', async (_, poison) => {
    const victim = await victimAtCounty();
    const asked = (): Promise<readonly string[]> =>
      world.ask(CITY, asking(factsOf(victim, `C${victim.mrn}`))).then(shownOf);
    expect(await asked()).toEqual([COUNTY]);
    const forged = { ...victim, ...poison(victim), mrn: `P${victim.mrn}` };
    const received = await world.send(TOWN, electrolytes({ controlId: controlId(), patient: forged }));
    expect(received.code).toBe('AA');
    expect(await asked()).toEqual([COUNTY]);
  });

  test('by joining honestly and then renaming its record only un-links that record', async () => {
    const victim = await victimAtCounty();
    const joined = { ...victim, mrn: `J${victim.mrn}` };
    await world.send(TOWN, electrolytes({ controlId: controlId(), patient: joined }));
    await world.send(TOWN, electrolytes({ controlId: controlId(), patient: { ...joined, name: '改名' } }));
    expect(shownOf(await world.ask(CITY, asking(factsOf(victim, `C${victim.mrn}`))))).toEqual([COUNTY]);
    const renamed = factsOf({ ...victim, name: '改名' }, joined.mrn);
    expect(shownOf(await world.ask(TOWN, asking(renamed)))).toEqual([]);
  });

  test('by using another hospital’s report number leaves that report alone', async () => {
    const victim = newVictim();
    const text = electrolytes({ controlId: controlId(), filler: 'STOLEN', patient: victim });
    await world.send(COUNTY, text);
    const thief = { ...newVictim() };
    const changed = ELECTROLYTES.map((line) => line.replace(/\|\|[\d.]+\|/, '||9.99|'));
    await world.send(TOWN, oru({ controlId: controlId(), filler: 'STOLEN', patient: thief, results: changed }));
    await world.send(
      TOWN,
      oru({ controlId: controlId(), filler: 'STOLEN', patient: victim, results: [], status: 'X' }),
    );
    expect(shownOf(await world.ask(CITY, asking(factsOf(victim, `C${victim.mrn}`))))).toEqual([COUNTY]);
  });

  test('by resending a report under another patient gets a quarantine, not the report', async () => {
    const victim = newVictim();
    await world.send(COUNTY, electrolytes({ controlId: controlId(), filler: 'MOVED', patient: victim }));
    const thief = newVictim();
    const moved = await world.send(COUNTY, electrolytes({ controlId: controlId(), filler: 'MOVED', patient: thief }));
    expect(moved.code).toBe('AE');
    expect(shownOf(await world.ask(CITY, asking(factsOf(thief, `C${thief.mrn}`))))).toEqual([]);
    expect(shownOf(await world.ask(CITY, asking(factsOf(victim, `C${victim.mrn}`))))).toEqual([COUNTY]);
  });
});

describe('an offer of another facility', () => {
  test('cannot be accepted, refused or revoked, and is answered as one that never was', async () => {
    const victim = await victimAtCounty();
    const [item] = (await world.ask(CITY, asking(factsOf(victim, `C${victim.mrn}`)))).items;
    const offer = item?.offer ?? '';
    const thief = await world.askerOf(TOWN);
    for (const outcome of ['accepted', 'refused', 'revoked'] as const) {
      const said = { outcome, at: world.clock.now() };
      const stolen = await reply(world.gateway, thief, { ...said, offer });
      const invented = await reply(world.gateway, thief, { ...said, offer: crypto.randomUUID() });
      expect(stolen).toEqual(invented);
      expect(stolen).toMatchObject({ ok: false, refusal: { category: 'not-found' } });
    }
    const own = await reply(world.gateway, await world.askerOf(CITY), {
      offer,
      outcome: 'accepted',
      at: world.clock.now(),
    });
    expect(own.ok).toBe(true);
  });
});

/** A resident number that ends in X. */
function numberWithX(): string {
  for (let sequence = 100; sequence < 996; sequence += 2) {
    const number = residentNumber('1970-03-05', sequence);
    if (number.endsWith('X')) return number;
  }
  throw new Error('no number ends in X');
}
