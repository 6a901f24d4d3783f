import { SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { signToken, verifyToken } from '../../../src/access/access-token.ts';
import { hashSecret, makeClientSecret, sameSecret } from '../../../src/access/client-secret.ts';
import { createRateLimiter } from '../../../src/access/rate-limit.ts';
import { utf8 } from '../../../src/base/bytes.ts';
import type { ChannelId } from '../../../src/terms/channel.ts';
import type { Instant } from '../../../src/terms/instant.ts';

const KEY = new Uint8Array(32).fill(7);
const NOW = '2026-03-01T00:00:00.000Z' as Instant;
const LATER = '2026-03-01T01:00:01.000Z' as Instant;

const good = (): Promise<string> =>
  signToken(KEY, { channel: 'c1' as ChannelId, scopes: ['concord/check'], now: NOW, seconds: 3600, id: 'j1' });

async function codeOf(token: string, now = NOW): Promise<string> {
  const outcome = await verifyToken([KEY], token, now);
  return outcome.ok ? 'ok' : outcome.refusal.code;
}

describe('access tokens', () => {
  test('a token of ours names its channel and scopes', async () => {
    expect(await verifyToken([KEY], await good(), NOW)).toMatchObject({
      ok: true,
      value: { channel: 'c1', scopes: ['concord/check'] },
    });
  });

  test('an expired token is told apart from a bad one', async () => {
    expect(await codeOf(await good(), LATER)).toBe('access/expired-token');
    expect(await codeOf(`${await good()}x`)).toBe('access/bad-token');
  });

  test('alg none, another key, another audience and a missing expiry are refused', async () => {
    const expires = Date.parse(NOW) / 1000 + 60;
    const claims = () =>
      new SignJWT({}).setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' }).setSubject('c1').setIssuer('concord');
    const unsecured = new UnsecuredJWT({})
      .setSubject('c1')
      .setIssuer('concord')
      .setAudience('concord')
      .setExpirationTime(expires)
      .encode();
    expect(await codeOf(unsecured)).toBe('access/bad-token');
    expect(
      await codeOf(await claims().setAudience('concord').setExpirationTime(expires).sign(new Uint8Array(32))),
    ).toBe('access/bad-token');
    expect(await codeOf(await claims().setAudience('other').setExpirationTime(expires).sign(KEY))).toBe(
      'access/bad-token',
    );
    expect(await codeOf(await claims().setAudience('concord').sign(KEY))).toBe('access/bad-token');
    expect(await codeOf(await claims().setAudience('concord').setExpirationTime(expires).sign(KEY))).toBe('ok');
  });
});

describe('client secrets', () => {
  test('a secret of 256 bits is stored as its digest and known again', () => {
    const { secret, hash } = makeClientSecret(new Uint8Array(32).fill(9));
    expect(secret).toHaveLength(43);
    expect(hash).not.toContain(secret);
    expect(sameSecret(secret, hash)).toBe(true);
    expect(sameSecret(`${secret}x`, hash)).toBe(false);
    expect(sameSecret('', '')).toBe(false);
    expect(hashSecret(secret)).toBe(hash);
    expect(utf8(hash)).toHaveLength(43);
  });
});

describe('the rate limit', () => {
  test('lets a burst pass, then as many as it refills, per channel', () => {
    const limiter = createRateLimiter({ perSecond: 2, burst: 3 });
    expect([0, 0, 0].map(() => limiter.take('a', 1000))).toEqual([0, 0, 0]);
    expect(limiter.take('a', 1000)).toBe(1);
    expect(limiter.take('b', 1000)).toBe(0);
    expect(limiter.take('a', 1500)).toBe(0);
    expect(limiter.take('a', 1500)).toBe(1);
  });

  test('a clock that turns back gives nothing away', () => {
    const limiter = createRateLimiter({ perSecond: 1, burst: 1 });
    expect(limiter.take('a', 5000)).toBe(0);
    expect(limiter.take('a', 1000)).toBe(1);
  });
});
