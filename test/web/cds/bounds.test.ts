/** Large and strange calls of CDS Hooks clients: each has a clear answer, and soon. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LIMITS } from '../../../src/base/limits.ts';
import { type App, openApp } from '../../support/app.ts';
import { CITY, COUNTY, DATABASES, openWorld, type TestDatabase, type TestWorld, TOWN } from '../../support/gateway.ts';
import { ELECTROLYTES, oru, ZHANG } from '../../support/messages.ts';
import { tokenFor } from '../../support/token.ts';

/** Far above what any of them takes, far below what a doctor would call hanging. */
const SOON_MS = 10_000;

describe('a call', () => {
  let database: TestDatabase;
  let world: TestWorld;
  let app: App;
  beforeAll(async () => {
    database = await DATABASES[0]!.open();
    world = await openWorld(database);
    app = openApp(world.gateway);
    const times = { collected: '20260301080000', reported: '20260301090000' };
    await world.send(COUNTY, oru({ controlId: 'R1', ...times, results: ELECTROLYTES, specimen: '血清' }));
  });
  afterAll(async () => {
    await world.close();
    await database.close();
  });

  const post = async (by: typeof CITY, path: string, body: object) => {
    const began = performance.now();
    const response = await app.request(`/cds-services/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await tokenFor(world.gateway, by)}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    expect(performance.now() - began).toBeLessThan(SOON_MS);
    return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as { cards?: { uuid: string }[] } };
  };
  /** 500 drafts of electrolytes, of which the first so many are selected. */
  const drafts = (selected: number, encounterId: string) => {
    const ids = Array.from({ length: 500 }, (_, n) => `d${n}`);
    const entry = ids.map((id) => ({
      resource: { resourceType: 'ServiceRequest', id, code: { coding: [{ code: 'DJZ' }] } },
    }));
    return {
      hook: 'order-select',
      hookInstance: 'x',
      context: {
        userId: 'Practitioner/1',
        patientId: 'p',
        encounterId,
        selections: ids.slice(0, selected).map((id) => `ServiceRequest/${id}`),
        draftOrders: { resourceType: 'Bundle', entry },
      },
      prefetch: {
        patient: {
          resourceType: 'Patient',
          identifier: [{ value: 'C1' }, { system: 'urn:oid:2.16.156.10011.1.3', value: ZHANG.national }],
          name: [{ text: ZHANG.name }],
          birthDate: '1970-03-05',
          gender: 'male',
        },
      },
    };
  };
  const said = (card: string | undefined) => ({
    card,
    outcome: 'accepted',
    outcomeTimestamp: new Date(Date.parse(world.clock.now())).toISOString(),
  });

  test('of 500 orders at once is refused whole and leaves no offer', async () => {
    const before = await world.store.read.counts();
    const { selections: _, ...context } = drafts(500, 'E500').context;
    for (const [path, body] of [
      ['concord-order-select', drafts(500, 'E500')],
      ['concord-order-sign', { ...drafts(500, 'E500'), hook: 'order-sign', context }],
    ] as const)
      expect(await post(CITY, path, body)).toMatchObject({ status: 400, body: { code: 'gateway/too-many-orders' } });
    expect((await world.store.read.counts()).offers).toBe(before.offers);
  });

  test('that selects as many of 500 as may be asked about at once is answered, with one card for one offer', async () => {
    const { status, body } = await post(CITY, 'concord-order-select', drafts(LIMITS.ordersPerQuestionMax, 'E100'));
    expect([status, body.cards?.length]).toEqual([200, 1]);
    const { body: one } = await post(CITY, 'concord-order-select', drafts(LIMITS.ordersPerQuestionMax + 1, 'E101'));
    expect(one).toMatchObject({ code: 'gateway/too-many-orders' });
  });

  test('of feedback for a thousand unknown cards says the first, and keeps a known one back from nothing', async () => {
    const { body } = await post(CITY, 'concord-order-select', drafts(1, 'E1'));
    const card = body.cards?.[0]?.uuid;
    const unknown = Array.from({ length: 999 }, (_, n) =>
      said(`00000000-0000-4000-8000-${String(n).padStart(12, '0')}`),
    );
    expect(await post(CITY, 'concord-order-select/feedback', { feedback: [...unknown, said(card)] })).toMatchObject({
      status: 404,
      body: { code: 'gateway/unknown-offer', at: 'feedback[0]' },
    });
    expect((await post(CITY, 'concord-order-select', drafts(1, 'E1'))).body.cards).toEqual([]);
    const more = { feedback: [...unknown, said(card), said(card)] };
    expect(await post(CITY, 'concord-order-select/feedback', more)).toMatchObject({
      status: 400,
      body: { code: 'web/wrong-shape' },
    });
  });

  test("of feedback for another facility's card is answered like one for no card, and saves nothing", async () => {
    const { body } = await post(CITY, 'concord-order-select', drafts(1, 'E2'));
    const card = body.cards?.[0]?.uuid ?? '';
    expect(await post(TOWN, 'concord-order-select/feedback', { feedback: [said(card)] })).toMatchObject({
      status: 404,
      body: { code: 'gateway/unknown-offer', at: 'feedback[0]' },
    });
    const entries = await world.store.transaction((tx) => tx.entriesOf(card));
    expect(entries.map(({ kind }) => kind)).toEqual(['offered']);
    expect((await post(CITY, 'concord-order-select', drafts(1, 'E2'))).body.cards).toHaveLength(1);
  });
});
