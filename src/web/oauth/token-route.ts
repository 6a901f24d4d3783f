/** `POST /oauth/token`: client credentials (RFC 6749 4.4), by a signed assertion (RFC 7523) or, weak, by a secret. */
import { type Context, Hono } from 'hono';
import { CHANNEL_SCOPES, signToken } from '../../access/access-token.ts';
import { type AccessCode, SENTENCES } from '../../access/problems.ts';
import { grantScopes } from '../../access/scopes.ts';
import { LIMITS } from '../../base/limits.ts';
import { auditAct } from '../../gateway/audit-act.ts';
import { authenticateClient, type AuthenticatedClient, type ClientClaim } from '../../gateway/authenticate-client.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import type { Denials } from '../denials.ts';
import { problemResponse } from '../http-problem.ts';
import type { PublicBase } from '../public-base.ts';
import { readBytes } from '../read-body.ts';

export interface TokenParts {
  readonly gateway: Gateway;
  readonly denials: Denials;
  readonly publicBase: PublicBase;
  /** The peer's address as the runtime knows it; never what a header says. */
  readonly peerOf?: ((context: Context) => string | undefined) | undefined;
}

const BODY_BYTES_MAX = 65_536;

export function tokenRoute({ gateway, denials, publicBase, peerOf }: TokenParts): Hono {
  return new Hono().post('/oauth/token', async (context) => {
    const body = await readBytes(context.req.raw, BODY_BYTES_MAX);
    if (!body.ok) return problemResponse(body.refusal);
    const form = new URLSearchParams(new TextDecoder().decode(body.value));
    if (form.get('grant_type') !== 'client_credentials')
      return oauthError({ error: 'unsupported_grant_type', status: 400, code: 'access/wrong-grant' });
    const client = await authenticateClient(gateway, {
      ...claimOf(context.req.raw, form),
      peer: peerOf?.(context),
      audience: [`${publicBase(context.req.raw)}/oauth/token`],
    });
    if (!client.ok) {
      const refusal = await denials.tell(client.refusal, '/oauth/token');
      if (refusal.category === 'busy') return problemResponse(refusal);
      return oauthError({ error: 'invalid_client', status: 401, code: refusal.code as AccessCode });
    }
    const asked = (form.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
    const scopes = grantScopes(asked, client.value.channel.scopes ?? CHANNEL_SCOPES);
    if (scopes.length === 0) return oauthError({ error: 'invalid_scope', status: 400, code: 'access/no-scope' });
    return issue(gateway, client.value, scopes);
  });
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

const NO_STORE = { 'content-type': 'application/json', 'cache-control': 'no-store', pragma: 'no-cache' };

/** RFC 6749 5.2; a description holds ASCII only. */
function oauthError(said: { readonly error: string; readonly status: 400 | 401; readonly code: AccessCode }): Response {
  const { error, status, code } = said;
  const headers = status === 401 ? { ...NO_STORE, 'www-authenticate': 'Basic realm="concord"' } : NO_STORE;
  const body = { error, error_description: SENTENCES[code].replace('—', '-').replaceAll(/[“”]/g, "'"), code };
  return new Response(JSON.stringify(body), { status, headers });
}

function claimOf(request: Request, form: URLSearchParams): Pick<ClientClaim, 'assertion' | 'secret'> {
  const [type, text] = [form.get('client_assertion_type'), form.get('client_assertion')];
  const secret = secretOf(request, form);
  return type === null && text === null ? { secret } : { secret, assertion: { type: type ?? '', text: text ?? '' } };
}

function secretOf(request: Request, form: URLSearchParams): { id: string; secret: string } {
  const basic = /^Basic ([A-Za-z0-9+/=]{1,2048})$/.exec(request.headers.get('authorization') ?? '')?.[1];
  if (basic === undefined) return { id: form.get('client_id') ?? '', secret: form.get('client_secret') ?? '' };
  try {
    const [id = '', secret = ''] = atob(basic).split(':', 2);
    return { id: decodeURIComponent(id), secret: decodeURIComponent(secret) };
  } catch {
    return { id: '', secret: '' };
  }
}
