/**
 * Where a request comes from: the socket's address. What a header says of it is anybody's word, unless the socket is that
 * of a proxy that the operator names (TRUSTED_PROXIES) and that adds to X-Forwarded-For. Undefined: nobody knows, and what
 * is good at one address only is then good nowhere.
 */
import { isLoopback, plainAddress } from '../gateway/mllp-door.ts';

/** What proxies add to requests that they hand on. */
const TRACES = ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip'] as const;

export function peerAddress(from: {
  readonly socket: string | undefined;
  readonly headers: Headers;
  /** Addresses of proxies as `plainAddress` writes them. */
  readonly proxies: readonly string[];
}): string | undefined {
  const { headers, proxies } = from;
  if (from.socket === undefined) return undefined;
  const socket = plainAddress(from.socket);
  if (proxies.includes(socket)) return forwardedFor(headers, proxies);
  // A proxy on this machine that nobody named: whoever stands behind it is not of this machine.
  if (isLoopback(socket) && TRACES.some((name) => headers.has(name))) return undefined;
  return socket;
}

/** The last address that no named proxy has: what stands before it was written by others. Never this machine. */
function forwardedFor(headers: Headers, proxies: readonly string[]): string | undefined {
  const hops = (headers.get('x-forwarded-for') ?? '').split(',').map((hop) => plainAddress(hop.trim()));
  const client = hops.findLast((hop) => !proxies.includes(hop));
  return client === undefined || !isAddress(client) || isLoopback(client) ? undefined : client;
}

function isAddress(text: string): boolean {
  return /^\d{1,3}(?:\.\d{1,3}){3}$/.test(text) || (text.includes(':') && URL.canParse(`http://[${text}]`));
}
