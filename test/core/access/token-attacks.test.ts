/** Access tokens that are not ours (RFC 8725), each refused; and how the token key turns without a gap. */
import { exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { signToken, verifyToken } from '../../../src/access/access-token.ts';
import type { ChannelId } from '../../../src/terms/channel.ts';
import type { Instant } from '../../../src/terms/instant.ts';

const KEY = new Uint8Array(32).fill(7);
const NEXT = new Uint8Array(32).fill(8);
const NOW = '2026-03-01T00:00:00.000Z' as Instant;
const SECONDS = Date.parse(NOW) / 1000;
const CLAIMS = { iss: 'concord', aud: 'concord', sub: 'c1', exp: SECONDS + 60, scope: 'system/*.cruds' };
const HEADER = { alg: 'HS256', typ: 'at+jwt' };

let rsa: Awaited<ReturnType<typeof generateKeyPair>>;
beforeAll(async () => {
  rsa = await generateKeyPair('RS256', { extractable: true });
});

async function verdict(token: string, keys: readonly Uint8Array[] = [KEY]): Promise<string> {
  const outcome = await verifyToken(keys, token, NOW);
  return outcome.ok ? 'taken' : outcome.refusal.code;
}

const sign = (claims: object, header: object = {}, key = KEY): Promise<string> =>
  new SignJWT({ ...CLAIMS, ...claims }).setProtectedHeader({ ...HEADER, ...header }).sign(key);
const by = (key: Uint8Array): Promise<string> =>
  signToken(key, { channel: 'c1' as ChannelId, scopes: [], now: NOW, seconds: 60, id: 'x' });

describe('a token', () => {
  test.each<[string, object, object, string]>([
    ['that is right in everything', {}, {}, 'taken'],
    ['that has expired', { exp: SECONDS - 1 }, {}, 'access/expired-token'],
    ['that expires this second', { exp: SECONDS }, {}, 'access/expired-token'],
    ['that never expires', { exp: undefined }, {}, 'access/bad-token'],
    ['that is not good yet', { nbf: SECONDS + 60 }, {}, 'access/bad-token'],
    ['for another audience', { aud: 'https://other.example' }, {}, 'access/bad-token'],
    ['for nobody', { aud: undefined }, {}, 'access/bad-token'],
    ['of another issuer', { iss: 'https://other.example' }, {}, 'access/bad-token'],
    ['of nobody', { iss: undefined }, {}, 'access/bad-token'],
    ['that speaks for nobody', { sub: undefined }, {}, 'access/bad-token'],
    ['of another type', {}, { typ: 'JWT' }, 'access/bad-token'],
    ['without a type', {}, { typ: undefined }, 'access/bad-token'],
    ['of a longer hash', {}, { alg: 'HS512' }, 'access/bad-token'],
    ['whose kid is a path', {}, { kid: '../../dev/null' }, 'access/bad-token'],
    ['whose kid is SQL', {}, { kid: "' union select 'secret' --" }, 'access/bad-token'],
    ['whose kid is empty', {}, { kid: '' }, 'access/bad-token'],
    ['whose kid is a name of Object’s own', {}, { kid: '__proto__' }, 'access/bad-token'],
    ['that wants an extension understood', {}, { crit: ['b64'], b64: true, kid: 'none' }, 'access/bad-token'],
  ])('%s', async (_, claims, header, expected) => {
    expect(await verdict(await sign(claims, header))).toBe(expected);
  });

  test('without a signature, by an RSA key, or by that key’s text as a secret is refused', async () => {
    const text = new TextEncoder().encode(await exportSPKI(rsa.publicKey));
    const signed = await Promise.all([
      new SignJWT(CLAIMS).setProtectedHeader({ alg: 'RS256', typ: 'at+jwt' }).sign(rsa.privateKey),
      sign({}, {}, text),
      sign({}, { jwk: { kty: 'oct', k: 'AAAA' } }, new Uint8Array(32)),
    ]);
    for (const token of [new UnsecuredJWT(CLAIMS).encode(), ...signed])
      expect(await verdict(token)).toBe('access/bad-token');
  });

  test('whose parts were changed or taken away is refused', async () => {
    const [header = '', payload = '', signature = ''] = (await by(KEY)).split('.');
    const wider = btoa(JSON.stringify({ ...CLAIMS, sub: 'c2' })).replace(/=+$/, '');
    for (const token of [`${header}.${wider}.${signature}`, `${header}.${payload}.`, `${header}.${payload}`, '', '..'])
      expect(await verdict(token)).toBe('access/bad-token');
  });
});

describe('the token key', () => {
  test('turns without a gap: every process learns the next key before one signs with it', async () => {
    const before = { signs: KEY, knows: [KEY] };
    const learnt = { signs: KEY, knows: [KEY, NEXT] };
    const turned = { signs: NEXT, knows: [NEXT, KEY] };
    const over = { signs: NEXT, knows: [NEXT] };
    const taken = async (one: typeof before, other: typeof before): Promise<boolean> =>
      (await verdict(await by(one.signs), other.knows)) === 'taken' &&
      (await verdict(await by(other.signs), one.knows)) === 'taken';
    expect([await taken(before, learnt), await taken(learnt, turned), await taken(turned, over)]).toEqual([
      true,
      true,
      true,
    ]);
    // Without the step between, the process that turned last refuses what the first one gives.
    expect(await taken(before, turned)).toBe(false);
    expect(await verdict(await by(KEY), over.knows)).toBe('access/bad-token');
  });
});
