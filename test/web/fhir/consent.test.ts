/** Consent: of two words the two meanings, from every hospital that the patient told, and nothing guessed. */
import type { Consent } from 'fhir/r4';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addChannel } from '../../../src/gateway/channels.ts';
import { bucketOfId } from '../../../src/gateway/id-source.ts';
import type { ChannelId } from '../../../src/terms/channel.ts';
import type { FacilityId } from '../../../src/terms/facility.ts';
import { ADMIN, type App, openApp } from '../../support/app.ts';
import { type FhirInit, type FhirTester, fhirTester } from '../../support/fhir.ts';
import {
  CITY,
  COUNTY,
  DATABASES,
  expectOk,
  openWorld,
  type TestDatabase,
  type TestWorld,
} from '../../support/gateway.ts';
import { oru, ZHANG } from '../../support/messages.ts';

const NUMBER = `urn:oid:2.16.156.10011.1.3|${ZHANG.national}`;
const SCOPE = 'http://terminology.hl7.org/CodeSystem/consentscope';

let database: TestDatabase;
let world: TestWorld;
let app: App;
let fhir: FhirTester;
const patients: Record<string, string> = {};

beforeAll(async () => {
  database = await (DATABASES[0] as (typeof DATABASES)[number]).open();
  world = await openWorld(database);
  app = openApp(world.gateway);
  fhir = fhirTester(world, app);
  for (const facility of [COUNTY, CITY]) {
    await world.send(facility, oru({ controlId: facility, filler: facility }));
    patients[facility] = (await fhir.search(facility, `/Patient?identifier=${NUMBER}`)).matches[0]?.id ?? '';
  }
  const trying = { id: 'county-test' as ChannelId, facility: COUNTY, kind: 'client', test: true } as const;
  expectOk(await addChannel(world.gateway, trying));
});
afterAll(async () => {
  await world.close();
  await database.close();
});
beforeEach(async () => {
  world.clock.turnTo(new Date(Date.parse(world.clock.now()) + 60_000).toISOString());
  await say(COUNTY, 'permit');
  expect(await seen()).toBe(2);
});

const consent = (by: FacilityId, type: string, over: object = {}) => ({
  resourceType: 'Consent',
  status: 'active',
  scope: { coding: [{ system: SCOPE, code: 'patient-privacy' }] },
  category: [{ coding: [{ system: 'http://loinc.org', code: '59284-0' }] }],
  patient: { reference: `Patient/${patients[by]}` },
  policyRule: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'OPTOUT' }] },
  provision: { type },
  ...over,
});

function write(by: FacilityId, method: string, path: string, body: object, init: FhirInit = {}): Promise<Response> {
  const headers = { 'content-type': 'application/fhir+json' };
  return fhir.ask(by, path, { method, body: JSON.stringify(body), headers, ...init });
}

/** Sends a new Consent that is taken; its id. */
async function say(by: FacilityId, type: string, over: object = {}, init: FhirInit = {}): Promise<string> {
  const response = await write(by, 'POST', '/Consent', consent(by, type, over), init);
  expect(response.status).toBe(201);
  return ((await response.json()) as Consent).id ?? '';
}

async function change(by: FacilityId, id: string, type: string, over: object): Promise<void> {
  expect((await write(by, 'PUT', `/Consent/${id}`, { ...consent(by, type, over), id })).status).toBe(200);
}

/** How many of the two results the city sees of one who is in treatment there. */
async function seen(): Promise<number> {
  const path = `/Observation?patient.identifier=${NUMBER}&code=WBC`;
  return (await fhir.search(CITY, path, { 'concord-encounter': 'MZ3' })).matches.length;
}

describe('a denial', () => {
  test('stands while another one does', async () => {
    const [here, there] = [await say(COUNTY, 'deny'), await say(CITY, 'deny')];
    expect(await seen()).toBe(1);
    await change(COUNTY, here, 'deny', { status: 'inactive' });
    expect(await seen()).toBe(1);
    await change(CITY, there, 'deny', { status: 'entered-in-error' });
    expect(await seen()).toBe(2);
  });

  test('gives way to a later permission, told to another hospital', async () => {
    const id = await say(COUNTY, 'deny');
    expect(await seen()).toBe(1);
    await say(CITY, 'permit');
    expect(await seen()).toBe(2);
    await change(COUNTY, id, 'deny', { status: 'inactive' });
  });

  test('comes back when the permission was an error', async () => {
    const id = await say(COUNTY, 'deny');
    const permission = await say(CITY, 'permit');
    await change(CITY, permission, 'permit', { status: 'entered-in-error' });
    expect(await seen()).toBe(1);
    await change(COUNTY, id, 'deny', { status: 'inactive' });
  });

  test('that was never in force, or is withdrawn twice, lifts no opt-out of the steward', async () => {
    const id = await say(COUNTY, 'deny');
    await change(COUNTY, id, 'deny', { status: 'inactive' });
    const patient = patients[COUNTY] ?? '';
    const bucket = bucketOfId(patient);
    const optedOut = await app.request('/admin/identity/opt-out', {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN}` },
      body: JSON.stringify({ patient: { facility: COUNTY, bucket, patient }, steward: 's' }),
    });
    expect(optedOut.status).toBe(200);
    await say(COUNTY, 'deny', { status: 'inactive' });
    await change(COUNTY, id, 'deny', { status: 'entered-in-error' });
    expect(await seen()).toBe(1);
  });
});

describe('a word that is not in force, or not plain', () => {
  test.each([
    ['a draft', { status: 'draft' }],
    ['a proposal', { status: 'proposed' }],
    ['a rejected one', { status: 'rejected' }],
    ['one for research', { scope: { coding: [{ system: SCOPE, code: 'research' }] } }],
    ['one in the words of another list', { scope: { coding: [{ system: 'urn:x', code: 'patient-privacy' }] } }],
    ['one with exceptions', { provision: { type: 'deny', provision: [{ type: 'permit' }] } }],
    ['one for a while', { provision: { type: 'deny', period: { start: '2026-01-01' } } }],
    ['one that says neither', { provision: { id: 'p' } }],
    ['one that says nothing', { provision: undefined }],
  ])('is refused: %s', async (_, over) => {
    await say(COUNTY, 'deny');
    for (const type of ['deny', 'permit']) {
      const provision = 'provision' in over ? {} : { provision: { type } };
      const refused = await fhir.refusal(
        await write(COUNTY, 'POST', '/Consent', consent(COUNTY, type, { ...over, ...provision })),
      );
      expect(refused).toMatchObject({ status: 400, code: 'gateway/consent-meaning' });
    }
    expect(await seen()).toBe(1);
    await say(CITY, 'permit');
  });

  test('is refused when a sign that it does not know would change it', async () => {
    const modifierExtension = [{ url: 'urn:x', valueBoolean: true }];
    const response = await write(COUNTY, 'POST', '/Consent', consent(COUNTY, 'permit', { modifierExtension }));
    expect(response.status).toBe(422);
  });
});

test('nobody speaks for another hospital’s Patient, and a channel for trying for nobody', async () => {
  await say(COUNTY, 'deny');
  const patient = { reference: `Patient/${patients[COUNTY]}` };
  const foreign = await fhir.refusal(await write(CITY, 'POST', '/Consent', consent(CITY, 'permit', { patient })));
  expect(foreign.code).toBe('gateway/reference-not-there');
  await say(COUNTY, 'permit', {}, { channel: 'county-test' });
  expect(await seen()).toBe(1);
});

test('is kept as it was said, version by version, for its hospital alone', async () => {
  const id = await say(COUNTY, 'deny');
  await change(COUNTY, id, 'permit', {});
  expect((await fhir.get<Consent>(COUNTY, `/Consent/${id}/_history/1`)).provision?.type).toBe('deny');
  expect((await fhir.get<Consent>(COUNTY, `/Consent/${id}`)).provision?.type).toBe('permit');
  expect((await fhir.ask(CITY, `/Consent/${id}`)).status).toBe(404);
  expect(await seen()).toBe(2);
});
