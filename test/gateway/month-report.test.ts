/** A month as it is published: every order once, every answer where it belongs, and the same report again as of the same instant. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reportMonth } from '../../src/gateway/month-report.ts';
import { reply } from '../../src/gateway/reply.ts';
import { runJobs } from '../../src/gateway/run-jobs.ts';
import { measuresOf } from '../../src/ledger/measures.ts';
import { printMonthCsv } from '../../src/ledger/month-report.ts';
import type { FacilityId } from '../../src/terms/facility.ts';
import type { Instant } from '../../src/terms/instant.ts';
import type { MonthReport } from '../../src/terms/month-report.ts';
import type { ReplyOutcome } from '../../src/terms/reply.ts';
import type { Visit } from '../../src/terms/visit.ts';
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
import { r4Faults } from '../support/r4-validator.ts';

const SPLIT = { patient: 301, fund: 600, deductible: 99 };

describe.each(DATABASES)('on $name', (kind) => {
  let database: TestDatabase;
  let world: TestWorld;
  let count = 0;
  let early: MonthReport;
  beforeAll(async () => {
    database = await kind.open();
    world = await openWorld(database);
    await play();
  });
  afterAll(async () => {
    await world.close();
    await database.close();
  });

  const send = (from: FacilityId, who: Person, collected: string, value = '4.1') =>
    world.send(
      from,
      oru({
        controlId: `M${++count}`,
        patient: { ...who, mrn: `${from}-${who.mrn}` },
        collected,
        reported: collected,
        results: [`NM|K^钾^L||${value}|mmol/L|3.5-5.3||||F`],
        specimen: '血清',
      }),
    );

  const ask = async (by: FacilityId, who: Person, encounter: string, code = '2823-3', visit?: Visit) => {
    const answer = await world.ask(
      by,
      questionOf(by, who, {
        encounter,
        ...(visit === undefined ? {} : { visit, practitioner: 'D1' }),
        key: `o${++count}`,
        ...(code === '2823-3' ? {} : { order: { system: '', code } }),
      }),
    );
    return answer.items[0]?.offer ?? '';
  };
  const say = async (by: FacilityId, offer: string, outcome: ReplyOutcome, reason?: string) =>
    expectOk(
      await reply(world.gateway, await world.askerOf(by), {
        offer,
        outcome,
        at: world.clock.now(),
        ...(reason === undefined ? {} : { reason }),
      }),
    );
  const until = async (instant: string): Promise<void> => {
    world.clock.turnTo(instant);
    while ((await runJobs(world.gateway)) > 0);
  };

  /** Potassium of everybody at the county on the first morning of March; what the city and the township make of it. */
  async function play(): Promise<void> {
    const people = Array.from({ length: 8 }, (_, index) => person(index + 1));
    for (const who of people.slice(0, 7)) await send(COUNTY, who, '20260301080000');
    const [settled, repeated, refused, imageless, ignored, revoked, own, nothing] = people as [
      Person,
      Person,
      Person,
      Person,
      Person,
      Person,
      Person,
      Person,
    ];
    const insured = { class: 'outpatient', specialty: '03', payer: 'employee', split: SPLIT } as const;
    await say(CITY, await ask(CITY, settled, 'E1', '2823-3', insured), 'accepted');
    await say(CITY, await ask(CITY, repeated, 'E2', '2823-3', { class: 'inpatient', drg: true }), 'accepted');
    await say(CITY, await ask(CITY, refused, 'E3'), 'refused', '01');
    await say(CITY, await ask(CITY, imageless, 'E4'), 'refused', '98');
    // Asked three times in one visit, and never answered: one order.
    for (const _ of [1, 2, 3]) await ask(CITY, ignored, 'E5');
    const taken = await ask(CITY, revoked, 'E6');
    await say(CITY, taken, 'accepted');
    await say(CITY, taken, 'revoked');
    await say(COUNTY, await ask(COUNTY, own, 'E7'), 'accepted');
    await ask(TOWN, nothing, 'E8');
    await ask(TOWN, nothing, 'E8', 'WHAT');
    await send(TOWN, repeated, '20260303080000', '4.4');
    early = expectOk(await reportMonth(world.gateway, { month: '2026-03' }));
    await until('2026-03-20T00:00:00Z');
    // April is another month, and what is asked then is none of March's.
    await until('2026-04-02T00:00:00Z');
    await send(COUNTY, settled, '20260402060000');
    await ask(CITY, settled, 'E9');
  }

  const report = async (over: { month?: string; asOf?: Instant } = {}) =>
    expectOk(await reportMonth(world.gateway, { month: '2026-03', ...over }));

  test('counts each order once, and each answer where it belongs', async () => {
    const { lines, totals } = await report();
    expect(lines.map(({ facility, target }) => [facility, target])).toEqual([
      [CITY, 'K'],
      [COUNTY, 'K'],
      [TOWN, ''],
      [TOWN, 'K'],
    ]);
    expect(lines[0]).toMatchObject({
      asked: 6,
      recognisable: 6,
      offered: 6,
      accepted: 2,
      acceptedAcross: 2,
      refused: 1,
      refusedUncounted: 1,
      unanswered: 2,
    });
    expect(lines[1]).toMatchObject({ asked: 1, accepted: 1, acceptedAcross: 0 });
    expect(lines[2]).toMatchObject({ asked: 1, recognisable: 0, offered: 0 });
    expect(lines[3]).toMatchObject({ asked: 1, recognisable: 0, offered: 0 });
    expect(totals).toMatchObject({ asked: 9, offered: 7, accepted: 3 });
  });

  test('nets what was done again, and settles the rest', async () => {
    const { lines, totals } = await report();
    const price = (lines[0]?.grossFen ?? 0) / 2;
    expect(price).toBeGreaterThan(0);
    expect(lines[0]).toMatchObject({ grossFen: 2 * price, reversedFen: price, settledFen: price });
    expect(totals.netFen).toBe(totals.grossFen - totals.reversedFen);
    expect(totals.provisionalFen).toBe(totals.netFen - totals.settledFen);
    expect(totals.provisionalFen).toBe(0);
  });

  test('tells reasons, who gave to whom, and who asked at all', async () => {
    const { refusals, flows, coverage } = await report();
    expect(refusals).toEqual([
      { facility: CITY, reason: '01', refused: 1 },
      { facility: CITY, reason: '98', refused: 1 },
    ]);
    expect(flows).toEqual([
      { giver: COUNTY, receiver: CITY, accepted: 2, missed: 0 },
      { giver: COUNTY, receiver: COUNTY, accepted: 1, missed: 0 },
    ]);
    expect(coverage).toEqual({ asking: 3, feeding: 0, registered: 3 });
  });

  test('is the same to the byte as of the same instant, whatever happened since', async () => {
    expect(JSON.stringify(await report({ asOf: early.asOf }))).toBe(JSON.stringify(early));
    expect(early.totals).toMatchObject({ accepted: 3, reversedFen: 0, settledFen: 0 });
    expect((await report({ month: '2026-04' })).totals).toMatchObject({ asked: 1, offered: 1, accepted: 0 });
    expect((await report({ month: '2026-02' })).lines).toEqual([]);
  });

  test('adds up to what the ledger counts', async () => {
    const [{ totals }, counts] = [await report(), await world.store.read.counts()];
    expect([totals.grossFen, totals.reversedFen, totals.settledFen]).toEqual([
      counts.savedFen,
      counts.reversedFen,
      counts.settledFen,
    ]);
  });

  test('is broken down by who asked for whom, and tells who gains', async () => {
    const { by, attribution, totals } = await report();
    const pick = (dimension: keyof typeof by) =>
      by[dimension].map(({ key, asked, accepted }) => [key, asked, accepted]);
    expect(pick('specialty')).toEqual([
      ['', 8, 2],
      ['03', 1, 1],
    ]);
    expect(pick('visitClass').map(([key]) => key)).toEqual(['', 'inpatient', 'outpatient']);
    expect(pick('payer')).toContainEqual(['employee', 1, 1]);
    expect(pick('level')).toEqual([
      ['1', 2, 0],
      ['2', 1, 1],
      ['3', 6, 2],
    ]);
    expect(pick('category').map(([key]) => key)).toEqual(['', 'biochem-electrolyte']);
    // A doctor is a pseudonym, and nobody else's.
    expect(pick('doctor')).toEqual([
      ['', 7, 1],
      [expect.stringMatching(/^[\w-]{43}$/), 2, 2],
    ]);
    // 850 fen of the insured patient, net; what was paid by case was done again; the county's own is nobody's.
    const { unattributedFen, ...told } = attribution;
    expect(told).toEqual({ drgFen: 0, patientFen: 256, fundFen: 510, deductibleFen: 84 });
    expect(unattributedFen + 850).toBe(totals.netFen);
  });

  test('says of each share what it is of', async () => {
    const { indicators, totals } = await report();
    const told = Object.fromEntries(indicators.map(({ id, numerator, denominator }) => [id, [numerator, denominator]]));
    expect(told).toMatchObject({
      'recognisable-rate': [7, 9],
      'recognition-rate': [3, 4],
      'recognition-of-recognisable': [3, 7],
      'confirmed-repeat-rate': [totals.reversedFen, totals.grossFen],
      'asked-share': [0, 0],
    });
    expect(totals.visits).toBe(8);
  });

  test('is FHIR Measures and MeasureReports that hold', async () => {
    const made = await report();
    const bundle = measuresOf(made) as { entry: { resource: Record<string, unknown> }[] };
    expect(r4Faults(bundle as never)).toEqual([]);
    const rate = bundle.entry.find(({ resource }) => resource['measure'] === 'urn:concord:measure:recognition-rate|2');
    expect(rate?.resource).toMatchObject({
      period: { start: '2026-03', end: '2026-03' },
      group: [{ measureScore: { value: 0.75 }, population: [{ count: 3 }, { count: 4 }] }],
    });
  });

  test('comes as JSON and as CSV, for the administrator, and refuses what is no month', async () => {
    const app = openApp(world.gateway);
    const get = (query: string, accept = 'application/json') =>
      app.request(`/admin/ledger/report${query}`, { headers: { authorization: `Bearer ${ADMIN}`, accept } });
    const { asOf } = early;
    const csv = await get(`?month=2026-03&asOf=${asOf}`, 'text/csv');
    expect([csv.headers.get('content-type'), await csv.text()]).toEqual([
      'text/csv; charset=utf-8',
      printMonthCsv(early),
    ]);
    expect(printMonthCsv(early).split('\r\n')[1]).toMatch(
      new RegExp(`^2026-03,${asOf},city,K,6,6,0,6,2,2,1,1,2,\\d+,0,0,0$`),
    );
    const fhir = await get(`?month=2026-03&asOf=${asOf}`, 'application/fhir+json');
    expect(await fhir.json()).toEqual(measuresOf(early));
    const doctors = await get(`?month=2026-03&asOf=${asOf}&part=doctor`, 'text/csv');
    expect(await doctors.text()).toBe(printMonthCsv(early, 'doctor'));
    expect((await get('?month=2026-03&part=names', 'text/csv')).status).toBe(400);
    expect((await get('?month=2026-03&catalogue=none')).status).toBe(404);
    for (const month of ['', '2026-13', '2026', '2026-03-01']) {
      const refused = await get(`?month=${month}`);
      expect([refused.status, await refused.json()]).toMatchObject([400, { code: 'gateway/bad-month' }]);
    }
    expect((await get('?month=2026-03&asOf=soon')).status).toBe(400);
    expect((await app.request('/admin/ledger/report?month=2026-03')).status).toBe(401);
  });
});
