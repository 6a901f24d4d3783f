/** `/metrics` for Prometheus, and what counts requests. Neither a label nor a name holds anything that a caller said. */
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import { sameSecret } from '../access/client-secret.ts';
import type { Gateway } from '../gateway/gateway.ts';
import type { Exposition } from '../ports/meter.ts';
import { type Authenticator, bearer } from './authenticate.ts';
import { createCached } from './cached.ts';
import { problemResponse } from './http-problem.ts';

export interface MetricsParts {
  readonly exposition: Exposition;
  /** SHA-256 (base64url) of a token that reads metrics and nothing else; absent: the administrator's alone does. */
  readonly tokenHash?: string;
}

/** Scrapers of one second cost one read. */
const BACKLOG_SECONDS = 1;

export function metricsRoute(gateway: Gateway, authenticator: Authenticator, parts: MetricsParts): Hono {
  const { exposition, tokenHash } = parts;
  const backlog = createCached(gateway.clock, BACKLOG_SECONDS, () =>
    gateway.store.read.backlog(gateway.clock.now()).catch(() => undefined),
  );
  return new Hono().get('/metrics', async ({ req }) => {
    const token = bearer(req.raw);
    const known = tokenHash !== undefined && token !== undefined && sameSecret(token, tokenHash);
    const allowed = known ? undefined : await authenticator.administrator(req.raw);
    if (allowed?.ok === false) return problemResponse(allowed.refusal);
    const text = await exposition.print((await backlog()).value);
    return new Response(text, { headers: { 'content-type': exposition.contentType, 'cache-control': 'no-store' } });
  });
}

/** Every request, by the pattern that answered it. */
export function counted({ meter }: Gateway): MiddlewareHandler {
  return async (context, next) => {
    const answered = meter.request();
    await next();
    answered({ method: context.req.method, route: patternOf(context), status: context.res.status });
  };
}

/** Middleware fits every address; a route is what has a method of its own. */
function patternOf(context: Context): string {
  return matchedRoutes(context).findLast(({ method }) => method !== 'ALL')?.path ?? 'none';
}
