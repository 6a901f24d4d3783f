/** Who relied on a result that changes is told, once, on both databases; and a doctor's word reaches who gave it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { importCatalogue } from '../../src/gateway/catalogue-versions.ts';
import { lookAgain } from '../../src/gateway/look-again.ts';
import { reply } from '../../src/gateway/reply.ts';
import { runJobs } from '../../src/gateway/run-jobs.ts';
import { sealChains } from '../../src/gateway/seal-ledger.ts';
import { unlinkPatient } from '../../src/gateway/steward.ts';
import { verifyLedger } from '../../src/gateway/verify-ledger.ts';
import type { Bucket } from '../../src/terms/bucket.ts';
import type { FacilityId } from '../../src/terms/facility.ts';
import { ADMIN, openApp } from '../support/app.ts';
import { CITY, COUNTY, DATABASES, expectOk, openWorld, type TestDatabase, type TestWorld } from '../support/gateway.ts';
import { oru } from '../support/messages.ts';
import { type Person, person, questionOf } from '../support/people.ts';
import { openSql } from '../support/sql.ts';
import { tokenFor } from '../support/token.ts';

describe.each(DATABASES)('on $name', (kind) => {
  let database: TestDatabase;
  let world: TestWorld;
  let sql: ReturnType<typeof openSql>;
  let count = 0;
  beforeAll(async () => {
    database = await kind.open();
    world = await openWorld(database);
    sql = openSql(database.url);
  });
  afterAll(async () => {
    await sql.end();
    await world.close();
    await database.close();
  });

  const send = (who: Person, value = '4.1', status = 'F') =>
    world.send(
      COUNTY,
      oru({
        controlId: `N${++count}`,
        patient: { ...who, mrn: `county-${who.mrn}` },
        filler: `F${who.mrn}`,
        collected: '20260301080000',
        reported: '20260301090000',
        results: [`NM|K^钾^L||${value}|mmol/L|3.5-5.3||||${status}`],
        specimen: '血清',
      }),
    );

  const ask = async (who: Person): Promise<string> => {
    const answer = await world.ask(CITY, questionOf(CITY, who, { encounter: `E${++count}`, key: `o${count}` }));
    const offer = answer.items[0]?.offer;
    if (offer === undefined || offer === null) throw new Error('nothing was offered');
    return offer;
  };
  const say = async (offer: string, outcome: 'accepted' | 'refused' | 'revoked', reason?: string) =>
    expectOk(
      await reply(world.gateway, await world.askerOf(CITY), {
        offer,
        outcome,
        at: world.clock.now(),
        ...(reason === undefined ? {} : { reason }),
      }),
    );
  const work = async (): Promise<void> => {
    while ((await runJobs(world.gateway)) > 0);
  };
  const told = async (offer: string) => {
    await work();
    const open = await world.store.notices.open({ facility: CITY, limit: 500 });
    return open.filter((one) => one.offer === offer).map((one) => [one.kind, one.verdict]);
  };
  const ledgered = (offer: string) =>
    sql<{ kind: string; reason: string }[]>`
      select kind, reason from ledger_entry where offer = ${offer} order by position`;
  const patientOf = async (who: Person) => {
    const [row] = await sql<{ bucket: number; id: string }[]>`
      select e.bucket, e.patient as id from result_entry e join container c on c.bucket = e.bucket and c.id = e.container
      order by c.known_from desc, c.id limit 1`;
    if (row === undefined) throw new Error(`no patient ${who.mrn}`);
    return { bucket: row.bucket as Bucket, patient: row.id, facility: COUNTY };
  };

  test('a correction reaches who accepted it, and the ledger, once', async () => {
    await send(person(1));
    const offer = await ask(person(1));
    await say(offer, 'accepted');
    expect(await told(offer)).toEqual([]);
    await send(person(1), '5.9', 'C');
    expect(await told(offer)).toEqual([['corrected', 'recognise']]);
    const entries = await ledgered(offer);
    expect(entries.map(({ kind: of, reason }) => [of, reason])).toEqual([
      ['offered', ''],
      ['accepted', ''],
      ['corrected', 'corrected'],
    ]);
    // The same job again, and a resend of the correction, say nothing more; another correction does.
    const [row] = await sql<{ bucket: number; container: string }[]>`
      select bucket, container from offer_result where offer = ${offer}`;
    await lookAgain(world.gateway, { reference: `report ${row?.bucket} ${row?.container}` });
    await send(person(1), '5.9', 'C');
    expect(await told(offer)).toHaveLength(1);
    await send(person(1), '6.8', 'C');
    expect(await told(offer)).toHaveLength(2);
    expect(await ledgered(offer)).toHaveLength(4);
  });

  test('so does a withdrawal', async () => {
    await send(person(2));
    const offer = await ask(person(2));
    await say(offer, 'accepted');
    await send(person(2), '4.1', 'W');
    expect(await told(offer)).toEqual([['retracted', 'do-not']]);
  });

  test('and a result that is another human’s', async () => {
    await send(person(3));
    const offer = await ask(person(3));
    await say(offer, 'accepted');
    expectOk(await unlinkPatient(world.gateway, { patient: await patientOf(person(3)), steward: 'steward' }));
    expect(await told(offer)).toEqual([['unlinked', 'do-not']]);
  });

  test('who has only seen it is told for a day; who refused or took back is not', async () => {
    for (const who of [person(4), person(5), person(6)]) await send(who);
    const [seen, refused, revoked] = [await ask(person(4)), await ask(person(5)), await ask(person(6))];
    await say(refused, 'refused', '01');
    await say(revoked, 'accepted');
    await say(revoked, 'revoked');
    for (const who of [person(4), person(5), person(6)]) await send(who, '5.0', 'C');
    expect(await told(seen)).toEqual([['corrected', 'recognise']]);
    expect((await ledgered(seen)).map(({ kind: of }) => of)).toEqual(['offered']);
    expect([await told(refused), await told(revoked)]).toEqual([[], []]);
    await send(person(7));
    const old = await ask(person(7));
    world.clock.turnTo('2026-03-02T04:00:00Z');
    await send(person(7), '5.0', 'C');
    expect(await told(old)).toEqual([]);
  });

  test('where nobody relied on it nothing is left to do', async () => {
    await send(person(8));
    await send(person(8), '5.0', 'C');
    const [jobs] = await sql<{ count: number }[]>`select count(*)::int as count from job where kind = 'look-again'`;
    expect(jobs?.count).toBe(0);
  });

  test('a doctor’s word reaches who gave the result, and a steward where the human is in doubt', async () => {
    await send(person(9));
    const offer = await ask(person(9));
    const app = openApp(world.gateway);
    const call = async (by: FacilityId | 'admin', method: string, path: string, body?: object) => {
      const token = by === 'admin' ? ADMIN : await tokenFor(world.gateway, by);
      return app.request(path, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    };
    const report = { offer, kind: 'wrong-person', comment: '患者否认' };
    expect((await call(COUNTY, 'POST', '/recognition/concerns', report)).status).toBe(404);
    const other = await call(CITY, 'POST', '/recognition/concerns', { ...report, item: 'NA' });
    expect([other.status, await other.json()]).toMatchObject([404, { code: 'gateway/no-such-result' }]);
    expect((await call(CITY, 'POST', '/recognition/concerns', { ...report, kind: 'ugly' })).status).toBe(400);
    expect((await call(CITY, 'POST', '/recognition/concerns', report)).status).toBe(200);
    const mine = (await (await call(COUNTY, 'GET', '/recognition/notices')).json()) as { id: string }[];
    expect(mine).toMatchObject([
      { kind: 'wrong-person', item: 'K', reporter: CITY, comment: '患者否认', decision: '' },
    ]);
    const [stored] = await sql<{ comment: Uint8Array }[]>`select comment from notice where kind = 'wrong-person'`;
    expect(new TextDecoder().decode(stored?.comment)).not.toContain('患者');
    const queue = await world.store.read.identityQueue(500);
    expect(queue.map(({ reason }) => reason)).toContain('reported-wrong-person');
    const id = mine[0]?.id ?? '';
    const foreign = await call(CITY, 'POST', `/recognition/notices/${id}/close`);
    expect([foreign.status, await foreign.json()]).toMatchObject([404, { code: 'gateway/unknown-notice' }]);
    expect((await call(COUNTY, 'POST', `/recognition/notices/${id}/close`)).status).toBe(200);
    expect((await call(COUNTY, 'POST', `/recognition/notices/${id}/close`)).status).toBe(404);
    expect(await (await call(COUNTY, 'GET', '/recognition/notices')).json()).toEqual([]);
    const all = (await (await call('admin', 'GET', '/admin/notices')).json()) as { facility: string }[];
    expect(new Set(all.map(({ facility }) => facility))).toEqual(new Set([CITY]));
  });

  test('a withdrawn quality batch reaches everybody who relied on it', async () => {
    await send(person(10));
    const offer = await ask(person(10));
    await say(offer, 'accepted');
    const without = await importCatalogue(world.gateway, {
      'marks.csv': {
        columns: ['facility', 'item', 'reach', 'within', 'label', 'batch', 'valid_from', 'valid_to'],
        records: [],
      },
    });
    expect(without.problems).toEqual([]);
    expect(await told(offer)).toEqual([['mark-withdrawn', expect.not.stringMatching('recognise')]]);
    expect((await ledgered(offer)).at(-1)).toMatchObject({ kind: 'corrected', reason: 'mark-withdrawn' });
  });

  test('and the chain holds', async () => {
    await sealChains(world.gateway);
    expect(await verifyLedger(world.gateway, { running: true })).toMatchObject({ ok: true });
  });
});
