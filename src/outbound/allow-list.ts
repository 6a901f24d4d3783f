/**
 * Which addresses the gateway speaks to: `OUTBOUND_HOSTS`, comma-separated. `fhir.h1.example` is https on 443,
 * `https://fhir.h1.example:8443` that port, `http://10.1.2.3:8080` plain http. A name that leads into a private network
 * needs `+private` behind it; an address that is written as a number is meant as it stands.
 */
import { isPrivateAddress } from './private-address.ts';

export interface AllowedHost {
  /** `https://fhir.h1.example:8443`, as URL.origin writes it. */
  readonly origin: string;
  readonly allowsPrivate: boolean;
}

export interface AllowList {
  /** Undefined when the address may not be spoken to. */
  find(url: string): { readonly url: URL; readonly allowsPrivate: boolean } | undefined;
}

/** Throws on an entry that is no host; the setting's reader tells it. */
export function parseAllowedHosts(text: string): readonly AllowedHost[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map(parseEntry);
}

function parseEntry(entry: string): AllowedHost {
  const isPrivate = entry.endsWith('+private');
  const address = isPrivate ? entry.slice(0, -'+private'.length) : entry;
  const url = URL.parse(address.includes('://') ? address : `https://${address}`);
  if (url === null || !isPlain(url) || url.pathname !== '/' || url.search !== '') throw new Error('no host');
  return { origin: url.origin, allowsPrivate: isPrivate || isNumeric(url.hostname) };
}

export function createAllowList(hosts: readonly AllowedHost[]): AllowList {
  const byOrigin = new Map(hosts.map((host) => [host.origin, host]));
  return {
    find(text) {
      const url = URL.parse(text);
      if (url === null || !isPlain(url)) return undefined;
      const host = byOrigin.get(url.origin);
      if (host === undefined) return undefined;
      // A number is judged here; a name when it is resolved.
      if (!host.allowsPrivate && isNumeric(url.hostname) && isPrivateAddress(bare(url.hostname))) return undefined;
      return { url, allowsPrivate: host.allowsPrivate };
    },
  };
}

/** Web addresses only, without user, password or fragment, and without a point behind the name. */
function isPlain({ protocol, username, password, hash, hostname }: URL): boolean {
  return (
    (protocol === 'https:' || protocol === 'http:') &&
    username === '' &&
    password === '' &&
    hash === '' &&
    hostname !== '' &&
    !hostname.endsWith('.')
  );
}

/** URL writes every spelling of an IPv4 address (hexadecimal, octal, one number) as four decimals. */
function isNumeric(hostname: string): boolean {
  return /^\d{1,3}(?:\.\d{1,3}){3}$/.test(hostname) || hostname.startsWith('[');
}

function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}
