/** The one path on both databases: what two first sights, late cards, corrections and retractions end in. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reply } from '../../src/gateway/reply.ts';
import type { IdentityFacts } from '../../src/terms/mapped.ts';
import type { Question } from '../../src/terms/question.ts';
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
import { openSql } from '../support/sql.ts';
import { ELECTROLYTES, oru, residentNumber, type TestMessage } from '../support/messages.ts';

const SYSTEM = 'urn:oid:2.16.156.10011.1.3';

/** A person of her own for each test, so that tests do not meet. */
function person(sequence: number, mrn: string) {
  return {
    mrn,
    national: residentNumber('1970-03-05', sequence),
    name: `试验${sequence}`,
    birthDate: '19700305',
    sex: sequence % 2 === 1 ? 'M' : 'F',
  } as const;
}

function facts(who: ReturnType<typeof person>, mrn: string): IdentityFacts {
  return {
    identifiers: [
      { type: 'PI', system: '', value: mrn, at: 'patient' },
      { type: '', system: SYSTEM, value: who.national, at: 'patient' },
    ],
    names: [who.name],
    birthDate: '1970-03-05',
    sex: who.sex === 'M' ? 'male' : 'female',
    at: 'patient',
  };
}

function question(patient: IdentityFacts, code: string, key = 'o1'): Question {
  return { patient, encounter: `E-${key}`, orders: [{ key, system: '', code }] };
}

const withSpecimen = (message: TestMessage): string => oru({ ...message, specimen: '血清' });

describe.each(DATABASES)('on $name', (kind) => {
  let database: TestDatabase;
  let world: TestWorld;
  let sql: ReturnType<typeof openSql>;
  beforeAll(async () => {
    database = await kind.open();
    world = await openWorld(database, { townProfile: { update: 'snapshot' } });
    sql = openSql(database.url);
  });
  afterAll(async () => {
    await sql.end();
    await world.close();
    await database.close();
  });

  const openEntries = async (report: string) =>
    sql<{ code: string; status: string; value: string }[]>`
      select e.code, e.status, e.version from result_entry e
      join directory d on d.id = e.container where d.kind = 'report' and e.container = ${report} and e.known_to is null order by e.code`;

  const reportOf = async (envelope: string): Promise<string> =>
    (await sql<{ id: string }[]>`select id from container where envelope = ${envelope}`)[0]?.id ?? '';

  const verdictFor = async (who: ReturnType<typeof person>, mrn: string, code: string) => {
    const { items } = await world.ask(CITY, question(facts(who, mrn), code, `k${Math.random()}`));
    return items[0];
  };

  test('a resend is answered byte for byte and changes nothing', async () => {
    const who = person(101, 'M101');
    const text = oru({ controlId: 'RS1', patient: who });
    const first = await world.send(COUNTY, text);
    world.clock.turnTo('2026-03-01T03:00:07Z');
    const second = await world.send(COUNTY, text);
    expect(second.resend).toBe(true);
    expect(second.ack).toEqual(first.ack);
    expect(await openEntries(await reportOf(first.envelope))).toHaveLength(5);
  });

  test('other bytes under a used control id are processed, with a warning', async () => {
    const who = person(103, 'M103');
    await world.send(COUNTY, oru({ controlId: 'RU1', patient: who }));
    const again = await world.send(COUNTY, oru({ controlId: 'RU1', filler: 'OTHER', patient: who }));
    expect(again.code).toBe('AA');
    expect(again.problems.map(({ code }) => code)).toContain('gateway/control-id-reused');
  });

  test('two first sights of one report at once end in one report and one set of entries', async () => {
    const who = person(105, 'M105');
    const texts = ['TS1', 'TS2', 'TS3', 'TS4'].map((controlId) => oru({ controlId, filler: 'TS', patient: who }));
    const received = await Promise.all(texts.map((text) => world.send(COUNTY, text)));
    expect(received.map(({ code }) => code)).toEqual(['AA', 'AA', 'AA', 'AA']);
    const reports =
      await sql`select distinct id from container where envelope in ${sql(received.map(({ envelope }) => envelope))}`;
    expect(reports).toHaveLength(1);
    expect(await openEntries(String(reports[0]?.['id']))).toHaveLength(5);
  });

  test('the earlier result of another hospital is offered, and the accepted offer saves its price once', async () => {
    const who = person(107, 'M107');
    await world.send(COUNTY, withSpecimen({ controlId: 'OF1', patient: who, results: ELECTROLYTES }));
    const item = await verdictFor(who, 'C107', 'DJZ');
    expect(
      item?.decision.items.flatMap(({ checks }) =>
        checks.filter(({ state }) => state === 'failed' || state === 'unknown'),
      ),
    ).toEqual([]);
    expect(item?.decision).toMatchObject({ verdict: 'recognise', coverage: 'full', missing: [] });
    const said = { offer: item?.offer ?? '', outcome: 'accepted', at: world.clock.now() } as const;
    const asker = await world.askerOf(CITY);
    const receipt = expectOk(await reply(world.gateway, asker, said));
    expect(expectOk(await reply(world.gateway, asker, said))).toEqual(receipt);
    const before = (await world.store.read.counts()).savedFen;
    expect(before).toBeGreaterThan(0);
    expectOk(await reply(world.gateway, asker, { ...said, outcome: 'revoked' }));
    expect((await world.store.read.counts()).savedFen).toBeLessThan(before);
  });

  test('another facility cannot reply to an offer that is not its own', async () => {
    const who = person(109, 'M109');
    await world.send(COUNTY, withSpecimen({ controlId: 'NO1', patient: who, results: ELECTROLYTES }));
    const item = await verdictFor(who, 'C109', 'DJZ');
    const answer = await reply(world.gateway, await world.askerOf(TOWN), {
      offer: item?.offer ?? '',
      outcome: 'accepted',
      at: world.clock.now(),
    });
    expect(answer).toMatchObject({ ok: false, refusal: { category: 'not-found', code: 'gateway/unknown-offer' } });
  });

  test('a late ID card makes earlier results offerable and changes no id', async () => {
    const who = person(111, 'M111');
    const { national: _, ...nameless } = who;
    const first = await world.send(
      COUNTY,
      withSpecimen({ controlId: 'LC1', patient: nameless, results: ELECTROLYTES }),
    );
    expect((await verdictFor(who, 'C111', 'DJZ'))?.offer).toBeNull();
    const report = await reportOf(first.envelope);
    const second = await world.send(
      COUNTY,
      withSpecimen({ controlId: 'LC2', filler: 'LC2', patient: who, results: ELECTROLYTES }),
    );
    expect(second.code).toBe('AA');
    expect(await openEntries(report)).toHaveLength(4);
    const patients =
      await sql`select distinct patient from result_entry where container in (${report}, ${await reportOf(second.envelope)})`;
    expect(patients).toHaveLength(1);
    const item = await verdictFor(who, 'C111', 'DJZ');
    expect(item?.decision.verdict).toBe('recognise');
  });

  test('the same number under another name is a conflict: stored, unlinked, never on a card', async () => {
    const who = person(113, 'M113');
    await world.send(COUNTY, withSpecimen({ controlId: 'CF1', patient: who, results: ELECTROLYTES }));
    const stranger = { ...who, name: '另一人', mrn: 'T113' };
    const second = await world.send(TOWN, withSpecimen({ controlId: 'CF2', patient: stranger, results: ELECTROLYTES }));
    expect(second.code).toBe('AA');
    const queue = await world.store.read.identityQueue(100);
    expect(queue.some(({ kind, patient }) => kind === 'conflict' && patient.facility === TOWN)).toBe(true);
    const item = await verdictFor(who, 'C113', 'DJZ');
    expect(new Set(item?.decision.items.flatMap(({ entry }) => (entry === undefined ? [] : [entry.facility])))).toEqual(
      new Set([COUNTY]),
    );
  });

  test('a correction replaces the value and keeps the report', async () => {
    const who = person(115, 'M115');
    const first = await world.send(COUNTY, oru({ controlId: 'CO1', filler: 'CO', patient: who }));
    const corrected = oru({
      controlId: 'CO2',
      filler: 'CO',
      patient: who,
      reported: '20260301111500',
      status: 'C',
      results: ['NM|WBC^白细胞^L||9.9|10^9/L|3.5-9.5||||C'],
    });
    expect((await world.send(COUNTY, corrected)).code).toBe('AA');
    const report = await reportOf(first.envelope);
    const entries = await openEntries(report);
    expect(entries.map(({ code, status }) => [code, status])).toEqual([
      ['HCT', 'final'],
      ['HGB', 'final'],
      ['PLT', 'final'],
      ['RBC', 'final'],
      ['WBC', 'corrected'],
    ]);
    const head = await sql<
      { content: string }[]
    >`select content from container where id = ${report} order by version desc limit 1`;
    expect(String(head[0]?.content)).toContain('9.9');
  });

  test('a retraction leaves the registry at once', async () => {
    const who = person(117, 'M117');
    await world.send(COUNTY, withSpecimen({ controlId: 'RT1', filler: 'RT', patient: who, results: ELECTROLYTES }));
    expect((await verdictFor(who, 'C117', 'DJZ'))?.decision.verdict).toBe('recognise');
    const retracted = withSpecimen({
      controlId: 'RT2',
      filler: 'RT',
      patient: who,
      reported: '20260301111500',
      status: 'X',
      results: [],
    });
    expect((await world.send(COUNTY, retracted)).code).toBe('AA');
    expect((await verdictFor(who, 'C117', 'DJZ'))?.offer).toBeNull();
  });

  test('a late old message fills what was never seen and replaces nothing', async () => {
    const who = person(119, 'M119');
    const newer = oru({
      controlId: 'LO2',
      filler: 'LO',
      patient: who,
      reported: '20260301111500',
      results: ['NM|WBC^白细胞^L||9.9|10^9/L|3.5-9.5||||C'],
    });
    const older = oru({ controlId: 'LO1', filler: 'LO', patient: who });
    const first = await world.send(COUNTY, newer);
    await world.send(COUNTY, older);
    const report = await reportOf(first.envelope);
    expect(await openEntries(report)).toHaveLength(5);
    const [head] = await sql<
      { content: string }[]
    >`select content from container where id = ${report} order by version desc limit 1`;
    expect(String(head?.content)).toContain('"9.9"'.replaceAll('"', ''));
    expect(String(head?.content)).not.toContain('"value":6.2');
  });

  test('what is absent from a newer snapshot is retracted', async () => {
    const who = person(121, 'M121');
    const first = await world.send(TOWN, oru({ controlId: 'SN1', filler: 'SN', patient: who }));
    await world.send(
      TOWN,
      oru({
        controlId: 'SN2',
        filler: 'SN',
        patient: who,
        reported: '20260301111500',
        results: ['NM|WBC^白细胞^L||6.2|10^9/L|3.5-9.5||||F'],
      }),
    );
    const entries = await openEntries(await reportOf(first.envelope));
    expect(entries.filter(({ status }) => status === 'final').map(({ code }) => code)).toEqual(['WBC']);
  });

  test('a reused report number of another patient is quarantined and overwrites nothing', async () => {
    const first = await world.send(COUNTY, oru({ controlId: 'QU1', filler: 'QU', patient: person(123, 'M123') }));
    const second = await world.send(COUNTY, oru({ controlId: 'QU2', filler: 'QU', patient: person(125, 'M125') }));
    expect(second.code).toBe('AE');
    expect(second.resultsIn).toBe(5);
    expect(second.resultsStored).toBe(0);
    expect(second.problems.filter(({ at }) => at.startsWith('OBX['))).toHaveLength(5);
    expect(await openEntries(await reportOf(first.envelope))).toHaveLength(5);
  });

  test('nothing from MSH-11 T ever reaches a card', async () => {
    const who = person(127, 'M127');
    await world.send(COUNTY, withSpecimen({ controlId: 'TE1', patient: who, processing: 'T', results: ELECTROLYTES }));
    expect((await verdictFor(who, 'C127', 'DJZ'))?.offer).toBeNull();
  });

  test('not HL7, empty and an unknown trigger are kept and answered AR', async () => {
    for (const text of ['hello', '', 'MSH|^~\\&|A|B|C|D|20260301||ADT^A01|X1|P|2.4\r']) {
      const received = await world.send(COUNTY, text);
      expect(received.code).toBe('AR');
      expect(await sql`select 1 from envelope where id = ${received.envelope} and outcome = 'rejected'`).toHaveLength(
        1,
      );
    }
  });

  test('an ordered code that no map knows is queued once for mapping', async () => {
    const who = person(131, 'M131');
    for (const key of ['u1', 'u2']) await world.ask(CITY, question(facts(who, 'C131'), 'UNKNOWN-ORDER', key));
    const queued = await world.store.reference.unmapped(CITY);
    expect(queued.filter(({ kind }) => kind === 'order').map(({ code }) => code)).toEqual(['UNKNOWN-ORDER']);
  });

  test('in enhanced mode CA is answered first and the job maps the envelope', async () => {
    const { finishPending } = await import('../../src/gateway/run-jobs.ts');
    const received = await world.send(
      COUNTY,
      oru({ controlId: 'EN1', patient: person(129, 'M129'), ackMode: 'AL' }).replace('|AL|||', '|AL|NE||'),
    );
    expect(received.code).toBe('CA');
    expect(await reportOf(received.envelope)).toBe('');
    await finishPending(world.gateway);
    expect(await openEntries(await reportOf(received.envelope))).toHaveLength(5);
  });

  test('the saved sum agrees with an oracle in plain SQL to the fen', async () => {
    const [row] = await sql<{ fen: string }[]>`
      select coalesce(sum(saving.fen), 0) as fen
      from ledger_saving saving join ledger_entry a on a.id = saving.entry
      where a.kind = 'accepted' and not exists (
        select 1 from ledger_entry r where r.offer = a.offer and r.kind = 'revoked' and r.position > a.position)`;
    expect(Number(row?.fen)).toBe((await world.store.read.counts()).savedFen);
  });
});
