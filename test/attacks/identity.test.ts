/**
 * Ways by which one human's results could become another's, or a hospital's results nobody's: each was open once.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answer } from '../../src/gateway/answer.ts';
import { receiveHl7v2 } from '../../src/gateway/receive-hl7v2.ts';
import { setOptOut } from '../../src/gateway/steward.ts';
import type { Bucket } from '../../src/terms/bucket.ts';
import { CITY, COUNTY, openWorld, type TestDatabase, type TestWorld, TOWN } from '../support/gateway.ts';
import { openAttacked, asking, electrolytes, factsOf, newVictim, shownOf, type Victim } from './attack-world.ts';

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
const controlId = (): string => `I${controlIds++}`;

async function expectKeptFromThief(victim: Victim): Promise<void> {
  const thief = factsOf(victim, `T${victim.mrn}`, { names: ['冒名者'] });
  expect(shownOf(await world.ask(TOWN, asking(thief)))).toEqual([]);
  expect(shownOf(await world.ask(CITY, asking(factsOf(victim, `C${victim.mrn}`))))).toEqual([COUNTY]);
}

describe('the holder of a number stays its holder', () => {
  test('after a message of the same record that states no number', async () => {
    const victim = newVictim();
    await world.send(COUNTY, electrolytes({ controlId: controlId(), patient: victim }));
    const { national: _, ...withoutNumber } = victim;
    const later = electrolytes({ controlId: controlId(), filler: `F${victim.mrn}`, patient: withoutNumber });
    await world.send(COUNTY, later.replace('^^^^PI', '^^^^PI~V9^^^^VN'));
    await expectKeptFromThief(victim);
  });

  test('after a message of the same record that states no name', async () => {
    const victim = newVictim();
    await world.send(COUNTY, electrolytes({ controlId: controlId(), patient: victim }));
    await world.send(COUNTY, electrolytes({ controlId: controlId(), patient: { ...victim, name: '' } }));
    await expectKeptFromThief(victim);
  });
});

test('a newborn that came first under its mother’s number neither keeps her out nor shows her its results', async () => {
  const mother = newVictim();
  const newborn = { ...mother, mrn: `N${mother.mrn}`, name: `${mother.name}之女`, birthDate: '' };
  await world.send(TOWN, electrolytes({ controlId: controlId(), patient: newborn }));
  await world.send(COUNTY, electrolytes({ controlId: controlId(), patient: mother }));
  expect(shownOf(await world.ask(CITY, asking(factsOf(mother, `C${mother.mrn}`))))).toEqual([COUNTY]);
});

describe('a channel for trying', () => {
  test('does not make a resend of what later arrives in earnest', async () => {
    const victim = newVictim();
    const bytes = new TextEncoder().encode(electrolytes({ controlId: controlId(), patient: victim }));
    const { facility, channel } = await world.askerOf(COUNTY);
    await receiveHl7v2(world.gateway, { bytes, facility, channel: { ...channel, test: true } });
    const inEarnest = await receiveHl7v2(world.gateway, { bytes, facility, channel });
    expect(inEarnest.resend).toBe(false);
    expect(shownOf(await world.ask(CITY, asking(factsOf(victim, `C${victim.mrn}`))))).toEqual([COUNTY]);
  });

  test('changes no record by asking', async () => {
    const victim = newVictim();
    await world.send(COUNTY, electrolytes({ controlId: controlId(), patient: victim }));
    const { facility, channel } = await world.askerOf(COUNTY);
    const tried = asking(factsOf(victim, victim.mrn, { names: ['乱写'] }));
    await answer(world.gateway, { facility, channel: { ...channel, test: true } }, tried);
    expect(shownOf(await world.ask(CITY, asking(factsOf(victim, `C${victim.mrn}`))))).toEqual([COUNTY]);
  });
});

test('an opt-out of a patient that is not there is refused, never answered as done', async () => {
  const nobody = { bucket: 1 as Bucket, patient: 'nobody', facility: CITY };
  expect(await setOptOut(world.gateway, { patient: nobody, optOut: true, steward: 's' })).toMatchObject({
    ok: false,
    refusal: { code: 'gateway/unknown-patient' },
  });
});
