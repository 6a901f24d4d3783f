/** Order messages on both databases: asked and answered in the sender's own words, known from then on, and asked once. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encode } from '../../src/formats/hl7v2/encode.ts';
import { readMessage } from '../../src/formats/hl7v2/read.ts';
import { reportMonth } from '../../src/gateway/month-report.ts';
import { receiveHl7v2 } from '../../src/gateway/receive-hl7v2.ts';
import type { Channel } from '../../src/terms/channel.ts';
import { CITY, COUNTY, DATABASES, expectOk, openWorld, type TestDatabase, type TestWorld } from '../support/gateway.ts';
import { ELECTROLYTES, oru, ZHANG } from '../support/messages.ts';
import { openSql } from '../support/sql.ts';

const PID = `PID|1||C77^^^^PI~${ZHANG.national}^^^^NI||张^试验||19700305|M`;
const PV1 = 'PV1|1|O||||||||03|||||||||V77';

const order = (
  over: { control?: string; key?: string; code?: string; event?: string; version?: string; id?: string } = {},
) => {
  const { control = 'NW', key = 'P1', code = 'DJZ^电解质^L', event = 'OML^O21', version = '2.5.1', id = 'O1' } = over;
  return [
    `MSH|^~\\&|HIS|CITY|GW|R|20260301110000||${event}|${id}|P|${version}||||||UNICODE UTF-8`,
    PID,
    PV1,
    `ORC|${control}|${key}||||||||||D9^王`,
    `OBR|1|${key}||${code}`,
  ].join('\r');
};

describe.each(DATABASES)('on $name', (kind) => {
  let database: TestDatabase;
  let world: TestWorld;
  let sql: ReturnType<typeof openSql>;
  beforeAll(async () => {
    database = await kind.open();
    world = await openWorld(database);
    sql = openSql(database.url);
    await world.send(
      COUNTY,
      oru({
        controlId: 'R1',
        collected: '20260301080000',
        reported: '20260301090000',
        results: ELECTROLYTES,
        specimen: '血清',
      }),
    );
  });
  afterAll(async () => {
    await sql.end();
    await world.close();
    await database.close();
  });

  const send = async (text: string, over: { channel?: Partial<Channel>; bytes?: Uint8Array } = {}) => {
    const asker = await world.askerOf(CITY);
    return receiveHl7v2(world.gateway, {
      bytes: over.bytes ?? new TextEncoder().encode(text),
      facility: asker.facility,
      channel: { ...asker.channel, ...over.channel },
    });
  };
  const lines = (ack: Uint8Array, charset?: string) =>
    new TextDecoder(charset)
      .decode(ack)
      .trimEnd()
      .split('\r')
      .map((line) => line.split('|'));
  const known = () =>
    sql<{ target: string; cancelled: boolean; specialty: string; visit: string }[]>`
      select target, cancelled, specialty, visit_class as visit from known_order order by at, target, cancelled`;

  test('an OML is answered with an ORL that holds the earlier results', async () => {
    const { ack, code } = await send(order());
    expect(code).toBe('AA');
    const [msh, msa, orc, obr, ...obx] = lines(ack);
    expect([msh?.[8], msa?.slice(1, 3)]).toEqual(['ORL^O22^ORL_O22', ['AA', 'O1']]);
    expect([orc, obr?.slice(0, 5)]).toEqual([
      ['ORC', 'OK', 'P1'],
      ['OBR', '1', 'P1', '', 'DJZ^电解质^L'],
    ]);
    expect(obx[0]).toEqual(['OBX', '1', 'ST', 'DECISION^互认结论^L-CONCORD', '', 'recognise', '', '', '', '', '', 'F']);
    expect(obx[1]?.[3]).toBe('OFFER^提示编号^L-CONCORD');
    const potassium = obx.find((line) => line[3]?.startsWith('K^'));
    expect(potassium?.slice(2)).toEqual([
      'NM',
      'K^钾^L-CONCORD^K^钾^L',
      '',
      '4.1',
      'mmol/L',
      '3.5-5.3',
      '',
      '',
      '',
      'F',
      '',
      '',
      '20260301000000+0000',
      '试验县医院',
    ]);
    const offers = await world.store.read.latestOffers(10);
    expect(obx[1]?.[5]).toBe(offers[0]?.id);
  });

  test('a resend gets the same bytes and asks nothing', async () => {
    const before = await world.store.read.counts();
    const [first, again] = [await send(order()), await send(order())];
    expect([again.resend, new TextDecoder().decode(again.ack)]).toEqual([true, new TextDecoder().decode(first.ack)]);
    expect((await world.store.read.counts()).offers).toBe(before.offers);
  });

  test('its orders are known, with their visit; a cancellation is told as such', async () => {
    expect(await known()).toEqual([{ target: 'ELECTROLYTES', cancelled: false, specialty: '03', visit: 'outpatient' }]);
    const { ack } = await send(order({ control: 'CA', id: 'O2' }));
    expect(lines(ack)[2]).toEqual(['ORC', 'CR', 'P1']);
    expect((await known()).map(({ cancelled }) => cancelled)).toEqual([false, true]);
  });

  test('a feed is acknowledged, known, and asks nothing', async () => {
    const before = await world.store.read.counts();
    const feed = { channel: { orders: 'feed' as const } };
    const { ack, code } = await send(order({ id: 'O3', key: 'P3', code: 'HGB^血红蛋白^L' }), feed);
    expect([code, lines(ack).map(([name]) => name)]).toEqual(['AA', ['MSH', 'MSA', 'ORC', 'OBR']]);
    expect((await world.store.read.counts()).offers).toBe(before.offers);
    const { totals, indicators, known: told } = expectOk(await reportMonth(world.gateway, { month: '2026-03' }));
    // The first one was cancelled.
    expect(totals.known).toBe(1);
    expect(told).toMatchObject([{ facility: CITY, target: 'HGB', known: 1, unasked: 1 }]);
    expect(indicators.find(({ id }) => id === 'asked-share')).toMatchObject({
      numerator: 0,
      denominator: 1,
      of: 'known',
    });
  });

  test('speaks the sender’s version, event and character set', async () => {
    const text = order({ event: 'ORM^O01', version: '2.3', id: 'O4', key: 'P4' });
    const bytes = encode(text.replace('UNICODE UTF-8', 'GB 18030-2000'), 'gb18030').value as Uint8Array;
    const { ack, code } = await send('', { bytes });
    expect(code).toBe('AA');
    const [msh, , , obr, , , ...obx] = lines(ack, 'gb18030');
    expect([msh?.[8], obr?.[4]]).toEqual(['ORR^O02', 'DJZ^电解质^L']);
    expect(obx.find((line) => line[3]?.startsWith('K^'))?.[3]).toBe('K^钾^L-CONCORD^K^钾^L');
    expect(readMessage(ack).value?.message.msh.get(9, 1)).toBe('ORR');
  });

  test('what cannot be asked is told with its place', async () => {
    const nobody = await send(order({ id: 'O5' }).replace(`${PID}\r`, ''));
    expect([nobody.code, nobody.problems.map(({ code, at }) => `${code} ${at}`)]).toEqual([
      'AE',
      ['mapping/order-without-patient PID'],
    ]);
    const uncoded = await send(order({ id: 'O6', code: '' }));
    expect([uncoded.code, lines(uncoded.ack).some(([name, control]) => name === 'ORC' && control === 'UA')]).toEqual([
      'AE',
      true,
    ]);
    expect(uncoded.problems).toContainEqual({ code: 'mapping/order-without-code', severity: 'error', at: 'OBR[1]-4' });
    const empty = await send(order({ id: 'O7' }).split('\r').slice(0, 3).join('\r'));
    expect(empty.problems.map(({ code }) => code)).toEqual(['mapping/no-order']);
    const held = await send(order({ id: 'O8', control: 'HD' }));
    expect([held.code, held.problems.map(({ code, at }) => `${code} ${at}`)]).toEqual([
      'AA',
      ['mapping/order-control ORC[1]-1'],
    ]);
    const unknown = await send(order({ id: 'O9', code: 'WHAT^什么^L', key: 'P9' }));
    expect(lines(unknown.ack).find(([name]) => name === 'OBX')?.[5]).toBe('do-not');
  });

  test('a trial leaves nothing, and five hundred orders are refused in time', async () => {
    const before = [await known(), (await world.store.read.counts()).offers];
    expect((await send(order({ id: 'T1', key: 'T1' }), { channel: { test: true } })).code).toBe('AA');
    expect((await send(order({ id: 'T2', key: 'T2' }).replace('|P|2.5.1', '|T|2.5.1'))).code).toBe('AA');
    expect([await known(), (await world.store.read.counts()).offers]).toEqual(before);
    const many = Array.from({ length: 500 }, (_, n) => `ORC|NW|M${n}\rOBR|${n + 1}|M${n}||DJZ^电解质^L`).join('\r');
    const begin = performance.now();
    const refused = await send(`${order({ id: 'T3' }).split('\r').slice(0, 3).join('\r')}\r${many}`);
    expect([refused.code, refused.problems.map(({ code }) => code)]).toEqual(['AE', ['gateway/too-many-orders']]);
    expect(performance.now() - begin).toBeLessThan(5_000);
  });
});
