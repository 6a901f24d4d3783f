/** `/metrics` for Prometheus, and what counts requests. Neither a label nor a name holds anything that a caller said. */
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import { sameSecret } from '../access/client-secret.ts';
import type { Gateway } from '../gateway/gateway.ts';
import type { Exposition } from '../ports/meter.ts';
import { type Authenticator, bearer } from './authenticate.ts';
import { together } from './cached.ts';
import { problemResponse } from './http-problem.ts';

export interface MetricsParts {
  readonly exposition: Exposition;
  /** SHA-256 (base64url) of a token that reads metrics and nothing else; absent: the administrator's alone does. */
  readonly tokenHash?: string;
}

export function metricsRoute(gateway: Gateway, authenticator: Authenticator, parts: MetricsParts): Hono {
  const { exposition, tokenHash } = parts;
  // Scrapers at the same moment cost one read, and a database that hangs is asked once.
  const read = together(() => gateway.store.read.backlog(gateway.clock.now()).catch(() => undefined));
  return new Hono().get('/metrics', async ({ req }) => {
    const token = bearer(req.raw);
    const known = tokenHash !== undefined && token !== undefined && sameSecret(token, tokenHash);
    const allowed = known ? undefined : await authenticator.administrator(req.raw);
    if (allowed?.ok === false) return problemResponse(allowed.refusal);
    const text = await exposition.print(read());
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

/**
 * Of the routes that fit, the one whose handler ran last: the others stand behind it and were not asked. Middleware, which
 * fits every address, has no method of its own; where it refused, the route is the one that it stands before.
 */
function patternOf(context: Context): string {
  const reached = matchedRoutes(context).slice(context.req.routeIndex);
  return reached.find(({ method }) => method !== 'ALL')?.path ?? 'none';
}
