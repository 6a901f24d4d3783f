/** `/.well-known/smart-configuration` (SMART App Launch 2.x, conformance.html), at the root and below the FHIR base. */
import { Hono } from 'hono';
import { ASSERTION_ALGORITHMS } from '../../access/client-keys.ts';
import { OWN_VERBS } from '../../access/scopes.ts';
import { webRefusal } from '../problems.ts';
import { problemResponse } from '../http-problem.ts';
import type { PublicBase } from '../public-base.ts';

export function smartConfigurationRoutes(publicBase: PublicBase): Hono {
  const answer = (request: Request): Response =>
    Response.json(smartConfiguration(publicBase(request)), { headers: { 'cache-control': 'max-age=60' } });
  return (
    new Hono()
      .get('/.well-known/smart-configuration', (context) => answer(context.req.raw))
      .get('/fhir/.well-known/smart-configuration', (context) => answer(context.req.raw))
      // Clients ask for it beside the other: what is not there says so.
      .get('/fhir/.well-known/*', () => problemResponse(webRefusal('not-found', 'web/not-found', 'path')))
  );
}

function smartConfiguration(origin: string): object {
  return {
    issuer: origin,
    token_endpoint: `${origin}/oauth/token`,
    grant_types_supported: ['client_credentials'],
    token_endpoint_auth_methods_supported: ['private_key_jwt', 'client_secret_basic', 'client_secret_post'],
    token_endpoint_auth_signing_alg_values_supported: ASSERTION_ALGORITHMS,
    scopes_supported: ['system/*.cruds', 'system/*.rs', 'system/Observation.rs', ...OWN_VERBS],
    // No user signs in here: there is no authorisation endpoint whose codes PKCE could protect.
    response_types_supported: [],
    code_challenge_methods_supported: ['S256'],
    capabilities: ['client-confidential-asymmetric', 'client-confidential-symmetric', 'permission-v1', 'permission-v2'],
  };
}
