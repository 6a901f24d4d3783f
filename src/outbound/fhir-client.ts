/**
 * A hospital's own FHIR server, read through fhir-kit-client over our outbound port. The library knows how requests are
 * formed; its transport is replaced (`Client.httpClient` is public for that), because its own follows redirects, has neither
 * time-out nor size cap, and sends its token wherever a `next` link leads. Its paging and its resolving of references are
 * not used: both fetch any address, and one builds a pattern of the other side's text.
 */
import { Client } from 'fhir-kit-client';
import { readResource } from '../base/json.ts';
import { LIMITS } from '../base/limits.ts';
import { done, type Outcome, type Refusal, refuse } from '../base/outcome.ts';
import type { Outbound } from '../ports/outbound.ts';
import type { FhirSource, SourceBundle } from '../ports/fhir-source.ts';
import { outboundRefusal } from './problems.ts';

export interface FhirServer {
  /** With or without a slash at its end. */
  readonly baseUrl: string;
  /** RFC 6749 client credentials; absent: the server wants no token. */
  readonly token?: {
    readonly url: string;
    readonly clientId: string;
    readonly secret: string;
    readonly scope?: string;
  };
}

/** Thrown inside the library's call and caught around it: what was refused, without a word of the other side's. */
class Refused extends Error {
  override readonly name = 'Refused';
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

export function createFhirSource(outbound: Outbound, server: FhirServer): FhirSource {
  const base = server.baseUrl.replace(/\/*$/, '/');
  const client = new Client({ baseUrl: base });
  let token: string | undefined;

  const get = async (address: string): Promise<object> => {
    const url = new URL(address, base);
    // Below the base and nowhere else: a foreign host would be given the token.
    if (!url.href.startsWith(base))
      throw new Refused(outboundRefusal('outbound/foreign-link', 'forbidden', 'Bundle.link'));
    token ??= server.token === undefined ? '' : await login(outbound, server.token);
    const answer = await outbound.send({
      method: 'GET',
      url: url.href,
      headers: { accept: 'application/fhir+json', ...(token === '' ? {} : { authorization: `Bearer ${token}` }) },
      bytesMax: LIMITS.pullPageBytesMax,
      timeoutMs: LIMITS.pullMs,
    });
    if (!answer.ok) throw new Refused(answer.refusal);
    if (answer.value.status === 401) token = undefined;
    if (answer.value.status !== 200) throw new Refused(outboundRefusal('outbound/status'));
    return readJson(answer.value.body);
  };
  const { httpClient } = client;
  httpClient.request = ((_method: string, address: string) => get(httpClient.expandUrl(address))) as never;

  const answered = async (work: () => Promise<unknown>): Promise<Outcome<SourceBundle>> => {
    try {
      return done((await work()) as SourceBundle);
    } catch (error) {
      if (error instanceof Refused) return refuse(error.refusal);
      throw error;
    }
  };
  return {
    base,
    search: (type, parameters) =>
      answered(() => client.search({ resourceType: type, searchParams: parameters as never })),
    page: (url) => answered(() => get(url)),
    read: (type, id) => answered(() => client.read({ resourceType: type, id })),
  };
}

async function login(
  outbound: Outbound,
  { url, clientId, secret, scope }: NonNullable<FhirServer['token']>,
): Promise<string> {
  const body = new URLSearchParams({ grant_type: 'client_credentials', ...(scope === undefined ? {} : { scope }) });
  const answer = await outbound.send({
    method: 'POST',
    url,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `Basic ${btoa(`${encodeURIComponent(clientId)}:${encodeURIComponent(secret)}`)}`,
    },
    body: body.toString(),
    bytesMax: LIMITS.jwksBytesMax,
    timeoutMs: LIMITS.pullMs,
  });
  if (!answer.ok) throw new Refused(answer.refusal);
  const { access_token: token } = readJson(answer.value.body) as { access_token?: unknown };
  if (answer.value.status !== 200 || typeof token !== 'string') throw new Refused(outboundRefusal('outbound/status'));
  return token;
}

/** Decimals as written; the library's own reading would round them. */
function readJson(bytes: Uint8Array): object {
  try {
    const read = readResource(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof read.value === 'object' && read.value !== null) return read.value;
  } catch {
    // Told below.
  }
  throw new Refused(outboundRefusal('outbound/not-fhir'));
}
