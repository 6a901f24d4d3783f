/** Savings settle on both databases: what was done again anywhere within the term is not saved, whenever it becomes known. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reply } from '../../src/gateway/reply.ts';
import { runJobs } from '../../src/gateway/run-jobs.ts';
import { settleOffer } from '../../src/gateway/settle.ts';
import { unlinkPatient } from '../../src/gateway/steward.ts';
import { verifyLedger } from '../../src/gateway/verify-ledger.ts';
import { sealChains } from '../../src/gateway/seal-ledger.ts';
import { savedSum } from '../../src/ledger/saved-sum.ts';
import type { FacilityId } from '../../src/terms/facility.ts';
import type { Instant } from '../../src/terms/instant.ts';
import type { Question } from '../../src/terms/question.ts';
import { auditBySql } from '../support/audit-sql.ts';
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
import { oru, residentNumber, type TestMessage } from '../support/messages.ts';
import { openSql } from '../support/sql.ts';

const START = '2026-03-01T03:00:00Z';
const DAY_MS = 86_400_000;

function person(sequence: number, mrn: string) {
  return {
    mrn,
    national: residentNumber('1970-03-05', sequence * 2 + 1),
    name: `试验${sequence}`,
    birthDate: '19700305',
    sex: 'M',
  } as const;
}

const potassium = (value = '4.1', status = 'F'): readonly string[] => [
  `NM|K^钾^L||${value}|mmol/L|3.5-5.3||||${status}`,
];

describe.each(DATABASES)('on $name', (kind) => {
  let database: TestDatabase;
  let world: TestWorld;
  let sql: ReturnType<typeof openSql>;
  let count = 0;
  /** No test's days are another's: the clock never turns back. */
  let start = Date.parse(START);
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

  const at = (days: number): Instant => new Date(start + days * DAY_MS).toISOString() as Instant;
  const local = (days: number): string =>
    new Date(start + days * DAY_MS + 8 * 3_600_000).toISOString().replaceAll(/\D/g, '').slice(0, 14);
  const send = (from: FacilityId, days: number, message: Omit<TestMessage, 'controlId'>) =>
    world.send(
      from,
      oru({
        controlId: `S${++count}`,
        collected: local(days),
        reported: local(days + 0.05),
        ...message,
        specimen: '血清',
      }),
    );

  /** Potassium at the county, recognised by the city an hour later; days count from there. */
  async function acceptance(who: ReturnType<typeof person>): Promise<{ offer: string; question: Question }> {
    start = Date.parse(world.clock.now()) + DAY_MS;
    world.clock.turnTo(at(0));
    await send(COUNTY, -0.2, { patient: who, results: potassium() });
    const question: Question = {
      patient: {
        identifiers: [
          { type: 'PI', system: '', value: `C-${who.mrn}`, at: 'patient' },
          { type: '', system: 'urn:oid:2.16.156.10011.1.3', value: who.national, at: 'patient' },
        ],
        names: [who.name],
        birthDate: '1970-03-05',
        sex: 'male',
        at: 'patient',
      },
      encounter: `E-${who.mrn}`,
      orders: [{ key: 'k', system: 'http://loinc.org', code: '2823-3' }],
    };
    const answer = await world.ask(CITY, question);
    const offer = answer.items[0]?.offer ?? '';
    expect(answer.items[0]?.decision).toMatchObject({ target: 'K', verdict: 'recognise' });
    expectOk(await reply(world.gateway, await world.askerOf(CITY), { offer, outcome: 'accepted', at: at(0) }));
    return { offer, question };
  }

  const entries = (offer: string) => world.store.transaction((tx) => tx.entriesOf(offer));
  const kinds = async (offer: string) => (await entries(offer)).map((entry) => entry.kind);
  const pass = async (days: number): Promise<void> => {
    world.clock.turnTo(at(days));
    while ((await runJobs(world.gateway)) > 0);
  };

  test('settles when the term ends, and not before', async () => {
    const { offer } = await acceptance(person(1, 'M1'));
    await pass(6.9);
    expect(await kinds(offer)).toEqual(['offered', 'accepted']);
    await pass(7.1);
    expect(await kinds(offer)).toEqual(['offered', 'accepted', 'settled']);
  });

  test('reverses what another hospital did again, and settles nothing of it', async () => {
    const who = person(2, 'M2');
    const { offer } = await acceptance(who);
    await send(TOWN, 3, { patient: { ...who, mrn: 'T2' }, results: potassium('4.3') });
    await pass(8);
    expect(await kinds(offer)).toEqual(['offered', 'accepted', 'reversed']);
    expect((await entries(offer)).at(-1)).toMatchObject({
      reason: 'repeated-elsewhere',
      crossFacility: true,
      savings: [{ priceItem: 'P-K' }],
      results: [expect.stringMatching(/@1$/)],
    });
  });

  test('reverses what the asking hospital itself did again', async () => {
    const who = person(3, 'M3');
    const { offer } = await acceptance(who);
    await send(CITY, 1, { patient: { ...who, mrn: 'C-M3' }, results: potassium('4.0') });
    await pass(8);
    expect((await entries(offer)).at(-1)).toMatchObject({
      kind: 'reversed',
      reason: 'repeated-here',
      crossFacility: false,
    });
  });

  test('is not moved by what was done before, after the term, withdrawn, of test data, or of somebody else', async () => {
    const who = person(4, 'M4');
    const { offer } = await acceptance(who);
    const town = { ...who, mrn: 'T4' };
    await send(TOWN, -0.1, { patient: town, results: potassium('4.4') });
    await send(TOWN, 7.5, { patient: town, results: potassium('4.5') });
    await send(TOWN, 2, { patient: town, results: potassium('4.6'), filler: 'W4' });
    await send(TOWN, 2, { patient: town, results: potassium('4.6', 'D'), filler: 'W4' });
    await send(TOWN, 3, { patient: town, results: potassium('4.7'), processing: 'T' });
    await send(TOWN, 3, { patient: person(44, 'T44'), results: potassium('4.8') });
    await pass(9);
    expect(await kinds(offer)).toEqual(['offered', 'accepted', 'settled']);
  });

  test('restates a settlement once when a repeat becomes known late', async () => {
    const who = person(5, 'M5');
    const { offer } = await acceptance(who);
    await pass(8);
    expect(await kinds(offer)).toEqual(['offered', 'accepted', 'settled']);
    await send(TOWN, 4, { patient: { ...who, mrn: 'T5' }, results: potassium('4.9') });
    await pass(68);
    expect(await kinds(offer)).toEqual(['offered', 'accepted', 'settled', 'reversed']);
    await pass(200);
    for (const _ of [1, 2, 3]) await settleOffer(world.gateway, { reference: offer });
    expect(await kinds(offer)).toEqual(['offered', 'accepted', 'settled', 'reversed']);
  });

  test('follows the person as it is known when it settles', async () => {
    const who = person(6, 'M6');
    const { offer } = await acceptance(who);
    const town = { ...who, mrn: 'T6' };
    await send(TOWN, 3, { patient: town, results: potassium('4.2') });
    const [row] = await sql<{ bucket: number; id: string }[]>`
      select r.bucket, r.id from resource r join result_entry e on e.bucket = r.bucket and e.patient = r.id
      where r.facility = ${TOWN} and r.type = 'Patient' order by r.known_from desc limit 1`;
    if (row === undefined) throw new Error('the township has the patient');
    const patient = { bucket: row.bucket as never, patient: row.id, facility: TOWN };
    expectOk(await unlinkPatient(world.gateway, { patient, steward: 's' }));
    await pass(8);
    expect(await kinds(offer)).toEqual(['offered', 'accepted', 'settled']);
  });

  test('has nothing to say of what was revoked in time, and takes a new acceptance for itself', async () => {
    const { offer } = await acceptance(person(7, 'M7'));
    const said = async (outcome: 'accepted' | 'revoked', days: number) => {
      world.clock.turnTo(at(days));
      expectOk(await reply(world.gateway, await world.askerOf(CITY), { offer, outcome, at: at(days) }));
    };
    await said('revoked', 1);
    await said('accepted', 2);
    await pass(8);
    expect(await kinds(offer)).toEqual(['offered', 'accepted', 'revoked', 'accepted']);
    await pass(9.5);
    expect(await kinds(offer)).toEqual(['offered', 'accepted', 'revoked', 'accepted', 'settled']);
  });

  test('two rounds at once settle once', async () => {
    const { offer } = await acceptance(person(8, 'M8'));
    world.clock.turnTo(at(8));
    await Promise.all(Array.from({ length: 6 }, () => settleOffer(world.gateway, { reference: offer })));
    expect(await kinds(offer)).toEqual(['offered', 'accepted', 'settled']);
  });

  test('the sums of the page are those of the definition and of plain SQL, and the chain holds', async () => {
    const rows = await sql<{ offer: string }[]>`select distinct offer from ledger_entry`;
    const all = (await Promise.all(rows.map(({ offer }) => entries(offer)))).flat();
    const sum = savedSum(all);
    const counts = await world.store.read.counts();
    expect([counts.savedFen, counts.reversedFen, counts.settledFen]).toEqual([
      sum.fen,
      sum.reversedFen,
      sum.settledFen,
    ]);
    const [net] = await sql`
      with line as (select e.kind, e.offer, s.key, s.fen from ledger_entry e join ledger_saving s on s.entry = e.id),
      standing as (select offer, (array_agg(kind order by position desc) filter (where kind in ('accepted', 'refused', 'revoked')))[1] as last
        from ledger_entry group by offer)
      select coalesce(sum(distinct_line.fen), 0) as fen from (
        select distinct l.offer, l.key, l.fen from line l join standing s on s.offer = l.offer and s.last = 'accepted'
        where l.kind = 'accepted' and not exists (select 1 from line r where r.kind = 'reversed' and r.offer = l.offer and r.key = l.key)
      ) distinct_line`;
    expect(Number(net?.['fen'])).toBe(sum.fen - sum.reversedFen);
    expect(await auditBySql(sql, world.clock.now())).toMatchObject({
      gross_fen: sum.fen,
      reversed_fen: sum.reversedFen,
      settled_fen: sum.settledFen,
      provisional_fen: sum.fen - sum.reversedFen - sum.settledFen,
      net_fen: sum.fen - sum.reversedFen,
    });
    expect(sum.reversedFen).toBeGreaterThan(0);
    expect(sum.settledFen).toBeGreaterThan(0);
    await sealChains(world.gateway);
    expect(await verifyLedger(world.gateway, { running: true })).toMatchObject({ ok: true });
  });
});
