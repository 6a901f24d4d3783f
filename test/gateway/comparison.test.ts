/** With acute symptoms an ECG is made anew, and the last one is shown to read it against: no offer, nothing to accept. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answer } from '../../src/gateway/answer.ts';
import { addChannel } from '../../src/gateway/channels.ts';
import { receiveHl7v2 } from '../../src/gateway/receive-hl7v2.ts';
import { reply } from '../../src/gateway/reply.ts';
import { setOptOut } from '../../src/gateway/steward.ts';
import type { ChannelId } from '../../src/terms/channel.ts';
import type { Question } from '../../src/terms/question.ts';
import { type App, openApp } from '../support/app.ts';
import { CITY, COUNTY, DATABASES, expectOk, openWorld, type TestDatabase, type TestWorld } from '../support/gateway.ts';
import { oru, residentNumber, ZHANG } from '../support/messages.ts';
import { openSql } from '../support/sql.ts';
import { tokenFor } from '../support/token.ts';

/** An ECG's report in words: its LOINC code says what it is. */
const ECG = ['ST|34534-8^12 lead EKG panel^LN||窦性心律|||N|||F'];
const NATIONAL = 'urn:oid:2.16.156.10011.1.3';
const OTHER = { ...ZHANG, mrn: 'M0002', national: residentNumber('1970-03-05', 13), name: '李试验' };

const question = (over: Partial<Question> = {}, who: typeof ZHANG | typeof OTHER = ZHANG): Question => ({
  patient: {
    identifiers: [
      { type: 'PI', system: '', value: `C-${who.mrn}`, at: 'patient' },
      { type: '', system: NATIONAL, value: who.national, at: 'patient' },
    ],
    names: [who.name],
    birthDate: '1970-03-05',
    sex: 'male',
    at: 'patient',
  },
  encounter: 'E1',
  situations: ['acute-symptoms'],
  orders: [{ key: 'ecg', system: 'http://loinc.org', code: '34534-8' }],
  ...over,
});

describe.each(DATABASES)('on $name', (kind) => {
  let database: TestDatabase;
  let world: TestWorld;
  let app: App;
  let sql: ReturnType<typeof openSql>;
  beforeAll(async () => {
    database = await kind.open();
    world = await openWorld(database);
    app = openApp(world.gateway);
    sql = openSql(database.url);
    // Of two years ago, of last autumn and of yesterday; the newest was withdrawn.
    const times = [
      ['P1', '20240301083000', 'F'],
      ['P2', '20251101083000', 'F'],
      ['P3', '20260228183000', 'X'],
    ] as const;
    for (const [controlId, collected, status] of times) {
      const results = ECG.map((line) => line.replace(/F$/, status));
      await world.send(COUNTY, oru({ controlId, collected, reported: '20260301090000', results, status }));
      await world.send(
        COUNTY,
        oru({ controlId: `${controlId}B`, collected, reported: '20260301090000', results, status, patient: OTHER }),
      );
    }
  });
  afterAll(async () => {
    await sql.end();
    await world.close();
    await database.close();
  });

  const post = async (path: string, body: object) => {
    const token = await tokenFor(world.gateway, CITY);
    const response = await app.request(path, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, never> };
  };
  const stated = { identifiers: [{ system: NATIONAL, value: ZHANG.national }], name: ZHANG.name };
  const asked = (over: object = {}) => ({
    patient: { ...stated, birthDate: '1970-03-05', sex: 'male' },
    encounter: 'E2',
    situations: ['acute-symptoms'],
    orders: [{ key: 'ecg', code: { system: 'http://loinc.org', code: '34534-8' } }],
    ...over,
  });

  test('the last one that stands is told, however old, and nothing is offered', async () => {
    const { items } = await world.ask(CITY, question());
    expect(items[0]).toMatchObject({ offer: null, decision: { verdict: 'do-not', coverage: 'none' } });
    expect(items[0]?.compared.map(({ item, entry }) => [item, entry.facility, entry.effectiveStart])).toEqual([
      ['ECG12', COUNTY, '2025-11-01T00:30:00.000Z'],
    ]);
  });

  test('without symptoms an old one is not shown', async () => {
    const { items } = await world.ask(CITY, question({ situations: [], encounter: 'E3' }));
    expect(items[0]).toMatchObject({ offer: null, compared: [], decision: { verdict: 'do-not' } });
  });

  test('it is an order asked about and no offer: no entry, no denominator of what was shown', async () => {
    const before = await world.store.read.counts();
    const [entries] = await sql`select count(*)::int as n from ledger_entry`;
    world.clock.turnTo('2026-03-01T03:01:00Z');
    await world.ask(CITY, question({ encounter: 'E4' }));
    expect((await world.store.read.counts()).offers).toBe(before.offers);
    expect((await sql`select count(*)::int as n from ledger_entry`)[0]).toEqual(entries);
    const [order] = await sql`select verdict, offer from asked_order order by at desc limit 1`;
    expect(order).toEqual({ verdict: 'do-not', offer: null });
    const [look] = await sql`select detail from audit_event where action = 'check' order by at desc, id desc limit 1`;
    expect(look?.['detail']).toBe('orders 1, offers 0, compared 1');
  });

  test('plain JSON marks it, with its sentence and what else speaks against it', async () => {
    const { status, body } = await post('/recognition/check', asked());
    expect(status).toBe(200);
    expect(body['items']?.[0]).toMatchObject({
      decision: 'do-not',
      offer: null,
      results: [],
      comparison: [
        {
          item: 'ECG12',
          decision: 'do-not',
          value: '窦性心律',
          facility: { id: COUNTY },
          note: {
            zh: '既往常规十二导联心电图仅供对照，本次仍应重新检查',
            en: 'The earlier 12-lead ECG is for comparison only: the exam is to be done again',
          },
        },
      ],
    });
    const doubt = { zh: '采集于 120 天前，已超过 24 小时时限', en: expect.any(String) };
    expect(body['items']?.[0]).toMatchObject({ comparison: [{ doubts: expect.arrayContaining([doubt]) }] });
  });

  test('without an encounter, or for a person who closed it, nothing is told', async () => {
    const { encounter: _, ...nowhere } = asked();
    expect((await post('/recognition/check', nowhere)).body['items']?.[0]).toMatchObject({ comparison: [] });
    world.clock.turnTo('2026-03-01T03:02:00Z');
    const { items } = await world.ask(CITY, question({}, OTHER));
    expect(items[0]?.compared).toHaveLength(1);
    const patient = await sql`select bucket, patient from asked_order order by at desc limit 1`;
    const ref = { bucket: patient[0]?.['bucket'], patient: patient[0]?.['patient'], facility: CITY };
    expectOk(await setOptOut(world.gateway, { patient: ref, optOut: true, steward: 's' }));
    expect((await world.ask(CITY, question({}, OTHER))).items[0]?.compared).toEqual([]);
  });

  test('over a test channel nobody’s values are told', async () => {
    const id = 'city-trial' as ChannelId;
    expectOk(await addChannel(world.gateway, { id, facility: CITY, kind: 'client', test: true }));
    const reference = await world.gateway.reference.current();
    const channel = reference.channels.get(id);
    const asker = await world.askerOf(CITY);
    if (channel === undefined) throw new Error('the channel was just made');
    const { items } = expectOk(await answer(world.gateway, { ...asker, channel }, question({ encounter: 'E5' })));
    expect(items[0]).toMatchObject({ compared: [], decision: { verdict: 'do-not' } });
  });

  test('a reply that would accept it is refused, and nothing is kept', async () => {
    const [before] =
      await sql`select (select count(*) from reply)::int as r, (select count(*) from ledger_entry)::int as l`;
    const report = (await world.ask(CITY, question({ encounter: 'E6' }))).items[0]?.compared[0]?.entry.container ?? '';
    for (const offer of ['7f3c2c1e-4a3b-4f8e-9d7a-2f6f1f0e9b11', report]) {
      const said = { offer, outcome: 'accepted', practitioner: 'p', at: world.clock.now() } as const;
      const refused = await reply(world.gateway, await world.askerOf(CITY), said);
      expect(refused).toMatchObject({ ok: false, refusal: { code: 'gateway/unknown-offer' } });
    }
    const [after] =
      await sql`select (select count(*) from reply)::int as r, (select count(*) from ledger_entry)::int as l`;
    expect(after).toEqual(before);
  });

  const hooked = (id: string) => ({
    hook: 'order-select',
    hookInstance: 'x',
    extension: { 'urn:concord:situations': ['acute-symptoms'] },
    context: {
      userId: 'Practitioner/1',
      patientId: 'p',
      encounterId: 'E7',
      selections: ['ServiceRequest/a', 'ServiceRequest/b'],
      draftOrders: {
        resourceType: 'Bundle',
        entry: ['a', 'b'].map((draft) => ({
          resource: {
            resourceType: 'ServiceRequest',
            id: draft,
            code: { coding: [{ system: 'http://loinc.org', code: '34534-8' }] },
          },
        })),
      },
    },
    prefetch: {
      patient: {
        resourceType: 'Patient',
        identifier: [{ value: id }, { system: NATIONAL, value: ZHANG.national }],
        name: [{ text: ZHANG.name }],
        birthDate: '1970-03-05',
        gender: 'male',
      },
    },
  });

  test('a FHIR client is told the same', async () => {
    const { prefetch, context } = hooked('C-M0001');
    const [draft] = context.draftOrders.entry;
    const { status, body } = await post('/fhir/ServiceRequest/$recognise', {
      resourceType: 'Parameters',
      parameter: [
        { name: 'patient', resource: prefetch.patient },
        { name: 'order', resource: draft?.resource },
        { name: 'encounter', valueString: 'E8' },
        { name: 'situation', valueCode: 'acute-symptoms' },
      ],
    });
    expect(status).toBe(200);
    const parts = body['parameter'] as unknown as { name: string; part: { name: string; part?: object[] }[] }[];
    const [result] = parts.filter(({ name }) => name === 'result');
    expect(result?.part.map(({ name }) => name)).not.toContain('offer');
    expect(result?.part.find(({ name }) => name === 'comparison')?.part).toMatchObject([
      { name: 'item', valueCode: 'ECG12' },
      { name: 'note', valueString: expect.stringContaining('本次仍应重新检查') },
      { name: 'reference' },
      { name: 'observation', resource: { valueString: '窦性心律', performer: [{ display: '试验县医院' }] } },
    ]);
  });

  test('an order message that must be done at once is told where it is, and no value', async () => {
    const message = [
      'MSH|^~\\&|HIS|CITY|GW|R|20260301110000||OML^O21|S1|P|2.5.1||||||UNICODE UTF-8',
      `PID|1||C-M0001^^^^PI~${ZHANG.national}^^^^NI||${ZHANG.name}||19700305|M`,
      'PV1|1|E|||||||||||||||||V9',
      'ORC|NW|P1',
      'TQ1|1||||||||S^^HL70485',
      'OBR|1|P1||34534-8^12 lead EKG panel^LN',
    ];
    const asker = await world.askerOf(CITY);
    const bytes = new TextEncoder().encode(message.join('\r'));
    const { ack } = await receiveHl7v2(world.gateway, { bytes, ...asker });
    const told = new TextDecoder()
      .decode(ack)
      .split('\r')
      .filter((line) => line.startsWith('OBX'));
    expect(told).toEqual([
      'OBX|1|ST|DECISION^互认结论^L-CONCORD||do-not||||||F',
      'OBX|2|ST|COMPARE^既往结果供对照^L-CONCORD||既往常规十二导联心电图仅供对照，本次仍应重新检查：试验县医院 2025-11-01||||||F',
    ]);
  });

  test('CDS Hooks shows one card that informs, with nothing to accept and nothing that feedback could name', async () => {
    const { status, body } = await post('/cds-services/concord-order-select', hooked('C-M0001'));
    expect(status).toBe(200);
    const cards = body['cards'] as unknown as Record<string, string>[];
    expect(cards).toHaveLength(1);
    expect(Object.keys(cards[0] ?? {}).toSorted()).toEqual(['detail', 'indicator', 'source', 'summary']);
    expect(cards[0]).toMatchObject({
      indicator: 'info',
      summary: '常规十二导联心电图：试验县医院 2025-11-01 的结果供对照，本次仍应重新检查',
    });
    expect(cards[0]?.['detail']).toContain('既往常规十二导联心电图仅供对照，本次仍应重新检查');
    expect(cards[0]?.['detail']).toContain('急性症状（胸痛、晕厥、心悸等），应重新检查');
    expect(cards[0]?.['detail']).toContain('窦性心律');
  });
});
