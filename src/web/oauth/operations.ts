/** How a channel gets its token, as OpenAPI says it: `/oauth/token` and `/.well-known/smart-configuration`. */
import { z } from 'zod';
import { SENTENCES, type AccessCode } from '../../access/problems.ts';
import { LIMITS } from '../../base/limits.ts';
import { json, type Paths } from '../openapi/describe.ts';

/** RFC 6749 4.4.2 with RFC 7523 2.2; read by `token-request.ts`, since it is a form with one value a name. */
const tokenForm = z
  .object({
    grant_type: z.literal('client_credentials'),
    scope: z.string().optional().meta({ description: 'Separated by blanks; absent: all that the channel has.' }),
    client_assertion_type: z.literal('urn:ietf:params:oauth:client-assertion-type:jwt-bearer').optional(),
    client_assertion: z.string().optional().meta({
      description: 'A JWT by the client’s own key (RS384, ES384): iss and sub its channel, aud this address.',
    }),
    client_id: z.string().optional(),
    client_secret: z.string().optional().meta({ description: 'The weak way, good at the channel’s own address only.' }),
  })
  .meta({ id: 'TokenRequest' });

const token = z
  .object({
    access_token: z.string(),
    token_type: z.literal('Bearer'),
    expires_in: z.int(),
    scope: z.string().meta({ description: 'What was given: of what was asked for, what the channel may have.' }),
  })
  .meta({ id: 'Token' });

const oauthRefusal = z
  .object({
    error: z.enum(['invalid_request', 'invalid_client', 'invalid_scope', 'unsupported_grant_type']),
    error_description: z.string(),
    code: z.string().meta({ description: 'Our own code, `access/…`.' }),
  })
  .meta({ id: 'OAuthRefusal', description: 'A refusal as RFC 6749 5.2 has it.' });

const smartConfiguration = z
  .object({
    issuer: z.url(),
    token_endpoint: z.url(),
    grant_types_supported: z.array(z.string()),
    token_endpoint_auth_methods_supported: z.array(z.string()),
    token_endpoint_auth_signing_alg_values_supported: z.array(z.string()),
    scopes_supported: z.array(z.string()),
    response_types_supported: z.array(z.string()),
    code_challenge_methods_supported: z.array(z.string()),
    capabilities: z.array(z.string()),
  })
  .meta({ id: 'SmartConfiguration' });

const NO_STORE = z.object({ 'cache-control': z.literal('no-store') });

function said(codes: readonly AccessCode[]): string {
  return codes.map((code) => `- \`${code}\`: ${SENTENCES[code]}`).join('\n');
}

const CONFIGURATION = {
  tag: 'access',
  says: ['SMART 配置', 'Says where tokens are asked for, by which methods and with which scopes.'],
  who: 'anybody',
  answers: { 200: { says: 'As SMART App Launch 2.x has it.', content: json(smartConfiguration) } },
} as const;

export const accessPaths: Paths = {
  '/oauth/token': {
    post: {
      id: 'token',
      tag: 'access',
      says: ['取得访问令牌', 'Gives a channel its access token for client credentials.'],
      more: 'A client proves itself in one way: by an assertion that it signed (SMART Backend Services), which is good once and for five minutes at most, or by its secret, as HTTP Basic or in the form.',
      who: 'client',
      body: {
        type: 'application/x-www-form-urlencoded',
        schema: tokenForm,
        examples: {
          assertion: {
            says: 'A client that signs',
            value: {
              grant_type: 'client_credentials',
              scope: 'concord/check concord/reply',
              client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
              client_assertion: 'eyJhbGciOiJFUzM4NCIsImtpZCI6ImsxIn0.eyJpc3MiOiJjaXR5LWhpcyJ9.c2lnbmF0dXJl',
            },
          },
          secret: {
            says: 'An old system that cannot sign',
            value: { grant_type: 'client_credentials', client_id: 'city-his', client_secret: 'shown-once' },
          },
        },
      },
      answers: {
        200: {
          says: `A bearer token, good for ${LIMITS.tokenSeconds} seconds.`,
          content: json(token, {
            token: {
              says: 'A token for questions and replies',
              value: {
                access_token: 'eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiJjaXR5LWhpcyJ9.c2lnbmF0dXJl',
                token_type: 'Bearer',
                expires_in: LIMITS.tokenSeconds,
                scope: 'concord/check concord/reply',
              },
            },
          }),
          headers: NO_STORE,
        },
        400: {
          says: said(['access/bad-request', 'access/wrong-grant', 'access/no-scope']),
          content: json(oauthRefusal),
        },
        401: { says: said(['access/bad-client', 'access/bad-assertion']), content: json(oauthRefusal) },
      },
      refusals: { 413: ['web/body-too-large'], 429: ['access/too-many-requests', 'access/too-many-refusals'] },
    },
  },
  '/.well-known/smart-configuration': { get: { id: 'smartConfiguration', ...CONFIGURATION } },
  '/fhir/.well-known/smart-configuration': { get: { id: 'fhirSmartConfiguration', ...CONFIGURATION } },
};
