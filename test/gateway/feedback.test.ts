/** Replies that come repeated, late and in any order end in one answer: the latest act of the doctor. */
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { latestReply } from '../../src/gateway/reply.ts';
import { savedSum } from '../../src/ledger/saved-sum.ts';
import type { Instant } from '../../src/terms/instant.ts';
import type { Reply } from '../../src/terms/reply.ts';
import { CITY, COUNTY, DATABASES, expectOk, openWorld, type TestDatabase, type TestWorld } from '../support/gateway.ts';
import { oru, ZHANG } from '../support/messages.ts';

describe.each(DATABASES)('on $name', (kind) => {
  let database: TestDatabase;
  let world: TestWorld;
  let visits = 0;
  beforeAll(async () => {
    database = await kind.open();
    world = await openWorld(database);
    const results = ['NM|K^钾^L||4.1|mmol/L|3.5-5.3||||F'];
    await world.send(COUNTY, oru({ controlId: 'F1', results, specimen: '血清' }));
  });
  afterAll(async () => {
    await world.close();
    await database.close();
  });

  /** A fresh offer, each of a visit of its own. */
  async function offered(): Promise<string> {
    const answer = await world.ask(CITY, {
      patient: {
        identifiers: [
          { type: 'PI', system: '', value: 'CF', at: 'patient' },
          { type: '', system: 'urn:oid:2.16.156.10011.1.3', value: ZHANG.national, at: 'patient' },
        ],
        names: [ZHANG.name],
        birthDate: '1970-03-05',
        sex: 'male',
        at: 'patient',
      },
      encounter: `V${++visits}`,
      orders: [{ key: 'k', system: 'http://loinc.org', code: '2823-3' }],
    });
    return answer.items[0]?.offer ?? '';
  }

  const at = (minute: number): Instant => `2026-03-01T04:${String(minute).padStart(2, '0')}:00.000Z` as Instant;
  const say = async (offer: string, said: Omit<Reply, 'offer'>) =>
    latestReply(world.gateway, await world.askerOf(CITY), { offer, ...said });
  const entries = (offer: string) => world.store.transaction((tx) => tx.entriesOf(offer));
  /** What stands in the end: outcome, reason, and what it saves. */
  const state = async (offer: string) => {
    const all = await entries(offer);
    const last = all.findLast((entry) => entry.kind !== 'offered');
    return [last?.kind, last?.reason, savedSum(all).fen];
  };

  const acts: fc.Arbitrary<readonly Omit<Reply, 'offer'>[]> = fc
    .array(
      fc.record({
        outcome: fc.constantFrom('accepted' as const, 'refused' as const),
        at: fc.nat({ max: 3 }).map(at),
        reason: fc.constantFrom('01', '98'),
      }),
      { minLength: 1, maxLength: 5 },
    )
    .map((said) => said.map(({ reason, ...one }) => (one.outcome === 'refused' ? { ...one, reason } : one)));

  test('any order of them gives one state', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(acts, fc.array(fc.nat(), { minLength: 10, maxLength: 10 }), async (said, places) => {
        const shuffled = said.toSorted((a, b) => (places[said.indexOf(a)] ?? 0) - (places[said.indexOf(b)] ?? 0));
        const [one, two] = [await offered(), await offered()];
        for (const act of said) expectOk(await say(one, act));
        for (const act of [...shuffled, ...said.toReversed()]) expectOk(await say(two, act));
        expect(await state(two)).toEqual(await state(one));
      }),
      { numRuns: 40 },
    );
  });

  test('a later act overtakes an earlier one, and an earlier one that comes late changes nothing', async () => {
    const offer = await offered();
    expectOk(await say(offer, { outcome: 'accepted', at: at(1) }));
    expectOk(await say(offer, { outcome: 'refused', reason: '01', at: at(3) }));
    expectOk(await say(offer, { outcome: 'accepted', at: at(2) }));
    expect((await entries(offer)).map((entry) => entry.kind)).toEqual(['offered', 'accepted', 'revoked', 'refused']);
  });

  test('one that is refused leaves what stands', async () => {
    const offer = await offered();
    expectOk(await say(offer, { outcome: 'accepted', at: at(1) }));
    const wrong = await say(offer, { outcome: 'refused', reason: '77', at: at(2) });
    expect(wrong.ok ? '' : wrong.refusal.code).toBe('ledger/unknown-reason');
    expect((await state(offer))[0]).toBe('accepted');
  });

  test('ten at once are one', async () => {
    const offer = await offered();
    const said = Array.from({ length: 10 }, (_, minute) => ({ outcome: 'accepted', at: at(minute) }) as const);
    await Promise.all(said.map((one) => say(offer, one)));
    expect((await entries(offer)).map((entry) => entry.kind)).toEqual(['offered', 'accepted']);
  });
});
