/** One decision, whatever the face: the same question by JSON, CDS Hooks and `$recognise` gets the same answer. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FacilityId } from '../../src/terms/facility.ts';
import { openApp } from '../support/app.ts';
import { CITY, COUNTY, DATABASES, openWorld, type TestDatabase, type TestWorld } from '../support/gateway.ts';
import { ELECTROLYTES, oru, residentNumber } from '../support/messages.ts';
import { r4Faults } from '../support/r4-validator.ts';
import { tokenFor } from '../support/token.ts';

const NATIONAL = 'urn:oid:2.16.156.10011.1.3';

interface Told {
  readonly decision: string;
  readonly offer: boolean;
  readonly missing: readonly string[];
}

interface Case {
  readonly name: string;
  readonly results: readonly string[];
  /** Hours between the collection and the question. */
  readonly age: number;
  readonly order: { readonly system: string; readonly code: string };
  readonly told: Told;
}

const K = { system: 'http://loinc.org', code: '2823-3' };
const PANEL = { system: '', code: 'DJZ' };
const potassium = (value: string, flag = ''): readonly string[] => [`NM|K^钾^L||${value}|mmol/L|3.5-5.3|${flag}|||F`];

/** A sample of `test/cases/recognition/`, through real doors. */
const CASES: readonly Case[] = [
  {
    name: 'a fresh result',
    results: potassium('4.1'),
    age: 5,
    order: K,
    told: { decision: 'recognise', offer: true, missing: [] },
  },
  {
    name: 'an abnormal one',
    results: potassium('3.1', 'L'),
    age: 5,
    order: K,
    told: { decision: 'recognise', offer: true, missing: [] },
  },
  {
    name: 'a critical one',
    results: potassium('6.9', 'HH'),
    age: 5,
    order: K,
    told: { decision: 'do-not', offer: false, missing: ['K'] },
  },
  {
    name: 'one that is too old',
    results: potassium('4.1'),
    age: 100,
    order: K,
    told: { decision: 'do-not', offer: false, missing: ['K'] },
  },
  {
    name: 'a whole panel',
    results: ELECTROLYTES,
    age: 5,
    order: PANEL,
    told: { decision: 'recognise', offer: true, missing: [] },
  },
  {
    name: 'part of a panel',
    results: potassium('4.1'),
    age: 5,
    order: PANEL,
    told: { decision: 'recognise', offer: true, missing: ['CA', 'CL', 'NA'] },
  },
  {
    name: 'an order of an unknown code',
    results: potassium('4.1'),
    age: 5,
    order: { system: '', code: 'WHAT' },
    told: { decision: 'do-not', offer: false, missing: [] },
  },
];

describe('every face', () => {
  let database: TestDatabase;
  let world: TestWorld;
  let app: ReturnType<typeof openApp>;
  beforeAll(async () => {
    database = await DATABASES[0]!.open();
    world = await openWorld(database);
    app = openApp(world.gateway);
  });
  afterAll(async () => {
    await world.close();
    await database.close();
  });

  const post = async <T>(by: FacilityId, path: string, body: object): Promise<T> => {
    const answered = await app.request(path, {
      method: 'POST',
      headers: { authorization: `Bearer ${await tokenFor(world.gateway, by)}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (answered.status !== 200) throw new Error(`${path} ${answered.status} ${await answered.text()}`);
    return (await answered.json()) as T;
  };

  const patientOf = (person: number) => ({
    mrn: `city-${person}`,
    national: residentNumber('1970-03-05', person * 2 + 1),
    name: `试验${person}`,
  });
  const patientResource = (person: number) => {
    const { mrn, national, name } = patientOf(person);
    const typed = (code: string) => ({ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code }] });
    return {
      resourceType: 'Patient',
      identifier: [
        { type: typed('PI'), value: mrn },
        { type: typed('NI'), system: NATIONAL, value: national },
      ],
      name: [{ text: name }],
      birthDate: '1970-03-05',
      gender: 'male',
    };
  };
  const request = ({ system, code }: Case['order']) => ({
    resourceType: 'ServiceRequest',
    id: 'draft-1',
    status: 'draft',
    intent: 'order',
    code: { coding: [{ ...(system === '' ? {} : { system }), code }] },
  });

  type Face = (person: number, order: Case['order'], visit: string) => Promise<Told>;

  const json: Face = async (person, order, encounter) => {
    const { mrn, national, name } = patientOf(person);
    const { items } = await post<{ items: { decision: string; offer: string | null; missing: string[] }[] }>(
      CITY,
      '/recognition/check',
      {
        patient: {
          identifiers: [
            { type: 'PI', value: mrn },
            { type: 'NI', system: NATIONAL, value: national },
          ],
          name,
          birthDate: '1970-03-05',
          sex: 'male',
        },
        encounter,
        situations: [],
        orders: [{ key: 'draft-1', code: order }],
      },
    );
    const [item] = items;
    return { decision: item?.decision ?? '', offer: item?.offer !== null, missing: item?.missing ?? [] };
  };

  const fhir: Face = async (person, order, encounter) => {
    const answered = await post<{ parameter: { name: string; part?: Part[] }[] }>(
      CITY,
      '/fhir/ServiceRequest/$recognise',
      {
        resourceType: 'Parameters',
        parameter: [
          { name: 'patient', resource: patientResource(person) },
          { name: 'order', resource: request(order) },
          { name: 'encounter', valueString: encounter },
          { name: 'no-situation', valueBoolean: true },
        ],
      },
    );
    expect(r4Faults(answered as never)).toEqual([]);
    const parts = answered.parameter.find(({ name }) => name === 'result')?.part ?? [];
    const earlier = parts.filter(({ name }) => name === 'earlier');
    // Values come as they were written, and only with an offer.
    for (const { part = [] } of earlier)
      expect(part.find(({ name }) => name === 'observation')?.resource).toMatchObject({ resourceType: 'Observation' });
    expect(earlier.length > 0).toBe(parts.some(({ name }) => name === 'offer'));
    return {
      decision: parts.find(({ name }) => name === 'decision')?.valueCode ?? '',
      offer: parts.some(({ name }) => name === 'offer'),
      missing: parts.filter(({ name }) => name === 'missing').map(({ valueCode }) => valueCode ?? ''),
    };
  };

  const hook =
    (id: string, selects: boolean): Face =>
    async (person, order, encounterId) => {
      const { cards } = await post<{ cards: { suggestions?: { actions: { type: string }[] }[] }[] }>(
        CITY,
        `/cds-services/${id}`,
        {
          hook: selects ? 'order-select' : 'order-sign',
          hookInstance: 'b0b0b0b0-0000-4000-8000-000000000001',
          context: {
            userId: 'Practitioner/1',
            patientId: 'p',
            encounterId,
            ...(selects ? { selections: ['ServiceRequest/draft-1'] } : {}),
            draftOrders: { resourceType: 'Bundle', entry: [{ resource: request(order) }] },
          },
          extension: { 'urn:concord:situations': [] },
          prefetch: { patient: patientResource(person) },
        },
      );
      const suggested = cards[0]?.suggestions?.[0];
      const ordered = suggested?.actions.filter(({ type }) => type === 'create').length ?? 0;
      return {
        decision: suggested === undefined ? (cards.length === 0 ? 'do-not' : 'review') : 'recognise',
        offer: cards.length > 0,
        // A hook says what is missing by ordering it.
        missing: Array.from({ length: ordered }, () => ''),
      };
    };

  const FACES: Readonly<Record<string, Face>> = {
    json,
    fhir,
    select: hook('concord-order-select', true),
    sign: hook('concord-order-sign', false),
  };

  test.each(CASES.map((one, index) => [one.name, one, index] as const))('%s', async (_, one, index) => {
    for (const [place, [name, face]] of Object.entries(FACES).entries()) {
      // A person of its own for each face: what one made is no input of the next.
      const person = index * 10 + place + 1;
      const { national, name: called } = patientOf(person);
      const asked = Date.parse('2026-03-05T03:00:00Z') + (index * 5 + place) * 1000;
      const collected = new Date(asked - one.age * 3_600_000 + 8 * 3_600_000);
      const at = collected.toISOString().replaceAll(/\D/g, '').slice(0, 14);
      world.clock.turnTo(new Date(Math.min(asked, collected.getTime())).toISOString());
      await world.send(
        COUNTY,
        oru({
          controlId: `F${person}`,
          patient: { mrn: `county-${person}`, national, name: called, birthDate: '19700305', sex: 'M' },
          collected: at,
          reported: at,
          results: one.results,
          specimen: '血清',
        }),
      );
      world.clock.turnTo(new Date(asked).toISOString());
      const told = await face(person, one.order, `V${person}`);
      const hooked = name === 'select' || name === 'sign';
      expect([name, told]).toEqual([
        name,
        hooked ? { ...one.told, missing: one.told.offer ? one.told.missing.map(() => '') : [] } : one.told,
      ]);
    }
  });

  test('an act is answered with a copy that is FHIR', async () => {
    const person = 401;
    const { national, name } = patientOf(person);
    await world.send(
      COUNTY,
      oru({
        controlId: 'F401',
        patient: { mrn: 'county-401', national, name, birthDate: '19700305', sex: 'M' },
        collected: '20260305100000',
        reported: '20260305100000',
        results: potassium('4.1'),
        specimen: '血清',
      }),
    );
    world.clock.turnTo('2026-03-05T04:00:00Z');
    await json(person, K, 'V401');
    const [offer] = await world.store.read.latestOffers(1);
    const act = (outcome: string, over: object = {}) =>
      post<{ entry: string; fhir: { entry: { resource: Record<string, unknown> }[] } }>(CITY, '/recognition/replies', {
        offer: offer?.id,
        outcome,
        practitioner: 'D1',
        at: '2026-03-05T12:00:10+08:00',
        ...over,
      });
    const { fhir: refused } = await act('refused', { reason: '01', patientInformed: true });
    // The validator takes the first part of an absolute reference for its type.
    const faults = r4Faults(refused as never).filter((fault) => !fault.endsWith('subject: Invalid reference'));
    expect(faults).toEqual([]);
    expect(refused.entry.map(({ resource }) => resource)).toMatchObject([
      {
        resourceType: 'Task',
        status: 'rejected',
        statusReason: { coding: [{ system: 'urn:concord:refusal-reason', code: '01' }] },
        focus: { identifier: { value: 'draft-1' } },
        input: [{ type: { text: 'K' }, valueReference: { reference: expect.stringMatching(/\/fhir\/Observation\//) } }],
      },
      { resourceType: 'Communication', status: 'completed' },
    ]);
    const { fhir: again } = await act('refused', { reason: '01', patientInformed: true });
    expect(again).toEqual(refused);
    expect((await act('revoked')).fhir.entry[0]?.resource).toMatchObject({ status: 'cancelled' });
    const { fhir: accepted } = await act('accepted');
    expect(accepted.entry.map(({ resource }) => resource['status'])).toEqual(['completed']);
  });

  test('what is no question is refused at every face', async () => {
    const token = await tokenFor(world.gateway, CITY);
    const send = async (parameter: object[]) =>
      (
        await app.request('/fhir/ServiceRequest/$recognise', {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/fhir+json' },
          body: JSON.stringify({ resourceType: 'Parameters', parameter }),
        })
      ).status;
    const patient = { name: 'patient', resource: patientResource(1) };
    const order = { name: 'order', resource: request(K) };
    expect(await send([patient, order])).toBe(200);
    expect(await send([patient])).toBe(400);
    expect(await send([patient, { name: 'order', resource: { ...request(K), code: { coding: [] } } }])).toBe(400);
    expect(await send([patient, { name: 'order', resource: { resourceType: 'MedicationRequest' } }])).toBe(400);
    const many = Array.from({ length: 500 }, (_, index) => ({
      name: 'order',
      resource: { ...request(K), id: `d${index}` },
    }));
    expect(await send([patient, ...many])).toBe(400);
    const scopeless = await tokenFor(world.gateway, CITY, ['concord/reply']);
    const denied = await app.request('/fhir/ServiceRequest/$recognise', {
      method: 'POST',
      headers: { authorization: `Bearer ${scopeless}`, 'content-type': 'application/fhir+json' },
      body: '{}',
    });
    expect(denied.status).toBe(403);
  });
});

interface Part {
  readonly name: string;
  readonly valueCode?: string;
  readonly resource?: object;
  readonly part?: readonly Part[];
}
