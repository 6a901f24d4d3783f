/**
 * Client assertions (RFC 7523; SMART Backend Services, "Obtaining an access token"): a JWT that the client signs for this
 * token endpoint, good for five minutes at most and once. Keys that the assertion itself names (`jku`, `jwk`, `x5u`) are
 * never looked at.
 */
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import { done, type Outcome } from '../base/outcome.ts';
import type { Instant } from '../terms/instant.ts';
import { unauthenticated } from './access-token.ts';
import { ASSERTION_ALGORITHMS } from './client-keys.ts';

export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

const SECONDS_MAX = 300;
/** How far a client's clock may be off. */
const SKEW_SECONDS = 5;

/** Who claims to sign, and with which key; undefined when the text is no JWT. Nothing of it is believed yet. */
export function claimedSigner(assertion: string): { readonly client: string; readonly kid: string } | undefined {
  try {
    const { iss } = decodeJwt(assertion);
    const { kid } = decodeProtectedHeader(assertion);
    return typeof iss === 'string' && typeof kid === 'string' ? { client: iss, kid } : undefined;
  } catch {
    return undefined;
  }
}

/** Refuses `access/bad-assertion` whatever is wrong with it: an attacker learns nothing of which it was. */
export async function verifyAssertion(input: {
  readonly assertion: string;
  readonly client: string;
  readonly keys: JSONWebKeySet;
  /** The token endpoint's addresses. */
  readonly audience: readonly string[];
  readonly now: Instant;
}): Promise<Outcome<{ readonly jti: string; readonly expires: number }>> {
  const { client, now } = input;
  try {
    const { payload } = await jwtVerify(input.assertion, createLocalJWKSet(input.keys), {
      issuer: client,
      subject: client,
      audience: [...input.audience],
      algorithms: [...ASSERTION_ALGORITHMS],
      requiredClaims: ['iss', 'sub', 'aud', 'exp', 'jti'],
      currentDate: new Date(now),
      clockTolerance: SKEW_SECONDS,
    });
    const { exp = 0, iat, jti = '' } = payload;
    const seconds = Math.floor(Date.parse(now) / 1000);
    const isShort = exp <= seconds + SECONDS_MAX + SKEW_SECONDS;
    const isMadeAlready = iat === undefined || iat <= seconds + SKEW_SECONDS;
    const isNamed = typeof jti === 'string' && jti !== '' && jti.length <= 200;
    if (isShort && isMadeAlready && isNamed) return done({ jti, expires: exp });
  } catch {
    // One answer for every fault.
  }
  return unauthenticated('access/bad-assertion');
}
