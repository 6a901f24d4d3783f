/**
 * Access tokens of channels: JWTs (RFC 7519) signed with the gateway's own token key. Issuer,
 * audience, algorithm and expiry are required, so `alg: none` and foreign tokens end here.
 */
import { errors, jwtVerify, SignJWT } from 'jose';
import { digestOf } from '../base/digest.ts';
import { done, type Outcome, refuse } from '../base/outcome.ts';
import type { ChannelId } from '../terms/channel.ts';
import type { Instant } from '../terms/instant.ts';
import { type AccessCode, SENTENCES } from './problems.ts';
import { OWN_VERBS } from './scopes.ts';

const ISSUER = 'concord';
const AUDIENCE = 'concord';
const ALGORITHM = 'HS256';
/** `typ` of access tokens (RFC 9068 2.1). */
export const ACCESS_TOKEN_TYPE = 'at+jwt';

/** What a client's token may carry unless its channel says otherwise: our own verbs, and its own data at the FHIR door. */
export const CHANNEL_SCOPES: readonly string[] = [...OWN_VERBS, 'system/*.cruds'];

export interface TokenClaims {
  readonly channel: ChannelId;
  readonly scopes: readonly string[];
  /** Unix seconds. */
  readonly expires: number;
}

export async function signToken(
  key: Uint8Array,
  token: {
    readonly channel: ChannelId;
    readonly scopes: readonly string[];
    readonly now: Instant;
    readonly seconds: number;
    readonly id: string;
  },
): Promise<string> {
  const now = Math.floor(Date.parse(token.now) / 1000);
  return new SignJWT({ scope: token.scopes.join(' '), client_id: token.channel })
    .setProtectedHeader({ alg: ALGORITHM, typ: ACCESS_TOKEN_TYPE, kid: keyId(key) })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject(token.channel)
    .setJti(token.id)
    .setIssuedAt(now)
    .setExpirationTime(now + token.seconds)
    .sign(key);
}

/**
 * `keys`: the one that signs now, then earlier ones whose tokens still run. Refuses with `access/bad-token` or
 * `access/expired-token`, never with anything of the token's.
 */
export async function verifyToken(
  keys: readonly Uint8Array[],
  token: string,
  now: Instant,
): Promise<Outcome<TokenClaims>> {
  try {
    const { payload } = await jwtVerify(token, ({ kid }) => keyNamed(keys, kid), {
      issuer: ISSUER,
      audience: AUDIENCE,
      algorithms: [ALGORITHM],
      typ: ACCESS_TOKEN_TYPE,
      requiredClaims: ['exp', 'iss', 'aud', 'sub'],
      currentDate: new Date(now),
    });
    return done({
      channel: String(payload.sub) as ChannelId,
      scopes: typeof payload['scope'] === 'string' ? payload['scope'].split(' ') : [],
      expires: Number(payload.exp),
    });
  } catch (error) {
    return unauthenticated(error instanceof errors.JWTExpired ? 'access/expired-token' : 'access/bad-token');
  }
}

function keyNamed(keys: readonly Uint8Array[], kid: string | undefined): Uint8Array {
  const [current] = keys;
  // Tokens of before keys had names were signed with the first.
  const key = kid === undefined ? current : keys.find((one) => keyId(one) === kid);
  if (key === undefined) throw new errors.JWKSNoMatchingKey();
  return key;
}

function keyId(key: Uint8Array): string {
  return digestOf(key).slice(0, 8);
}

export function unauthenticated(code: AccessCode): Outcome<never> {
  return refuse({ category: 'unauthenticated', code, sentence: SENTENCES[code], at: 'Authorization' });
}

export function forbidden(code: AccessCode): Outcome<never> {
  return refuse({ category: 'forbidden', code, sentence: SENTENCES[code], at: 'Authorization' });
}
