/** Channels: added, given keys, secrets and scopes, and revoked (SETTLED 23). An id is given once. */
import { readClientKeys } from '../access/client-keys.ts';
import { makeClientSecret } from '../access/client-secret.ts';
import { type AccessCode, SENTENCES as ACCESS } from '../access/problems.ts';
import { fitToken, isScope } from '../access/scopes.ts';
import { done, type Outcome, type Refusal, refuse } from '../base/outcome.ts';
import type { StoredChannel } from '../ports/store-reference.ts';
import type { Channel, ChannelId } from '../terms/channel.ts';
import { refusalOf } from './answer.ts';
import type { Gateway } from './gateway.ts';
import { isLoopback, plainAddress, shareDoor } from './mllp-door.ts';
import type { GatewayCode } from './problems.ts';

/**
 * Makes a channel; a client's secret is shown in this answer and never again. An id is given once, and a
 * (port, source address) belongs to one facility: nobody's messages are booked to another (SETTLED 26).
 * `mllpPort` is where channels without a port of their own listen.
 */
export async function addChannel(
  gateway: Gateway,
  wanted: Omit<Channel, 'id'> & ClientKeys & { readonly id?: ChannelId },
  { mllpPort }: { readonly mllpPort?: number | undefined } = {},
): Promise<Outcome<{ channel: ChannelId; secret?: string }>> {
  const reference = await gateway.reference.current();
  if (!reference.facilities.has(wanted.facility))
    return refuse(refusalOf('not-found', 'gateway/unknown-facility', 'facility'));
  const id = wanted.id ?? (`${wanted.facility}-${wanted.kind}-${gateway.random.uuid().slice(0, 8)}` as ChannelId);
  const signs = isSigning(wanted);
  if (wanted.kind !== 'client' && (signs || wanted.scopes !== undefined))
    return refuse(refusalOf('conflict', 'gateway/channel-kind', 'kind'));
  if (wanted.issuer !== undefined && !signs) return refuse(refusalOf('conflict', 'gateway/channel-kind', 'issuer'));
  const faulty = scopesFault(wanted.scopes) ?? (signs ? keysFault(gateway, wanted) : undefined);
  if (faulty !== undefined) return refuse(faulty);
  // Who signs needs no secret.
  const made = wanted.kind === 'client' && !signs ? makeClientSecret(gateway.random.bytes(32)) : undefined;
  const channel: StoredChannel = {
    ...wanted,
    id,
    ...(wanted.from === undefined ? {} : { from: plainAddress(wanted.from) }),
    secretHash: made?.hash ?? null,
    revokedAt: null,
  };
  let standing: 'gateway/channel-exists' | 'gateway/issuer-taken' | 'gateway/channel-taken' = 'gateway/channel-exists';
  const added = await gateway.store.reference.changeChannel((channels) => {
    standing = channels.some((other) => other.id === id)
      ? 'gateway/channel-exists'
      : isIssuerTaken(channels, id, wanted.issuer)
        ? 'gateway/issuer-taken'
        : 'gateway/channel-taken';
    const free = standing === 'gateway/channel-taken' && !channels.some((other) => shareDoor(channel, other, mllpPort));
    return free ? channel : undefined;
  });
  if (added === undefined) return refuse(refusalOf('conflict', standing, TAKEN[standing]));
  gateway.reference.refresh();
  return done(made === undefined ? { channel: id } : { channel: id, secret: made.secret });
}

/** Which of what was given another channel has. */
const TAKEN = {
  'gateway/channel-exists': 'id',
  'gateway/issuer-taken': 'issuer',
  'gateway/channel-taken': 'port',
} as const;

/** Public keys of a client that signs: one of the two. */
export interface ClientKeys {
  readonly jwks?: string;
  readonly jwksUrl?: string;
}

function keysFault(gateway: Gateway, { jwks, jwksUrl }: ClientKeys): Refusal | undefined {
  if ((jwks === undefined) === (jwksUrl === undefined)) return accessRefusal('access/bad-keys', 'jwks');
  const keys = jwks === undefined ? undefined : readClientKeys(jwks);
  if (keys !== undefined) return keys.ok ? undefined : keys.refusal;
  const url = URL.parse(jwksUrl ?? '');
  // Whoever stands between could put in a key of his own.
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  const isAllowed = isSafe && gateway.outbound.allows(jwksUrl ?? '');
  return isAllowed ? undefined : accessRefusal('access/keys-address', 'jwksUrl');
}

function scopesFault(scopes: readonly string[] = []): Refusal | undefined {
  const wrong = scopes.findIndex((scope) => !isScope(scope));
  if (wrong >= 0) return accessRefusal('access/bad-scopes', `scopes[${wrong}]`);
  return fitToken(scopes) ? undefined : accessRefusal('access/bad-scopes', 'scopes');
}

function accessRefusal(code: AccessCode, at: string): Refusal {
  return { category: 'incorrect', code, sentence: ACCESS[code], at };
}

/** A client that signs turns to other keys, or to signing; its secret, if it had one, ends. */
export function setClientKeys(
  gateway: Gateway,
  id: ChannelId,
  keys: ClientKeys,
): Promise<Outcome<{ channel: ChannelId }>> {
  const faulty = keysFault(gateway, keys);
  if (faulty !== undefined) return Promise.resolve(refuse(faulty));
  return changeOpenChannel(gateway, id, {
    wrong: (channel) => (channel.kind === 'client' ? undefined : 'gateway/channel-kind'),
    change: ({ jwks: _jwks, jwksUrl: _url, ...channel }) => ({ ...channel, ...keys, secretHash: null }),
    answer: { channel: id },
  });
}

/** The `iss` that a CDS Hooks client's signed calls state from now on; undefined takes it away. Only a client that signs has one. */
export function setIssuer(
  gateway: Gateway,
  id: ChannelId,
  issuer: string | undefined,
): Promise<Outcome<{ channel: ChannelId }>> {
  return changeOpenChannel(gateway, id, {
    wrong: (channel, channels) => {
      if (channel.kind !== 'client' || !isSigning(channel)) return 'gateway/channel-kind';
      return isIssuerTaken(channels, id, issuer) ? 'gateway/issuer-taken' : undefined;
    },
    change: ({ issuer: _issuer, ...channel }) => ({ ...channel, ...(issuer === undefined ? {} : { issuer }) }),
    answer: { channel: id },
  });
}

/** By another channel than `id`: an issuer speaks for one. */
function isIssuerTaken(channels: readonly StoredChannel[], id: ChannelId, wanted: string | undefined): boolean {
  return wanted !== undefined && channels.some((other) => other.id !== id && other.issuer === wanted);
}

/** What tokens of the channel may carry from now on; those that are out are cut down to it at once. */
export function setScopes(
  gateway: Gateway,
  id: ChannelId,
  scopes: readonly string[],
): Promise<Outcome<{ channel: ChannelId }>> {
  const faulty = scopesFault(scopes);
  if (faulty !== undefined) return Promise.resolve(refuse(faulty));
  return changeOpenChannel(gateway, id, {
    wrong: (channel) => (channel.kind === 'client' ? undefined : 'gateway/channel-kind'),
    change: (channel) => ({ ...channel, scopes }),
    answer: { channel: id },
  });
}

/**
 * A client's channel gets a new secret and stays its facility's. What its old secret opened closes within a token's life.
 * One that signs is given no secret: that would be the weaker door beside the strong one.
 */
export function rotateChannel(
  gateway: Gateway,
  id: ChannelId,
): Promise<Outcome<{ channel: ChannelId; secret: string }>> {
  const made = makeClientSecret(gateway.random.bytes(32));
  return changeOpenChannel(gateway, id, {
    wrong: (channel) => {
      if (channel.kind !== 'client') return 'gateway/channel-kind';
      return isSigning(channel) ? 'gateway/channel-signs' : undefined;
    },
    change: (channel) => ({ ...channel, secretHash: made.hash }),
    answer: { channel: id, secret: made.secret },
  });
}

function isSigning({ jwks, jwksUrl }: ClientKeys): boolean {
  return jwks !== undefined || jwksUrl !== undefined;
}

/**
 * Closes a channel for good: its tokens and its MLLP door stop at once. What it sent stays, and its id is not given again;
 * its issuer is free for another.
 */
export function revokeChannel(
  gateway: Gateway,
  id: ChannelId,
): Promise<Outcome<{ channel: ChannelId; revokedAt: string }>> {
  const revokedAt = gateway.clock.now();
  return changeOpenChannel(gateway, id, {
    wrong: () => undefined,
    change: ({ issuer: _issuer, ...channel }) => ({ ...channel, secretHash: null, revokedAt }),
    answer: { channel: id, revokedAt },
  });
}

async function changeOpenChannel<T>(
  gateway: Gateway,
  id: ChannelId,
  how: {
    readonly wrong: (channel: StoredChannel, channels: readonly StoredChannel[]) => GatewayCode | undefined;
    readonly change: (channel: StoredChannel) => StoredChannel;
    readonly answer: T;
  },
): Promise<Outcome<T>> {
  let code: GatewayCode | undefined;
  await gateway.store.reference.changeChannel((channels) => {
    const channel = channels.find((one) => one.id === id);
    code = channel === undefined ? 'gateway/unknown-channel' : revokedOr(channel, how.wrong(channel, channels));
    return channel === undefined || code !== undefined ? undefined : how.change(channel);
  });
  if (code !== undefined) {
    const category = code === 'gateway/unknown-channel' ? 'not-found' : 'conflict';
    return refuse(refusalOf(category, code, code === 'gateway/issuer-taken' ? 'issuer' : 'channel'));
  }
  gateway.reference.refresh();
  return done(how.answer);
}

function revokedOr(channel: StoredChannel, wrong: GatewayCode | undefined): GatewayCode | undefined {
  return channel.revokedAt === null ? wrong : 'gateway/channel-revoked';
}
