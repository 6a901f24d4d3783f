/** Refusals as RFC 9457 problem JSON: the one place where a category becomes an HTTP status. */
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Refusal, RefusalCategory } from '../base/outcome.ts';

const STATUS: Readonly<Record<RefusalCategory, ContentfulStatusCode>> = {
  incorrect: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  unsupported: 422,
  busy: 429,
  unavailable: 503,
  fault: 500,
};

/** Refusals whose status says more than their category's. */
const STATUS_OF_CODE: Readonly<Record<string, number>> = {
  // CDS Hooks 2.0: the service cannot get what it needs.
  'web/missing-prefetch': 412,
  'web/body-too-large': 413,
  'web/too-many-messages': 413,
  'gateway/not-valid': 422,
  'gateway/version-conflict': 412,
  'gateway/several-match': 412,
  'gateway/id-not-given': 405,
  'gateway/too-many-entries': 413,
  'web/not-acceptable': 406,
  'web/media-type': 415,
};

export function statusOf(refusal: Refusal): number {
  return STATUS_OF_CODE[refusal.code] ?? STATUS[refusal.category];
}

/** The members of RFC 9457, and ours. */
export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly at?: string;
}

export function problemBody(refusal: Refusal): ProblemBody {
  return {
    type: `urn:concord:problem:${refusal.code}`,
    title: refusal.sentence,
    status: statusOf(refusal),
    code: refusal.code,
    ...(refusal.at === undefined ? {} : { at: refusal.at }),
  };
}

/** `more`: members of ours that only this answer has. */
export function problemResponse(refusal: Refusal, more: Readonly<Record<string, unknown>> = {}): Response {
  const body = problemBody(refusal);
  const headers: Record<string, string> = {
    'content-type': 'application/problem+json; charset=utf-8',
    'cache-control': 'no-store',
  };
  if (refusal.category === 'unavailable' || refusal.category === 'busy')
    headers['retry-after'] = String(refusal.retryAfterSeconds ?? 5);
  if (refusal.category === 'unauthenticated') headers['www-authenticate'] = 'Bearer realm="concord"';
  return new Response(JSON.stringify({ ...body, ...more }), { status: body.status, headers });
}
