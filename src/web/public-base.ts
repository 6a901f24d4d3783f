/**
 * The gateway's own public address: what links, Locations and audiences are made of. A request's Host and X-Forwarded-Host
 * are anybody's word, so that the setting PUBLIC_URL says it; without one a Host is believed that is this machine's or the
 * address that the gateway listens on, and nothing else.
 */
export interface PublicBase {
  /** Without a slash at its end. */
  (request: Request): string;
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** `ownUrl`: where the gateway itself listens. */
export function createPublicBase(publicUrl: string | undefined, ownUrl = 'http://localhost'): PublicBase {
  const configured = publicUrl?.replace(/\/+$/, '');
  const own = new URL(ownUrl);
  return (request) => {
    if (configured !== undefined) return configured;
    const { hostname, host, protocol } = new URL(request.url);
    // Not `origin`: it would be "null" for a scheme that is no web address.
    return LOOPBACK.test(hostname) || hostname === own.hostname ? `${protocol}//${host}` : own.origin;
  };
}
