/** A token does at the FHIR door what its scopes say, by every way in: a letter less is a door less (SMART v2 scopes). */
import type { Bundle, Observation } from 'fhir/r4';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openApp } from '../../support/app.ts';
import { type FhirTester, fhirTester } from '../../support/fhir.ts';
import { COUNTY, DATABASES, openWorld, type TestDatabase, type TestWorld } from '../../support/gateway.ts';
import { oru, ZHANG } from '../../support/messages.ts';

const CATEGORY = 'http://terminology.hl7.org/CodeSystem/observation-category';
const NATIONAL = 'urn:oid:2.16.156.10011.1.3';

let database: TestDatabase;
let world: TestWorld;
let fhir: FhirTester;
let patient = '';
let observation = '';

beforeAll(async () => {
  database = await DATABASES[0]!.open();
  world = await openWorld(database);
  fhir = fhirTester(world, openApp(world.gateway));
  await world.send(COUNTY, oru({ controlId: 'S1' }));
  patient = (await fhir.search(COUNTY, `/Patient?identifier=${NATIONAL}|${ZHANG.national}`)).matches[0]?.id ?? '';
  observation = (await fhir.search(COUNTY, `/Observation?patient=${patient}&code=WBC`)).matches[0]?.id ?? '';
});
afterAll(async () => {
  await world.close();
  await database.close();
});

const lab = (value: string, over: object = {}): object => ({
  resourceType: 'Observation',
  status: 'final',
  identifier: [{ system: 'urn:lab', value }],
  category: [{ coding: [{ system: CATEGORY, code: 'laboratory' }] }],
  code: { coding: [{ code: 'WBC', display: '白细胞' }] },
  subject: { reference: `Patient/${patient}` },
  effectiveDateTime: '2026-03-01T08:00:00+08:00',
  valueQuantity: { value: 6.3, unit: '10^9/L', system: 'http://unitsofmeasure.org', code: '10*9/L' },
  ...over,
});
const imaging = (value: string): object =>
  lab(value, { category: [{ coding: [{ system: CATEGORY, code: 'imaging' }] }] });

const send = (
  method: string,
  path: string,
  body: object,
  init: { scopes: string[]; headers?: Record<string, string> },
) =>
  fhir.ask(COUNTY, path, {
    method,
    body: JSON.stringify(body),
    scopes: init.scopes,
    headers: { 'content-type': 'application/fhir+json', ...init.headers },
  });

async function created(body: object): Promise<string> {
  const answer = await send('POST', '/Observation', body, { scopes: ['system/*.cruds'] });
  expect(answer.status).toBe(201);
  return ((await answer.json()) as Observation).id ?? '';
}

/** Every way in, and the letters that it takes. */
const WAYS: readonly (readonly [name: string, letters: string, go: (scopes: string[]) => Promise<Response>])[] = [
  ['read', 'r', (scopes) => fhir.ask(COUNTY, `/Observation/${observation}`, { scopes })],
  ['version', 'r', (scopes) => fhir.ask(COUNTY, `/Observation/${observation}/_history/1`, { scopes })],
  ['history', 'r', (scopes) => fhir.ask(COUNTY, `/Observation/${observation}/_history`, { scopes })],
  ['search', 's', (scopes) => fhir.ask(COUNTY, `/Observation?patient=${patient}`, { scopes })],
  [
    'search by POST',
    's',
    (scopes) =>
      fhir.ask(COUNTY, '/Observation/_search', { method: 'POST', body: new URLSearchParams({ patient }), scopes }),
  ],
  ['$lastn', 's', (scopes) => fhir.ask(COUNTY, `/Observation/$lastn?patient=${patient}`, { scopes })],
  ['$everything', 's', (scopes) => fhir.ask(COUNTY, `/Patient/${patient}/$everything?_type=Observation`, { scopes })],
  ['create', 'c', (scopes) => send('POST', '/Observation', lab('way-create'), { scopes })],
  [
    'conditional update',
    'u',
    (scopes) => send('PUT', '/Observation?identifier=urn:lab|way-put', lab('way-put'), { scopes }),
  ],
];

describe.each(WAYS)('%s takes .%s', (_, letters, go) => {
  test.each(['c', 'r', 'u', 'd', 's'])('and with .%s alone does no more than that', async (letter) => {
    const { status } = await go([`system/Observation.${letter}`]);
    if (letter === letters) expect([200, 201]).toContain(status);
    else expect(status).toBe(403);
  });

  test('not with a scope of another type, of users or patients, or out of order', async () => {
    for (const scopes of [
      [],
      ['system/Patient.cruds'],
      ['user/*.cruds', 'patient/*.cruds'],
      ['system/Observation.sdurc'],
      ['system/*'],
      ['concord/check', 'concord/intake'],
    ])
      expect((await go(scopes)).status).toBe(403);
  });

  test('with every letter, in v2 or in v1', async () => {
    for (const scope of ['system/*.cruds', 'system/*.*', `system/Observation.${letters}`])
      expect([200, 201]).toContain((await go([scope])).status);
    const [able, unable] = letters === 'c' || letters === 'u' ? ['write', 'read'] : ['read', 'write'];
    expect([200, 201]).toContain((await go([`system/Observation.${able}`])).status);
    expect((await go([`system/Observation.${unable}`])).status).toBe(403);
  });
});

describe('an update by id', () => {
  test('takes .u, and no other letter', async () => {
    const id = await created(lab('by-id'));
    const put = async (scopes: string[]): Promise<number> =>
      (await send('PUT', `/Observation/${id}`, lab('by-id', { id, status: 'amended' }), { scopes })).status;
    for (const letter of ['c', 'r', 'd', 's']) expect(await put([`system/Observation.${letter}`])).toBe(403);
    expect(await put(['system/Observation.u'])).toBe(200);
  });
});

describe('a bundle', () => {
  const statuses = async (scopes: string[], type: string, entry: readonly object[]): Promise<readonly string[]> => {
    const answer = await send('POST', '', { resourceType: 'Bundle', type, entry }, { scopes });
    if (answer.status !== 200) return [String(answer.status)];
    return ((await answer.json()) as Bundle).entry?.map(({ response }) => response?.status?.slice(0, 3) ?? '') ?? [];
  };
  const get = (url: string): object => ({ request: { method: 'GET', url } });
  const post = (value: string): object => ({ resource: lab(value), request: { method: 'POST', url: 'Observation' } });
  const put = (value: string): object => ({
    resource: lab(value),
    request: { method: 'PUT', url: `Observation?identifier=urn:lab|${value}` },
  });

  test('does in each entry what the scopes allow, and no more', async () => {
    const entries = [get(`Observation/${observation}`), get(`Observation?patient=${patient}`), post('b1'), put('b2')];
    expect(await statuses(['system/Observation.r'], 'batch', entries)).toEqual(['200', '403', '403', '403']);
    expect(await statuses(['system/Observation.s'], 'batch', entries)).toEqual(['403', '200', '403', '403']);
    expect(await statuses(['system/Observation.c'], 'batch', entries)).toEqual(['403', '403', '201', '403']);
    expect(await statuses(['system/Observation.u'], 'batch', entries)).toEqual(['403', '403', '403', '201']);
  });

  test('that is a transaction is refused whole for one entry', async () => {
    expect(await statuses(['system/Observation.c'], 'transaction', [post('t1'), put('t2')])).toEqual(['403']);
    expect((await fhir.search(COUNTY, '/Observation?identifier=urn:lab|t1')).matches).toEqual([]);
  });
});

describe('what comes along', () => {
  test('is of types that may be read', async () => {
    const path = `/Observation?patient=${patient}&_include=Observation:subject&_revinclude=Provenance:target`;
    const along = async (scopes: string[]): Promise<readonly string[]> => {
      const bundle = (await (await fhir.ask(COUNTY, path, { scopes })).json()) as Bundle;
      const included = bundle.entry?.filter(({ search }) => search?.mode === 'include') ?? [];
      return [...new Set(included.map(({ resource }) => resource?.resourceType ?? ''))].toSorted();
    };
    expect(await along(['system/Observation.rs'])).toEqual([]);
    expect(await along(['system/Observation.rs', 'system/Patient.r'])).toEqual(['Patient']);
    expect(await along(['system/*.rs'])).toEqual(['Patient', 'Provenance']);
  });
});

describe('a scope with a category', () => {
  const scopes = ['system/Observation.cruds?category=laboratory'];

  test('changes nothing of another category, by id or by identifier', async () => {
    const id = await created(imaging('picture'));
    const by = lab('picture', { status: 'amended' });
    expect((await send('PUT', `/Observation/${id}`, { ...by, id }, { scopes })).status).toBe(403);
    expect((await send('PUT', '/Observation?identifier=urn:lab|picture', by, { scopes })).status).toBe(403);
    const now = await fhir.get<Observation>(COUNTY, `/Observation/${id}`);
    expect([now.meta?.versionId, now.category?.[0]?.coding?.[0]?.code]).toEqual(['1', 'imaging']);
  });

  test('changes what is of its own, and not into another', async () => {
    const id = await created(lab('blood'));
    expect((await send('PUT', `/Observation/${id}`, lab('blood', { id, status: 'amended' }), { scopes })).status).toBe(
      200,
    );
    expect((await send('PUT', `/Observation/${id}`, { ...imaging('blood'), id }, { scopes })).status).toBe(403);
  });

  test('of a patient’s every result shows its own', async () => {
    const path = `/Patient/${patient}/$everything?_type=Observation`;
    const count = async (category: string): Promise<number | undefined> => {
      const answer = await fhir.ask(COUNTY, path, { scopes: [`system/Observation.rs?category=${category}`] });
      return ((await answer.json()) as Bundle).entry?.length ?? 0;
    };
    expect(await count('laboratory')).toBeGreaterThan(4);
    expect(await count('vital-signs')).toBe(0);
  });
});

describe('a client that may write and not read', () => {
  test('learns that a resource is there, and nothing of what is in it', async () => {
    const id = await created(lab('secret'));
    const ask = (scopes: string[]): Promise<Response> =>
      send('POST', '/Observation', lab('secret'), {
        scopes,
        headers: { 'if-none-exist': 'identifier=urn:lab|secret' },
      });
    const blind = await ask(['system/Observation.c']);
    expect([blind.status, await blind.text()]).toEqual([200, '']);
    expect(blind.headers.get('location')).toContain(id);
    const other = await ask(['system/Observation.c', 'system/Observation.r?category=imaging']);
    expect(await other.text()).toBe('');
    expect(await (await ask(['system/Observation.cr'])).json()).toMatchObject({ id });
  });

  test('learns no more of it by a bundle', async () => {
    await created(lab('bundled'));
    const entry = {
      resource: lab('bundled'),
      request: { method: 'POST', url: 'Observation', ifNoneExist: 'identifier=urn:lab|bundled' },
    };
    const answer = await send(
      'POST',
      '',
      { resourceType: 'Bundle', type: 'transaction', entry: [entry] },
      {
        scopes: ['system/Observation.c'],
      },
    );
    const bundle = (await answer.json()) as Bundle;
    expect(bundle.entry?.[0]?.response?.status).toContain('200');
    expect(bundle.entry?.[0]).not.toHaveProperty('resource');
  });
});
