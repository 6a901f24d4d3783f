/** Sentences of refusals made by access: *what (where) — what to do next*. */
import type { ProblemSentences } from '../base/problem.ts';

export const SENTENCES = {
  'access/no-token':
    'No access token came with the request (Authorization header) — send a bearer token of the channel.',
  'access/bad-token': 'The access token is not valid here (Authorization header) — ask /oauth/token for a new one.',
  'access/expired-token': 'The access token has expired (Authorization header) — ask /oauth/token for a new one.',
  'access/revoked-channel':
    'The channel of this token is closed (Authorization header) — ask the operator for a new channel.',
  'access/bad-client': 'Client id or secret is wrong (client authentication) — check the channel and its secret.',
  'access/bad-assertion':
    'The client assertion is not valid here (client_assertion) — check issuer, key, audience, time and jti; each is good once, for five minutes at most.',
  'access/bad-keys':
    'The keys are no set of public RSA or P-384 keys, each with a kid of its own (jwks) — send an RFC 7517 set without private parts, or an address of one.',
  'access/keys-address':
    'Keys are not read from this address (jwksUrl) — give an https address whose host stands in OUTBOUND_HOSTS.',
  'access/no-scope': 'None of the scopes asked for may be given (scope) — ask for scopes that the channel has.',
  'access/bad-scopes': 'A scope is none that is given here (scopes) — write SMART v2 system scopes or concord/… verbs.',
  'access/bad-request':
    'The request is none that RFC 6749 knows (body) — send one form, each parameter once, with one way to prove who you are.',
  'access/wrong-grant':
    'Only the grant client_credentials is served (grant_type) — send grant_type=client_credentials.',
  'access/scope': 'The token does not carry the scope for this (Authorization header) — ask for a channel that has it.',
  'access/administrator-only':
    "Only the administrator may do this (Authorization header) — use the administrator's token.",
  'access/too-many-refusals':
    'Too many requests came without a good token (Authorization header) — wait as Retry-After says, then authenticate.',
  'access/too-many-requests': 'The channel asks too often (rate limit) — wait as Retry-After says.',
} as const satisfies ProblemSentences;

export type AccessCode = keyof typeof SENTENCES;
