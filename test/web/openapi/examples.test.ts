/** The examples of `/openapi.json` are true: a gateway takes each, and answers as the document says. */
import type { Bundle } from 'fhir/r4';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHANNEL_SCOPES } from '../../../src/access/access-token.ts';
import { done, refuse } from '../../../src/base/outcome.ts';
import { addChannel } from '../../../src/gateway/channels.ts';
import { bucketOfId } from '../../../src/gateway/id-source.ts';
import { outboundRefusal } from '../../../src/outbound/problems.ts';
import type { Outbound } from '../../../src/ports/outbound.ts';
import type { ChannelId } from '../../../src/terms/channel.ts';
import type { FacilityId } from '../../../src/terms/facility.ts';
import type { AppParts } from '../../../src/web/app.ts';
import { openapiDocument } from '../../../src/web/openapi/document.ts';
import { OFFER } from '../../../src/web/openapi/example.ts';
import { ADMIN, type App, openApp } from '../../support/app.ts';
import {
  CITY,
  COUNTY,
  DATABASES,
  expectOk,
  openWorld,
  type TestDatabase,
  type TestWorld,
} from '../../support/gateway.ts';
import { scpFile } from '../../support/scp-file.ts';
import { tokenFor } from '../../support/token.ts';
import { oru, residentNumber, ZHANG } from '../../support/messages.ts';
import { type Asking, contractOf } from '../../support/openapi.ts';
import { assertion, keySet, makeKey, type SigningKey } from '../../support/signer.ts';

const contract = contractOf(openapiDocument());
/** Addresses may be noted; nothing is sent. */
const outbound: Outbound = {
  allows: () => true,
  send: async () => ({
    ok: false,
    refusal: { category: 'unavailable', code: 'outbound/unreachable', sentence: '', at: 'url' },
  }),
};

let database: TestDatabase;
let world: TestWorld;
let app: App;
let key: SigningKey;

beforeAll(async () => {
  database = await DATABASES[0]!.open();
  world = await openWorld(database, { outbound });
  app = openApp(world.gateway);
  key = await makeKey('ES384', 'k1');
  const client = { facility: CITY, kind: 'client', test: false } as const;
  expectOk(await addChannel(world.gateway, { id: 'city-signs' as ChannelId, ...client, jwks: keySet(key) }));
});
afterAll(async () => {
  await world.close();
  await database.close();
});

const tokenOf = (facility: FacilityId, scopes = CHANNEL_SCOPES): Promise<string> =>
  tokenFor(world.gateway, facility, scopes);

const ask = async <T>(id: string, by: FacilityId | 'admin' | 'nobody', asking: Asking = {}) => {
  const token = by === 'admin' ? ADMIN : by === 'nobody' ? undefined : await tokenOf(by);
  const answered = await contract.ask(app, id, { ...asking, token });
  return { ...answered, json: answered.json as T };
};

interface Answer {
  readonly items: readonly { readonly decision: string; readonly coverage: string; readonly offer: string | null }[];
}

let visits = 0;

/** A fresh offer to the city hospital, by the document's own example. */
async function offer(): Promise<string> {
  const visit = `E-${++visits}`;
  const { json, status } = await ask<Answer>('check', CITY, {
    example: 'electrolytes',
    given: { 'E20260301-07': visit },
  });
  expect([status, json.items[0]?.decision]).toEqual([200, 'recognise']);
  return json.items[0]?.offer ?? '';
}

describe('the main operations', () => {
  test('a client that signs gets the token of the example', async () => {
    const example = contract.example('token', 'request', 'assertion') as { client_assertion: string };
    const given = { [example.client_assertion]: await assertion(world, 'city-signs', key) };
    const { json, status } = await ask<{ scope: string }>('token', 'nobody', { example: 'assertion', given });
    expect([status, json.scope]).toEqual([200, 'concord/check concord/reply']);
  });

  test('so does one that has a secret, at its own address', async () => {
    const id = 'city-old' as ChannelId;
    const added = await addChannel(world.gateway, {
      id,
      facility: CITY,
      kind: 'client',
      test: false,
      from: '127.0.0.1',
    });
    const given = { 'city-his': id, 'shown-once': expectOk(added).secret ?? '' };
    expect((await ask('token', 'nobody', { example: 'secret', given })).status).toBe(200);
  });

  test('the message is tried, taken, and taken again', async () => {
    const tried = await ask<{ in: object }>('intake', COUNTY, { example: 'electrolytes', query: '?dry-run=1' });
    expect([tried.status, tried.json.in]).toEqual([200, { MSH: 1, PID: 1, OBR: 1, OBX: 4 }]);
    for (const _ of [1, 2]) {
      const { status, text } = await ask('intake', COUNTY, { example: 'electrolytes' });
      expect([status, text]).toEqual([200, expect.stringContaining('MSA|AA|MSG00001')]);
    }
  });

  test('the question is answered as in the example', async () => {
    const { json } = await ask<Answer>('check', CITY, { example: 'electrolytes' });
    const told = contract.example('check', 'answer', 'electrolytes') as Answer;
    const [item, toldItem] = [json.items[0], told.items[0]];
    expect(item).toMatchObject({
      key: 'o1',
      item: 'ELECTROLYTES',
      decision: 'recognise',
      coverage: 'full',
      missing: [],
    });
    // What an example shows of a result is what is told of it.
    expect(shownOf(item, 'K')).toMatchObject({ ...shownOf(toldItem, 'K'), report: expect.any(String) });
    expect(Object.keys(item ?? {}).toSorted()).toEqual(Object.keys(toldItem ?? {}).toSorted());
  });

  test.each(['accepted', 'refused'])('the reply %s is taken, and again with the same receipt', async (example) => {
    const given = { [OFFER]: await offer() };
    const first = await ask('reply', CITY, { example, given });
    expect(first.status).toBe(200);
    expect((await ask('reply', CITY, { example, given })).json).toEqual(first.json);
  });

  test('CDS services are discovered as in the example', async () => {
    expect((await ask('cdsDiscovery', 'nobody')).json).toEqual(contract.example('cdsDiscovery', 'answer', 'services'));
  });

  test.each(['accepted', 'overridden'])('a draft order gets a card, and the feedback %s is taken', async (example) => {
    const given = { 'E20260301-08': `E-${++visits}` };
    const { json } = await ask<typeof CARDS>('cdsOrderSelect', CITY, { example: 'electrolytes', given });
    const told = contract.example('cdsOrderSelect', 'answer', 'electrolytes') as typeof CARDS;
    const [card, toldCard] = [json.cards[0], told.cards[0]];
    expect(json.cards).toHaveLength(1);
    expect(card?.summary).toMatch(/^电解质.*：试验县医院 2026-03-01 已有结果，可互认$/);
    expect(card?.suggestions?.[0]?.actions).toEqual(toldCard?.suggestions?.[0]?.actions);
    const signing = await ask<typeof CARDS>('cdsOrderSign', CITY, { example: 'electrolytes', given });
    expect(signing.json.cards.map(({ uuid }) => uuid)).toEqual([card?.uuid]);
    for (const id of ['cdsOrderSelectFeedback', 'cdsOrderSignFeedback'])
      expect((await ask(id, CITY, { example, given: { [OFFER]: card?.uuid ?? '' } })).status).toBe(200);
    const fed = await ask('cdsOrderSelectFeedback', CITY, { example, given: { [OFFER]: card?.uuid ?? '' } });
    expect([fed.status, fed.text]).toEqual([200, '']);
  });
});

describe('the administrator’s operations', () => {
  const given: Record<string, Asking> = {
    'addChannel mllp': {},
    'setChannelKeys address': { parts: { id: 'city-signs' } },
    'setChannelIssuer hospital': { parts: { id: 'city-signs' } },
    'setChannelScopes reading': { parts: { id: 'town-client' } },
  };

  test.each([
    ['putFacilities', 'county'],
    ['putCodes', 'potassium'],
    ['addChannel', 'client'],
    ['addChannel', 'mllp'],
    ['setChannelKeys', 'address'],
    ['setChannelIssuer', 'hospital'],
    ['setChannelScopes', 'reading'],
    ['adminToken', 'client'],
    ['putUpstream', 'county'],
    ['replay', 'quarantined'],
    ['adminCheck', 'electrolytes'],
    ['importCatalogue', 'reasons'],
  ])('%s takes its example %s', async (id, example) => {
    expect((await ask(id, 'admin', { example, ...given[`${id} ${example}`] })).status).toBe(200);
  });

  test('versions of the catalogue are checked, kept, listed, compared, and taken again', async () => {
    expect((await ask('checkCatalogue', 'admin', { example: 'reasons' })).status).toBe(200);
    const { json: versions } = await ask<{ digest: string; active: boolean }[]>('catalogues', 'admin');
    const older = versions.find(({ active }) => !active)?.digest ?? '';
    const differences = await ask<object[]>('compareCatalogues', 'admin', { query: `?to=${older}` });
    expect([differences.status, differences.json.length > 0]).toEqual([200, true]);
    const { digest: newer = '' } = versions.find(({ active }) => active) ?? {};
    for (const digest of [older, newer])
      expect((await ask('activateCatalogue', 'admin', { body: { digest } })).status).toBe(200);
    expect((await ask('activateCatalogue', 'admin', { body: { digest: 'none' } })).status).toBe(404);
    expect((await ask('compareCatalogues', 'admin', { query: '?to=none' })).status).toBe(404);
  });

  test('an offer is explained, and one that is not there is not', async () => {
    const parts = { id: await offer() };
    const { status, json } = await ask<{ same: boolean; items: object[] }>('explain', 'admin', { parts });
    expect([status, json.same, json.items.length > 0]).toEqual([200, true, true]);
    expect((await ask('explain', 'admin', { parts: { id: 'none' } })).status).toBe(404);
  });

  test('an ECG is tried, taken, shown, and given back', async () => {
    const body = scpFile({ id: 'X1', confirmed: 1 });
    const tried = await ask<{ in: object }>('intake', COUNTY, { body, query: '?dry-run=1' });
    expect([tried.status, tried.json.in]).toEqual([200, { leads: 8, measurements: expect.any(Number), statements: 1 }]);
    const taken = await ask<{ report: string }>('intake', COUNTY, { body });
    expect(taken.status).toBe(200);
    expect((await ask('intake', COUNTY, { body: body.slice(0, 60) })).status).toBe(422);
    for (const form of ['svg', 'pdf']) {
      const page = await ask('ecgPage', COUNTY, {
        parts: { file: `${taken.json.report}.${form}` },
        query: '?layout=6x2',
      });
      expect(page.status).toBe(200);
    }
    expect((await ask('ecgPage', COUNTY, { parts: { file: 'x.svg' }, query: '?gain=7' })).status).toBe(400);
    expect((await ask('ingest', 'admin', { body, query: '?facility=county' })).json).toMatchObject({ resends: 1 });
    expect((await ask('ingest', 'admin', { body, query: '?channel=nobody' })).status).toBe(404);
  });

  test('a file is taken for a facility', async () => {
    const { json } = await ask('ingest', 'admin', { example: 'electrolytes', query: '?facility=county' });
    expect(json).toMatchObject({ messages: 1, resends: 1, answers: { AA: 1 } });
  });

  test('a channel is given a new secret, and closed', async () => {
    const parts = { id: 'city-his' };
    expect((await ask('rotateChannel', 'admin', { parts })).status).toBe(200);
    expect((await ask('revokeChannel', 'admin', { parts })).status).toBe(200);
    expect((await ask('rotateChannel', 'admin', { parts })).status).toBe(409);
  });

  test('an upstream is removed, and then it is not there', async () => {
    const parts = { facility: 'county' };
    expect((await ask('removeUpstream', 'admin', { parts })).status).toBe(200);
    expect((await ask('removeUpstream', 'admin', { parts })).status).toBe(404);
    expect((await ask('pull', 'admin', { parts })).status).toBe(404);
  });

  test('a hospital’s server is read from, unless its secret is not there', async () => {
    const empty = async () => done({ resourceType: 'Bundle' } as never);
    const source = { base: 'https://fhir.county.example/r4/', search: empty, page: empty, read: empty };
    const parts = { facility: 'county' };
    const pull = (sourceOf: NonNullable<AppParts['sourceOf']>) =>
      contract.ask(openApp(world.gateway, { sourceOf }), 'pull', { token: ADMIN, parts });
    expect((await ask('putUpstream', 'admin', { example: 'county' })).status).toBe(200);
    expect((await pull(() => done(source))).json).toEqual({ pages: 1, resources: 0, problems: [], whole: true });
    const refused = refuse(outboundRefusal('outbound/no-secret', 'incorrect', 'secretName'));
    expect((await pull(() => refused)).status).toBe(400);
  });

  test('a record is linked, taken out again, and opted out', async () => {
    const { json: queue } = await conflicting();
    const patient = queue[0]?.patient;
    const found = await ask<Bundle>('search', COUNTY, { parts: { type: 'Patient' }, query: '?identifier=M901' });
    const id = found.json.entry?.[0]?.resource?.id ?? '';
    const other = { patient, to: { bucket: bucketOfId(id), patient: id, facility: COUNTY }, steward: 'S01' };
    for (const [act, body] of [
      ['link', other],
      ['unlink', { patient, steward: 'S01' }],
      ['opt-out', { patient, steward: 'S01', optOut: true }],
    ] as const) {
      expect((await ask('steward', 'admin', { parts: { act }, body })).status).toBe(200);
    }
    const unknown = await ask('steward', 'admin', { parts: { act: 'unlink' }, example: 'unlink' });
    expect(unknown.status).toBe(404);
    const self = await ask<{ code: string }>('steward', 'admin', {
      parts: { act: 'link' },
      body: { ...other, to: patient },
    });
    expect([self.status, self.json.code]).toEqual([400, 'gateway/same-patient']);
    const nothing = await ask<{ code: string }>('steward', 'admin', { parts: { act: 'merge' }, body: other });
    expect([nothing.status, nothing.json.code]).toEqual([404, 'web/not-found']);
  });

  test('an opening of the glass is listed and judged', async () => {
    const headers = { 'concord-purpose': 'BTG', 'concord-reason': encodeURIComponent('患者昏迷，急诊抢救') };
    const query = `?patient.identifier=urn:oid:2.16.156.10011.1.3|${ZHANG.national}`;
    await ask('search', CITY, { parts: { type: 'Observation' }, query, headers });
    const { json } = await ask<readonly { id: string }[]>('glasses', 'admin');
    expect(json).toHaveLength(1);
    const parts = { id: json[0]?.id ?? '' };
    expect((await ask('judgeGlass', 'admin', { parts, example: 'justified' })).status).toBe(200);
    expect((await ask('judgeGlass', 'admin', { parts, example: 'justified' })).status).toBe(404);
  });

  test.each([
    ['facilities', ''],
    ['codes', '?facility=county'],
    ['unmappedCodes', ''],
    ['channels', ''],
    ['subscriptions', ''],
    ['envelopes', '?outcome=stored'],
    ['auditTrail', '?facility=city'],
    ['glasses', '?all=1'],
  ])('%s%s is a list with something in it', async (id, query) => {
    await world.send(COUNTY, oru({ controlId: 'U1', results: ['NM|NEW^新项目^L||1|g/L|1-9||||F'] }));
    if (id === 'subscriptions') await subscribe();
    const { json, status } = await ask<readonly object[]>(id, 'admin', { query });
    expect([status, json.length > 0]).toEqual([200, true]);
  });

  test('anchors are for facilities and the administrator, the export for the administrator', async () => {
    expect((await ask('anchors', 'city' as FacilityId, { query: '?since=2026-01-01' })).status).toBe(200);
    expect((await ask('anchors', 'city' as FacilityId, { query: '?since=soon' })).status).toBe(400);
    expect((await ask('monthReport', 'admin', { query: '?month=2026-03' })).status).toBe(200);
    expect((await ask('monthReport', 'admin', { query: '?month=soon' })).status).toBe(400);
    expect((await ask('irregularities', 'admin', { query: '?month=2026-03' })).status).toBe(200);
    const digest = (await world.gateway.reference.current()).catalogue?.digest ?? '';
    const days = '&from=2026-03-01&to=2026-03-02';
    expect((await ask('whatIf', 'admin', { query: `?catalogue=${digest}${days}` })).text).toMatch(/"result":\{/);
    expect((await ask('whatIf', 'admin', { query: `?catalogue=none${days}` })).status).toBe(404);
    expect((await ask('exportLedger', 'admin')).text).toMatch(/^\{"head":/);
  });

  test('an opened record tells of results elsewhere', async () => {
    const { status, json } = await ask<{ cards: object[] }>('cdsPatientView', CITY, { example: 'opened' });
    expect([status, json.cards.length]).toEqual([200, 1]);
  });

  test('a doctor reports a result, its giver sees it and closes it', async () => {
    const shown = await offer();
    const given = { '7f3c2c1e-4a3b-4f8e-9d7a-2f6f1f0e9b11': shown };
    const { json } = await ask<{ notices: string[] }>('concern', CITY, { example: 'person', given });
    const [first = '', second = ''] = json.notices;
    expect((await ask<object[]>('notices', COUNTY)).json.length).toBe(json.notices.length);
    expect((await ask<object[]>('adminNotices', 'admin')).json.length).toBe(json.notices.length);
    expect((await ask('closeNotice', COUNTY, { parts: { id: first } })).status).toBe(200);
    expect((await ask('closeNotice', COUNTY, { parts: { id: first } })).status).toBe(404);
    expect((await ask('adminCloseNotice', 'admin', { parts: { id: second } })).status).toBe(200);
  });

  test.each([
    'deadDeliveries',
    'reliedOnRetracted',
    'upstreams',
    'counts',
    'doctor',
    'verifyLedger',
    'adminAnchors',
    'identityQueue',
  ])('%s is answered as it is described', async (id) => {
    expect((await ask(id, 'admin')).status).toBe(200);
  });

  test('a dead notification that is not there is not brought out again', async () => {
    expect((await ask('redeliver', 'admin', { parts: { id: 'none' } })).status).toBe(404);
  });
});

describe('refusals', () => {
  test.each([
    ['check', CITY, { body: '{' }, 400, 'web/not-json'],
    ['check', CITY, { body: { patient: {}, orders: [] } }, 400, 'web/wrong-shape'],
    ['check', CITY, { body: 'x'.repeat(1_100_000) }, 413, 'web/body-too-large'],
    ['check', 'nobody', { example: 'electrolytes' }, 401, 'access/no-token'],
    ['reply', CITY, { example: 'accepted' }, 404, 'gateway/unknown-offer'],
    [
      'cdsOrderSelect',
      CITY,
      { example: 'electrolytes', given: { '"prefetch"': '"other"' } },
      412,
      'web/missing-prefetch',
    ],
    ['intake', COUNTY, { body: 'hello' }, 400, 'web/not-hl7'],
    [
      'intake',
      COUNTY,
      { body: oru({ controlId: 'A' }) + oru({ controlId: 'B' }), query: '?dry-run=1' },
      400,
      'web/several-messages',
    ],
    ['token', 'nobody', { body: 'grant_type=password' }, 400, 'access/wrong-grant'],
    ['token', 'nobody', { example: 'assertion' }, 401, 'access/bad-assertion'],
    ['facilities', CITY, {}, 403, 'access/administrator-only'],
    [
      'putFacilities',
      'admin',
      { body: [{ id: 'region', name: 'R', level: 3, area: '000001', zone: 'Asia/Shanghai' }] },
      400,
      'gateway/reserved-id',
    ],
    [
      'putCodes',
      'admin',
      { body: [{ facility: 'county', kind: 'result', code: 'K', target: 'NONE' }] },
      400,
      'gateway/unknown-target',
    ],
    [
      'addChannel',
      'admin',
      { body: { id: 'city-client', facility: 'city', kind: 'client' } },
      409,
      'gateway/channel-exists',
    ],
    ['auditTrail', 'admin', { query: '?facility=a&patient=b' }, 400, 'web/wrong-shape'],
    [
      'replay',
      'admin',
      { body: { envelope: '6f9b1c7e-3a52-4d0c-9c1e-2b8a5d47e013' } },
      404,
      'gateway/unknown-envelope',
    ],
    ['read', CITY, { parts: { type: 'Observation', id: 'none' } }, 404, 'gateway/not-there'],
    ['search', CITY, { parts: { type: 'Nothing' } }, 404, 'web/type-not-served'],
    ['search', CITY, { parts: { type: 'Observation' }, query: '?code=WBC' }, 400, 'gateway/search-too-broad'],
    ['search', CITY, { parts: { type: 'Patient' }, query: '?shoe=41' }, 422, 'search/not-served'],
    [
      'create',
      CITY,
      { parts: { type: 'Patient' }, body: { resourceType: 'Patient', shoe: 41 } },
      422,
      'fhir/unknown-element',
    ],
  ] satisfies [string, FacilityId | 'admin' | 'nobody', Asking, number, string][])(
    '%s by %s: %o → %i %s',
    async (id, by, asking, status, code) => {
      const answered = await ask(id, by, asking);
      expect([answered.status, answered.text]).toEqual([status, expect.stringContaining(`"${code}"`)]);
    },
  );

  test('tables with a fault change nothing, and tell where', async () => {
    const body = { 'items.csv': { columns: ['id'], records: [{ line: 2, fields: { id: '' } }] } };
    const { status, json } = await ask<{ digest: null; problems: object[] }>('importCatalogue', 'admin', { body });
    expect([status, json.digest, json.problems.length > 0]).toEqual([422, null, true]);
  });
});

/** One needs a notification that died, one an application that counts; FHIR's own are held in another file. */
const ELSEWHERE = new Set(['redeliver', 'metrics']);

test('every operation outside of FHIR was answered as it is described', async () => {
  for (const id of ['healthz', 'readyz', 'smartConfiguration', 'fhirSmartConfiguration', 'openapi', 'openapiPage'])
    await ask(id, 'nobody');
  await ask('overview', 'nobody');
  expect((await ask('signIn', 'nobody', { body: { token: ADMIN } })).status).toBe(303);
  const signedIn = await ask('overview', 'nobody', { headers: { cookie: `concord_admin=${ADMIN}` } });
  expect(signedIn.status).toBe(200);
  const lacking = contract.placed.filter(
    ({ id, operation }) =>
      operation.tags?.[0] !== 'fhir' &&
      !ELSEWHERE.has(id) &&
      ![200, 201, 303].some((status) => contract.held.has(`${id} ${status}`)),
  );
  expect(lacking.map(({ id }) => id)).toEqual([]);
});

const CARDS = { cards: [] as { uuid: string; summary: string; suggestions?: { actions: object[] }[] }[] };

function shownOf(item: unknown, code: string): object | undefined {
  return (item as { results: readonly { item: string }[] } | undefined)?.results.find((one) => one.item === code);
}

/** The same number under another name: a steward is to look. */
async function conflicting() {
  const national = residentNumber('1970-03-05', 901);
  const who = { mrn: 'M901', national, name: '钱试验', birthDate: '19700305', sex: 'M' } as const;
  await world.send(COUNTY, oru({ controlId: 'Q1', patient: who }));
  await world.send(CITY, oru({ controlId: 'Q2', patient: { ...who, mrn: 'M902', name: '孙另外' } }));
  return ask<readonly { patient: object }[]>('identityQueue', 'admin');
}

async function subscribe(): Promise<void> {
  const body = {
    resourceType: 'Subscription',
    status: 'requested',
    reason: '新结果',
    criteria: 'Observation?code=WBC',
    channel: { type: 'rest-hook', endpoint: 'https://his.example/hook', payload: 'application/fhir+json' },
  };
  expect((await ask('subscribe', CITY, { body })).status).toBe(201);
}
