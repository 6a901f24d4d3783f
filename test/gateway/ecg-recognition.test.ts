/** From the file of an electrocardiograph to the answer at the order screen: what the signal says of itself decides. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { receiveEcg } from '../../src/gateway/ecg/receive-ecg.ts';
import type { Question } from '../../src/terms/question.ts';
import { COUNTY, DATABASES, openWorld, type TestDatabase, type TestWorld } from '../support/gateway.ts';
import { type EcgWish, scpFile } from '../support/scp-file.ts';

let database: TestDatabase;
let world: TestWorld;
beforeAll(async () => {
  database = await DATABASES[0]!.open();
  world = await openWorld(database);
});
afterAll(async () => {
  await world.close();
  await database.close();
});

/** No two are one recording. */
let made = 0;

/** The file arrives, and the same hospital orders an ECG of the patient. */
async function decided(wish: EcgWish, said: Partial<Question>) {
  const bytes = scpFile({ date: '2026-03-01', ...wish, shift: ++made });
  const received = await receiveEcg(world.gateway, { bytes, ...(await world.askerOf(COUNTY)) });
  expect(received.outcome).toBe('stored');
  const { items } = await world.ask(COUNTY, {
    patient: {
      identifiers: [{ type: 'PI', system: '', value: wish.id, at: 'patient' }],
      names: ['CESHI JIA'],
      at: 'patient',
    },
    encounter: `E-${wish.id}`,
    orders: [{ key: 'ecg', system: 'http://loinc.org', code: '34534-8' }],
    ...said,
  });
  return items[0];
}

const openChecks = (item: Awaited<ReturnType<typeof decided>>) =>
  (item?.decision.items[0]?.checks ?? [])
    .filter(({ state }) => state === 'failed' || state === 'unknown')
    .map(({ code, state }) => `${code} ${state}`);

test.each<[string, Omit<EcgWish, 'id'>, Partial<Question>, string, readonly string[]]>([
  ['signed, of this morning, at a check-up', { confirmed: 1 }, { situations: [] }, 'recognise', []],
  ['signed, before surgery', { confirmed: 1 }, { situations: ['surgery-ahead'] }, 'recognise', []],
  ['of which nobody says what it is for', { confirmed: 1 }, {}, 'review', ['situation unknown']],
  ['that the machine alone read', { confirmed: 0 }, { situations: [] }, 'do-not', ['status-final failed']],
  ['of 250 samples a second', { confirmed: 1, rateHz: 250 }, { situations: [] }, 'do-not', ['quality-flags failed']],
  ['of last week', { confirmed: 1, date: '2026-02-22' }, { situations: [] }, 'do-not', ['window failed']],
])('an ECG %s', async (name, wish, said, verdict, open) => {
  const item = await decided({ id: `E-${name.length}-${made}`, ...wish }, said);
  expect([item?.decision.verdict, openChecks(item)]).toEqual([verdict, open]);
  expect([item?.offer === null, item?.compared]).toEqual([verdict === 'do-not', []]);
});

test('with chest pain one of last week is shown for comparison, with its numbers by name', async () => {
  const item = await decided({ id: 'E-90', confirmed: 0, date: '2026-02-22' }, { situations: ['acute-symptoms'] });
  expect([item?.decision.verdict, item?.offer]).toEqual(['do-not', null]);
  expect(item?.compared.map(({ entry }) => [entry.effectiveStart, entry.status])).toEqual([
    ['2026-02-22T01:10:11.000Z', 'preliminary'],
  ]);
  expect(item?.compared[0]?.entry.value).toEqual({
    kind: 'text',
    text: expect.stringMatching(/Heart rate 75 \/min.*|QRS duration 96 ms/),
  });
});
