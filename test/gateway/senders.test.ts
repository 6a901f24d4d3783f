/** A facility's list of senders: another one is told, and the channel decides all the same (DESIGN 4). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { putFacilities } from '../../src/gateway/configure.ts';
import { facilitiesOf } from '../../src/runtime/node/configuration-files.ts';
import { COUNTY, DATABASES, expectOk, openWorld, type TestDatabase, type TestWorld } from '../support/gateway.ts';
import { oru } from '../support/messages.ts';

let database: TestDatabase;
let world: TestWorld;
beforeAll(async () => {
  database = await DATABASES[0]!.open();
  world = await openWorld(database);
});
afterAll(async () => {
  await world.close();
  await database.close();
});

async function listed(...senders: readonly string[]): Promise<void> {
  const { facility } = await world.askerOf(COUNTY);
  expectOk(await putFacilities(world.gateway, [{ ...facility, profile: { ...facility.profile, senders } }]));
}

let sent = 0;
async function send(application: string, facility: string) {
  sent++;
  const text = oru({ controlId: `SENDER${sent}` }).replace('|LIS|TEST|', `|${application}|${facility}|`);
  const { code, problems, resultsStored } = await world.send(COUNTY, text);
  const told = problems.filter((problem) => problem.code === 'gateway/unexpected-sender');
  return { code, resultsStored, at: told.map(({ severity, at }) => `${severity} ${at}`) };
}

describe('with a list', () => {
  test('a listed sender is taken without a word', async () => {
    await listed('H01', 'LIS-OLD');
    expect(await send('LIS', 'H01')).toEqual({ code: 'AA', resultsStored: 5, at: [] });
    expect(await send('LIS', 'H01^1.2.3^ISO')).toMatchObject({ at: [] });
  });

  test('another one is warned of and stored all the same', async () => {
    await listed('H01', 'LIS-OLD');
    expect(await send('LIS', 'H02')).toEqual({ code: 'AA', resultsStored: 5, at: ['warning MSH-4'] });
    expect(await send('H01', 'H02')).toMatchObject({ at: ['warning MSH-4'] });
  });

  test('MSH-3 counts where MSH-4 is empty, and a sender without either is warned of', async () => {
    await listed('H01', 'LIS-OLD');
    expect(await send('LIS-OLD', '')).toMatchObject({ code: 'AA', at: [] });
    expect(await send('LIS-NEW', '')).toMatchObject({ at: ['warning MSH-4'] });
    expect(await send('', '')).toMatchObject({ at: ['warning MSH-4'] });
  });
});

test('without a list nobody is warned of', async () => {
  await listed();
  expect(await send('LIS', 'H99')).toMatchObject({ code: 'AA', at: [] });
});

test('the list is a column of the facilities file', () => {
  const fields = { id: 'x', name: 'y', level: '2', area: '000001', senders: 'H01; LIS-OLD' };
  const [facility] = facilitiesOf({ columns: Object.keys(fields), records: [{ line: 2, fields }] });
  expect(facility).toMatchObject({ profile: { senders: ['H01', 'LIS-OLD'] } });
});
