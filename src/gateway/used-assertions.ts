/** Assertions that were used: each is good once (RFC 7523 3, `jti`), on every process that shares the database. */
import { joinKey } from '../base/digest.ts';
import type { ChannelId } from '../terms/channel.ts';
import type { Instant } from '../terms/instant.ts';
import type { Gateway } from './gateway.ts';

/** Kept a little longer than they are good: clocks differ. */
const KEPT_MS = 60_000;
const EVERY_MS = 60_000;

/** True the first time. `expires` in Unix seconds. */
export function useAssertion(
  gateway: Gateway,
  { channel, jti, expires }: { readonly channel: ChannelId; readonly jti: string; readonly expires: number },
): Promise<boolean> {
  return gateway.store.access.useAssertion({
    channel,
    mac: gateway.ids.index.text(joinKey('assertion', channel, jti)),
    expiresAt: new Date(expires * 1000 + KEPT_MS).toISOString() as Instant,
  });
}

/** When each gateway last forgot. */
const FORGOTTEN_AT = new WeakMap<Gateway, number>();

/** Forgets those that have expired, at most once a minute: their time alone refuses them. */
export async function forgetUsedAssertions(gateway: Gateway): Promise<void> {
  const now = gateway.clock.now();
  if (Math.abs(Date.parse(now) - (FORGOTTEN_AT.get(gateway) ?? Number.NEGATIVE_INFINITY)) < EVERY_MS) return;
  FORGOTTEN_AT.set(gateway, Date.parse(now));
  await gateway.store.access.forgetAssertions(now);
}
