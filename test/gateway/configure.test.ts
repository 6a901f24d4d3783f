/** Configuration that comes after the messages: what is stored follows maps and catalogues; bad rows are refused by number. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { putCodes, putFacilities, unmappedCodes } from '../../src/gateway/configure.ts';
import { importCatalogue } from '../../src/gateway/catalogue-versions.ts';
import { readCatalogueFolder } from '../../src/runtime/node/configuration-files.ts';
import type { CodeMapRow } from '../../src/terms/code-map.ts';
import type { Facility, FacilityId } from '../../src/terms/facility.ts';
import { resolve } from 'node:path';
import { COUNTY, DATABASES, expectOk, openWorld, type TestDatabase, type TestWorld } from '../support/gateway.ts';
import { oru } from '../support/messages.ts';
import { openSql } from '../support/sql.ts';

let database: TestDatabase;
let world: TestWorld;
let sql: ReturnType<typeof openSql>;
beforeAll(async () => {
  database = await DATABASES[0]!.open();
  world = await openWorld(database);
  sql = openSql(database.url);
});
afterAll(async () => {
  await sql.end();
  await world.close();
  await database.close();
});

const CATALOGUE = readCatalogueFolder(resolve(import.meta.dirname, '../../mappings/catalogue'));

/** The sample catalogue's tables with some of its items, and what names them, left out. */
function without(...items: readonly string[]) {
  const kept = (file: string, ...columns: readonly string[]) => {
    const table = CATALOGUE[file];
    if (table === undefined) throw new Error('the sample has this table');
    const names = ({ fields }: { fields: Readonly<Record<string, string>> }): boolean =>
      columns.some((column) => items.includes((fields[column] ?? '').replace(/^P-/, '')));
    return [file, { ...table, records: table.records.filter((record) => !names(record)) }] as const;
  };
  return Object.fromEntries([
    kept('items.csv', 'item'),
    kept('panels.csv', 'item'),
    kept('price-items.csv', 'covers'),
    kept('prices.csv', 'price_item'),
    kept('containment.csv', 'outer', 'inner'),
    kept('situations.csv', 'item'),
  ]);
}

async function activate(tables: Parameters<typeof importCatalogue>[1]): Promise<number> {
  const imported = await importCatalogue(world.gateway, { ...CATALOGUE, ...tables });
  expect(imported.problems.filter(({ severity }) => severity !== 'information')).toEqual([]);
  expect(imported.catalogue).toBeDefined();
  return imported.reindexed;
}

const itemsOf = async (code: string) =>
  (await sql<{ item: string | null }[]>`select item from result_entry where code = ${code} and known_to is null`).map(
    ({ item }) => item,
  );
const queue = async () => (await unmappedCodes(world.gateway, COUNTY)).map(({ code }) => code);
const result = (code: string, target: string): CodeMapRow => ({
  facility: COUNTY,
  kind: 'result',
  system: '',
  code,
  display: '',
  target,
});

describe('a catalogue that comes after the messages', () => {
  test('gives stored results the items that it brings, by code map and by LOINC alone', async () => {
    await activate(without('CRP'));
    expectOk(await putCodes(world.gateway, [result('K9', 'K')]));
    await world.send(
      COUNTY,
      oru({
        controlId: 'CAT1',
        results: [
          'NM|CRPX^C反应蛋白^L^1988-5^C reactive protein^LN||3.1|mg/L|0-10||||F',
          'NM|K9^钾^L||4.1|mmol/L|3.5-5.3||||F',
        ],
      }),
    );
    expect(await itemsOf('CRPX')).toEqual([null]);
    expect(await itemsOf('K9')).toEqual(['K']);
    expect(await activate({})).toBe(1);
    expect(await itemsOf('CRPX')).toEqual(['CRP']);
    expect(await activate({})).toBe(0);
  });

  test('takes the item of what it no longer has, and puts its code back into the mapping queue', async () => {
    await activate({});
    expectOk(await putCodes(world.gateway, [result('K9', 'K'), result('NOTE', '')]));
    await world.send(
      COUNTY,
      oru({
        controlId: 'CAT2',
        results: ['NM|K9^钾^L||4.2|mmol/L|3.5-5.3||||F', 'ST|NOTE^备注^L||溶血|||||||F'],
      }),
    );
    expect(await queue()).not.toContain('K9');
    await activate(without('K'));
    expect(new Set(await itemsOf('K9'))).toEqual(new Set([null]));
    expect(await queue()).toContain('K9');
    expect(await queue()).not.toContain('NOTE');
    await activate({});
    expect(new Set(await itemsOf('K9'))).toEqual(new Set(['K']));
    expect(await queue()).not.toContain('K9');
  });
});

describe('a facility', () => {
  const facility = (id: string, over: Partial<Facility> = {}): Facility => ({
    id: id as FacilityId,
    name: '试验医院',
    level: 2,
    area: '000001',
    alliances: [],
    zone: 'Asia/Shanghai',
    profile: { update: 'delta' },
    ...over,
  });
  const put = (...facilities: readonly Facility[]) => putFacilities(world.gateway, facilities);
  const profileOf = async (id: string) =>
    (await world.gateway.reference.current()).facilities.get(id as FacilityId)?.profile;

  test.each([
    ['update', { update: 'snapshot' }],
    ['report key', { update: 'delta', reportKey: ['filler'] }],
    ['element key', { update: 'delta', elementKeyByObx21: true }],
    ['patient key', { update: 'delta', patientKeyTypes: ['MR'] }],
    ['national number', { update: 'delta', nationalIdType: 'SFZ' }],
  ] as const)('that is known keeps its profile’s %s unless it is to be replaced', async (what, profile) => {
    const id = `known-${what.replace(' ', '-')}`;
    expectOk(await put(facility(id, { profile })));
    expect(await put(facility(`new-${what}`), facility(id))).toMatchObject({
      ok: false,
      refusal: { category: 'conflict', code: 'gateway/profile-change', at: 'row 2' },
    });
    expect(await profileOf(id)).toEqual(profile);
    expect(await profileOf(`new-${what}`)).toBeUndefined();
    expectOk(await put(facility(id, { name: '改名', profile })));
    expectOk(await putFacilities(world.gateway, [facility(id)], { replace: true }));
    expect(await profileOf(id)).toEqual({ update: 'delta' });
  });

  test('may change what makes no key', async () => {
    expectOk(
      await put(facility('free', { profile: { update: 'delta', charset: 'GB18030', elementKeyByObx21: false } })),
    );
    expectOk(await put(facility('free', { level: 3, profile: { update: 'delta', conflictHours: 12 } })));
    expect(await profileOf('free')).toEqual({ update: 'delta', conflictHours: 12 });
  });

  test('has a parent that is known or comes with it, and is not its own', async () => {
    const orphan = await put(facility('child', { parent: 'nobody' as FacilityId }));
    expect(orphan).toMatchObject({ ok: false, refusal: { code: 'gateway/unknown-parent', at: 'row 1' } });
    expect((await put(facility('own', { parent: 'own' as FacilityId }))).ok).toBe(false);
    expectOk(await put(facility('child', { parent: 'parent' as FacilityId }), facility('parent')));
    expectOk(await put(facility('grandchild', { parent: 'child' as FacilityId })));
  });

  test('never has the region’s own id', async () => {
    expect(await put(facility('region'))).toMatchObject({ ok: false, refusal: { code: 'gateway/reserved-id' } });
  });
});

describe('a code map', () => {
  test('re-indexes what is stored, also by a row that names the LOINC code', async () => {
    await world.send(
      COUNTY,
      oru({ controlId: 'MAP1', results: ['NM|SOD^钠^L^2951-2^Sodium^LN||140|mmol/L|137-147||||F'] }),
    );
    expect(await itemsOf('SOD')).toEqual(['NA']);
    expect(expectOk(await putCodes(world.gateway, [result('2951-2', '')])).reindexed).toBe(1);
    expect(await itemsOf('SOD')).toEqual([null]);
    expect(expectOk(await putCodes(world.gateway, [result('SOD', 'NA')])).reindexed).toBe(1);
    expect(await itemsOf('SOD')).toEqual(['NA']);
  });

  test('with a target that the catalogue does not have is refused whole, by row and without the value', async () => {
    await world.send(COUNTY, oru({ controlId: 'MAP2', results: ['NM|TYP^某项^L||1|mmol/L|||||F'] }));
    const rows = [result('TYP', 'K'), result('OTHER', 'TYPO'), { ...result('P', 'CBC') }];
    const refused = await putCodes(world.gateway, rows);
    expect(refused).toMatchObject({ ok: false, refusal: { code: 'gateway/unknown-target', at: 'row 2, row 3' } });
    expect(JSON.stringify(refused)).not.toContain('TYPO');
    expect(await itemsOf('TYP')).toEqual([null]);
    expect(await queue()).toContain('TYP');
    expectOk(await putCodes(world.gateway, [{ ...result('P', 'CBC'), kind: 'order' }, result('TYP', '')]));
    expect(await queue()).not.toContain('TYP');
  });

  test('of very many bad rows tells the first twenty and their number', async () => {
    const rows = Array.from({ length: 25 }, (_, index) => result(`X${index}`, 'TYPO'));
    const refused = await putCodes(world.gateway, rows);
    expect(refused).toMatchObject({ ok: false, refusal: { at: expect.stringMatching(/row 20 and 5 more$/) } });
  });
});
