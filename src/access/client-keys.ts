/**
 * Public keys of clients that sign (RFC 7517; SMART Backend Services: RS384 and ES384). A set holds several keys while a
 * client turns from one to the next.
 */
import type { JSONWebKeySet, JWK } from 'jose';
import { done, type Outcome, refuse } from '../base/outcome.ts';
import { SENTENCES } from './problems.ts';

export type ClientKeySet = JSONWebKeySet;

export const ASSERTION_ALGORITHMS = ['RS384', 'ES384'] as const;

const KEYS_MAX = 20;
const RSA_BITS_MIN = 2048;
/** Members that only a private or a secret key has. */
const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** The set with what is of use in it; refuses `access/bad-keys` with the first wrong key's place. */
export function readClientKeys(text: string): Outcome<JSONWebKeySet> {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return refuseKeys('jwks');
  }
  const { keys } = (read ?? {}) as { keys?: unknown };
  if (!Array.isArray(keys) || keys.length === 0 || keys.length > KEYS_MAX) return refuseKeys('jwks.keys');
  const wrong = keys.findIndex((key) => !isUsable(key));
  if (wrong >= 0) return refuseKeys(`jwks.keys[${wrong}]`);
  return done({ keys: (keys as JWK[]).map(publicPart) });
}

function refuseKeys(at: string): Outcome<never> {
  return refuse({ category: 'incorrect', code: 'access/bad-keys', sentence: SENTENCES['access/bad-keys'], at });
}

function isUsable(key: unknown): key is JWK {
  if (typeof key !== 'object' || key === null || PRIVATE.some((member) => Object.hasOwn(key, member))) return false;
  const { kty, crv, x, y, n, e, use, alg, kid } = key as Readonly<Record<string, unknown>>;
  const isNamed = typeof kid === 'string' && kid !== '' && kid.length <= 200;
  const isText = (value: unknown): value is string => typeof value === 'string' && /^[\w-]{1,2048}$/.test(value);
  if (!isNamed || (use !== undefined && use !== 'sig')) return false;
  if (kty === 'EC') return crv === 'P-384' && isText(x) && isText(y) && (alg === undefined || alg === 'ES384');
  const bits = isText(n) ? Math.floor((n.length * 3) / 4) * 8 : 0;
  return kty === 'RSA' && bits >= RSA_BITS_MIN && isText(e) && (alg === undefined || alg === 'RS384');
}

function publicPart({ kty, crv, x, y, n, e, kid }: JWK): JWK {
  const alg = kty === 'EC' ? 'ES384' : 'RS384';
  return (kty === 'EC' ? { kty, crv, x, y, kid, alg } : { kty, n, e, kid, alg }) as JWK;
}
