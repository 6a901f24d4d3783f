/** The HTTP face as one Hono application, for Node and for Workers alike (DESIGN 6). */
import { type Context, Hono } from 'hono';
import { createRateLimiter, type RateLimiter } from '../access/rate-limit.ts';
import { LIMITS } from '../base/limits.ts';
import type { Gateway } from '../gateway/gateway.ts';
import type { Outcome } from '../base/outcome.ts';
import type { FhirSource, Upstream } from '../ports/fhir-source.ts';
import { StoreUnavailable } from '../ports/store.ts';
import { adminRoutes } from './admin/routes.ts';
import { createAuthenticator } from './authenticate.ts';
import { cdsRoutes } from './cds/routes.ts';
import { createDenials } from './denials.ts';
import { ecgRoutes } from './ecg/routes.ts';
import { outcomeResponse } from './fhir/fhir-response.ts';
import { fhirRoutes } from './fhir/routes.ts';
import { problemResponse } from './http-problem.ts';
import { intakeRoute } from './intake-route.ts';
import { openapiRoutes } from './openapi/routes.ts';
import { ledgerRoutes } from './ledger/routes.ts';
import { counted, metricsRoute, type MetricsParts } from './metrics-route.ts';
import { overviewRoute } from './overview-route.ts';
import { webRefusal } from './problems.ts';
import { createPublicBase } from './public-base.ts';
import { readyRoute } from './ready-route.ts';
import { noticeRoutes } from './recognition/notice-routes.ts';
import { recognitionRoutes } from './recognition/routes.ts';
import { smartConfigurationRoutes } from './oauth/smart-configuration.ts';
import { tokenRoute } from './oauth/token-route.ts';
import { unavailableRefusal } from './unavailable.ts';

export interface AppParts {
  readonly gateway: Gateway;
  /** SHA-256 (base64url) of the administrator's token. */
  readonly adminTokenHash: string;
  /** In the demo the overview page needs no token: it shows counts and pseudonyms only (SETTLED 29). */
  readonly demo: boolean;
  readonly channelsChanged: () => Promise<void>;
  /** False: the gateway is there for one command, and nobody counts on its sealer. */
  readonly serving?: boolean;
  /** A hospital's own FHIR server, opened; absent where nothing is read from any. */
  readonly sourceOf?: (upstream: Upstream) => Outcome<FhirSource>;
  /** True once the gateway is being stopped: whoever balances load sends no more. */
  readonly draining?: () => boolean;
  /** Where a request comes from, as the runtime knows it: a client's secret is good at its own address only. Absent: nowhere. */
  readonly peerOf?: (context: Context) => string | undefined;
  /** The address that the world knows the gateway by: links are made of it. */
  readonly publicUrl?: string;
  /** Where the gateway itself listens, for links without a public address. */
  readonly ownUrl?: string;
  /** Where MLLP channels without a port of their own listen. */
  readonly mllpPort?: number;
  /** False: this runtime opens no sockets and watches no folders, so that only clients' channels are added here. */
  readonly listens?: boolean;
  /** What `/metrics` prints, and who else reads it; absent, as on Workers, where nobody counts: no such address. */
  readonly metrics?: MetricsParts;
  /** Bytes of a file that is taken in; absent: what Node can hold. A Worker has 128 MB in all. */
  readonly intakeBytesMax?: number;
  /** Shared with other applications of this process; absent: its own. */
  readonly limiter?: RateLimiter;
  /** Told once per fault, with a code and the route's name; never with a value. */
  readonly onFault: (fault: { readonly code: string; readonly route: string; readonly error: unknown }) => void;
}

export function createApp(parts: AppParts): Hono {
  const { gateway } = parts;
  const limiter =
    parts.limiter ?? createRateLimiter({ perSecond: LIMITS.requestsPerSecond, burst: LIMITS.requestsBurst });
  const denials = createDenials(gateway);
  const publicBase = createPublicBase(parts.publicUrl, parts.ownUrl);
  const authenticator = createAuthenticator({ gateway, limiter, denials, adminTokenHash: parts.adminTokenHash });
  const app = new Hono();

  app.use('*', counted(gateway));
  app.get('/healthz', (context) => context.json({ status: 'up' }));
  app.route('/', readyRoute(gateway, parts.draining ?? (() => false)));
  app.use('*', async (_, next) => {
    await denials.settle();
    return next();
  });
  app.route('/', tokenRoute({ gateway, denials, limiter, publicBase, peerOf: parts.peerOf }));
  app.route('/', smartConfigurationRoutes(publicBase));
  app.route('/', intakeRoute({ ...parts, authenticator }));
  app.route('/', recognitionRoutes(gateway, authenticator));
  app.route('/', noticeRoutes(gateway, authenticator));
  app.route('/', cdsRoutes({ gateway, authenticator, publicBase }));
  app.route('/', ledgerRoutes(gateway, authenticator));
  app.route('/', fhirRoutes({ gateway, authenticator, publicBase }));
  app.route('/', ecgRoutes({ gateway, authenticator, publicBase }));
  app.route('/', adminRoutes({ ...parts, authenticator }));
  app.route('/', openapiRoutes(publicBase));
  if (parts.metrics !== undefined) app.route('/', metricsRoute(gateway, authenticator, parts.metrics));
  app.route('/', overviewRoute({ gateway, denials, demo: parts.demo, adminTokenHash: parts.adminTokenHash }));

  app.notFound(() => problemResponse(webRefusal('not-found', 'web/not-found', 'path')));
  app.onError((error, context) => {
    // A FHIR client reads OperationOutcome and nothing else.
    const respond = /^\/fhir(?:\/|$)/.test(context.req.path) ? outcomeResponse : problemResponse;
    if (error instanceof StoreUnavailable) return respond(unavailableRefusal(error));
    parts.onFault({ code: 'web/fault', route: context.req.routePath, error });
    return respond(webRefusal('fault', 'web/fault'));
  });
  return app;
}
