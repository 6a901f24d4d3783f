/** What `ledger verify` says of entries that wait for their seal: a fault beside a gateway that serves, news otherwise. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ADMIN, openApp } from '../support/app.ts';
import { COUNTY, DATABASES, openWorld, type TestDatabase, type TestWorld } from '../support/gateway.ts';
import { ledgerEntry, offer, patientRef } from '../store/contract/kit.ts';

let database: TestDatabase;
let world: TestWorld;
beforeAll(async () => {
  database = await DATABASES[0]!.open();
  world = await openWorld(database);
  const made = ledgerEntry(offer(patientRef(COUNTY), world.clock.now()), 'accepted');
  await world.store.transaction((tx) => tx.appendLedger([made]));
});
afterAll(async () => {
  await world.close();
  await database.close();
});

async function verify(serving?: boolean): Promise<unknown> {
  const app = openApp(world.gateway, serving === undefined ? {} : { serving });
  return (await app.request('/admin/ledger/verify', { headers: { authorization: `Bearer ${ADMIN}` } })).json();
}

test('an entry that waits for a minute is no fault yet', async () => {
  expect(await verify()).toMatchObject({ ok: true, entries: 1, sealed: 0 });
});

test('after more than a minute it fails beside a gateway that serves, and is reported by one that is there for the command', async () => {
  world.clock.turnTo('2026-03-01T03:02:00Z');
  expect(await verify()).toMatchObject({ ok: false, entries: 1, sealed: 0 });
  expect(await verify(true)).toMatchObject({ ok: false });
  expect(await verify(false)).toMatchObject({ ok: true, entries: 1, sealed: 0 });
});
