/** Where a token becomes a facility: bearer token → channel → facility, or the administrator (DESIGN 9). */
import { CHANNEL_SCOPES, forbidden, type TokenClaims, unauthenticated, verifyToken } from '../access/access-token.ts';
import { isClientSigned } from '../access/client-assertion.ts';
import { narrowScopes, type OwnVerb } from '../access/scopes.ts';
import { sameSecret } from '../access/client-secret.ts';
import type { RateLimiter } from '../access/rate-limit.ts';
import { SENTENCES } from '../access/problems.ts';
import { utf8 } from '../base/bytes.ts';
import { digestOf } from '../base/digest.ts';
import { done, type Outcome, refuse } from '../base/outcome.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { authenticateCdsClient } from '../gateway/authenticate-client.ts';
import type { Channel, ChannelId } from '../terms/channel.ts';
import type { Facility } from '../terms/facility.ts';
import type { Denials } from './denials.ts';

export interface Caller {
  readonly channel: Channel;
  readonly facility: Facility;
  /** What its token carries and the channel may. */
  readonly scopes: readonly string[];
}

export interface Authenticator {
  /** The facility that a request speaks for; refusals are audited. */
  channel(request: Request, scope: OwnVerb): Promise<Outcome<Caller>>;
  /** The same where CDS Hooks clients call, which may sign each call themselves for one of these addresses. No scope: any will do. */
  cds(request: Request, scope: OwnVerb | undefined, audience: readonly string[]): Promise<Outcome<Caller>>;
  /** The same at the FHIR door, where each interaction looks at the scopes itself. */
  fhir(request: Request): Promise<Outcome<Caller>>;
  administrator(request: Request): Promise<Outcome<'administrator'>>;
}

/** A token that was verified, and its scopes as the channel had them when it was last looked at. */
interface Verified {
  readonly claims: TokenClaims;
  narrowed?: { readonly to: readonly string[]; readonly scopes: readonly string[] };
}

interface Bearer {
  readonly channel: ChannelId;
  readonly scopes: (channel: Channel) => readonly string[];
}

/** By the token's digest, until it expires. The channel is looked at each time. */
const VERIFIED_MAX = 10_000;

export function createAuthenticator(parts: {
  readonly gateway: Gateway;
  readonly limiter: RateLimiter;
  readonly denials: Denials;
  /** SHA-256 of the administrator's token. */
  readonly adminTokenHash: string;
}): Authenticator {
  const { gateway } = parts;
  const verify = createTokenVerifier(gateway);

  /** Which channel a token speaks for, and with which scopes. */
  const bearerOf = async (token: string, audience: readonly string[] | undefined): Promise<Outcome<Bearer>> => {
    if (audience !== undefined && isClientSigned(token)) {
      const signed = await authenticateCdsClient(gateway, { token, audience });
      return signed.ok ? done({ channel: signed.value.id, scopes: ({ scopes }) => scopes ?? CHANNEL_SCOPES }) : signed;
    }
    const known = await verify(token);
    if (!known.ok) return known;
    return done({ channel: known.value.claims.channel, scopes: (channel) => scopesNow(known.value, channel) });
  };

  const callerOf = async (
    request: Request,
    scope?: OwnVerb,
    audience?: readonly string[],
  ): Promise<Outcome<Caller>> => {
    const token = bearer(request);
    if (token === undefined) return unauthenticated('access/no-token');
    const known = await bearerOf(token, audience);
    if (!known.ok) return known;
    const reference = await gateway.reference.current();
    const channel = reference.channels.get(known.value.channel);
    const facility = channel === undefined ? undefined : reference.facilities.get(channel.facility);
    if (channel === undefined || facility === undefined || channel.revokedAt !== null) {
      return unauthenticated('access/revoked-channel');
    }
    const scopes = known.value.scopes(channel);
    if (scope !== undefined && !scopes.includes(scope)) return forbidden('access/scope');
    const wait = parts.limiter.take(channel.id, Date.parse(gateway.clock.now()));
    if (wait > 0) {
      const code = 'access/too-many-requests';
      return refuse({ category: 'busy', code, sentence: SENTENCES[code], retryAfterSeconds: wait });
    }
    return done({ channel, facility, scopes });
  };

  const audited = async <T>(request: Request, outcome: Outcome<T>): Promise<Outcome<T>> => {
    if (outcome.ok || outcome.refusal.category === 'busy') return outcome;
    return refuse(await parts.denials.tell(outcome.refusal, routeOf(request)));
  };

  return {
    channel: async (request, scope) => audited(request, await callerOf(request, scope)),
    cds: async (request, scope, audience) => audited(request, await callerOf(request, scope, audience)),
    fhir: async (request) => audited(request, await callerOf(request)),
    administrator: async (request) => {
      const token = bearer(request);
      if (token === undefined) return audited(request, unauthenticated('access/no-token'));
      if (sameSecret(token, parts.adminTokenHash)) return done('administrator');
      // A channel's own valid token is known here, and is not enough.
      const known = await verify(token);
      return audited(request, known.ok ? forbidden('access/administrator-only') : unauthenticated('access/bad-token'));
    },
  };
}

/** Our own tokens, each looked at once while it is good. */
function createTokenVerifier(gateway: Gateway): (token: string) => Promise<Outcome<Verified>> {
  const verified = new Map<string, Verified>();

  return async (token) => {
    const digest = digestOf(utf8(token));
    const now = gateway.clock.now();
    const held = verified.get(digest);
    if (held !== undefined && held.claims.expires * 1000 > Date.parse(now)) return done(held);
    verified.delete(digest);
    const claims = await verifyToken([gateway.keys.token, ...(gateway.keys.oldTokens ?? [])], token, now);
    if (!claims.ok) return claims;
    if (verified.size >= VERIFIED_MAX) verified.clear();
    const fresh: Verified = { claims: claims.value };
    verified.set(digest, fresh);
    return done(fresh);
  };
}

/** What the token carries and its channel still may: scopes that were taken from a channel are gone from its tokens. */
function scopesNow(token: Verified, { scopes: to = CHANNEL_SCOPES }: Channel): readonly string[] {
  if (token.narrowed?.to !== to) token.narrowed = { to, scopes: narrowScopes(token.claims.scopes, to) };
  return token.narrowed.scopes;
}

/** The token that a request carries, in its form. */
export function bearer(request: Request): string | undefined {
  return /^Bearer ([A-Za-z0-9._~+/=-]{1,4096})$/.exec(request.headers.get('authorization') ?? '')?.[1];
}

/** The first two parts of a path are route names of ours, and never a value. */
function routeOf(request: Request): string {
  const parts = new URL(request.url).pathname.split('/').slice(1, 3);
  return parts.every((part) => /^[a-z-]{1,24}$/.test(part)) ? `/${parts.join('/')}` : '/';
}
