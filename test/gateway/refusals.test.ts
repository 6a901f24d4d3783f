/** What the gateway refuses or tells of its own, each by its code: messages, configuration and ids that lead nowhere. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LIMITS } from '../../src/base/limits.ts';
import { readMessage } from '../../src/formats/hl7v2/read.ts';
import { putCodes, putFacilities } from '../../src/gateway/configure.ts';
import { createGateway } from '../../src/gateway/gateway.ts';
import { unmappable } from '../../src/gateway/hl7v2-arrival.ts';
import { faultsOf } from '../../src/gateway/path.ts';
import { replay } from '../../src/gateway/replay.ts';
import { systemRandom } from '../../src/runtime/node/clock.ts';
import { openStore } from '../../src/store/open-store.ts';
import { COUNTY, DATABASES, openWorld, type TestDatabase, testKeys, type TestWorld } from '../support/gateway.ts';
import { BLOOD_COUNT, oru } from '../support/messages.ts';

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

const told = async (text: string) => {
  const { code, problems, resultsIn, resultsStored } = await world.send(COUNTY, text);
  return { code, codes: problems.map((problem) => `${problem.code} ${problem.at}`), resultsIn, resultsStored };
};

describe('a message', () => {
  test('without a report is kept and answered AE', async () => {
    const bare = oru({ controlId: 'N1' }).split('\r').slice(0, 2).join('\r');
    const answered = await told(`${bare}\r`);
    expect(answered.code).toBe('AE');
    expect(answered.codes).toContain('gateway/no-report MSH-9');
  });

  test('of another trigger is answered AR', async () => {
    const answered = await told(oru({ controlId: 'N2' }).replace('ORU^R01', 'ADT^A08'));
    expect(answered).toMatchObject({ code: 'AR', codes: ['gateway/unknown-trigger MSH-9'] });
  });

  test('with a code longer than any code is stored whole, and the code is told', async () => {
    const long = 'x'.repeat(LIMITS.codeLengthMax + 1);
    const results = [...BLOOD_COUNT.slice(0, 1), `NM|${long}^长^L||1|g/L|||||F`];
    const answered = await told(oru({ controlId: 'N3', filler: 'N3', results }));
    expect(answered).toMatchObject({ code: 'AA', resultsIn: 2, resultsStored: 2 });
    expect(answered.codes).toContain('gateway/code-too-long OBX[2]-3');
  });

  test('that cannot be mapped has every result told by its position', () => {
    const { message } = readMessage(new TextEncoder().encode(oru({ controlId: 'N4' }))).value ?? {};
    const journey = unmappable(message);
    expect(journey).toMatchObject({ quarantined: true, resultsIn: 5, resultsStored: 0 });
    expect(journey.problems.map(({ code, at }) => `${code} ${at}`)).toEqual([
      'gateway/not-mappable MSH',
      ...[1, 2, 3, 4, 5].map((n) => `gateway/not-mappable OBX[${n}]`),
    ]);
  });

  test('with a result neither stored nor told is no success', () => {
    const mapped = { patients: [{ reports: [{}] }] } as never;
    const problem = { code: 'registry/other-patient', severity: 'error', at: 'OBX[2]' } as const;
    const codes = (resultsStored: number) =>
      faultsOf({ mapped, problems: [problem], resultsIn: 3, resultsStored }).map(({ code }) => code);
    expect(codes(2)).toEqual([]);
    expect(codes(1)).toEqual(['gateway/results-unaccounted']);
  });
});

test('an envelope that is not there cannot be replayed', async () => {
  const answered = await replay(world.gateway, { envelope: '5c7a6d2e-0000-4000-8000-000000000009' });
  expect(answered).toMatchObject({ ok: false, refusal: { code: 'gateway/unknown-envelope', category: 'not-found' } });
});

test('codes can be mapped only when there is a catalogue to map them to', async () => {
  const empty = await DATABASES[0]!.open();
  const store = await openStore({ url: empty.url, keys: testKeys(), clock: world.clock });
  const { clock } = world;
  const gateway = createGateway({ store, clock, random: systemRandom, keys: testKeys(), regionZone: 'Asia/Shanghai' });
  await putFacilities(gateway, [(await world.askerOf(COUNTY)).facility]);
  const row = { facility: COUNTY, kind: 'result', system: '', code: 'HGB', display: '', target: 'HGB' } as const;
  expect(await putCodes(gateway, [row])).toMatchObject({ ok: false, refusal: { code: 'gateway/no-catalogue' } });
  await store.close();
  await empty.close();
});
