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
/** Keys of a published set that are looked at. */
const PUBLISHED_MAX = 100;
const RSA_BITS_MIN = 2048;
/** Members that only a private or a secret key has. */
const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** A set that the operator gives: every key in it is of use. Refuses `access/bad-keys` with the first wrong key's place. */
export function readClientKeys(text: string): Outcome<JSONWebKeySet> {
  const keys = keysIn(text);
  if (keys === undefined) return refuseKeys('jwks');
  if (keys.length === 0 || keys.length > KEYS_MAX) return refuseKeys('jwks.keys');
  const wrong = keys.findIndex(
    (key, index) => !isUsable(key) || keys.slice(0, index).some((other) => isNamedAlike(key, other)),
  );
  if (wrong >= 0) return refuseKeys(`jwks.keys[${wrong}]`);
  return done({ keys: (keys as JWK[]).map(publicPart) });
}

/**
 * A set that a client publishes: what of it signs here. Keys for encryption and of other kinds stand beside them and are
 * passed over (RFC 7517 5); undefined when it is no set.
 */
export function usableClientKeys(text: string): JSONWebKeySet | undefined {
  const keys = keysIn(text)?.slice(0, PUBLISHED_MAX).filter(isUsable);
  return keys === undefined ? undefined : { keys: keys.slice(0, KEYS_MAX).map(publicPart) };
}

function keysIn(text: string): readonly unknown[] | undefined {
  try {
    const { keys } = (JSON.parse(text) ?? {}) as { keys?: unknown };
    return Array.isArray(keys) ? keys : undefined;
  } catch {
    return undefined;
  }
}

/** An assertion names its key by kid and kind: two of one name would make it nobody's. */
function isNamedAlike(one: unknown, other: unknown): boolean {
  const [left, right] = [one, other] as readonly JWK[];
  return left?.kid === right?.kid && left?.kty === right?.kty;
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
