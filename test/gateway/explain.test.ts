/** An old decision is made again to the letter, whatever was corrected, linked, mapped or configured since. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { importCatalogue } from '../../src/gateway/catalogue-versions.ts';
import { putCodes, putFacilities } from '../../src/gateway/configure.ts';
import { explain } from '../../src/gateway/explain.ts';
import { readCatalogueFolder } from '../../src/runtime/node/configuration-files.ts';
import { setOptOut } from '../../src/gateway/steward.ts';
import type { Question } from '../../src/terms/question.ts';
import { CITY, COUNTY, DATABASES, expectOk, openWorld, type TestDatabase, type TestWorld } from '../support/gateway.ts';
import { ELECTROLYTES, oru, residentNumber, ZHANG } from '../support/messages.ts';
import { openSql } from '../support/sql.ts';

const electrolytes = (
  controlId: string,
  results = ELECTROLYTES,
  more: Partial<Parameters<typeof oru>[0]> = {},
): string => oru({ controlId, results, ...more, specimen: '血清' });

const QUESTION: Question = {
  patient: {
    identifiers: [
      { type: 'PI', system: '', value: 'C9', at: 'patient' },
      { type: '', system: 'urn:oid:2.16.156.10011.1.3', value: ZHANG.national, at: 'patient' },
    ],
    names: [ZHANG.name],
    birthDate: '1970-03-05',
    sex: 'male',
    at: 'patient',
  },
  encounter: 'E9',
  orders: [
    { key: 'salts', system: '', code: 'DJZ', priority: 'routine' },
    { key: 'blood', system: '', code: 'XCG', priority: 'stat' },
  ],
};

describe.each(DATABASES)('on $name', (kind) => {
  let database: TestDatabase;
  let world: TestWorld;
  let sql: ReturnType<typeof openSql>;
  let offer: string;
  beforeAll(async () => {
    database = await kind.open();
    world = await openWorld(database);
    sql = openSql(database.url);
    // An older report of the same items, so that something was judged that the card does not name.
    await world.send(
      COUNTY,
      electrolytes('X1', ELECTROLYTES, { collected: '20260228083000', reported: '20260228093000' }),
    );
    await world.send(COUNTY, electrolytes('X2', ['NM|K^钾^L||4.4|mmol/L|3.5-5.3||||F', ...ELECTROLYTES.slice(1)]));
    const answer = await world.ask(CITY, QUESTION);
    offer = answer.items[0]?.offer ?? '';
    expect(answer.items[0]?.decision).toMatchObject({ verdict: 'recognise', coverage: 'full' });
  });
  afterAll(async () => {
    await sql.end();
    await world.close();
    await database.close();
  });

  const again = async () => expectOk(await explain(world.gateway, offer));

  test('the same decision comes again, with a sentence for every check', async () => {
    const { differences, decision } = await again();
    expect(differences).toEqual([]);
    expect(decision.items.flatMap(({ checks }) => checks).every(({ why }) => why.zh !== '' && why.en !== '')).toBe(
      true,
    );
  });

  test('keeps what was judged beside, what was said of the patient, and that another order was urgent', async () => {
    const { offer: kept } = await again();
    expect(kept.inputs?.others).toHaveLength(4);
    expect(kept.inputs).toMatchObject({
      circumstances: { birthDate: '1970-03-05', sex: 'male' },
      priority: 'routine',
      beside: ['stat'],
    });
    const [row] = await sql`select inputs::text from offer where id = ${offer}`;
    expect(String(row?.['inputs'])).not.toContain(Buffer.from('1970-03-05').toString('hex'));
  });

  test('nothing that happens later changes it', async () => {
    await world.send(
      COUNTY,
      electrolytes('X3', ['NM|K^钾^L||9.9|mmol/L|3.5-5.3|HH|||C', ...ELECTROLYTES.slice(1)], {
        filler: 'RX2',
        status: 'C',
      }),
    );
    expect((await again()).differences).toEqual([]);
    const { facilities } = await world.gateway.reference.current();
    const county = facilities.get(COUNTY);
    if (county === undefined) throw new Error('the world has a county hospital');
    expectOk(await putFacilities(world.gateway, [{ ...county, name: '改名医院', alliances: [], area: '990000' }]));
    expectOk(
      await putCodes(world.gateway, [
        { facility: COUNTY, kind: 'result', system: '', code: 'K', display: '', target: '' },
      ]),
    );
    const windows = { columns: ['item', 'level', 'area', 'hours', 'valid_from', 'valid_to', 'source'] };
    const fields = { item: 'K', level: '', area: '', hours: '0', valid_from: '2020-01-01', valid_to: '', source: 'x' };
    const imported = await importCatalogue(world.gateway, {
      'windows.csv': { ...windows, records: [{ line: 2, fields }] },
    });
    expect(imported.problems).toEqual([]);
    const { offer: kept } = await again();
    expectOk(await setOptOut(world.gateway, { patient: kept.patient, optOut: true, steward: 's' }));
    const { differences, decision } = await again();
    expect(differences).toEqual([]);
    expect(decision.verdict).toBe('recognise');
    // The same question today is answered otherwise.
    const today = await world.ask(CITY, { ...QUESTION, encounter: 'E10' });
    expect(today.items[0]?.decision.verdict).toBe('do-not');
  });

  test('a decision that was changed in the database is told by where it differs', async () => {
    await sql`update offer set decision = replace(decision, '"verdict":"recognise","coverage":"full"', '"verdict":"review","coverage":"full"') where id = ${offer}`;
    expect((await again()).differences).toEqual([{ at: 'verdict', kept: '"review"', made: '"recognise"' }]);
  });

  test('an offer that is not there, and one from before inputs were kept, are told apart', async () => {
    const code = async (id: string) => {
      const outcome = await explain(world.gateway, id);
      return outcome.ok ? 'explained' : outcome.refusal.code;
    };
    expect(await code('none')).toBe('gateway/unknown-offer');
    await sql`update offer set inputs = null, key_id = null where id = ${offer}`;
    expect(await code(offer)).toBe('gateway/no-inputs');
  });

  test('whether an emergency was said of every order of the question is kept too', async () => {
    const fields = { item: 'HGB', situation: 'emergency', years: '', source: 'x' };
    const situations = { columns: Object.keys(fields), records: [{ line: 2, fields }] };
    const items = readCatalogueFolder('mappings/catalogue')['items.csv'];
    if (items === undefined) throw new Error('the sample has items');
    const records = items.records.map(({ line, fields: row }) => ({
      line,
      fields: row['item'] === 'HGB' ? { ...row, checks: `${row['checks']};situation` } : row,
    }));
    const imported = await importCatalogue(world.gateway, {
      'items.csv': { ...items, records },
      'situations.csv': situations,
    });
    expect(imported.problems).toEqual([]);
    const who = { ...ZHANG, mrn: 'H1', national: residentNumber('1970-03-05', 31), name: '试验三一' };
    await world.send(
      CITY,
      oru({ controlId: 'B1', patient: who, results: ['NM|HGB^血红蛋白^L||141|g/L|130-175||||F'] }),
    );
    const identifiers = [
      { type: 'PI', system: '', value: who.mrn, at: 'patient' },
      { type: '', system: 'urn:oid:2.16.156.10011.1.3', value: who.national, at: 'patient' },
    ];
    const patient = { ...QUESTION.patient, identifiers, names: [who.name] };
    const ordered = { key: 'h', system: '', code: 'HGB', priority: 'routine' } as const;
    const states = await Promise.all(
      [
        [ordered],
        [ordered, { key: 'o', system: '', code: 'WHAT' }],
        [ordered, { key: 's', system: '', code: 'WHAT', priority: 'stat' as const }],
      ].map(async (orders, index) => {
        const asked = await world.ask(CITY, { ...QUESTION, patient, encounter: `EM${index}`, orders });
        const [first] = asked.items;
        const made = expectOk(await explain(world.gateway, first?.offer ?? ''));
        expect(made.differences).toEqual([]);
        return first?.decision.items[0]?.checks.find(({ code }) => code === 'situation')?.state;
      }),
    );
    expect(states).toEqual(['passed', 'unknown', 'failed']);
  });
});
