/** A client's public keys: by value from its channel, or read from the address that the channel names (RFC 7517). */
import { type ClientKeySet, readClientKeys, usableClientKeys } from '../access/client-keys.ts';
import { LIMITS } from '../base/limits.ts';
import type { StoredChannel } from '../ports/store-reference.ts';
import type { Gateway } from './gateway.ts';

interface Held {
  readonly keys: ClientKeySet;
  /** Milliseconds since 1970: when they were read, and when that was last tried. */
  readonly readAt: number;
  readonly triedAt: number;
}

/** How long what was read is good, and how soon an unknown key may send us there again. */
const GOOD_MS = 300_000;
const AGAIN_MS = 30_000;
const HELD_MAX = 1_000;

interface Memory {
  readonly held: Map<string, Held>;
  /** Requests on their way: many assertions at once ask an address once. */
  readonly reading: Map<string, Promise<ClientKeySet | undefined>>;
}

/** Per gateway; a process that starts anew reads anew. */
const MEMORIES = new WeakMap<Gateway, Memory>();

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
  return channel.jwksUrl === undefined ? undefined : publishedKeys(gateway, channel.jwksUrl, kid);
}

async function publishedKeys(gateway: Gateway, url: string, kid: string): Promise<ClientKeySet | undefined> {
  const memory: Memory = MEMORIES.get(gateway) ?? { held: new Map(), reading: new Map() };
  MEMORIES.set(gateway, memory);
  const now = Date.parse(gateway.clock.now());
  const held = memory.held.get(url);
  // A key that was taken back must not live on because its address is down.
  const good = held !== undefined && isWithin(GOOD_MS, held.readAt, now) ? held.keys : undefined;
  const isKnown = good?.keys.some((key) => key.kid === kid) ?? false;
  if (isKnown || (held !== undefined && isWithin(AGAIN_MS, held.triedAt, now))) return good;
  const reading =
    memory.reading.get(url) ?? readAndHold(gateway, memory, url).finally(() => memory.reading.delete(url));
  memory.reading.set(url, reading);
  return (await reading) ?? good;
}

function isWithin(ms: number, since: number, now: number): boolean {
  return now >= since && now - since < ms;
}

async function readAndHold(gateway: Gateway, { held }: Memory, url: string): Promise<ClientKeySet | undefined> {
  const now = Date.parse(gateway.clock.now());
  const keys = await fetchKeys(gateway, url);
  if (held.size >= HELD_MAX) held.clear();
  const before = held.get(url) ?? { keys: { keys: [] }, readAt: Number.NEGATIVE_INFINITY };
  held.set(url, keys === undefined ? { ...before, triedAt: now } : { keys, readAt: now, triedAt: now });
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
  const isSet = answer.ok && answer.value.status === 200;
  const keys = isSet ? usableClientKeys(new TextDecoder().decode(answer.value.body)) : undefined;
  // The client learns nothing of it: the operator does.
  if (keys === undefined) gateway.onFault({ code: 'gateway/client-keys-unread', error: undefined });
  return keys;
}
