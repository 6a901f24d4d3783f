/** What a token request says (RFC 6749 2.3, 3.2, 4.4.2; RFC 7521 4.2): one form, and one way to prove who asks. */
import type { ClientClaim } from '../../gateway/authenticate-client.ts';

export interface TokenRequest {
  readonly grant: string;
  /** Empty: everything that the client may have. */
  readonly scopes: readonly string[];
  readonly claim: Pick<ClientClaim, 'assertion' | 'secret'>;
}

const FORM = 'application/x-www-form-urlencoded';

/** Undefined when it is formed otherwise: another type, no grant, a parameter twice, two ways of authentication. */
export function readTokenRequest(headers: Headers, body: Uint8Array): TokenRequest | undefined {
  if (headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() !== FORM) return undefined;
  const form = new URLSearchParams(new TextDecoder().decode(body));
  const names = [...form.keys()];
  const grant = form.get('grant_type');
  const claim = claimOf(headers.get('authorization'), form);
  if (grant === null || claim === undefined || new Set(names).size < names.length) return undefined;
  const scopes = (form.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
  return { grant, scopes, claim };
}

const NOBODY = { id: '', secret: '' };

function claimOf(authorization: string | null, form: URLSearchParams): TokenRequest['claim'] | undefined {
  const client = form.get('client_id') ?? undefined;
  const secret = form.get('client_secret') ?? undefined;
  const [type, text] = [form.get('client_assertion_type'), form.get('client_assertion')];
  const basic = /^Basic (.*)$/i.exec(authorization ?? '')?.[1];
  const signs = type !== null || text !== null;
  const ways = [basic !== undefined, secret !== undefined, signs].filter(Boolean).length;
  if (ways > 1) return undefined;
  if (signs) {
    const said = { type: type ?? '', text: text ?? '' };
    return { secret: NOBODY, assertion: client === undefined ? said : { ...said, client } };
  }
  if (basic === undefined) return { secret: { id: client ?? '', secret: secret ?? '' } };
  const told = basicOf(basic);
  return client === undefined || client === told.id ? { secret: told } : undefined;
}

/** Both parts are form-encoded before they are joined (RFC 6749 2.3.1). */
function basicOf(text: string): { readonly id: string; readonly secret: string } {
  try {
    const [, id = '', secret = ''] = /^([^:]*):(.*)$/s.exec(atob(text)) ?? [];
    return { id: decodeURIComponent(id), secret: decodeURIComponent(secret) };
  } catch {
    return NOBODY;
  }
}
