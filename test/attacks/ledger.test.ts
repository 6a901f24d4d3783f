/** Who wants to be counted more than once, or to change what is written. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { putCodes } from '../../src/gateway/configure.ts';
import { reply } from '../../src/gateway/reply.ts';
import { sealChains } from '../../src/gateway/seal-ledger.ts';
import { verifyLedger } from '../../src/gateway/verify-ledger.ts';
import type { Reply } from '../../src/terms/reply.ts';
import { CITY, COUNTY, expectOk, openWorld, type TestDatabase, type TestWorld } from '../support/gateway.ts';
import { openSql } from '../support/sql.ts';
import { openAttacked, electrolytes, factsOf, newVictim } from './attack-world.ts';

let database: TestDatabase;
let world: TestWorld;
let sql: ReturnType<typeof openSql>;
beforeAll(async () => {
  database = await openAttacked();
  world = await openWorld(database);
  sql = openSql(database.url);
});
afterAll(async () => {
  await sql.end();
  await world.close();
  await database.close();
});

let keys = 0;
const saved = async (): Promise<number> => (await world.store.read.counts()).savedFen;
const say = async (offer: string, outcome: Reply['outcome']) =>
  reply(world.gateway, await world.askerOf(CITY), { offer, outcome, at: world.clock.now() });

/** Offers of one question of the city hospital about a fresh result of the county's. */
async function offersFor(codes: readonly string[], victim = newVictim()): Promise<readonly string[]> {
  await world.send(COUNTY, electrolytes({ controlId: `L${keys++}`, filler: `L${victim.mrn}`, patient: victim }));
  const orders = codes.map((code) => ({ key: `o${keys++}`, system: '', code }));
  const { items } = await world.ask(CITY, { patient: factsOf(victim, `C${victim.mrn}`), encounter: 'E1', orders });
  return items.flatMap(({ offer }) => (offer === null ? [] : [offer]));
}

/** What accepting one offer once saves. */
async function priceOfOne(): Promise<number> {
  const before = await saved();
  const [offer = ''] = await offersFor(['DJZ']);
  expectOk(await say(offer, 'accepted'));
  const price = (await saved()) - before;
  expect(price).toBeGreaterThan(0);
  return price;
}

describe('one test avoided is saved once', () => {
  test('through three orders of one question, accepted at the same moment', async () => {
    const price = await priceOfOne();
    const before = await saved();
    const offers = await offersFor(['DJZ', 'DJZ', 'DJZ']);
    // One card for what rests on the same results.
    expect([offers.length, new Set(offers).size]).toEqual([3, 1]);
    for (const said of await Promise.all(offers.map((offer) => say(offer, 'accepted')))) expect(said.ok).toBe(true);
    expect((await saved()) - before).toBe(price);
  });

  test('through the same question asked again with other order keys', async () => {
    const price = await priceOfOne();
    const before = await saved();
    const victim = newVictim();
    const first = await offersFor(['DJZ'], victim);
    expect(await offersFor(['DJZ'], victim)).toEqual(first);
    // A newer report makes another card of the same visit: the test that is avoided is the same.
    const newer = electrolytes({
      controlId: `L${keys++}`,
      filler: `N${victim.mrn}`,
      patient: victim,
      collected: '20260301090000',
    });
    await world.send(COUNTY, newer);
    const again = await offersFor(['DJZ'], victim);
    expect(again).not.toEqual(first);
    for (const offer of [...first, ...again]) expectOk(await say(offer, 'accepted'));
    expect((await saved()) - before).toBe(price);
  });

  test('through a panel and one of its items', async () => {
    expectOk(
      await putCodes(world.gateway, [
        { facility: CITY, kind: 'order', system: '', code: 'K1', display: '钾', target: 'K' },
      ]),
    );
    const price = await priceOfOne();
    const before = await saved();
    const offers = await offersFor(['K1', 'DJZ']);
    expect(offers).toHaveLength(2);
    for (const offer of offers) expectOk(await say(offer, 'accepted'));
    expect((await saved()) - before).toBe(price);
  });

  test('through twenty replies to one offer at once: one entry, one receipt', async () => {
    const price = await priceOfOne();
    const before = await saved();
    const [offer = ''] = await offersFor(['DJZ']);
    const said = await Promise.all(Array.from({ length: 20 }, () => say(offer, 'accepted')));
    expect(new Set(said.map((one) => expectOk(one).entry)).size).toBe(1);
    expect((await saved()) - before).toBe(price);
    expect(await sql`select 1 from ledger_entry where offer = ${offer} and kind = 'accepted'`).toHaveLength(1);
  });

  test('through accepting, revoking and accepting again, in whatever order they meet', async () => {
    const price = await priceOfOne();
    const before = await saved();
    const [offer = ''] = await offersFor(['DJZ']);
    for (const outcome of ['accepted', 'revoked', 'accepted', 'revoked', 'accepted'] as const)
      expectOk(await say(offer, outcome));
    expect((await saved()) - before).toBe(price);
    await Promise.all((['revoked', 'accepted', 'revoked', 'accepted'] as const).map((outcome) => say(offer, outcome)));
    expectOk(await say(offer, 'accepted'));
    expect((await saved()) - before).toBe(price);
  });

  test('and what was refused or revoked saves nothing', async () => {
    const before = await saved();
    const [[refused = ''], [revoked = '']] = [await offersFor(['DJZ']), await offersFor(['DJZ'])];
    expectOk(await say(refused, 'refused'));
    expectOk(await say(revoked, 'accepted'));
    expectOk(await say(revoked, 'revoked'));
    expect(await say(refused, 'accepted')).toMatchObject({ ok: false, refusal: { code: 'ledger/answered-otherwise' } });
    expect(await saved()).toBe(before);
  });
});

describe('what is written', () => {
  const TABLES: Readonly<Record<string, string>> = {
    ledger_entry: 'reason',
    ledger_saving: 'source',
    ledger_seal: 'seal',
    audit_event: 'detail',
  };

  test.each(Object.entries(TABLES))('in %s cannot be changed, deleted or truncated by SQL', async (table, column) => {
    await sealChains(world.gateway);
    const count = async () => Number((await sql.unsafe(`select count(*) as n from ${table}`))[0]?.['n']);
    const before = await count();
    expect(before).toBeGreaterThan(0);
    // Nor by who turns ordinary triggers off.
    for (const role of ['origin', 'replica']) {
      await sql.unsafe(`set session_replication_role = ${role}`);
      for (const statement of [
        `update ${table} set ${column} = 'x'`,
        `update ${table} set ${column} = ${column}`,
        `delete from ${table}`,
        `truncate ${table} cascade`,
      ])
        await expect(sql.unsafe(statement)).rejects.toMatchObject({ code: '42501' });
    }
    await sql.unsafe('set session_replication_role = origin');
    expect(await count()).toBe(before);
  });

  test('is sealed once, however many sealers run at once', async () => {
    await priceOfOne();
    await Promise.all([1, 2, 3, 4].map(() => sealChains(world.gateway)));
    expect(await sql`select entry from ledger_seal group by entry having count(*) > 1`).toEqual([]);
    expect(await sql`select chain, seq from ledger_seal group by chain, seq having count(*) > 1`).toEqual([]);
    expect(await verifyLedger(world.gateway, { running: true })).toMatchObject({ ok: true });
  });

  test('and then changed behind the triggers is found at its place by verify', async () => {
    await sealChains(world.gateway);
    const [victim] = await sql<{ id: string; reason: string }[]>`
      select e.id, e.reason from ledger_entry e join ledger_seal s on s.entry = e.id order by s.seq desc limit 1 offset 2`;
    const behind = async (reason: string): Promise<void> => {
      await sql.unsafe('alter table ledger_entry disable trigger append_only');
      await sql`update ledger_entry set reason = ${reason} where id = ${victim?.id ?? ''}`;
      await sql.unsafe('alter table ledger_entry enable always trigger append_only');
    };
    await behind('98');
    const found = await verifyLedger(world.gateway, { running: true });
    expect(found).toMatchObject({ ok: false, broken: { chain: CITY, broken: { code: 'ledger/edited-entry' } } });
    await behind(victim?.reason ?? '');
    expect(await verifyLedger(world.gateway, { running: true })).toMatchObject({ ok: true });
  });

  test('in by hand and never sealed is found once it is old', async () => {
    await sealChains(world.gateway);
    const [offer = ''] = await offersFor(['DJZ']);
    expectOk(await say(offer, 'accepted'));
    // The sealer's queue is emptied under it: nothing would ever be sealed.
    await sql`delete from ledger_unsealed`;
    await sealChains(world.gateway);
    world.clock.turnTo(new Date(Date.parse(world.clock.now()) + 120_000).toISOString());
    expect(await verifyLedger(world.gateway, { running: true })).toMatchObject({ ok: false });
    expect(await verifyLedger(world.gateway, { running: false })).toMatchObject({ ok: true });
  });
});
