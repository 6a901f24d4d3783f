/**
 * The gateway's own public address: what links, Locations and audiences are made of. A request's Host and X-Forwarded-Host
 * are anybody's word, so that the setting PUBLIC_URL says it; without one only a loopback Host is believed.
 */
export interface PublicBase {
  /** Without a slash at its end. */
  (request: Request): string;
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** `fallback`: where the gateway itself listens. */
export function createPublicBase(publicUrl: string | undefined, fallback = 'http://localhost'): PublicBase {
  const configured = publicUrl?.replace(/\/+$/, '');
  return (request) => {
    if (configured !== undefined) return configured;
    const { hostname, origin } = new URL(request.url);
    return LOOPBACK.test(hostname) ? origin : fallback;
  };
}
