/** Who asks for a token: a client that signs (SMART Backend Services), or an old one with a secret at its own address. */
import { ASSERTION_TYPE, claimedSigner, verifyAssertion, verifyCdsToken } from '../access/client-assertion.ts';
import { sameSecret } from '../access/client-secret.ts';
import { unauthenticated } from '../access/access-token.ts';
import { done, type Outcome } from '../base/outcome.ts';
import type { StoredChannel } from '../ports/store-reference.ts';
import type { ChannelId } from '../terms/channel.ts';
import { clientKeys } from './client-keys.ts';
import type { Gateway } from './gateway.ts';
import { isLoopback, plainAddress } from './mllp-door.ts';
import { useAssertion } from './used-assertions.ts';

export interface ClientClaim {
  /** `client`: the client_id beside it, which then must be its issuer (RFC 7521 4.2). */
  readonly assertion?: { readonly type: string; readonly text: string; readonly client?: string };
  readonly secret: { readonly id: string; readonly secret: string };
  /** Where the request comes from; undefined when nobody knows: no secret is good there. */
  readonly peer: string | undefined;
  /** The token endpoint's addresses. */
  readonly audience: readonly string[];
}

export interface AuthenticatedClient {
  readonly channel: StoredChannel;
  /** `secret` is weak beside `assertion`, and shown as such (DESIGN 9). */
  readonly method: 'assertion' | 'secret';
}

export function authenticateClient(gateway: Gateway, claim: ClientClaim): Promise<Outcome<AuthenticatedClient>> {
  return claim.assertion === undefined ? bySecret(gateway, claim) : byAssertion(gateway, claim, claim.assertion);
}

async function byAssertion(
  gateway: Gateway,
  claim: ClientClaim,
  { type, text, client }: NonNullable<ClientClaim['assertion']>,
): Promise<Outcome<AuthenticatedClient>> {
  const signer = type === ASSERTION_TYPE ? claimedSigner(text) : undefined;
  if (signer === undefined || (client ?? signer.client) !== signer.client)
    return unauthenticated('access/bad-assertion');
  const channel = await openClient(gateway, signer.client);
  const keys = channel === undefined ? undefined : await clientKeys(gateway, channel, signer.kid);
  if (channel === undefined || keys === undefined) return unauthenticated('access/bad-assertion');
  const now = gateway.clock.now();
  const verified = await verifyAssertion({ assertion: text, client: channel.id, keys, audience: claim.audience, now });
  if (!verified.ok) return verified;
  const { jti, expires } = verified.value;
  const isFirst = await useAssertion(gateway, { channel: channel.id, jti, expires });
  return isFirst ? done({ channel, method: 'assertion' }) : unauthenticated('access/bad-assertion');
}

/** A wrong id, a wrong secret and a wrong address take the same way and give the same answer. */
async function bySecret(gateway: Gateway, { secret, peer }: ClientClaim): Promise<Outcome<AuthenticatedClient>> {
  const channel = await openClient(gateway, secret.id);
  const isKnown = sameSecret(secret.secret, channel?.secretHash ?? '');
  if (channel === undefined || !isKnown || !isAtHome(channel, peer)) return unauthenticated('access/bad-client');
  return done({ channel, method: 'secret' });
}

/** At the address that the channel is bound to; without one from this machine only. */
function isAtHome(channel: StoredChannel, peer: string | undefined): boolean {
  if (peer === undefined) return false;
  const address = plainAddress(peer);
  return channel.from === undefined ? isLoopback(address) : plainAddress(channel.from) === address;
}

async function openClient(gateway: Gateway, id: string): Promise<StoredChannel | undefined> {
  const channel = (await gateway.reference.current()).channels.get(id as ChannelId);
  return channel === undefined || channel.kind !== 'client' || channel.revokedAt !== null ? undefined : channel;
}

/** The channel that a CDS Hooks client's signed call speaks for; each token is good for one call. */
export async function authenticateCdsClient(
  gateway: Gateway,
  { token, audience }: { readonly token: string; readonly audience: readonly string[] },
): Promise<Outcome<StoredChannel>> {
  const signer = claimedSigner(token);
  const { channels } = await gateway.reference.current();
  const channel = [...channels.values()].find(({ issuer }) => issuer !== undefined && issuer === signer?.client);
  const isOpen = channel !== undefined && channel.kind === 'client' && channel.revokedAt === null;
  const keys = isOpen && signer !== undefined ? await clientKeys(gateway, channel, signer.kid) : undefined;
  if (!isOpen || keys === undefined || signer === undefined) return unauthenticated('access/bad-assertion');
  const verified = await verifyCdsToken({ token, issuer: signer.client, keys, audience, now: gateway.clock.now() });
  if (!verified.ok) return verified;
  const isFirst = await useAssertion(gateway, { channel: channel.id, ...verified.value });
  return isFirst ? done(channel) : unauthenticated('access/bad-assertion');
}
