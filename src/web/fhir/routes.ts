/** The FHIR R4 door: `/fhir` and `/fhir/` (DESIGN 6). What works here, and nothing else, stands in /fhir/metadata. */
import { Hono } from 'hono';
import { GlassWithheld } from '../../gateway/fhir/break-glass.ts';
import { webRefusal } from '../problems.ts';
import { auditRoutes } from './audit-routes.ts';
import { binaryRoute } from './binary-route.ts';
import { bundleRoute } from './bundle-route.ts';
import { capabilityRoute } from './capability.ts';
import type { FhirDoor } from './door.ts';
import { outcomeResponse } from './fhir-response.ts';
import { operationRoutes } from './operation-routes.ts';
import { provenanceRoute } from './provenance-route.ts';
import { readRoutes } from './read-routes.ts';
import { searchRoutes } from './search-routes.ts';
import { subscriptionRoutes } from './subscription-routes.ts';
import { writeRoutes } from './write-routes.ts';

export function fhirRoutes(door: FhirDoor): Hono {
  const nothingThere = (): Response => outcomeResponse(webRefusal('not-found', 'web/not-found', 'address'));
  // A bundle asks these directly: what leads nowhere is told in FHIR, and a fault is the whole request's.
  const reads = new Hono().notFound(nothingThere).onError((error) => {
    throw error;
  });
  reads.route('/', capabilityRoute(door));
  reads.route('/', operationRoutes(door));
  reads.route('/', auditRoutes(door));
  reads.route('/', provenanceRoute(door));
  reads.route('/', binaryRoute(door));
  reads.route('/', searchRoutes(door));
  reads.route('/', readRoutes(door));
  const app = new Hono().onError((error) => {
    if (error instanceof GlassWithheld) return outcomeResponse(error.refusal);
    throw error;
  });
  app.route('/', bundleRoute(door, reads));
  app.route('/', subscriptionRoutes(door));
  app.route('/', reads);
  app.route('/', writeRoutes(door));
  app.all('/fhir/*', nothingThere);
  return app;
}
