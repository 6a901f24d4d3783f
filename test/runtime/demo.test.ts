/** The demo as a newcomer runs it: it ends by itself, its figures add up, and plain SQL finds the same sum to the fen. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { explain } from '../../src/gateway/explain.ts';
import { openPglite } from '../../src/runtime/node/pglite/open-pglite.ts';
import { readSettings } from '../../src/runtime/node/settings.ts';
import { startGateway } from '../../src/runtime/node/start-gateway.ts';
import { runCommand } from '../support/command.ts';
import { openSql } from '../support/sql.ts';

const ROOT = resolve(import.meta.dirname, '../..');

test('the demo ends by itself with figures that add up, in its output and in its database', {
  timeout: 120_000,
}, async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'concord-demo-test-'));
  try {
    const run = promisify(execFile);
    const { stdout } = await run(process.execPath, ['src/runtime/node/cli.ts', 'demo', '--once'], {
      cwd: ROOT,
      env: { PATH: process.env['PATH'], DATA_DIR: dataDir },
    });
    const figure = (pattern: RegExp): number => Number((pattern.exec(stdout)?.[1] ?? 'NaN').replace('.', ''));
    const [messages, results, offers] = [/messages +(\d+) sent/, /results +(\d+) in =/, /offers +(\d+) shown/].map(
      figure,
    );
    expect(messages).toBeGreaterThan(200);
    expect(results).toBe(figure(/(\d+) stored \+/) + figure(/stored \+ (\d+) as problems/));
    expect(results).toBe(figure(/the simulator says (\d+)/));
    expect(offers).toBeGreaterThan(10);
    expect(stdout).toMatch(/ledger +verified/);

    const embedded = await openPglite({ dataDir: join(dataDir, 'pglite') });
    const sql = openSql(embedded.url);
    // Not the store's own query: replies say what stands, the ledger what it was worth.
    const [saved] = await sql`
      select coalesce(sum(s.fen), 0) as fen from ledger_saving s join ledger_entry e on e.id = s.entry
      join (select offer, (array_agg(outcome order by ordinal desc))[1] as last from reply group by offer) r on r.offer = e.offer
      where e.kind = 'accepted' and r.last = 'accepted'`;
    const [counted] = await sql`select (select count(*) from offer) as offers,
      (select count(*) from ledger_entry where kind = 'offered') as offered,
      (select count(*) from (select key from ledger_saving s join ledger_saving_claim c using (key)
        where c.entry = s.entry group by key having count(*) > 1) twice) as twice`;
    await sql.end();
    await embedded.close();
    expect(await differing(dataDir)).toEqual([]);
    await expectVerifiable(dataDir);
    expect(Number(saved?.['fen'])).toBe(figure(/saved +¥([\d.]+)/));
    expect(counted).toMatchObject({ offers: String(offers), offered: String(offers), twice: '0' });
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});

/** Offers whose decision, made again from what was kept, is not the one that was shown. */
async function differing(dataDir: string): Promise<readonly string[]> {
  const settings = readSettings({ DATA_DIR: dataDir, PORT: '0' });
  const running = await startGateway(settings, { demo: true, serving: false });
  const { gateway } = running;
  const offers = await gateway.store.read.latestOffers(10_000);
  const explained = await Promise.all(offers.map(async ({ id }) => [id, await explain(gateway, id)] as const));
  await running.stop();
  return explained.flatMap(([id, outcome]) => (outcome.ok && outcome.value.differences.length === 0 ? [] : [id]));
}

/** The auditor's walk: export, anchor, verified without the database; an amount that was changed in the file is found. */
async function expectVerifiable(dataDir: string): Promise<void> {
  const ledger = (...args: readonly string[]) => runCommand(['ledger', ...args], { DATA_DIR: dataDir });
  const [file, anchor, forged] = ['export', 'anchor', 'forged'].map((name) => join(dataDir, name));
  writeFileSync(file as string, (await ledger('export')).out);
  writeFileSync(anchor as string, (await ledger('anchor')).out);
  const whole = await ledger('verify', file as string, '--anchor', anchor as string);
  expect([whole.code, whole.out]).toEqual([0, expect.stringMatching(/"ok": true[^]*"anchor": "2026-/)]);
  const text = readFileSync(file as string, 'utf8');
  const dearer = text.replace(/"fen":(\d+)/, '"fen":9$1');
  expect(dearer).not.toBe(text);
  writeFileSync(forged as string, dearer);
  const found = await ledger('verify', forged as string);
  expect([found.code, found.out]).toEqual([1, expect.stringContaining('ledger/edited-entry')]);
  expect(found.out).toContain('agrees with itself');
}
