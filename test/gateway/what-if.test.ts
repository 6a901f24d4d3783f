/** The past under other rules: the catalogue of then reproduces it exactly, another one is told with what was known then. */
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { importCatalogue } from '../../src/gateway/catalogue-versions.ts';
import { whatIf } from '../../src/gateway/what-if/what-if.ts';
import { readCatalogueFolder } from '../../src/runtime/node/configuration-files.ts';
import type { FacilityId } from '../../src/terms/facility.ts';
import type { WhatIf } from '../../src/terms/what-if.ts';
import { ADMIN, openApp } from '../support/app.ts';
import {
  CITY,
  COUNTY,
  DATABASES,
  expectOk,
  openWorld,
  type TestDatabase,
  type TestWorld,
  TOWN,
} from '../support/gateway.ts';
import { oru } from '../support/messages.ts';
import { type Person, person, questionOf } from '../support/people.ts';

const CATALOGUE = resolve(import.meta.dirname, '../../mappings/catalogue');

/** Of potassium in the sample catalogue, at a hospital of level 3 and of level 1. */
const [CITY_FEN, TOWN_FEN] = [850, 680];

describe.each(DATABASES)('on $name', (kind) => {
  let database: TestDatabase;
  let world: TestWorld;
  let count = 0;
  let active = '';
  beforeAll(async () => {
    database = await kind.open();
    world = await openWorld(database);
    active = (await world.gateway.reference.current()).catalogue?.digest ?? '';
    await play();
  });
  afterAll(async () => {
    await world.close();
    await database.close();
  });

  const send = (
    from: FacilityId,
    who: Person,
    collected: string,
    over: { filler: string; value?: string; status?: string },
  ) =>
    world.send(
      from,
      oru({
        controlId: `W${++count}`,
        patient: { ...who, mrn: `${from}-${who.mrn}` },
        filler: over.filler,
        collected,
        reported: collected,
        results: [`NM|K^钾^L||${over.value ?? '4.1'}|mmol/L|3.5-5.3||||${over.status ?? 'F'}`],
        specimen: '血清',
      }),
    );

  const ask = async (by: FacilityId, who: Person, encounter: string) => {
    const answer = await world.ask(by, questionOf(by, who, { encounter, key: `o${++count}` }));
    return answer.items[0]?.decision.verdict;
  };

  /** Potassium on 1 March at the county; asked for at other hospitals a day, five days and twelve days later. */
  async function play(): Promise<void> {
    const [fresh, stale, old, corrected, changed, nobody] = [1, 2, 3, 4, 5, 6].map(person) as [
      Person,
      Person,
      Person,
      Person,
      Person,
      Person,
    ];
    for (const who of [fresh, stale, old, corrected, changed])
      await send(COUNTY, who, '20260301080000', { filler: `F${who.mrn}` });
    world.clock.turnTo('2026-03-02T03:00:00Z');
    expect(await ask(CITY, fresh, 'E1')).toBe('recognise');
    // A screen asks twice in one visit: one order.
    expect(await ask(CITY, fresh, 'E1')).toBe('recognise');
    expect(await ask(CITY, corrected, 'E2')).toBe('recognise');
    expect(await ask(TOWN, changed, 'E3')).toBe('recognise');
    expect(await ask(TOWN, nobody, 'E4')).toBe('do-not');
    await send(COUNTY, corrected, '20260301080000', { filler: `F${corrected.mrn}`, value: '5.0', status: 'C' });
    await send(CITY, changed, '20260303080000', { filler: 'N1', value: '6.9' });
    world.clock.turnTo('2026-03-06T03:00:00Z');
    expect(await ask(CITY, stale, 'E5')).not.toBe('recognise');
    world.clock.turnTo('2026-03-13T03:00:00Z');
    expect(await ask(CITY, old, 'E6')).toBe('do-not');
    // What became known after the last order changes nothing of it.
    await send(COUNTY, old, '20260312080000', { filler: 'N2' });
    world.clock.turnTo('2026-03-20T03:00:00Z');
  }

  const run = async (candidate: string, span = { from: '2026-03-01', to: '2026-03-31' }): Promise<WhatIf> => {
    let result: WhatIf | undefined;
    for await (const step of expectOk(await whatIf(world.gateway, { candidate, ...span }))) ({ result } = step);
    if (result === undefined) throw new Error('no result');
    return result;
  };

  /** The active catalogue with another window of potassium. */
  const withWindow = async (hours: number): Promise<string> => {
    const tables = readCatalogueFolder(CATALOGUE);
    const items = tables['items.csv'];
    if (items === undefined) throw new Error('no items');
    const { 'marks.csv': _marks, ...kept } = tables;
    const imported = await importCatalogue(
      world.gateway,
      {
        ...kept,
        'items.csv': {
          columns: items.columns,
          records: items.records.map(({ line, fields }) => ({
            line,
            fields: fields['item'] === 'K' ? { ...fields, window_hours: String(hours) } : fields,
          })),
        },
      },
      { activate: false },
    );
    if (imported.catalogue === undefined) throw new Error(JSON.stringify(imported.problems.slice(0, 3)));
    return imported.catalogue.digest;
  };

  test('the catalogue of then reproduces what was', async () => {
    const result = await run(active);
    expect(result).toMatchObject({ differing: 0, gained: 0, lost: 0, undecidable: 0, decidedBy: [active] });
    expect(result.would).toEqual(result.was);
    expect(result.was).toMatchObject({ orders: 6, recognise: 3 });
    expect(result.was.possibleFen).toBeGreaterThan(0);
    expect(result.lines.map(({ target }) => target)).toEqual(['K']);
  });

  test('tells the risks of what was recognised by what is known today', async () => {
    expect((await run(active)).was.risks).toEqual({ corrected: 1, critical: 0, changed: 1 });
  });

  test('a longer window finds what nobody looked for then, and nothing that was not known then', async () => {
    const candidate = await withWindow(400);
    const result = await run(candidate);
    expect(result).toMatchObject({ candidate, decidedBy: [active], gained: 2, lost: 0 });
    expect(result.would).toMatchObject({ orders: 6, recognise: 5 });
    const [city, town] = [CITY_FEN, TOWN_FEN];
    expect([result.was.possibleFen, result.would.possibleFen]).toEqual([2 * city + town, 4 * city + town]);
  });

  test('a shorter window loses what was used', async () => {
    const result = await run(await withWindow(12));
    expect(result).toMatchObject({ gained: 0, lost: 3 });
    expect(result.would).toMatchObject({ recognise: 0, possibleFen: 0 });
    expect(result.was.recognise).toBe(3);
  });

  test('looks at the days asked for, and leaves nothing behind', async () => {
    const before = await world.store.read.counts();
    expect((await run(active, { from: '2026-03-06', to: '2026-03-06' })).was.orders).toBe(1);
    expect((await run(active, { from: '2026-04-01', to: '2026-04-30' })).was.orders).toBe(0);
    expect(await world.store.read.counts()).toEqual(before);
  });

  test('comes line by line for the administrator, and refuses what is no span and no version', async () => {
    const app = openApp(world.gateway);
    const get = (query: string, token = ADMIN) =>
      app.request(`/admin/what-if?${query}`, { headers: { authorization: `Bearer ${token}` } });
    const told = await get(`catalogue=${active}&from=2026-03-01&to=2026-03-31`);
    const lines = (await told.text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { result?: WhatIf });
    expect(lines.at(-1)?.result).toEqual(await run(active));
    for (const span of ['from=2026-03-02&to=2026-03-01', 'from=2026-03&to=2026-04', 'from=x&to=']) {
      const refused = await get(`catalogue=${active}&${span}`);
      expect([refused.status, await refused.json()]).toMatchObject([400, { code: 'gateway/bad-span' }]);
    }
    expect((await get('catalogue=none&from=2026-03-01&to=2026-03-02')).status).toBe(404);
    expect((await get(`catalogue=${active}&from=2026-03-01&to=2026-03-02`, 'x')).status).toBe(401);
  });
});
