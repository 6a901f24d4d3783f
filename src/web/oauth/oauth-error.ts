/** Errors of the token endpoint (RFC 6749 5.2). A description holds ASCII only, and nothing of the request's. */
import { type AccessCode, SENTENCES } from '../../access/problems.ts';

export const NO_STORE = { 'content-type': 'application/json', 'cache-control': 'no-store', pragma: 'no-cache' };

const STATUS = {
  invalid_request: 400,
  invalid_client: 401,
  invalid_scope: 400,
  unsupported_grant_type: 400,
} as const;

export function oauthError(error: keyof typeof STATUS, code: AccessCode): Response {
  const status = STATUS[error];
  const headers = status === 401 ? { ...NO_STORE, 'www-authenticate': 'Basic realm="concord"' } : NO_STORE;
  const description = SENTENCES[code]
    .replaceAll('—', '-')
    .replaceAll(/[^\x20-\x7e]/g, '')
    .replaceAll(/["\\]/g, "'");
  return new Response(JSON.stringify({ error, error_description: description, code }), { status, headers });
}
