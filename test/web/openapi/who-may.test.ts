/** What `/openapi.json` says of who may, and of the FHIR door, is what the doors do. */
import type { Bundle } from 'fhir/r4';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signToken } from '../../../src/access/access-token.ts';
import { OWN_VERBS } from '../../../src/access/scopes.ts';
import type { ChannelId } from '../../../src/terms/channel.ts';
import { openapiDocument } from '../../../src/web/openapi/document.ts';
import { ADMIN, openApp } from '../../support/app.ts';
import { COUNTY, DATABASES, openWorld, type TestDatabase, type TestWorld } from '../../support/gateway.ts';
import { oru, ZHANG } from '../../support/messages.ts';
import { type Asking, contractOf, type Placed } from '../../support/openapi.ts';

const contract = contractOf(openapiDocument());
const NUMBER = `urn:oid:2.16.156.10011.1.3|${ZHANG.national}`;

let database: TestDatabase;
let world: TestWorld;
/** Ids of what a message brought. */
let patient = '';
let observation = '';

beforeAll(async () => {
  database = await DATABASES[0]!.open();
  world = await openWorld(database);
  await world.send(COUNTY, oru({ controlId: 'W1' }));
  const token = await tokenOf(['system/*.rs']);
  const idOf = async (type: string, query: string): Promise<string> => {
    const { json } = await contract.ask(openApp(world.gateway), 'search', { token, parts: { type }, query });
    return (json as Bundle).entry?.[0]?.resource?.id ?? '';
  };
  patient = await idOf('Patient', `?identifier=${NUMBER}`);
  observation = await idOf('Observation', `?patient.identifier=${NUMBER}&code=WBC`);
});
afterAll(async () => {
  await world.close();
  await database.close();
});

const tokenOf = (scopes: readonly string[]): Promise<string> =>
  signToken(world.gateway.keys.token, {
    channel: 'county-client' as ChannelId,
    scopes,
    now: world.clock.now(),
    seconds: 3600,
    id: 'x',
  });

/** An application of its own for each, so that nobody has knocked too often. */
const ask = (id: string, asking: Asking) => contract.ask(openApp(world.gateway), id, asking);

const scopesOf = ({ operation }: Placed): readonly string[] =>
  (operation.security ?? []).flatMap(({ channel = [] }) => channel);
const isOpen = ({ operation }: Placed): boolean => (operation.security ?? []).length === 0;
const asksFor = (scheme: string) => (one: Placed) => (one.operation.security ?? []).some((way) => scheme in way);

const PATIENT = {
  resourceType: 'Patient',
  identifier: [{ system: 'urn:oid:1.2.3.4', value: 'P-77' }],
  name: [{ text: '李试验' }],
  gender: 'female',
};
const PARAMETERS = { resourceType: 'Parameters', parameter: [{ name: 'resource', resource: PATIENT }] };
const SUBSCRIPTION = { resourceType: 'Subscription', status: 'off' };

/** What each interaction is asked so that its scope is what decides. */
const askings: Readonly<Record<string, () => Asking>> = {
  search: () => ({ parts: { type: 'Observation' }, query: `?patient.identifier=${NUMBER}&_count=2` }),
  searchByForm: () => ({ parts: { type: 'Observation' }, body: { 'patient.identifier': NUMBER } }),
  read: () => ({ parts: { type: 'Observation', id: observation } }),
  history: () => ({ parts: { type: 'Observation', id: observation } }),
  readVersion: () => ({ parts: { type: 'Observation', id: observation, version: '1' } }),
  create: () => ({ parts: { type: 'Patient' }, body: PATIENT }),
  update: () => ({ parts: { type: 'Patient', id: 'none' }, body: { ...PATIENT, id: 'none' } }),
  updateBy: () => ({ parts: { type: 'Patient' }, query: '?identifier=urn:oid:1.2.3.4|P-77', body: PATIENT }),
  validate: () => ({ parts: { type: 'Patient' }, body: PATIENT }),
  bundle: () => ({
    body: {
      resourceType: 'Bundle',
      type: 'batch',
      entry: [{ request: { method: 'GET', url: `Observation/${observation}` } }],
    },
  }),
  lastn: () => ({ query: `?patient.identifier=${NUMBER}` }),
  lastnByForm: () => ({ body: { 'patient.identifier': NUMBER } }),
  everything: () => ({ parts: { id: patient } }),
  match: () => ({ body: PARAMETERS }),
  translate: () => ({ query: '?code=WBC' }),
  translateByBody: () => ({ body: { resourceType: 'Parameters', parameter: [{ name: 'code', valueCode: 'WBC' }] } }),
  searchAudit: () => ({ query: '?action=R' }),
  searchAuditByForm: () => ({ body: { action: 'R' } }),
  searchProvenance: () => ({ query: `?target=Observation/${observation}` }),
  searchProvenanceByForm: () => ({ body: { target: `Observation/${observation}` } }),
  subscribe: () => ({ body: { ...SUBSCRIPTION, criteria: 'Observation?code=WBC' } }),
  changeSubscription: () => ({ body: SUBSCRIPTION }),
  intake: () => ({ example: 'electrolytes' }),
  check: () => ({ example: 'electrolytes' }),
  reply: () => ({ example: 'accepted' }),
  cdsOrderSelect: () => ({ example: 'electrolytes' }),
  cdsOrderSelectFeedback: () => ({ example: 'accepted' }),
  cdsOrderSign: () => ({ example: 'electrolytes' }),
  cdsOrderSignFeedback: () => ({ example: 'accepted' }),
};
const asking = ({ id }: Placed): Asking => askings[id]?.() ?? {};

describe('who may', () => {
  const open = contract.placed.filter(isOpen);
  const shut = contract.placed.filter((one) => ['channel', 'administrator'].some((scheme) => asksFor(scheme)(one)));
  const names = (all: readonly Placed[]) =>
    all.filter(({ id }) => id !== 'metrics').map((one) => [one.id, one] as const);

  test.each(names(open))('%s: anybody', async (_, one) => {
    const body = one.id === 'signIn' ? { body: { token: ADMIN } } : {};
    expect([401, 403]).not.toContain((await ask(one.id, body)).status);
  });

  test.each(names(shut))('%s: nobody without a token', async (_, one) => {
    expect((await ask(one.id, asking(one))).status).toBe(401);
  });

  test.each(names(shut.filter(asksFor('administrator'))))('%s: no channel', async (_, one) => {
    const token = await tokenOf([...OWN_VERBS, 'system/*.cruds']);
    expect((await ask(one.id, { ...asking(one), token })).status).toBe(403);
  });

  const scoped = shut.filter((one) => scopesOf(one).length > 0);

  test.each(names(scoped))('%s: no token without its scope', async (_, one) => {
    const [scope = ''] = scopesOf(one);
    const letter = scope.startsWith('system/') ? (scope.at(-1) as string) : '';
    const others = [...OWN_VERBS.filter((verb) => verb !== scope), `system/*.${'cruds'.replace(letter, '')}`];
    expect((await ask(one.id, { ...asking(one), token: await tokenOf(others) })).status).toBe(403);
  });

  test.each(names(scoped))('%s: a token with it alone', async (_, one) => {
    const token = await tokenOf(scopesOf(one));
    expect([401, 403]).not.toContain((await ask(one.id, { ...asking(one), token })).status);
  });
});

describe('FHIR interactions', () => {
  /** What is done needs no scope but its own; a subscription that is there has tests of its own. */
  const elsewhere = new Set(['readAudit', 'subscribe', 'readSubscription', 'changeSubscription', 'update']);

  test.each(Object.keys(askings).filter((id) => isFhir(id) && !elsewhere.has(id)))('%s succeeds', async (id) => {
    const token = await tokenOf(['system/*.cruds']);
    expect([200, 201]).toContain((await ask(id, { ...askings[id]?.(), token })).status);
  });

  test('a resource is created, updated by its version, and not by an old one', async () => {
    const token = await tokenOf(['system/*.cruds']);
    const made = await ask('create', { parts: { type: 'Patient' }, body: { ...PATIENT, gender: 'other' }, token });
    const { id } = made.json as { id: string };
    const parts = { type: 'Patient', id };
    const body = { ...PATIENT, id, birthDate: '1980-01-01' };
    const stale = { 'if-match': 'W/"99"' };
    expect((await ask('update', { parts, body, token })).status).toBe(200);
    expect((await ask('update', { parts, body, token, headers: stale })).status).toBe(412);
    expect((await ask('update', { parts, body, token, headers: { 'content-type': 'text/plain' } })).status).toBe(415);
    const current = await ask('read', { parts, token });
    const headers = { 'if-none-match': current.headers.get('etag') ?? '' };
    expect((await ask('read', { parts, token, headers })).status).toBe(304);
    expect((await ask('read', { parts, token, headers: { accept: 'application/xml' } })).status).toBe(406);
  });

  test('what is no FHIR is not spoken', async () => {
    expect((await ask('capabilities', { headers: { accept: 'application/xml' } })).status).toBe(406);
  });

  test('an audit event is found and read', async () => {
    const token = await tokenOf(['system/*.cruds']);
    const { json } = await ask('searchAudit', { query: '?action=R', token });
    const id = (json as Bundle).entry?.[0]?.resource?.id ?? '';
    expect((await ask('readAudit', { parts: { id }, token })).status).toBe(200);
  });

  test('all are asked here', () => {
    const asked = new Set([...contract.held].map((one) => one.split(' ')[0]));
    const all = contract.placed.map(({ id }) => id).filter((id) => isFhir(id));
    expect(all.filter((id) => !asked.has(id))).toEqual([]);
  });
});

function isFhir(id: string): boolean {
  return contract.placed.find((one) => one.id === id)?.operation.tags?.[0] === 'fhir';
}
