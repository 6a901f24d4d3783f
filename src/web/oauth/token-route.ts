/** `POST /oauth/token`: client credentials (RFC 6749 4.4), by a signed assertion (RFC 7523) or, weak, by a secret. */
import { type Context, Hono } from 'hono';
import { CHANNEL_SCOPES, signToken } from '../../access/access-token.ts';
import { type AccessCode, SENTENCES } from '../../access/problems.ts';
import type { RateLimiter } from '../../access/rate-limit.ts';
import { grantScopes } from '../../access/scopes.ts';
import { LIMITS } from '../../base/limits.ts';
import type { Refusal } from '../../base/outcome.ts';
import { auditAct } from '../../gateway/audit-act.ts';
import { authenticateClient, type AuthenticatedClient } from '../../gateway/authenticate-client.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import type { Denials } from '../denials.ts';
import { problemResponse } from '../http-problem.ts';
import type { PublicBase } from '../public-base.ts';
import { readBytes } from '../read-body.ts';
import { NO_STORE, oauthError } from './oauth-error.ts';
import { readTokenRequest } from './token-request.ts';

export interface TokenParts {
  readonly gateway: Gateway;
  readonly denials: Denials;
  readonly limiter: RateLimiter;
  readonly publicBase: PublicBase;
  /** The peer's address as the runtime knows it; never what a header says. */
  readonly peerOf?: ((context: Context) => string | undefined) | undefined;
}

const BODY_BYTES_MAX = 65_536;

export function tokenRoute({ gateway, denials, limiter, publicBase, peerOf }: TokenParts): Hono {
  return new Hono().post('/oauth/token', async (context) => {
    const body = await readBytes(context.req.raw, BODY_BYTES_MAX);
    if (!body.ok) return problemResponse(body.refusal);
    const asked = readTokenRequest(context.req.raw.headers, body.value);
    if (asked === undefined) return oauthError('invalid_request', 'access/bad-request');
    if (asked.grant !== 'client_credentials') return oauthError('unsupported_grant_type', 'access/wrong-grant');
    const client = await authenticateClient(gateway, {
      ...asked.claim,
      peer: peerOf?.(context),
      audience: [`${publicBase(context.req.raw)}/oauth/token`],
    });
    if (!client.ok) {
      const refusal = await denials.tell(client.refusal, '/oauth/token');
      if (refusal.category === 'busy') return problemResponse(refusal);
      return oauthError('invalid_client', refusal.code as AccessCode);
    }
    const { channel } = client.value;
    const wait = limiter.take(channel.id, Date.parse(gateway.clock.now()));
    if (wait > 0) return problemResponse(tooOften(wait));
    const scopes = grantScopes(asked.scopes, channel.scopes ?? CHANNEL_SCOPES);
    if (scopes.length === 0) return oauthError('invalid_scope', 'access/no-scope');
    return issue(gateway, client.value, scopes);
  });
}

function tooOften(retryAfterSeconds: number): Refusal {
  const code = 'access/too-many-requests';
  return { category: 'busy', code, sentence: SENTENCES[code], retryAfterSeconds };
}

async function issue(
  gateway: Gateway,
  { channel, method }: AuthenticatedClient,
  scopes: readonly string[],
): Promise<Response> {
  await auditAct(gateway, {
    action: 'token',
    actor: channel.id,
    facility: channel.facility,
    detail: `/oauth/token ${method === 'secret' ? 'weak secret' : 'assertion'}`,
  });
  const token = await signToken(gateway.keys.token, {
    channel: channel.id,
    scopes,
    now: gateway.clock.now(),
    seconds: LIMITS.tokenSeconds,
    id: gateway.random.uuid(),
  });
  const answer = {
    access_token: token,
    token_type: 'Bearer',
    expires_in: LIMITS.tokenSeconds,
    scope: scopes.join(' '),
  };
  return new Response(JSON.stringify(answer), { headers: NO_STORE });
}
