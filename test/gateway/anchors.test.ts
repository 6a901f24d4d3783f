/** Anchors and exports of a real ledger: one a day, never changed, and a database that was rewritten is found by them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anchorLedger } from '../../src/gateway/anchor-ledger.ts';
import { exportLedger } from '../../src/gateway/export-ledger.ts';
import { createGateway } from '../../src/gateway/gateway.ts';
import { sealChains } from '../../src/gateway/seal-ledger.ts';
import { type Anchor, readAnchor } from '../../src/ledger/anchor.ts';
import { chainSeals } from '../../src/ledger/seal.ts';
import { createExportVerifier, type Kept } from '../../src/ledger/verify-export.ts';
import type { LedgerEntry } from '../../src/terms/ledger-entry.ts';
import { openApp } from '../support/app.ts';
import { ADMIN } from '../support/app.ts';
import { CITY, COUNTY, DATABASES, openWorld, type TestDatabase, type TestWorld, TOWN } from '../support/gateway.ts';
import { openSql } from '../support/sql.ts';
import { ledgerEntry, offer, patientRef } from '../store/contract/kit.ts';

describe.each(DATABASES)('on $name', (kind) => {
  let database: TestDatabase;
  let world: TestWorld;
  let sql: ReturnType<typeof openSql>;
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

  const append = async (facility: typeof CITY, count: number): Promise<void> => {
    const entries = Array.from({ length: count }, (): LedgerEntry => {
      const of = offer(patientRef(facility), world.clock.now());
      const savings = [{ priceItem: 'P', fen: 1_250, source: 's', key: `key of ${of.id}` }];
      return ledgerEntry(of, 'accepted', { savings });
    });
    await world.store.transaction((tx) => tx.appendLedger(entries));
  };
  const anchors = () => world.store.ledger.anchors({ since: '', limit: 100 });
  const newest = async (): Promise<Anchor> => {
    const read = await readAnchor((await anchors()).at(-1)?.anchor ?? '');
    if (read === undefined) throw new Error('there is no anchor');
    return read.anchor;
  };
  const exported = async (): Promise<readonly string[]> => {
    let text = '';
    for await (const part of exportLedger(world.gateway)) text += part;
    return text.trimEnd().split('\n');
  };
  const verify = (lines: readonly string[], kept: Kept = {}) => {
    const verifier = createExportVerifier(kept);
    for (const line of lines) verifier.take(line);
    return verifier.report();
  };

  test('there is none before anything is sealed, then one a day, whoever asks how often', async () => {
    expect(await anchorLedger(world.gateway)).toBeUndefined();
    await append(CITY, 3);
    await append(COUNTY, 2);
    await sealChains(world.gateway);
    const { store, clock, random, keys, regionZone, publicUrl } = world.gateway;
    const others = Array.from({ length: 3 }, () =>
      createGateway({ store, clock, random, keys, regionZone, publicUrl }),
    );
    await Promise.all([world.gateway, ...others, world.gateway].map(anchorLedger));
    expect((await anchors()).map(({ day }) => day)).toEqual(['2026-03-01']);
    expect(await newest()).toMatchObject({
      day: '2026-03-01',
      chains: [
        { chain: CITY, seq: 3 },
        { chain: COUNTY, seq: 2 },
      ],
    });
    world.clock.turnTo('2026-03-01T15:59:59Z');
    expect(await anchorLedger(world.gateway)).toBeUndefined();
    // Midnight is the region's.
    world.clock.turnTo('2026-03-01T16:00:00Z');
    expect(await anchorLedger(world.gateway)).toBe('2026-03-02');
    expect((await anchors()).map(({ day }) => day)).toEqual(['2026-03-01', '2026-03-02']);
    expect(await world.store.ledger.anchors({ since: '2026-03-02', limit: 100 })).toHaveLength(1);
  });

  test('an anchor is never changed nor taken away', async () => {
    await expect(sql`update ledger_anchor set anchor = ''`).rejects.toThrow(/append-only/);
    await expect(sql`delete from ledger_anchor`).rejects.toThrow(/append-only/);
    await expect(sql`truncate ledger_anchor`).rejects.toThrow(/append-only/);
  });

  test('a facility pulls them with its token, and the ledger is exported for the administrator alone', async () => {
    const app = openApp(world.gateway);
    const ask = (path: string, token?: string) =>
      app.request(path, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } });
    expect((await ask('/ledger/anchors')).status).toBe(401);
    expect((await ask('/admin/ledger/export')).status).toBe(401);
    const response = await ask('/admin/ledger/export', ADMIN);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/x-ndjson']);
    expect(verify((await response.text()).trimEnd().split('\n'))).toMatchObject({ ok: true });
  });

  test('the export of more than a page, with entries that wait, holds against its anchor', async () => {
    await append(TOWN, 1_203);
    await sealChains(world.gateway);
    await append(TOWN, 4);
    const report = verify(await exported(), { anchor: await newest() });
    expect(report).toMatchObject({ ok: true, faults: [] });
    expect(report.chains.find(({ chain }) => chain === TOWN)).toEqual({ chain: TOWN, sealed: 1_203, unsealed: 4 });
  });

  test('a chain that was written anew in the database, seals and all, is found by the anchor of before', async () => {
    const anchor = await newest();
    const page = await world.store.ledger.page(CITY, 0, 100);
    const dearer = page.map(({ entry }) => {
      if (entry === undefined) throw new Error('a place without an entry');
      return { ...entry, savings: entry.savings.map((one) => ({ ...one, fen: 99_999 })) };
    });
    for (const table of ['ledger_saving', 'ledger_seal'])
      await sql.unsafe(`alter table ${table} disable trigger append_only`);
    await sql`update ledger_saving set fen = 99999 where entry in ${sql(dearer.map(({ id }) => id))}`;
    for (const { seq, entryHash, seal } of chainSeals(undefined, CITY, dearer))
      await sql`update ledger_seal set entry_hash = ${entryHash}, seal = ${seal} where chain = ${CITY} and seq = ${seq}`;
    const lines = await exported();
    expect(verify(lines)).toMatchObject({ ok: true });
    expect(verify(lines, { anchor }).faults).toEqual([
      { code: 'ledger/truncated', chain: CITY, seq: 3, entry: dearer[2]?.id, line: 4 },
    ]);
  });
});
