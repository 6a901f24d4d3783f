/** Where a version came from: searched by its target, with the rights and the scopes of the target. */
import type { Bundle, Provenance } from 'fhir/r4';
import { validateResource } from '@medplum/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openApp } from '../../support/app.ts';
import { type FhirTester, fhirTester } from '../../support/fhir.ts';
import { CITY, COUNTY, DATABASES, openWorld, type TestDatabase, type TestWorld } from '../../support/gateway.ts';
import { BLOOD_COUNT, oru, ZHANG } from '../../support/messages.ts';
import { r4Definitions } from '../../support/r4-definitions.ts';

let database: TestDatabase;
let world: TestWorld;
let fhir: FhirTester;
let patient = '';
let report = '';
let observation = '';

beforeAll(async () => {
  database = await (DATABASES[0] as (typeof DATABASES)[number]).open();
  world = await openWorld(database);
  fhir = fhirTester(world, openApp(world.gateway));
  await world.send(COUNTY, oru({ controlId: 'C1', filler: 'R1' }));
  const corrected = BLOOD_COUNT.map((line) => line.replace('||6.2|', '||6.4|'));
  world.clock.turnTo('2026-03-01T04:00:00Z');
  await world.send(COUNTY, oru({ controlId: 'C2', filler: 'R1', results: corrected, reported: '20260301111500' }));
  const number = `urn:oid:2.16.156.10011.1.3|${ZHANG.national}`;
  patient = (await fhir.search(COUNTY, `/Patient?identifier=${number}`)).matches[0]?.id ?? '';
  report = (await fhir.search(COUNTY, `/DiagnosticReport?patient=${patient}`)).matches[0]?.id ?? '';
  observation = (await fhir.search(COUNTY, `/Observation?patient=${patient}&code=WBC`)).matches[0]?.id ?? '';
});
afterAll(async () => {
  await world.close();
  await database.close();
});

const found = async (query: string, by = COUNTY): Promise<Provenance[]> =>
  ((await fhir.get<Bundle<Provenance>>(by, `/Provenance?${query}`)).entry ?? []).map(
    ({ resource }) => resource as Provenance,
  );
const targetsOf = (provenances: readonly Provenance[]) => provenances.map(({ target }) => target[0]?.reference ?? '');

test('tells of every version of its target, the newest first: who sent it, by which door, in which envelope', async () => {
  r4Definitions();
  const both = await found(`target=Observation/${observation}`);
  expect(targetsOf(both)).toEqual([2, 1].map((version) => `Observation/${observation}/_history/${version}`));
  for (const one of both) expect(() => validateResource(one as never)).not.toThrow();
  expect(both.map(({ recorded }) => recorded)).toEqual(['2026-03-01T04:00:00.000Z', '2026-03-01T03:00:00.000Z']);
  expect(both.map(({ activity }) => activity?.coding?.[0]?.code)).toEqual(['UPDATE', 'CREATE']);
  expect(both[0]?.agent.map(({ type, who }) => [type?.coding?.[0]?.code, who.identifier?.value])).toEqual([
    ['author', 'county'],
    ['assembler', 'gateway'],
    ['transmitter', 'client'],
  ]);
  const envelopes = both.map(({ entity }) => entity?.[0]?.what.identifier?.value);
  expect(new Set(envelopes.filter((one) => one !== undefined)).size).toBe(2);
});

test('tells of one version, of several targets, of a Patient, and by its own ids', async () => {
  const one = `Observation/${observation}/_history/1`;
  expect(targetsOf(await found(`target=${one}`))).toEqual([one]);
  expect(targetsOf(await found(`target=http://localhost/fhir/${one}`))).toEqual([one]);
  expect(targetsOf(await found(`target=${observation}/_history/1`))).toEqual([one]);
  const two = targetsOf(await found(`target=DiagnosticReport/${report}/_history/1,Patient/${patient}`));
  expect(two.toSorted()).toEqual([`DiagnosticReport/${report}/_history/1`, `Patient/${patient}/_history/1`]);
  expect((await found(`target=Patient/${patient}`))[0]).not.toHaveProperty('entity');
  expect((await found(`_id=${observation}.p1,nothing`)).map(({ id }) => id)).toEqual([`${observation}.p1`]);
  const read = await fhir.get<Provenance>(COUNTY, `/Provenance/${observation}.p1`);
  expect(read).toMatchObject({ id: `${observation}.p1`, target: [{ reference: one }] });
});

test('tells nothing to whom the target is closed, or to whose scopes it is', async () => {
  expect(await found(`target=Observation/${observation}`, CITY)).toEqual([]);
  expect(await found(`_id=${observation}.p1`, CITY)).toEqual([]);
  expect(await found(`target=Specimen/${observation}`)).toEqual([]);
  expect(await found('target=Observation/nothing')).toEqual([]);
  const scopes = ['system/Provenance.rs', 'system/Patient.rs'];
  const search = await fhir.ask(COUNTY, `/Provenance?target=${observation},${patient}`, { scopes });
  const { entry = [] } = (await search.json()) as Bundle<Provenance>;
  expect(entry.map(({ resource }) => resource?.target[0]?.reference)).toEqual([`Patient/${patient}/_history/1`]);
  expect((await fhir.ask(COUNTY, `/Provenance/${observation}.p1`, { scopes })).status).toBe(404);
  const laboratory = ['system/Provenance.rs', 'system/Observation.rs?category=imaging'];
  expect((await fhir.ask(COUNTY, `/Provenance/${observation}.p1`, { scopes: laboratory })).status).toBe(404);
  expect((await fhir.ask(COUNTY, `/Provenance?target=${patient}`, { scopes: ['system/Patient.rs'] })).status).toBe(403);
});

test('names a target, and takes nothing else', async () => {
  for (const [query, status, code] of [
    ['', 400, 'gateway/search-too-broad'],
    ['target=', 400, 'search/bad-value'],
    ['target=Observation?x', 400, 'search/bad-value'],
    [`target=${observation}&target=${patient}`, 400, 'search/too-much'],
    [`target=${Array.from({ length: 101 }, () => observation).join(',')}`, 400, 'search/too-much'],
    [`agent=${patient}`, 422, 'search/not-served'],
  ] as const) {
    const refused = await fhir.refusal(await fhir.ask(COUNTY, `/Provenance?${query}`));
    expect(refused, query.slice(0, 40)).toMatchObject({ status, code });
  }
  const body = new URLSearchParams({ target: `Observation/${observation}` });
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const posted = await fhir.ask(COUNTY, '/Provenance/_search', { method: 'POST', body, headers });
  expect(((await posted.json()) as Bundle).total).toBe(2);
});
