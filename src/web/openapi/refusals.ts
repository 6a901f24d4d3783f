/** Refusals as answers of an operation: by status the codes of ours and their sentences. */
import { z } from 'zod';
import type { ZodOpenApiResponseObject, ZodOpenApiResponsesObject } from 'zod-openapi';
import type { AccessCode } from '../../access/problems.ts';
import type { SENTENCES as FHIR } from '../../formats/fhir/problems.ts';
import type { GatewayCode } from '../../gateway/problems.ts';
import { ALL_SENTENCES } from '../../gateway/sentences.ts';
import type { LedgerCode } from '../../ledger/problems.ts';
import type { SENTENCES as SEARCH } from '../../search/problems.ts';
import { SENTENCES, type WebCode } from '../problems.ts';
import { operationOutcome, refusal } from './schemas.ts';

/**
 * Who may: anybody; a client that proves itself in the request; a channel by its token, at our own doors or at FHIR's; the
 * administrator; who reads metrics; who signed in on the page.
 */
export type Who = 'anybody' | 'client' | 'channel' | 'fhir' | 'administrator' | 'operator' | 'page';

export type RefusalCode = WebCode | AccessCode | GatewayCode | LedgerCode | keyof typeof FHIR | keyof typeof SEARCH;

type ByStatus = Readonly<Record<number, readonly RefusalCode[]>>;

const ALL: Readonly<Record<string, string>> = { ...ALL_SENTENCES, ...SENTENCES };

const RETRY = z.object({ 'retry-after': z.string().meta({ description: 'Seconds to wait.' }) });
const CHALLENGE = z.object({ 'www-authenticate': z.string() });

const TOKEN = ['access/no-token', 'access/bad-token', 'access/expired-token', 'access/revoked-channel'] as const;
const BUSY = ['access/too-many-requests', 'access/too-many-refusals'] as const;
export const TROUBLE = {
  500: ['web/fault'],
  503: ['gateway/database-gone', 'gateway/database-full'],
} as const satisfies ByStatus;

/** What a JSON body may be refused for, whatever its schema. */
export const BODY_REFUSED = {
  400: ['web/not-json', 'web/wrong-shape', 'web/body-cut-off'],
  413: ['web/body-too-large'],
} as const satisfies ByStatus;

/** What everybody may get at a door. */
const COMMON: Readonly<Record<Who, ByStatus>> = {
  anybody: {},
  client: TROUBLE,
  channel: { 401: TOKEN, 403: ['access/scope'], 429: BUSY, ...TROUBLE },
  fhir: {
    400: ['web/circumstances'],
    401: TOKEN,
    403: ['gateway/scope'],
    406: ['web/not-acceptable'],
    429: [...BUSY, 'gateway/too-much-glass'],
    ...TROUBLE,
  },
  administrator: {
    401: ['access/no-token', 'access/bad-token'],
    403: ['access/administrator-only'],
    429: ['access/too-many-refusals'],
    ...TROUBLE,
  },
  operator: {
    401: ['access/no-token', 'access/bad-token'],
    403: ['access/administrator-only'],
    429: ['access/too-many-refusals'],
    ...TROUBLE,
  },
  page: TROUBLE,
};

/** Answers that many operations share, each once. */
const SHARED: ReadonlyMap<string, ZodOpenApiResponseObject> = new Map(
  Object.entries(COMMON).flatMap(([who, byStatus]) =>
    Object.entries(byStatus).map(([status, codes]): [string, ZodOpenApiResponseObject] => [
      `${who} ${status}`,
      { id: `${who}-${status}`, ...responseOf(who as Who, Number(status), codes) },
    ]),
  ),
);

export function refusalsOf(who: Who, own: ByStatus): ZodOpenApiResponsesObject {
  const common = COMMON[who];
  const statuses = new Set([...Object.keys(common), ...Object.keys(own)].map(Number));
  return Object.fromEntries(
    [...statuses].map((status) => {
      const shared = own[status] === undefined ? SHARED.get(`${who} ${status}`) : undefined;
      const codes = [...(common[status] ?? []), ...(own[status] ?? [])];
      return [String(status), shared ?? responseOf(who, status, codes)];
    }),
  );
}

function responseOf(who: Who, status: number, codes: readonly RefusalCode[]): ZodOpenApiResponseObject {
  const inFhir = who === 'fhir';
  return {
    description: codes.map((code) => `- \`${code}\`: ${sentenceOf(code)}`).join('\n'),
    content: inFhir
      ? { 'application/fhir+json': { schema: operationOutcome } }
      : { 'application/problem+json': { schema: refusal } },
    ...(status === 429 || status === 503 ? { headers: RETRY } : {}),
    ...(status === 401 ? { headers: CHALLENGE } : {}),
  };
}

function sentenceOf(code: RefusalCode): string {
  return ALL[code] ?? code;
}
