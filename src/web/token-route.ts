/** `POST /oauth/token`: client credentials (RFC 6749 4.4) of a channel, by Basic or in the form. */
import { Hono } from 'hono';
import { CHANNEL_SCOPES, signToken } from '../access/access-token.ts';
import { sameSecret } from '../access/client-secret.ts';
import { type AccessCode, SENTENCES } from '../access/problems.ts';
import { LIMITS } from '../base/limits.ts';
import type { Gateway } from '../gateway/gateway.ts';
import type { ChannelId } from '../terms/channel.ts';
import type { Denials } from './denials.ts';
import { problemResponse } from './http-problem.ts';
import { readBytes } from './read-body.ts';

export function tokenRoute(gateway: Gateway, denials: Denials): Hono {
  return new Hono().post('/oauth/token', async (context) => {
    const body = await readBytes(context.req.raw, 16_384);
    if (!body.ok) return problemResponse(body.refusal);
    const form = new URLSearchParams(new TextDecoder().decode(body.value));
    if (form.get('grant_type') !== 'client_credentials')
      return oauthError({ error: 'unsupported_grant_type', status: 400, code: 'access/wrong-grant' });
    const client = clientOf(context.req.raw, form);
    const reference = await gateway.reference.current();
    const channel = reference.channels.get(client.id as ChannelId);
    // A wrong id and a wrong secret take the same way and give the same answer.
    const known = sameSecret(client.secret, channel?.secretHash ?? '');
    if (channel === undefined || !known || channel.kind !== 'client' || channel.revokedAt !== null) {
      const code = 'access/bad-client';
      const wrong = { category: 'unauthenticated', code, sentence: SENTENCES[code], at: 'Authorization' } as const;
      const refusal = await denials.tell(wrong, '/oauth/token');
      if (refusal.category === 'busy') return problemResponse(refusal);
      return oauthError({ error: 'invalid_client', status: 401, code });
    }
    await auditToken(gateway, channel.id);
    const token = await signToken(gateway.keys.token, {
      channel: channel.id,
      scopes: CHANNEL_SCOPES,
      now: gateway.clock.now(),
      seconds: LIMITS.tokenSeconds,
      id: gateway.random.uuid(),
    });
    const answer = {
      access_token: token,
      token_type: 'Bearer',
      expires_in: LIMITS.tokenSeconds,
      scope: CHANNEL_SCOPES.join(' '),
    };
    return new Response(JSON.stringify(answer), { headers: NO_STORE });
  });
}

const NO_STORE = { 'content-type': 'application/json', 'cache-control': 'no-store', pragma: 'no-cache' };

/** RFC 6749 5.2; a description holds ASCII only. */
function oauthError(said: { readonly error: string; readonly status: 400 | 401; readonly code: AccessCode }): Response {
  const { error, status, code } = said;
  const headers = status === 401 ? { ...NO_STORE, 'www-authenticate': 'Basic realm="concord"' } : NO_STORE;
  const body = { error, error_description: SENTENCES[code].replace('—', '-'), code };
  return new Response(JSON.stringify(body), { status, headers });
}

function clientOf(request: Request, form: URLSearchParams): { id: string; secret: string } {
  const basic = /^Basic ([A-Za-z0-9+/=]{1,2048})$/.exec(request.headers.get('authorization') ?? '')?.[1];
  if (basic === undefined) return { id: form.get('client_id') ?? '', secret: form.get('client_secret') ?? '' };
  try {
    const [id = '', secret = ''] = atob(basic).split(':', 2);
    return { id: decodeURIComponent(id), secret: decodeURIComponent(secret) };
  } catch {
    return { id: '', secret: '' };
  }
}

async function auditToken(gateway: Gateway, actor: string): Promise<void> {
  await gateway.store.recordAnswer({
    audit: [
      {
        id: gateway.random.uuid(),
        at: gateway.clock.now(),
        facility: null,
        actor,
        action: 'token',
        patientMac: '',
        encounterMac: '',
        purpose: '',
        outcome: 'success',
        detail: '/oauth/token',
      },
    ],
    offers: [],
    entries: [],
  });
}
