/**
 * Client assertions (RFC 7523; SMART Backend Services, "Obtaining an access token"): a JWT that the client signs for this
 * token endpoint, good for five minutes at most and once. Keys that the assertion itself names (`jku`, `jwk`, `x5u`) are
 * never looked at.
 */
import {
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  type JSONWebKeySet,
  jwtVerify,
  type JWTVerifyOptions,
} from 'jose';
import { done, type Outcome } from '../base/outcome.ts';
import type { Instant } from '../terms/instant.ts';
import { ACCESS_TOKEN_TYPE, unauthenticated } from './access-token.ts';
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

/** True for a JWT that is none of our access tokens, which say so in `typ` (RFC 9068): whoever signed it, and however. */
export function isClientSigned(token: string): boolean {
  try {
    return decodeProtectedHeader(token).typ !== ACCESS_TOKEN_TYPE;
  } catch {
    return false;
  }
}

export interface SignedToken {
  readonly token: string;
  /** `iss`. */
  readonly issuer: string;
  readonly keys: JSONWebKeySet;
  /** Addresses of which it must be for one. */
  readonly audience: readonly string[];
  readonly now: Instant;
}

/** Refuses `access/bad-assertion` whatever is wrong with it: an attacker learns nothing of which it was. */
export function verifyAssertion(
  input: Omit<SignedToken, 'token' | 'issuer'> & { readonly assertion: string; readonly client: string },
): Promise<Outcome<{ readonly jti: string; readonly expires: number }>> {
  const { assertion: token, client, ...of } = input;
  return verifySigned(
    { ...of, token, issuer: client },
    { subject: client, requiredClaims: ['iss', 'sub', 'aud', 'exp', 'jti'] },
  );
}

/** The JWT that a CDS Hooks client signs for one call (CDS Hooks 2.0, "Trusting CDS Clients"): it states when it was made, too. */
export function verifyCdsToken(
  input: SignedToken,
): Promise<Outcome<{ readonly jti: string; readonly expires: number }>> {
  return verifySigned(input, { requiredClaims: ['iss', 'aud', 'exp', 'iat', 'jti'] });
}

async function verifySigned(
  { token, issuer, keys, audience, now }: SignedToken,
  claims: Pick<JWTVerifyOptions, 'subject' | 'requiredClaims'>,
): Promise<Outcome<{ readonly jti: string; readonly expires: number }>> {
  try {
    const { payload } = await jwtVerify(token, createLocalJWKSet(keys), {
      ...claims,
      issuer,
      audience: [...audience],
      algorithms: [...ASSERTION_ALGORITHMS],
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
