/** A client's public keys: by value from its channel, or read from the address that the channel names. */
import { type ClientKeySet, readClientKeys } from '../access/client-keys.ts';
import { LIMITS } from '../base/limits.ts';
import type { StoredChannel } from '../ports/store-reference.ts';
import type { Gateway } from './gateway.ts';

interface Held {
  readonly keys: ClientKeySet;
  readonly at: number;
}

/** How long what was read is good, and how soon an unknown key may send us there again. */
const GOOD_MS = 300_000;
const AGAIN_MS = 30_000;
const HELD_MAX = 1_000;

/** Per gateway; a process that starts anew reads anew. */
const HELD = new WeakMap<Gateway, Map<string, Held>>();

/** Undefined: the channel has none, or they cannot be read now. */
export async function clientKeys(
  gateway: Gateway,
  channel: StoredChannel,
  kid: string,
): Promise<ClientKeySet | undefined> {
  if (channel.jwks !== undefined) {
    const keys = readClientKeys(channel.jwks);
    return keys.ok ? keys.value : undefined;
  }
  if (channel.jwksUrl === undefined) return undefined;
  const memory = HELD.get(gateway) ?? new Map<string, Held>();
  HELD.set(gateway, memory);
  const now = Date.parse(gateway.clock.now());
  const held = memory.get(channel.jwksUrl);
  if (held !== undefined) {
    const age = now - held.at;
    const isKnown = held.keys.keys.some((key) => key.kid === kid);
    if ((isKnown && age < GOOD_MS) || (!isKnown && age < AGAIN_MS)) return held.keys;
  }
  const keys = await fetchKeys(gateway, channel.jwksUrl);
  if (memory.size >= HELD_MAX) memory.clear();
  // A key that was taken back must not live on because its address is down.
  memory.set(channel.jwksUrl, { keys: keys ?? { keys: [] }, at: now });
  return keys;
}

async function fetchKeys(gateway: Gateway, url: string): Promise<ClientKeySet | undefined> {
  const answer = await gateway.outbound.send({
    method: 'GET',
    url,
    headers: { accept: 'application/json' },
    bytesMax: LIMITS.jwksBytesMax,
    timeoutMs: LIMITS.jwksMs,
  });
  if (!answer.ok || answer.value.status !== 200) return undefined;
  const keys = readClientKeys(new TextDecoder().decode(answer.value.body));
  return keys.ok ? keys.value : undefined;
}
