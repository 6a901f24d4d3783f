/**
 * Months of a region through real doors, with stories in it whose end is known (issue 03): sums, repeats, signs and notices are
 * those that were planted, plain SQL finds them to the fen, every offer explains itself, and the past decided again is the past.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { explain } from '../../src/gateway/explain.ts';
import { findIrregularities } from '../../src/gateway/irregularities.ts';
import { reportMonth } from '../../src/gateway/month-report.ts';
import { verifyLedger } from '../../src/gateway/verify-ledger.ts';
import { whatIf } from '../../src/gateway/what-if/what-if.ts';
import { simulateRegion } from '../../src/simulation/region.ts';
import type { Irregularity } from '../../src/terms/irregularity.ts';
import type { MonthReport } from '../../src/terms/month-report.ts';
import type { WhatIf } from '../../src/terms/what-if.ts';
import { auditBySql } from '../support/audit-sql.ts';
import { expectOk } from '../support/gateway.ts';
import { startPostgres } from '../support/postgres.ts';
import { noPostgres } from '../support/required.ts';
import { openSql } from '../support/sql.ts';
import { playRegion, type PlayedRegion } from './played-region.ts';
import { ASKER, BRANCH, GIVER, PLANTED } from './stage.ts';
import { plant } from './stories.ts';

/** Half a year of 5,000 people where everything is required, six weeks of a small town elsewhere. */
const WHOLE = process.env['CONCORD_REQUIRE_ALL'] === '1';
const [PEOPLE, DAYS] = WHOLE ? [5_000, 180] : [400, 45];
const DAY_MS = 86_400_000;

describe.skipIf(noPostgres() !== undefined)('a region', { timeout: 120_000 }, () => {
  const region = simulateRegion({ seed: 'months', people: PEOPLE, days: DAYS });
  const { steps, truth } = plant(region.setting.start, DAYS);
  const folder = mkdtempSync(join(tmpdir(), 'concord-region-'));
  let server: Awaited<ReturnType<typeof startPostgres>>;
  let played: PlayedRegion;
  let sql: ReturnType<typeof openSql>;
  let months: readonly MonthReport[];

  beforeAll(async () => {
    server = await startPostgres();
    sql = openSql(server.url);
    played = await playRegion(region, steps, { databaseUrl: server.url, dataDir: folder });
    // Every term is over by then, and was looked at once more.
    await played.waitUntil(new Date(region.setting.start + (DAYS + 120) * DAY_MS).toISOString());
    months = await Promise.all(monthsOf().map(async (month) => expectOk(await reportMonth(gateway(), { month }))));
  }, 900_000);
  afterAll(async () => {
    await sql.end();
    await played.stop();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const gateway = () => played.running.gateway;
  const monthsOf = (): readonly string[] => {
    const found = new Set<string>();
    for (let day = 0; day <= DAYS + 40; day += 10)
      found.add(new Date(region.setting.start + day * DAY_MS + 8 * 3_600_000).toISOString().slice(0, 7));
    return [...found];
  };
  const planted = new Set<string>(PLANTED);
  const sumOver = <T>(pick: (report: MonthReport) => readonly T[], of: (line: T) => number): number =>
    months.flatMap(pick).reduce((sum, line) => sum + of(line), 0);

  test('took what the simulator sent', async () => {
    const counts = await gateway().store.read.counts();
    expect(counts.resultsIn).toBeGreaterThan(played.stats.results);
    expect(counts.resultsIn).toBe(counts.resultsStored + counts.resultProblems);
    expect(counts.offers).toBeGreaterThan(WHOLE ? 2_000 : 60);
    expect(await verifyLedger(gateway(), { running: false })).toMatchObject({ ok: true });
  });

  test('sums are those that were planted', () => {
    const lines = (report: MonthReport) => report.lines.filter(({ facility }) => planted.has(facility));
    expect({
      grossFen: sumOver(lines, ({ grossFen }) => grossFen),
      reversedFen: sumOver(lines, ({ reversedFen }) => reversedFen),
      provisionalFen: sumOver(lines, (line) => line.grossFen - line.reversedFen - line.settledFen),
    }).toEqual({ grossFen: truth.grossFen, reversedFen: truth.reversedFen, provisionalFen: 0 });
  });

  test('repeats are those that were planted', () => {
    const repeats = (report: MonthReport) => report.repeats.filter(({ facility }) => planted.has(facility));
    const missed = (report: MonthReport) => repeats(report).filter(({ justification }) => justification === '');
    expect({
      missed: sumOver(missed, (line) => line.repeats),
      missedFen: sumOver(missed, ({ fen }) => fen),
      justified: sumOver(repeats, (line) => line.repeats) - sumOver(missed, (line) => line.repeats),
    }).toEqual({ missed: truth.missed, missedFen: truth.missedFen, justified: truth.justified });
  });

  test('signs of gaming are those that were planted', async () => {
    const found: Irregularity[] = [];
    for (const month of monthsOf()) found.push(...expectOk(await findIrregularities(gateway(), { month })));
    const own = found.filter(({ facility }) => planted.has(facility));
    const counted = Object.entries(Object.groupBy(own, ({ kind }) => kind)).map(([kind, of]) => [
      kind,
      of.reduce((sum, { count }) => sum + count, 0),
    ]);
    expect(Object.fromEntries(counted)).toEqual({
      'quick-acceptance': 12,
      'own-as-other': 2,
      'similar-performed': 1,
      'moved-time': 1,
    });
    expect(own.filter(({ kind }) => kind === 'own-as-other')).toMatchObject([{ facility: ASKER, subject: BRANCH }]);
    expect(own.filter(({ kind }) => kind === 'moved-time')).toMatchObject([{ facility: GIVER, count: 1 }]);
    expect(own.filter(({ kind }) => kind === 'similar-performed')).toMatchObject([
      { subject: 'P-GLU → FPG', count: 1 },
    ]);
    expect(own.filter(({ kind }) => kind === 'quick-acceptance')).toMatchObject([
      { facility: ASKER, count: 12, of: 12 },
    ]);
  });

  test('notices are those that were planted', async () => {
    const open = await gateway().store.notices.open({ facility: ASKER, limit: 500 });
    expect(open.map(({ kind }) => kind).toSorted()).toEqual(truth.notices);
  });

  test('plain SQL finds the same sums and repeats, to the fen', async () => {
    const audited = await auditBySql(sql, played.clock.now());
    const counts = await gateway().store.read.counts();
    expect(audited).toEqual({
      gross_fen: counts.savedFen,
      reversed_fen: counts.reversedFen,
      settled_fen: counts.settledFen,
      provisional_fen: counts.savedFen - counts.reversedFen - counts.settledFen,
      net_fen: counts.savedFen - counts.reversedFen,
      missed: months.reduce((sum, { totals }) => sum + totals.missed, 0),
      missed_fen: months.reduce((sum, { totals }) => sum + totals.missedFen, 0),
      justified: months.reduce((sum, { totals }) => sum + totals.justified, 0),
    });
    expect(audited.net_fen).toBe(months.reduce((sum, { totals }) => sum + totals.netFen, 0));
    expect(audited.missed).toBeGreaterThan(truth.missed);
  });

  test('every offer explains itself', async () => {
    const offers = await sql<{ id: string }[]>`select id from offer order by id`;
    const differing: string[] = [];
    for (const { id } of offers) {
      const explained = await explain(gateway(), id);
      if (!explained.ok || explained.value.differences.length > 0) differing.push(id);
    }
    expect(offers.length).toBeGreaterThan(60);
    expect(differing).toEqual([]);
  });

  test('the past decided again is the past', async () => {
    const candidate = (await gateway().reference.current()).catalogue?.digest ?? '';
    const [from, to] = [0, DAYS + 60].map((day) =>
      new Date(region.setting.start + day * DAY_MS + 8 * 3_600_000).toISOString().slice(0, 10),
    );
    let result: WhatIf | undefined;
    for await (const step of expectOk(await whatIf(gateway(), { candidate, from: from ?? '', to: to ?? '' })))
      ({ result } = step);
    const [asked] = await sql<
      { orders: number }[]
    >`select count(distinct (facility, patient_mac, encounter_mac, target))::int as orders from asked_order`;
    expect(result).toMatchObject({ differing: 0, gained: 0, lost: 0, undecidable: 0 });
    expect(result?.would).toEqual(result?.was);
    expect(result?.was.risks.corrected).toBeGreaterThanOrEqual(2);
    expect(result?.was.orders).toBe(asked?.orders);
  });
});
