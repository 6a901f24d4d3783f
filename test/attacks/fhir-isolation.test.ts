/**
 * Two facilities with the same people, numbers and identifiers, over one pool of connections, ten thousand requests that
 * interleave, some of which break in the middle of a transaction: nobody is ever shown, or given, a row of the other's.
 */
import type { Bundle } from 'fhir/r4';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FacilityId } from '../../src/terms/facility.ts';
import { type App, openApp } from '../support/app.ts';
import { type FhirInit, type FhirTester, fhirTester } from '../support/fhir.ts';
import { CITY, COUNTY, DATABASES, openWorld, type TestDatabase, type TestWorld } from '../support/gateway.ts';
import { openSql } from '../support/sql.ts';
import { electrolytes, NATIONAL_SYSTEM, newVictim } from './attack-world.ts';

/** The embedded database has one connection: what a pool may mix up is PostgreSQL's to show. */
const REQUESTS = { PostgreSQL: 10_000, PGlite: 2_500 } as const;
const AT_ONCE = 16;
/** Identifiers under which both create on a condition. */
const SAME = 40;
/** Breaks a write in the database itself, after others of the same transaction went through. */
const BREAKS = 'BREAKS-IN-THE-MIDDLE';
const MARKS: Readonly<Record<string, string>> = { [COUNTY]: 'MARK-OF-COUNTY', [CITY]: 'MARK-OF-CITY' };
const SIDES = [COUNTY, CITY] as const;
const PEOPLE = Array.from({ length: 4 }, newVictim);
const JSON_TYPE = { 'content-type': 'application/fhir+json' };

/** What a facility holds of the people at the start. */
interface Own {
  readonly patients: string[];
  readonly observations: string[];
}

interface Asked {
  readonly path: string;
  readonly init?: FhirInit;
}

/** One way to ask: how often among a hundred, what is right to answer. */
interface Way {
  readonly share: number;
  readonly statuses: readonly number[];
  readonly make: () => Asked;
}

/** Numbers that look thrown and are the same in each run (mulberry32). */
function thrown(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const otherThan = (side: FacilityId): FacilityId => (side === COUNTY ? CITY : COUNTY);

function observation(side: FacilityId, subject: string, note: string, identifier: string) {
  return {
    resourceType: 'Observation',
    status: 'final',
    code: { coding: [{ code: 'K' }] },
    subject: { reference: `Patient/${subject}` },
    effectiveDateTime: '2026-03-01T08:00:00+08:00',
    identifier: [{ system: 'urn:same', value: identifier }],
    valueQuantity: { value: 4.2, unit: 'mmol/L' },
    note: [{ text: `${MARKS[side]} ${note}` }],
  };
}

const post = (path: string, body: object, headers = {}): Asked => ({
  path,
  init: { method: 'POST', body: JSON.stringify(body), headers: { ...JSON_TYPE, ...headers } },
});

const transaction = (...resources: object[]): Asked => {
  const entry = resources.map((resource) => ({ resource, request: { method: 'POST', url: 'Observation' } }));
  return post('', { resourceType: 'Bundle', type: 'transaction', entry });
};

/** Every way in which a facility asks: for its own, for the other's, and so that a transaction fails in the middle. */
function waysOf(side: FacilityId, own: Own, theirs: Own, throwing: () => number): readonly Way[] {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(throwing() * list.length)] as T;
  const number = (): string => `${NATIONAL_SYSTEM}|${pick(PEOPLE).national}`;
  const made = (note: string, identifier: string): object => observation(side, pick(own.patients), note, identifier);
  const get = (share: number, path: () => string, status = 200): Way => ({
    share,
    statuses: [status],
    make: () => ({ path: path() }),
  });
  const once = (): Asked => {
    const identifier = `I${Math.floor(throwing() * SAME)}`;
    return post('/Observation', made('once', identifier), { 'if-none-exist': `identifier=urn:same|${identifier}` });
  };
  const steal = (): Asked => {
    const id = pick(theirs.observations);
    const body = JSON.stringify({ ...made('stolen', 'STOLEN'), id });
    return { path: `/Observation/${id}`, init: { method: 'PUT', body, headers: JSON_TYPE } };
  };
  const led = (): object => observation(side, pick(theirs.patients), 'lost', 'LOST');
  return [
    get(30, () => `/Observation/${pick(own.observations)}`),
    get(8, () => `/Observation/${pick(theirs.observations)}`, 404),
    get(4, () => `/Patient/${pick(theirs.patients)}/_history/1`, 404),
    get(14, () => `/Observation?patient=${pick(own.patients)}&code=K&_count=5`),
    get(6, () => `/Observation?patient=${pick(theirs.patients)}&_count=5`),
    get(10, () => `/Observation?patient.identifier=${number()}&_count=5&_sort=-date`),
    get(6, () => `/Observation?identifier=urn:same|I${Math.floor(throwing() * SAME)}`),
    get(4, () => '/DiagnosticReport?identifier=SAME1&_include=DiagnosticReport:result'),
    get(2, () => '/Observation?_lastUpdated=ge2026-01-01&_count=10'),
    { share: 3, statuses: [201], make: () => post('/Observation', made('made', `N${throwing()}`)) },
    { share: 4, statuses: [200, 201], make: once },
    { share: 3, statuses: [400], make: () => transaction(made('lost', 'LOST'), led()) },
    { share: 3, statuses: [500], make: () => transaction(made('lost', 'LOST'), made(BREAKS, 'LOST')) },
    { share: 3, statuses: [405], make: steal },
  ];
}

function pickWay(ways: readonly Way[], throwing: () => number): Way {
  let place = throwing() * ways.reduce((sum, { share }) => sum + share, 0);
  return ways.find(({ share }) => (place -= share) < 0) ?? (ways[0] as Way);
}

describe.each(DATABASES)('two facilities at one FHIR door on $name', (kind) => {
  let database: TestDatabase;
  let world: TestWorld;
  let app: App;
  let fhir: FhirTester;
  let sql: ReturnType<typeof openSql>;
  const held: Record<string, Own> = {};
  const ownOf = (side: FacilityId): Own => held[side] as Own;
  let faults = 0;

  beforeAll(async () => {
    database = await kind.open();
    world = await openWorld(database);
    app = openApp(world.gateway, { onFault: () => void faults++ });
    fhir = fhirTester(world, app);
    sql = openSql(database.url);
    for (const side of SIDES) {
      const own: Own = { patients: [], observations: [] };
      for (const [index, patient] of PEOPLE.entries()) {
        await world.send(side, electrolytes({ controlId: `S${index}`, filler: `SAME${index}`, patient }));
        const path = `/Observation?patient.identifier=${NATIONAL_SYSTEM}|${patient.national}`;
        own.observations.push(...(await fhir.search(side, path)).matches.map(({ id }) => id ?? ''));
        const [known] = (await fhir.search(side, `/Patient?identifier=${patient.national}`)).matches;
        own.patients.push(known?.id ?? '');
      }
      held[side] = own;
    }
    await sql.unsafe(`create function break_here() returns trigger language plpgsql as
      $$ begin if new.content like '%${BREAKS}%' then raise exception 'broken on purpose'; end if; return new; end $$`);
    await sql.unsafe('create trigger break_here before insert on container for each row execute function break_here()');
  });
  afterAll(async () => {
    await sql.end();
    await world.close();
    await database.close();
  });

  test('never meet, whatever breaks between them', async () => {
    const throwing = thrown(20_261_126);
    const ways = Object.fromEntries(
      SIDES.map((side) => [side, waysOf(side, ownOf(side), ownOf(otherThan(side)), throwing)]),
    );
    const wrong: string[] = [];
    const statuses = new Map<number, number>();
    let shown = 0;
    let left: number = REQUESTS[kind.name];
    const worker = async (): Promise<void> => {
      while (left-- > 0) {
        // The clock moves as on a quiet day, so that no rate is reached.
        if (left % 100 === 0) world.clock.turnTo(new Date(Date.parse(world.clock.now()) + 1_000).toISOString());
        const side = SIDES[left % 2] as FacilityId;
        const way = pickWay(ways[side] as readonly Way[], throwing);
        const { path, init } = way.make();
        const response = await fhir.ask(side, path, init);
        const text = await response.text();
        statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
        if (text.includes(`facility:${side}`)) shown++;
        const other = otherThan(side);
        const isForeign = text.includes(`facility:${other}`) || text.includes(MARKS[other] as string);
        const isFhir = text.startsWith('{"resourceType":');
        if (isForeign || !isFhir || !way.statuses.includes(response.status))
          wrong.push(`${response.status} ${side} ${path}`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    expect(wrong).toEqual([]);
    for (const status of [200, 201, 400, 404, 405, 500]) expect(statuses.get(status), `${status}`).toBeGreaterThan(20);
    // What is looked for is there to be found.
    expect(shown).toBeGreaterThan(REQUESTS[kind.name] / 4);
    expect(faults).toBe(statuses.get(500));
  }, 120_000);

  test('hold nothing of each other’s afterwards, nor of what was broken off', async () => {
    for (const side of SIDES) {
      const other = otherThan(side);
      const rows = await sql`select count(*) as n from container where facility = ${side}
        and (content like ${`%${MARKS[other]}%`} or content like ${'%LOST%'} or content like ${'%STOLEN%'})`;
      expect(rows[0]?.['n']).toBe('0');
      for (const id of ownOf(side).observations)
        expect((await fhir.get<Bundle>(side, `/Observation/${id}/_history`)).entry).toHaveLength(1);
      const found = await Promise.all(
        Array.from({ length: SAME }, (_, k) => fhir.search(side, `/Observation?identifier=urn:same|I${k}`)),
      );
      expect(Math.max(...found.map(({ matches }) => matches.length))).toBe(1);
    }
    const [strays] = await sql`select count(*) as n from result_entry e
      join container c on c.bucket = e.bucket and c.id = e.container where c.facility <> e.facility`;
    expect(strays?.['n']).toBe('0');
    const [swapped] = await sql`select count(*) as n from audit_event
      where actor like '%-client' and actor <> facility || '-client'`;
    expect(swapped?.['n']).toBe('0');
  });
});
