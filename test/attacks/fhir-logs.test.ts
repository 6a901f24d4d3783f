/**
 * Attack 18: a whole run at the FHIR door, good and bad, in a gateway of its own. Nothing of any person stands in its log,
 * in an error, a header or a link, and nothing that was sent forges a line.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { oru, residentNumber } from '../support/messages.ts';
import { type AttackedGateway, startAttackedGateway } from './attacked-gateway.ts';

const WHO = {
  mrn: 'LEAKMRN88',
  national: residentNumber('1961-04-07', 88),
  name: '泄露乙',
  birthDate: '19610407',
  sex: 'F',
} as const;
const SYSTEM = 'urn:oid:2.16.156.10011.1.3';
const NUMBER = encodeURIComponent(`${SYSTEM}|${WHO.national}`);
const VISIT = 'LEAKVISIT88';
const REASON = '泄露：昏迷待抢救，无家属';
/** What begins a line of its own where a line may be begun. */
const FORGED = '%0D%0A%7B%22level%22:%22info%22,%22code%22:%22FORGED88%22%7D';
const JSON_TYPE = { 'content-type': 'application/fhir+json' };

/** Values of the persons, as they are and as an address or base64 has them. */
const VALUES = [
  WHO.mrn,
  WHO.national,
  WHO.name,
  VISIT,
  REASON,
  '泄露',
  'LEAK',
  'FORGED88',
  '1961-04-07',
  WHO.birthDate,
  '13800138088',
].flatMap((value) => [value, encodeURIComponent(value), btoa(unescape(encodeURIComponent(value))).replace(/=+$/, '')]);

let gateway: AttackedGateway;
const tokens: Record<string, string> = {};
/** What was said to the senders of bad requests, and in the headers of all. */
const refusals: string[] = [];
const headers: string[] = [];

beforeAll(async () => {
  gateway = await startAttackedGateway();
  await gateway.configure(
    '/facilities',
    ['county', 'city'].map((id) => ({ id, name: `试验${id}`, level: 2, area: '000001', zone: 'Asia/Shanghai' })),
  );
  for (const id of ['county', 'city']) {
    await gateway.configure('/channels', { id: `${id}-door`, facility: id, kind: 'client' });
    tokens[id] = String((await gateway.configure('/tokens', { channel: `${id}-door` }))['token']);
  }
}, 60_000);
afterAll(async () => {
  expect(await gateway.stop()).toBe(0);
}, 30_000);

async function ask(by: string, path: string, init: RequestInit = {}): Promise<{ status: number; text: string }> {
  const response = await fetch(`${gateway.url}${path}`, {
    ...init,
    headers: { authorization: `Bearer ${tokens[by]}`, ...(init.headers as Record<string, string>) },
  });
  const text = await response.text();
  headers.push(JSON.stringify([...response.headers]));
  if (response.status >= 400) refusals.push(text);
  return { status: response.status, text };
}

const post = (by: string, path: string, body: unknown, more: Record<string, string> = JSON_TYPE) =>
  ask(by, path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), headers: more });

const patient = {
  resourceType: 'Patient',
  identifier: [
    { system: SYSTEM, value: WHO.national, type: { coding: [{ code: 'NI' }] } },
    { system: 'urn:mrn', value: WHO.mrn, type: { coding: [{ code: 'MR' }] } },
  ],
  name: [{ text: WHO.name }],
  telecom: [{ system: 'phone', value: '13800138088' }],
  birthDate: '1961-04-07',
  gender: 'female',
};

test('a run of everything that the door serves, by two hospitals, is answered', async () => {
  const hl7 = oru({ controlId: 'LEAKCONTROL88', filler: 'LEAKFILLER88', patient: WHO });
  for (const by of ['county', 'city'])
    expect((await post(by, '/intake', hl7, { 'content-type': 'application/hl7-v2' })).status).toBe(200);
  const found = JSON.parse((await ask('county', `/fhir/Patient?identifier=${NUMBER}`)).text) as {
    entry?: { resource: { id: string } }[];
  };
  const id = found.entry?.[0]?.resource.id ?? '';
  expect(id).not.toBe('');
  const transaction = {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      {
        fullUrl: 'urn:uuid:5c7a6d2e-0000-4000-8000-000000000888',
        resource: patient,
        request: { method: 'POST', url: 'Patient' },
      },
    ],
  };
  const glass = { 'concord-purpose': 'BTG', 'concord-reason': encodeURIComponent(REASON) };
  for (const [by, path, more] of [
    ['county', `/fhir/Patient/${id}`, {}],
    ['county', `/fhir/Patient?name=${encodeURIComponent(WHO.name)}&identifier=${NUMBER}`, {}],
    [
      'county',
      `/fhir/Observation?patient=${id}&_count=1&_include=Observation:subject&_revinclude=Provenance:target`,
      {},
    ],
    ['county', `/fhir/Patient/${id}/$everything`, {}],
    ['county', `/fhir/Observation/$lastn?patient=${id}`, {}],
    ['city', `/fhir/Observation?patient.identifier=${NUMBER}`, { 'concord-encounter': VISIT }],
    ['city', `/fhir/Observation?patient.identifier=${NUMBER}`, glass],
    ['county', `/fhir/AuditEvent?patient=${id}`, {}],
  ] as const)
    expect((await ask(by, path, { headers: more })).status, path).toBe(200);
  expect((await post('county', '/fhir', transaction)).status).toBe(200);
  expect((await ask('city', `/fhir/Patient/${id}`)).status).toBe(404);
});

test('a run of everything that goes wrong is refused', async () => {
  const parameters = (resource: object) => ({
    resourceType: 'Parameters',
    parameter: [{ name: 'resource', resource }],
  });
  for (const path of [
    `/fhir/Patient/${WHO.national}`,
    `/fhir/${WHO.national}/1`,
    `/fhir/Patient/${encodeURIComponent(WHO.name)}`,
    `/fhir/Patient/${FORGED}`,
    `/fhir/Patient?${WHO.national}=1`,
    `/fhir/Patient?identifier=${NUMBER}&LEAKKEY88=${FORGED}`,
    `/fhir/Observation?patient.identifier=${NUMBER}&date=${WHO.national}`,
    `/fhir/Observation?patient.identifier=${NUMBER}&_sort=${encodeURIComponent(WHO.name)}`,
    `/fhir/Observation?patient.identifier=${NUMBER}&_include=${WHO.national}`,
    `/fhir/Observation?name=${encodeURIComponent(WHO.name)}&_cursor=${WHO.national}`,
    `/fhir/AuditEvent?agent=${WHO.national}`,
    `/fhir/Provenance?target=${encodeURIComponent(`${WHO.name} `)}`,
    `/fhir/Patient/x/$everything?_since=${WHO.national}`,
    `/fhir/ConceptMap/$translate?LEAKCODE88=${FORGED}`,
    `/oauth/${WHO.national}${FORGED}`,
  ])
    expect((await ask('county', path)).status, path).toBeGreaterThanOrEqual(400);
  for (const [path, body, more] of [
    ['/fhir/Patient', { ...patient, birthDate: 'LEAKDATE88' }],
    ['/fhir/Patient', { ...patient, LEAKFIELD88: WHO.name }],
    ['/fhir/Patient', `{"resourceType":"Patient","name":[{"text":"${WHO.name}"},`],
    ['/fhir/Patient', `{"resourceType":"Patient","gender":"male","gender":"${WHO.national}"}`],
    ['/fhir/Patient', patient, { ...JSON_TYPE, 'if-none-exist': `LEAKCONDITION88=${WHO.national}` }],
    ['/fhir/Encounter', { resourceType: 'Encounter', status: 'LEAKSTATUS88', class: { code: 'AMB' } }],
    [
      '/fhir/Observation',
      {
        resourceType: 'Observation',
        status: 'final',
        code: { text: WHO.name },
        subject: { reference: `Practitioner?identifier=${SYSTEM}|${WHO.national}` },
      },
    ],
    ['/fhir', { resourceType: 'Bundle', type: 'LEAKTYPE88', entry: [{ resource: patient }] }],
    ['/fhir/Patient/$match', { ...parameters(patient), LEAKPART88: WHO.name, parameter: 'LEAKLIST88' }],
    [
      '/fhir/Consent',
      {
        resourceType: 'Consent',
        status: 'active',
        scope: { text: WHO.name },
        category: [{ text: WHO.name }],
        patient: { display: WHO.name },
      },
    ],
    [
      '/fhir/Observation/_search',
      `patient=${WHO.national}&LEAK88=1`,
      { 'content-type': 'application/x-www-form-urlencoded' },
    ],
    ['/fhir/Observation/_search', WHO.name, { 'content-type': `text/${WHO.national}` }],
  ] as const) {
    const { status, text } = await post('county', path, body, more ?? JSON_TYPE);
    expect(status, `${path} ${text}`).toBeGreaterThanOrEqual(400);
  }
  for (const more of [
    { 'concord-purpose': WHO.national },
    { 'concord-purpose': 'BTG', 'concord-reason': 'LEAK88' },
    { 'concord-encounter': `${WHO.national}%E6%82` },
    { authorization: `Bearer ${WHO.national}` },
    { authorization: `Basic ${btoa(`${WHO.national}:LEAKSECRET88`)}` },
    { accept: `application/${WHO.national}` },
  ])
    expect((await ask('county', '/fhir/Patient?_id=x', { headers: more })).status).toBeGreaterThanOrEqual(400);
});

test('and nothing of it stands in the log, in a refusal or in a header; every line is one of ours', () => {
  expect(refusals.length).toBeGreaterThan(30);
  const said = gateway.said();
  for (const text of [said, refusals.join('\n'), headers.join('\n')])
    for (const value of [...VALUES, ...Object.values(tokens), gateway.adminToken]) expect(text).not.toContain(value);
  const lines = said.split('\n').filter((line) => line !== '');
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) {
    const { level, code } = JSON.parse(line) as { level?: unknown; code?: unknown };
    expect(typeof level).toBe('string');
    expect(code).toMatch(/^[a-z0-9]+\/[a-z0-9-]+$/);
  }
  // Nothing of all this was a fault of the gateway's own.
  expect(lines.filter((line) => line.includes('"web/fault"'))).toEqual([]);
});
