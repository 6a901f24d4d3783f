/** A client that signs, as SMART Backend Services have it: real keys, assertions right or bent, requests for a token. */
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import type { App } from './app.ts';
import type { TestWorld } from './gateway.ts';

export const ENDPOINT = 'http://localhost/oauth/token';
export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

export interface SigningKey {
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
  readonly alg: string;
}

export async function makeKey(alg: 'RS384' | 'ES384', kid: string): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { privateKey, alg, jwk: { ...(await exportJWK(publicKey)), kid } };
}

export const keySet = (...keys: readonly SigningKey[]): string => JSON.stringify({ keys: keys.map(({ jwk }) => jwk) });

export interface Said {
  /** Undefined takes a claim away. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
}

let made = 0;

/** An assertion of `client`, right unless `said` bends it. */
export async function assertion(world: TestWorld, client: string, key: SigningKey, said: Said = {}): Promise<string> {
  const exp = Math.floor(Date.parse(world.clock.now()) / 1000) + 240;
  const all = { iss: client, sub: client, aud: ENDPOINT, exp, jti: `j${made++}`, ...said.claims };
  const stated = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  return new SignJWT(stated)
    .setProtectedHeader({ alg: key.alg, kid: key.jwk.kid, ...said.header } as never)
    .sign(key.privateKey, { crit: { x: true } });
}

/** `form` adds to the request, or replaces what is in it. */
export async function askToken(app: App, text: string, form: Readonly<Record<string, string>> = {}): Promise<Response> {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_assertion_type: ASSERTION_TYPE,
    client_assertion: text,
    ...form,
  });
  return app.request('/oauth/token', { method: 'POST', body });
}

export async function tokenOf(response: Response): Promise<string> {
  return ((await response.json()) as { access_token: string }).access_token;
}

/** What a token is good for now: the status of a search that wants `system/Organization.s`. */
export async function useToken(app: App, token: string): Promise<number> {
  return (await app.request('/fhir/Organization', { headers: { authorization: `Bearer ${token}` } })).status;
}
