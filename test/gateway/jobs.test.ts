/** What is accepted first and mapped later: nothing of it is forgotten, blocks what is behind it, or fails unheard. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { utf8 } from '../../src/base/bytes.ts';
import { LIMITS } from '../../src/base/limits.ts';
import { createGateway, type OnFault } from '../../src/gateway/gateway.ts';
import { finishPending } from '../../src/gateway/run-jobs.ts';
import { systemRandom } from '../../src/runtime/node/clock.ts';
import { ADMIN, openApp } from '../support/app.ts';
import { COUNTY, DATABASES, openWorld, type TestDatabase, type TestWorld, testKeys } from '../support/gateway.ts';
import { oru } from '../support/messages.ts';
import { openSql } from '../support/sql.ts';

let database: TestDatabase;
let world: TestWorld;
let sql: ReturnType<typeof openSql>;
beforeAll(async () => {
  database = await DATABASES[0]!.open();
  world = await openWorld(database);
  sql = openSql(database.url);
});
afterAll(async () => {
  await sql.end();
  await world.close();
  await database.close();
});

/** With MSH-15: answered CA, mapped by a job. */
const accepted = (controlId: string): string => oru({ controlId }).replace('|P|2.4||||', '|P|2.4|||AL|NE');
const outcomeOf = async (envelope: string) =>
  (await sql`select outcome, results_stored as stored, problems from envelope where id = ${envelope}`)[0];

/** The same store under a gateway that writes down its faults. */
function listening(store = world.store): { gateway: typeof world.gateway; faults: string[] } {
  const faults: string[] = [];
  const onFault: OnFault = ({ code }) => void faults.push(code);
  const { clock } = world;
  return {
    faults,
    gateway: createGateway({
      store,
      clock,
      random: systemRandom,
      keys: testKeys(),
      regionZone: 'Asia/Shanghai',
      onFault,
    }),
  };
}

test('an accepted envelope without a job is finished all the same', async () => {
  const { envelope } = await world.send(COUNTY, accepted('FORGOTTEN'));
  await sql`delete from job where reference = ${envelope}`;
  expect(await outcomeOf(envelope)).toMatchObject({ outcome: 'pending' });
  expect(await finishPending(world.gateway)).toBe(1);
  expect(await outcomeOf(envelope)).toMatchObject({ outcome: 'stored', stored: 5 });
  expect(await finishPending(world.gateway)).toBe(0);
});

test('one that waits for its job again is left to the job', async () => {
  const { envelope } = await world.send(COUNTY, accepted('WAITING'));
  await sql`update job set due = '2030-01-01' where reference = ${envelope}`;
  expect(await finishPending(world.gateway)).toBe(0);
  expect(await outcomeOf(envelope)).toMatchObject({ outcome: 'pending' });
  await sql`update job set due = '2026-01-01' where reference = ${envelope}`;
  expect(await finishPending(world.gateway)).toBe(1);
});

test('an envelope whose channel is gone is quarantined and says so', async () => {
  const { envelope } = await world.send(COUNTY, accepted('DOORLESS'));
  await sql`update envelope set channel = 'gone' where id = ${envelope}`;
  await finishPending(world.gateway);
  const kept = await outcomeOf(envelope);
  expect(kept).toMatchObject({ outcome: 'quarantined', stored: 0 });
  expect(String(kept?.['problems'])).toContain('gateway/unknown-channel');
  await sql`update envelope set channel = ${`${COUNTY}-client`} where id = ${envelope}`;
});

test('a fault of a job is told by its code, and the job is tried again', async () => {
  const { envelope } = await world.send(COUNTY, accepted('FAULTY'));
  let broken = true;
  const { gateway, faults } = listening({
    ...world.store,
    transaction: (work) => (broken ? Promise.reject(new Error('a fault of ours')) : world.store.transaction(work)),
  });
  await finishPending(gateway);
  expect(new Set(faults)).toEqual(new Set(['gateway/not-mappable', 'gateway/job-failed']));
  expect(await outcomeOf(envelope)).toMatchObject({ outcome: 'pending' });
  broken = false;
  world.clock.turnTo('2026-03-01T03:10:00Z');
  await finishPending(gateway);
  expect(await outcomeOf(envelope)).toMatchObject({ outcome: 'stored' });
});

test('a file that wants accept acknowledgements is summed after it is mapped, and its jobs find nothing left to do', async () => {
  const app = openApp(world.gateway);
  const ingest = async (text = accepted('FILE1') + accepted('FILE2')) => {
    const response = await app.request(`/admin/ingest?facility=${COUNTY}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN}` },
      body: new Uint8Array(utf8(text)),
    });
    return response.json();
  };
  expect(await ingest()).toMatchObject({ messages: 2, resultsIn: 10, resultsStored: 10, answers: { CA: 2 } });
  const versions = await sql`select count(*) as count from container`;
  expect(await finishPending(world.gateway)).toBe(2);
  expect(await sql`select count(*) as count from container`).toEqual(versions);
  expect(await ingest()).toMatchObject({ messages: 2, resends: 2, resultsIn: 0, answers: { CA: 2 } });
  const many = accepted('FILE3').repeat(LIMITS.messagesPerFrameMax + 1);
  expect(await ingest(many)).toMatchObject({ status: 413, code: 'web/too-many-messages' });
  expect(await ingest(accepted('FILE3'))).toMatchObject({ messages: 1, resends: 0 });
});
