/** What the contract of the HTTP face is held against: a gateway on some runtime, configured through `/admin` alone. */
import { resolve } from 'node:path';
import { expect } from 'vitest';
import { readCatalogueFolder } from '../../../src/runtime/node/configuration-files.ts';
import { residentNumber } from '../../support/messages.ts';

export interface Gateway {
  readonly url: string;
  readonly adminToken: string;
  stop(): Promise<void>;
}

export interface Subject {
  /** A request as a facility's client, or as nobody. */
  ask(by: Caller, path: string, init?: RequestInit): Promise<Response>;
  post(by: Caller, path: string, body: unknown, type?: string): Promise<Response>;
  /** The body of a 2xx; anything else fails the test. */
  answer<T>(response: Promise<Response>): Promise<T>;
  stop(): Promise<void>;
}

export type Caller = 'county' | 'city' | 'admin' | 'nobody';

const CATALOGUE = resolve(import.meta.dirname, '../../../mappings/catalogue');
const CODES = ['WBC', 'RBC', 'HGB', 'HCT', 'PLT', 'K', 'NA', 'CL', 'CA'];
const FACILITIES = ['county', 'city'] as const;

export const NATIONAL = 'urn:oid:2.16.156.10011.1.3';

/** A person of its own for each case, so that cases do not meet. */
export function person(sequence: number) {
  const national = residentNumber('1970-03-05', sequence);
  return { mrn: `M${sequence}`, national, name: `试验${sequence}`, birthDate: '19700305', sex: 'M' as const };
}

/** So many hours ago, as HL7 v2 writes it in the region's zone. */
export function hoursAgo(hours: number): string {
  const local = new Date(Date.now() - hours * 3_600_000 + 8 * 3_600_000).toISOString();
  return local.replaceAll(/\D/g, '').slice(0, 14);
}

export async function configured(gateway: Gateway): Promise<Subject> {
  const tokens: Record<Caller, string | undefined> = {
    county: undefined,
    city: undefined,
    admin: gateway.adminToken,
    nobody: undefined,
  };
  const ask: Subject['ask'] = (by, path, init = {}) => {
    const token = tokens[by];
    const headers = new Headers(init.headers);
    if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
    return fetch(path.startsWith('http') ? path : `${gateway.url}${path}`, { ...init, headers });
  };
  const post: Subject['post'] = (by, path, body, type = 'application/json') => {
    const isText = typeof body === 'string' || body instanceof Uint8Array;
    const sent = isText ? body : JSON.stringify(body);
    return ask(by, path, {
      method: 'POST',
      headers: { 'content-type': type },
      body: sent as NonNullable<RequestInit['body']>,
    });
  };
  const answer: Subject['answer'] = async <T>(response: Promise<Response>) => {
    const { status, ok } = await response;
    const text = await (await response).text();
    if (!ok) throw new Error(`${status} ${text}`);
    return JSON.parse(text) as T;
  };
  await answer(post('admin', '/admin/facilities', FACILITIES.map(facility)));
  for (const id of FACILITIES) {
    await answer(
      post('admin', '/admin/channels', { id: `${id}-client`, facility: id, kind: 'client', scopes: SCOPES }),
    );
    const { token } = await answer<{ token: string }>(post('admin', '/admin/tokens', { channel: `${id}-client` }));
    tokens[id] = token;
  }
  await answer(post('admin', '/admin/catalogue', { ...readCatalogueFolder(CATALOGUE), 'marks.csv': marks() }));
  await answer(post('admin', '/admin/codes', FACILITIES.flatMap(codes)));
  return { ask, post, answer, stop: () => gateway.stop() };
}

const SCOPES = ['concord/intake', 'concord/check', 'concord/reply', 'system/*.cruds'];

function facility(id: (typeof FACILITIES)[number]): object {
  return {
    id,
    name: id === 'county' ? '试验县医院' : '试验市医院',
    level: 2,
    area: '000001',
    alliances: ['alliance'],
    zone: 'Asia/Shanghai',
  };
}

function codes(facility: string): readonly object[] {
  const row = (kind: string, code: string, target: string): object => ({ facility, kind, code, target });
  return [...CODES.map((code) => row('result', code, code)), row('order', 'DJZ', 'ELECTROLYTES')];
}

function marks(): object {
  const rest = { reach: 'city', within: '0000', label: '试验HR', batch: 'T1', valid_from: '2026-01-01', valid_to: '' };
  const rows = FACILITIES.flatMap((facility) => CODES.map((item) => ({ facility, item, ...rest })));
  return {
    columns: ['facility', 'item', 'reach', 'within', 'label', 'batch', 'valid_from', 'valid_to'],
    records: rows.map((fields, index) => ({ line: index + 2, fields })),
  };
}

/** A refusal's status and code, from problem JSON or from OperationOutcome. */
export async function refusalOf(response: Response): Promise<readonly [number, string]> {
  const body = (await response.json()) as {
    code?: string;
    issue?: readonly { details?: { coding?: readonly { code: string }[] } }[];
  };
  return [response.status, body.code ?? body.issue?.[0]?.details?.coding?.[0]?.code ?? ''];
}

/** The subject once it is there; tests run after it is. */
export type Held = () => Subject;

export async function expectAcknowledged(response: Response, control: string): Promise<string> {
  const text = await response.text();
  expect([response.status, text]).toEqual([200, expect.stringContaining(`MSA|AA|${control}`)]);
  return text;
}
