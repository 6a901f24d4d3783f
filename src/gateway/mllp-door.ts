/**
 * Which MLLP channel is spoken to: told by (port, source address) and by nothing in the message (SETTLED 26).
 * A channel without a source address hears loopback only. Two channels never share a door.
 */
import type { Channel } from '../terms/channel.ts';

export interface MllpDoor {
  readonly port: number;
  /** The peer's address as its socket names it. */
  readonly from: string;
}

interface MllpChannel extends Pick<Channel, 'kind' | 'port' | 'from'> {
  readonly revokedAt: string | null;
}

/** The one channel of this door; undefined when none fits, or more than one does: then nobody is believed. */
export function channelAt<C extends MllpChannel>(
  channels: Iterable<C>,
  door: MllpDoor,
  defaultPort: number,
): C | undefined {
  const from = plainAddress(door.from);
  const fitting = [...channels].filter(
    (channel) => isOpen(channel) && (channel.port ?? defaultPort) === door.port && hears(channel, from),
  );
  return fitting.length === 1 ? fitting[0] : undefined;
}

/** True when one sender could be taken for either. `defaultPort` is where channels without a port listen. */
export function shareDoor(one: MllpChannel, other: MllpChannel, defaultPort: number | undefined): boolean {
  if (!isOpen(one) || !isOpen(other)) return false;
  if ((one.port ?? defaultPort) !== (other.port ?? defaultPort)) return false;
  if (one.from === undefined) return other.from === undefined || isLoopback(plainAddress(other.from));
  return hears(other, plainAddress(one.from));
}

/** An address as sockets write it: IPv4 as itself, IPv6 in its short form (RFC 5952). */
export function plainAddress(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  return address.includes(':') ? (URL.parse(`http://[${address}]`)?.hostname.slice(1, -1) ?? address) : address;
}

function isOpen(channel: MllpChannel): boolean {
  return channel.kind === 'mllp' && channel.revokedAt === null;
}

function hears(channel: MllpChannel, address: string): boolean {
  return channel.from === undefined ? isLoopback(address) : plainAddress(channel.from) === address;
}

export function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}
