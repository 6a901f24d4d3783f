/** What every FHIR route passes: negotiation, token, scopes, circumstances; refusals as OperationOutcome; what is public. */
import type { CapabilityStatement, OperationOutcome } from 'fhir/r4';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LIMITS } from '../../../src/base/limits.ts';
import type { Bucket } from '../../../src/terms/bucket.ts';
import { openSql } from '../../support/sql.ts';
import { type App, openApp } from '../../support/app.ts';
import { type FhirTester, fhirTester } from '../../support/fhir.ts';
import { CITY, COUNTY, DATABASES, openWorld, type TestDatabase, type TestWorld } from '../../support/gateway.ts';
import { oru, ZHANG } from '../../support/messages.ts';

const NUMBER = `urn:oid:2.16.156.10011.1.3|${ZHANG.national}`;

let database: TestDatabase;
let world: TestWorld;
let app: App;
let fhir: FhirTester;
let patient: string;
let observation: string;

beforeAll(async () => {
  database = await DATABASES[0]!.open();
  world = await openWorld(database);
  app = openApp(world.gateway);
  fhir = fhirTester(world, app);
  await world.send(COUNTY, oru({ controlId: 'A1' }));
  patient = (await fhir.search(COUNTY, `/Patient?identifier=${NUMBER}`)).matches[0]?.id ?? '';
  observation = (await fhir.search(COUNTY, `/Observation?patient=${patient}&code=WBC`)).matches[0]?.id ?? '';
});
afterAll(async () => {
  await world.close();
  await database.close();
});

describe('the FHIR door', () => {
  test('answers whoever has no token with an OperationOutcome and a challenge', async () => {
    const response = await app.request('/fhir/Patient/x');
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="concord"');
    expect(response.headers.get('content-type')).toBe('application/fhir+json; charset=utf-8');
    expect(((await response.json()) as OperationOutcome).issue[0]?.code).toBe('login');
  });

  test.each([
    ['application/fhir+json', 200],
    ['application/json', 200],
    ['application/fhir+json; fhirVersion=4.0', 200],
    ['application/fhir+json, */*; q=0.1', 200],
    ['text/html,application/xhtml+xml,*/*;q=0.8', 200],
    ['application/fhir+json; fhirVersion=3.0', 406],
    ['application/fhir+xml', 406],
    ['application/fhir+json;q=0', 406],
  ])('understands Accept: %s', async (accept, status) => {
    expect((await fhir.ask(COUNTY, `/Observation/${observation}`, { headers: { accept } })).status).toBe(status);
  });

  test.each([
    ['json', 200],
    ['application/fhir%2Bjson', 200],
    ['application/fhir+json', 200],
    ['xml', 406],
  ])('lets _format=%s win over Accept', async (format, status) => {
    const response = await fhir.ask(COUNTY, `/Observation/${observation}?_format=${format}`, {
      headers: { accept: 'text/x' },
    });
    expect(response.status).toBe(status);
    if (status === 406) expect((await fhir.refusal(response)).code).toBe('web/not-acceptable');
  });

  test('takes a search in a body as a form only', async () => {
    const response = await fhir.ask(COUNTY, '/Observation/_search', {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    });
    expect(await fhir.refusal(response)).toMatchObject({ status: 415, code: 'web/media-type' });
  });

  test('says of a resource that is not there, and of one that is not open, the same', async () => {
    const absent = await fhir.ask(CITY, `/Observation/${'0'.repeat(22)}.${'0'.repeat(10)}`);
    const closed = await fhir.ask(CITY, `/Observation/${observation}`);
    const [left, right] = [await absent.text(), await closed.text()];
    expect([absent.status, closed.status]).toEqual([404, 404]);
    expect(left).toBe(right);
    expect(left).toContain('gateway/not-there');
    expect((await fhir.ask(COUNTY, `/Patient/${observation}`)).status).toBe(404);
    expect((await fhir.ask(COUNTY, '/Patient/..%2F..%2Fadmin')).status).toBe(404);
    expect((await fhir.refusal(await fhir.ask(COUNTY, '/Patient'))).code).toBe('gateway/search-too-broad');
  });

  test.each([
    [['system/Observation.r'], 200, 403],
    [['system/Observation.s'], 403, 200],
    [['system/Observation.rs'], 200, 200],
    [['system/Observation.read'], 200, 200],
    [['system/Observation.write'], 403, 403],
    [['system/*.rs'], 200, 200],
    [['system/Patient.rs'], 403, 403],
    [['user/Observation.rs', 'patient/*.rs', 'system/Observation.sr', 'concord/check'], 403, 403],
  ])('with scopes %j answers a read %i and a search %i', async (scopes, read, search) => {
    expect((await fhir.ask(COUNTY, `/Observation/${observation}`, { scopes })).status).toBe(read);
    const searched = await fhir.ask(COUNTY, `/Observation?patient=${patient}`, { scopes });
    expect(searched.status).toBe(search);
    if (search === 403) expect((await fhir.refusal(searched)).code).toBe('gateway/scope');
  });

  test('shows under a scope with a category that category alone', async () => {
    const system = 'http://terminology.hl7.org/CodeSystem/observation-category';
    const of = async (category: string): Promise<number | undefined> => {
      const response = await fhir.ask(COUNTY, `/Observation?patient=${patient}&_summary=count`, {
        scopes: [`system/Observation.rs?category=${category}`],
      });
      return ((await response.json()) as { total?: number }).total;
    };
    expect(await of(`${system}|laboratory`)).toBe(5);
    expect(await of('laboratory')).toBe(5);
    expect(await of(`${system}|vital-signs`)).toBe(0);
    const scopes = [`system/Observation.rs?category=${system}|vital-signs`];
    expect((await fhir.ask(COUNTY, `/Observation/${observation}`, { scopes })).status).toBe(404);
  });

  test('refuses circumstances that it cannot read', async () => {
    for (const headers of [
      { 'concord-purpose': 'FUN' },
      { 'concord-purpose': 'BTG' },
      { 'concord-purpose': 'BTG', 'concord-reason': 'short' },
      { 'concord-encounter': '%E4' },
      { 'concord-encounter': 'x'.repeat(501) },
    ]) {
      const refused = await fhir.refusal(await fhir.ask(COUNTY, `/Observation/${observation}`, { headers }));
      expect(refused).toMatchObject({ status: 400, code: 'web/circumstances' });
    }
  });

  test('says what works without a token, under an address that no Host header chooses', async () => {
    const response = await app.request('/fhir/metadata', { headers: { 'x-forwarded-host': 'evil.example' } });
    expect(response.status).toBe(200);
    const statement = (await response.json()) as CapabilityStatement;
    expect([statement.fhirVersion, statement.kind]).toEqual(['4.0.1', 'instance']);
    const uris = statement.rest?.[0]?.security?.extension?.[0]?.extension;
    expect(uris?.[0]).toEqual({ url: 'token', valueUri: 'http://localhost/oauth/token' });
    const poisoned = (await (await app.request('http://evil.example/fhir/metadata')).json()) as CapabilityStatement;
    expect(JSON.stringify(poisoned)).not.toContain('evil');
    const named = openApp(world.gateway, { publicUrl: 'https://gateway.example/' });
    const known = (await (await named.request('http://evil.example/fhir/metadata')).json()) as CapabilityStatement;
    expect(known.implementation?.url).toBe('https://gateway.example/fhir');
  });

  test('says of each type what its routes do, parameter by parameter', async () => {
    const statement = (await (await app.request('/fhir/metadata')).json()) as CapabilityStatement;
    for (const resource of statement.rest?.[0]?.resource ?? []) {
      const codes = (resource.interaction ?? []).map(({ code }) => code);
      if (!codes.includes('search-type') || ['Subscription', 'AuditEvent', 'Provenance'].includes(resource.type))
        continue;
      for (const { name = '', type } of resource.searchParam ?? []) {
        const value = { date: '2026-01-01', quantity: '1', reference: 'x' }[type as string] ?? 'x';
        const query = `${name}=${value}&${name === '_lastUpdated' ? '' : '_lastUpdated=ge2026-01-01'}`;
        const response = await fhir.ask(COUNTY, `/${resource.type}?${query}`);
        expect(response.status, `${resource.type} ${name}`).toBe(200);
      }
      for (const include of resource.searchInclude ?? []) {
        const response = await fhir.ask(COUNTY, `/${resource.type}?_id=x&_include=${include}`);
        expect(response.status, include).toBe(200);
      }
      expect((await fhir.ask(COUNTY, `/${resource.type}?_id=x&_revinclude=Provenance:target`)).status).toBe(200);
    }
  });

  test('lists every route of the door in its statement, and no other', async () => {
    const statement = (await (await app.request('/fhir/metadata')).json()) as CapabilityStatement;
    const said = new Set(
      (statement.rest?.[0]?.resource ?? []).flatMap(({ type, operation }) =>
        (operation ?? []).map(({ name }) => `${type} ${name}`),
      ),
    );
    const operations = new Set(
      app.routes
        .map(({ path }) => /^\/fhir\/([A-Z]\w+)\/.*\$(\w+)$|^\/fhir\/([A-Z]\w+)\/\$(\w+)$/.exec(path))
        .flatMap((found) => (found === null ? [] : [`${found[1] ?? found[3]} ${found[2] ?? found[4]}`])),
    );
    expect(said).toEqual(operations);
  });

  test('refuses a search that it could not answer whole', async () => {
    const sql = openSql(database.url);
    const [row] = await sql`select bucket from resource where id = ${patient}`;
    const copy = (
      id: string,
    ) => sql`insert into container (bucket, id, version, kind, facility, patient, known_from, envelope, content)
      select bucket, ${id} || g, 1, kind, facility, ${'crowded'}, known_from, envelope, content
      from container, generate_series(1, 5000) g where id = ${observation.slice(0, 22)} and version = 1`;
    await sql`insert into resource select bucket, ${'crowded'}, version, type, known_from, content_mac, key_id, content, facility, patient
      from resource where bucket = ${row?.['bucket'] as number} and id = ${patient} and version = 1`;
    await copy('c');
    const { resources, cut } = await world.store.fhir.ofPatients({
      patients: [{ bucket: row?.['bucket'] as Bucket, patient: 'crowded' }],
      types: ['Observation'],
      limit: LIMITS.fhirContainersMax,
    });
    expect([resources.length, cut]).toEqual([25_000, true]);
    await sql`update container set patient = ${patient} where patient = ${'crowded'}`;
    const refused = await fhir.refusal(await fhir.ask(COUNTY, `/Observation?patient=${patient}`));
    expect(refused).toMatchObject({ status: 422, code: 'gateway/search-too-large' });
    await sql`delete from container where id like ${'c%'} and length(id) < 8`;
    await sql.end();
  });

  test('tells where a version came from', async () => {
    const found = await fhir.search(COUNTY, `/Observation?_id=${observation}&_revinclude=Provenance:target`);
    const [provenance] = found.included;
    expect(provenance?.resourceType).toBe('Provenance');
    expect(await fhir.get(COUNTY, `/Provenance/${provenance?.id}`)).toMatchObject({
      target: [{ reference: `Observation/${observation}/_history/1` }],
      agent: [{ who: { identifier: { value: 'county' } } }, {}, { who: { identifier: { value: 'client' } } }],
    });
    expect((await fhir.ask(CITY, `/Provenance/${provenance?.id}`)).status).toBe(404);
  });
});
