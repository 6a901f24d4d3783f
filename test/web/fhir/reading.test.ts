/** Read, versions, history and search at the FHIR door, over what came in as HL7 v2, on both databases. */
import type { Bundle, DiagnosticReport, Observation, Patient } from 'fhir/r4';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { setOptOut } from '../../../src/gateway/steward.ts';
import { bucketOfId } from '../../../src/gateway/id-source.ts';
import type { Bucket } from '../../../src/terms/bucket.ts';
import { type App, openApp } from '../../support/app.ts';
import { type FhirTester, fhirTester, foundIn } from '../../support/fhir.ts';
import { CITY, COUNTY, DATABASES, openWorld, type TestDatabase, type TestWorld, TOWN } from '../../support/gateway.ts';
import { oru, residentNumber, ZHANG } from '../../support/messages.ts';

const NUMBER = `urn:oid:2.16.156.10011.1.3|${ZHANG.national}`;
const LI = {
  mrn: 'M0002',
  national: residentNumber('1980-05-06', 22),
  name: '李试验',
  birthDate: '19800506',
  sex: 'F',
} as const;

describe.each(DATABASES)('the FHIR door on $name', (kind) => {
  let database: TestDatabase;
  let world: TestWorld;
  let app: App;
  let fhir: FhirTester;
  let zhang: string;

  beforeAll(async () => {
    database = await kind.open();
    world = await openWorld(database);
    app = openApp(world.gateway);
    fhir = fhirTester(world, app);
    await world.send(COUNTY, oru({ controlId: 'A1', collected: '20260225003000', filler: 'R1' }));
    await world.send(COUNTY, oru({ controlId: 'A2', collected: '20260228083000', filler: 'R2' }));
    await world.send(CITY, oru({ controlId: 'B1', collected: '20260226083000', filler: 'R9' }));
    await world.send(TOWN, oru({ controlId: 'C1', patient: LI, filler: 'R1' }));
    zhang = (await fhir.search(COUNTY, `/Patient?identifier=${NUMBER}`)).matches[0]?.id ?? '';
    world.clock.turnTo('2026-03-01T04:00:00Z');
  });
  afterAll(async () => {
    await world.close();
    await database.close();
  });

  test('reads what came in, with version, time and source', async () => {
    const found = await fhir.search(COUNTY, `/Observation?patient=${zhang}&code=WBC&_sort=date`);
    expect(found.bundle.total).toBe(2);
    const [first] = found.matches as Observation[];
    const response = await fhir.ask(COUNTY, `/Observation/${first?.id}`);
    expect(response.headers.get('etag')).toBe('W/"1"');
    expect(response.headers.get('last-modified')).toBe('Sun, 01 Mar 2026 03:00:00 GMT');
    const read = (await response.json()) as Observation;
    expect(read.meta).toEqual({
      versionId: '1',
      lastUpdated: '2026-03-01T03:00:00.000Z',
      source: 'urn:concord:facility:county',
    });
    expect(read).toEqual(first);
    const again = await fhir.ask(COUNTY, `/Observation/${first?.id}`, { headers: { 'if-none-match': 'W/"1"' } });
    expect(again.status).toBe(304);
  });

  test('finds a report by the number that the laboratory gave it, and its results with it', async () => {
    const found = await fhir.search(
      COUNTY,
      '/DiagnosticReport?identifier=R1&_include=DiagnosticReport:result&_include=DiagnosticReport:patient',
    );
    expect(found.matches).toHaveLength(1);
    expect(found.included.filter(({ resourceType }) => resourceType === 'Observation')).toHaveLength(5);
    expect(found.included.filter(({ resourceType }) => resourceType === 'Patient').map(({ id }) => id)).toEqual([
      zhang,
    ]);
    expect(found.bundle.total).toBe(1);
  });

  test('keeps every version of a corrected result, and of one that was not corrected one', async () => {
    world.clock.turnTo('2026-03-01T05:00:00Z');
    await world.send(
      COUNTY,
      oru({
        controlId: 'A3',
        filler: 'R1',
        collected: '20260225003000',
        reported: '20260301120000',
        results: ['NM|WBC^白细胞^L||7.25|10^9/L|3.5-9.5||||C'],
      }),
    );
    const [wbc] = (await fhir.search(COUNTY, `/Observation?patient=${zhang}&code=WBC&status=corrected`))
      .matches as Observation[];
    expect(wbc?.valueQuantity?.value).toBe(7.25);
    const history = await fhir.get<Bundle>(COUNTY, `/Observation/${wbc?.id}/_history`);
    expect(history.entry?.map(({ resource }) => resource?.meta?.versionId)).toEqual(['2', '1']);
    const old = await fhir.get<Observation>(COUNTY, `/Observation/${wbc?.id}/_history/1`);
    expect([old.status, old.valueQuantity?.value]).toEqual(['final', 6.2]);
    const [hgb] = (await fhir.search(COUNTY, `/Observation?patient=${zhang}&code=HGB&date=2026-02-25`)).matches;
    expect(hgb?.meta?.versionId).toBe('1');
    const unchanged = await fhir.get<Bundle>(COUNTY, `/Observation/${hgb?.id}/_history`);
    expect(unchanged.entry).toHaveLength(1);
    expect((await fhir.ask(COUNTY, `/Observation/${hgb?.id}/_history/2`)).status).toBe(404);
  });

  test('finds a result of half past midnight under its day in the region, whatever the precision asked', async () => {
    for (const date of [
      '2026-02-25',
      '2026-02',
      '2026',
      'ge2026-02-25',
      'lt2026-02-26',
      '2026-02-25T00:30:00+08:00',
      '2026-02-25T00:30',
      'sa2026-02-24',
      'eb2026-02-26',
      '2026-02-24T16:30:00Z',
    ]) {
      const found = await fhir.search(
        COUNTY,
        `/Observation?patient=${zhang}&code=HGB&date=${encodeURIComponent(date)}`,
      );
      const days = (found.matches as Observation[]).map(({ effectiveDateTime }) => effectiveDateTime);
      expect(days, date).toContain('2026-02-25T00:30:00+08:00');
    }
    expect((await fhir.search(COUNTY, `/Observation?patient=${zhang}&code=HGB&date=2026-02-24`)).matches).toEqual([]);
    const both = await fhir.search(
      COUNTY,
      `/Observation?patient=${zhang}&code=HGB&date=ge2026-02-01&date=lt2026-02-26`,
    );
    expect(both.matches).toHaveLength(1);
  });

  test('takes the same search in a body, and shows no identifier in its links', async () => {
    const body = new URLSearchParams({ 'patient.identifier': NUMBER, code: 'WBC,HGB', _count: '1' });
    const response = await fhir.ask(COUNTY, '/Observation/_search', {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    const found = foundIn((await response.json()) as Bundle);
    expect([found.matches.length, found.bundle.total]).toEqual([1, 4]);
    expect(JSON.stringify(found.bundle.link)).not.toContain(ZHANG.national);
  });

  test('pages through everything once, by absolute links that are the caller’s alone', async () => {
    const seen: string[] = [];
    let link: string | undefined = `/Observation?patient=${zhang}&_count=3`;
    while (link !== undefined) {
      const page = await fhir.search(COUNTY, link);
      seen.push(...page.matches.map(({ id }) => id ?? ''));
      link = page.next;
      if (link === undefined) continue;
      expect(link).toMatch(/^http:\/\/localhost\/fhir\/Observation\?_cursor=/);
      expect((await fhir.refusal(await fhir.ask(CITY, link))).code).toBe('gateway/bad-cursor');
      expect(
        (
          await fhir.refusal(
            await fhir.ask(
              COUNTY,
              link.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')),
            ),
          )
        ).code,
      ).toBe('gateway/bad-cursor');
    }
    expect(new Set(seen).size).toBe(10);
    expect(seen).toHaveLength(10);
  });

  test('keeps a page whole when what comes before it changes meanwhile', async () => {
    const first = await fhir.search(COUNTY, `/Observation?patient=${zhang}&code=RBC&_sort=date&_count=1`);
    await world.send(
      COUNTY,
      oru({
        controlId: 'A4',
        filler: 'R0',
        collected: '20260201083000',
        results: ['NM|RBC^红细胞^L||4.9|10^12/L|||||F'],
      }),
    );
    const second = await fhir.search(COUNTY, first.next ?? '');
    expect(second.matches.map(({ id }) => id)).not.toContain(first.matches[0]?.id);
    expect(second.matches).toHaveLength(1);
    const old = first.next ?? '';
    world.clock.turnTo('2026-03-01T07:00:00Z');
    expect((await fhir.refusal(await fhir.ask(COUNTY, old))).code).toBe('gateway/bad-cursor');
  });

  test.each([
    ['/Observation?code=WBC', 'gateway/search-too-broad'],
    ['/Patient?name=张', 'gateway/search-too-broad'],
    ['/Observation?patient=x&colour=red', 'search/not-served'],
    ['/Observation?patient=x&code:above=1', 'search/modifier-not-served'],
    ['/Observation?patient=x&date=2026-13-01', 'search/bad-value'],
    ['/Observation?patient=x&date=yesterday', 'search/bad-value'],
    ['/Observation?patient=x&value-quantity=abc', 'search/bad-value'],
    ['/Observation?patient=x&_sort=value', 'search/sort-not-served'],
    ['/Observation?patient=x&_include=Observation:secret', 'search/include-not-served'],
    ['/Observation?patient=x&_include=Patient:link', 'search/include-not-served'],
    ['/Observation?patient=x&_revinclude=AuditEvent:entity', 'search/include-not-served'],
    ['/Observation?patient=x&_summary=maybe', 'search/bad-value'],
    ['/Observation?patient=x&_elements=a b', 'search/bad-value'],
    ['/Observation?patient.identifier=noSystem', 'search/bad-value'],
    ['/Observation?patient=x&_count=-1', 'search/bad-value'],
    ['/Observation?_cursor=abc', 'gateway/bad-cursor'],
    ['/Observation?_lastUpdated=ge2026&_sort=date', 'gateway/feed-order'],
    ['/Observation?patient=x&code:in=urn:concord:valueset:item:NONE', 'gateway/unknown-value-set'],
    ['/Medication?patient=x', 'web/type-not-served'],
    ['/Observation/$lastn?code=WBC', 'gateway/search-too-broad'],
    ['/Observation/$lastn?patient=x&max=0', 'gateway/bad-max'],
    ['/ConceptMap/$translate?code=WBC&url=urn:other', 'gateway/unknown-map'],
  ])('%s is refused with its code', async (path, code) => {
    expect((await fhir.refusal(await fhir.ask(COUNTY, path.replaceAll('patient=x', `patient=${zhang}`)))).code).toBe(
      code,
    );
  });

  test('refuses more parameters than a search has', async () => {
    const path = `/Observation?patient=${zhang}&${'code=a&'.repeat(65)}`;
    expect((await fhir.refusal(await fhir.ask(COUNTY, path))).code).toBe('search/too-much');
  });

  test('passes over what it does not serve only when the client says so, and tells it', async () => {
    const found = await fhir.search(COUNTY, `/Observation?patient=${zhang}&code=WBC&colour=red`, {
      prefer: 'handling=lenient',
    });
    expect(found.matches.length).toBeGreaterThan(0);
    const told = found.bundle.entry?.at(-1);
    expect([told?.search?.mode, JSON.stringify(told?.resource).includes('red')]).toEqual(['outcome', false]);
  });

  test('understands modifiers, forms of references and tokens, quantities and summaries', async () => {
    const count = async (query: string): Promise<number | undefined> =>
      (await fhir.search(COUNTY, `/Observation?patient=${zhang}&${query}&_summary=count`)).bundle.total;
    const all = (await count('')) ?? 0;
    expect(await count(`subject=Patient/${zhang}`)).toBe(all);
    expect(await count(`subject:Patient=${zhang}`)).toBe(all);
    expect(await count('code:not=WBC')).toBe(all - 2);
    expect(await count('code:in=urn:concord:valueset:item:WBC')).toBe(2);
    expect(await count('code:in=urn:concord:valueset:panel:CBC')).toBeGreaterThan(8);
    expect(await count('specimen:missing=true')).toBe(all);
    expect(await count('date:missing=true')).toBe(0);
    expect(await count('status=corrected')).toBe(1);
    expect(await count('code=urn:concord:facility:county:code|WBC')).toBe(2);
    expect(await count('code=urn:other|WBC')).toBe(0);
    expect(await count('code=|WBC')).toBe(0);
    expect(await count('value-quantity=gt7||10*9/L')).toBeGreaterThan(0);
    expect(await count('code=WBC&value-quantity=6.2')).toBe(1);
    expect(await count('code=WBC&value-quantity=lt7.25')).toBe(1);
    expect(await count('combo-code=WBC&category=laboratory')).toBe(2);
    expect(
      await count(`_id=${(await fhir.search(COUNTY, `/Observation?patient=${zhang}&_count=1`)).matches[0]?.id}`),
    ).toBe(1);
  });

  test('cuts resources down to what was asked for, and says so', async () => {
    const [observation] = (await fhir.search(COUNTY, `/Observation?patient=${zhang}&code=HGB&_elements=valueQuantity`))
      .matches as Observation[];
    expect(Object.keys(observation ?? {}).toSorted()).toEqual([
      'code',
      'id',
      'meta',
      'resourceType',
      'status',
      'valueQuantity',
    ]);
    expect(observation?.meta?.tag?.[0]?.code).toBe('SUBSETTED');
    const [report] = (await fhir.search(COUNTY, `/DiagnosticReport?patient=${zhang}&_summary=true`))
      .matches as DiagnosticReport[];
    expect(report?.result).toBeUndefined();
    expect(report?.code).toBeDefined();
  });

  test('gives the newest of each code', async () => {
    const found = await fhir.search(COUNTY, `/Observation/$lastn?patient=${zhang}`);
    const newest = found.matches as Observation[];
    expect(newest).toHaveLength(5);
    expect(newest.every(({ effectiveDateTime }) => effectiveDateTime === '2026-02-28T08:30:00+08:00')).toBe(true);
    expect((await fhir.search(COUNTY, `/Observation/$lastn?patient=${zhang}&max=2&code=WBC`)).matches).toHaveLength(2);
  });

  test('gives everything of a patient, results only, and what changed since', async () => {
    const found = await fhir.search(COUNTY, `/Patient/${zhang}/$everything`);
    const types = new Set(found.matches.map(({ resourceType }) => resourceType));
    expect(types).toEqual(new Set(['Patient', 'ServiceRequest', 'DiagnosticReport', 'Observation']));
    const since = await fhir.search(
      COUNTY,
      `/Patient/${zhang}/$everything?_since=2026-03-01T04:30:00Z&_type=Observation`,
    );
    expect(since.matches.length).toBe(2);
  });

  test('lists a facility’s own feed in the order of its changes, each resource once', async () => {
    const ids: string[] = [];
    const times: string[] = [];
    let link: string | undefined = '/Observation?_lastUpdated=ge2026-03-01&_sort=_lastUpdated&_count=4';
    while (link !== undefined) {
      const page: Awaited<ReturnType<FhirTester['search']>> = await fhir.search(COUNTY, link);
      ids.push(...page.matches.map(({ id }) => id ?? ''));
      times.push(...page.matches.map(({ meta }) => meta?.lastUpdated ?? ''));
      link = page.next;
    }
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(11);
    expect(times).toEqual(times.toSorted());
    const newest = await fhir.search(COUNTY, '/Observation?_lastUpdated=gt2026-03-01T04:30:00Z&_total=accurate');
    expect(newest.bundle.total).toBe(2);
    const [organization] = (await fhir.search(COUNTY, '/Organization')).matches;
    expect(organization?.resourceType).toBe('Organization');
  });

  test('tells certain matches of a person apart from possible ones', async () => {
    const ask = async (parameters: object[]): Promise<Bundle> => {
      const response = await fhir.ask(COUNTY, '/Patient/$match', {
        method: 'POST',
        headers: { 'content-type': 'application/fhir+json' },
        body: JSON.stringify({ resourceType: 'Parameters', parameter: parameters }),
      });
      return (await response.json()) as Bundle;
    };
    const resource = {
      resourceType: 'Patient',
      identifier: [
        {
          system: 'urn:oid:2.16.156.10011.1.3',
          value: ZHANG.national,
          type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'NI' }] },
        },
      ],
      name: [{ text: '张试验' }],
    };
    const certain = await ask([{ name: 'resource', resource }]);
    expect(certain.entry?.map(({ resource }) => resource?.id)).toEqual([zhang]);
    expect(certain.entry?.[0]?.search?.score).toBe(1);
    const other = { ...resource, name: [{ text: '王试验' }] };
    expect((await ask([{ name: 'resource', resource: other }])).entry).toBeUndefined();
    const possible = await ask([
      { name: 'resource', resource: other },
      { name: 'onlyCertainMatches', valueBoolean: false },
    ]);
    expect(possible.entry?.[0]?.search?.score).toBe(0.5);
  });

  test('translates the facility’s codes by its own map', async () => {
    const told = JSON.stringify(await fhir.get(COUNTY, '/ConceptMap/$translate?code=WBC'));
    expect(told).toContain('"urn:concord:catalogue:item"');
    expect(JSON.stringify(await fhir.get(COUNTY, '/ConceptMap/$translate?code=NOPE'))).toContain(
      '"valueBoolean":false',
    );
    expect(
      JSON.stringify(await fhir.get(COUNTY, '/ConceptMap/$translate?code=XCG&url=urn:concord:conceptmap:orders')),
    ).toContain('CBC');
  });

  test('opens a linked record at another hospital for a treating relationship, and closes it on opt-out', async () => {
    const path = `/Observation?patient.identifier=${NUMBER}&code=WBC`;
    const own = await fhir.search(CITY, path);
    expect(own.matches).toHaveLength(1);
    const treating = await fhir.search(CITY, path, { 'concord-encounter': 'MZ1' });
    expect(treating.matches).toHaveLength(3);
    const foreign = treating.matches.find(({ meta }) => meta?.source?.endsWith('county'));
    expect((await fhir.ask(CITY, `/Observation/${foreign?.id}`)).status).toBe(404);
    expect(
      (await fhir.ask(CITY, `/Observation/${foreign?.id}`, { headers: { 'concord-encounter': 'MZ1' } })).status,
    ).toBe(200);
    expect(
      (await fhir.ask(TOWN, `/Observation/${foreign?.id}`, { headers: { 'concord-encounter': 'MZ1' } })).status,
    ).toBe(404);
    const patient = await fhir.get<Patient>(CITY, `/Patient/${zhang}`, { 'concord-encounter': 'MZ1' });
    expect(patient.id).toBe(zhang);

    const { bucket } = { bucket: bucketOfId(zhang) as Bucket };
    await setOptOut(world.gateway, {
      patient: { bucket, patient: zhang, facility: COUNTY },
      optOut: true,
      steward: 'test',
    });
    expect((await fhir.search(CITY, path, { 'concord-encounter': 'MZ1' })).matches).toHaveLength(1);
    expect((await fhir.search(COUNTY, path)).matches).toHaveLength(2);
  });
});
