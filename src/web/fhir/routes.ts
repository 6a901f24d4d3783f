/** The FHIR R4 door: `/fhir` and `/fhir/` (DESIGN 6). What works here, and nothing else, stands in /fhir/metadata. */
import { Hono } from 'hono';
import { webRefusal } from '../problems.ts';
import { capabilityRoute } from './capability.ts';
import type { FhirDoor } from './door.ts';
import { outcomeResponse } from './fhir-response.ts';
import { operationRoutes } from './operation-routes.ts';
import { readRoutes } from './read-routes.ts';
import { searchRoutes } from './search-routes.ts';

export function fhirRoutes(door: FhirDoor): Hono {
  const app = new Hono();
  app.route('/', capabilityRoute(door));
  app.route('/', operationRoutes(door));
  app.route('/', searchRoutes(door));
  app.route('/', readRoutes(door));
  app.all('/fhir/*', () => outcomeResponse(webRefusal('not-found', 'web/not-found', 'address')));
  return app;
}
