/**
 * Outbound requests of Node: a name is resolved once, every address of it is looked at, and the connection goes to an
 * address that was looked at, so that a name which changes its mind in between (DNS rebinding) leads nowhere else.
 */
import { lookup as dnsLookup } from 'node:dns/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Readable } from 'node:stream';
import { PrivateAddress, type Transport, type TransportRequest } from '../../outbound/create-outbound.ts';
import { isPrivateAddress } from '../../outbound/private-address.ts';

export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

export type Resolve = (hostname: string) => Promise<readonly ResolvedAddress[]>;

const systemResolve: Resolve = (hostname) => dnsLookup(hostname, { all: true, verbatim: true });

export function createPinnedTransport(resolve: Resolve = systemResolve): Transport {
  return async (request) => {
    const { hostname } = request.url;
    const addresses = await resolve(hostname.replace(/^\[|\]$/g, ''));
    const [first] = addresses;
    if (first === undefined) throw new Error('the name has no address');
    if (!request.allowsPrivate && addresses.some(({ address }) => isPrivateAddress(address)))
      throw new PrivateAddress();
    const response = await send(request, first);
    return { status: response.statusCode ?? 0, headers: headersOf(response), body: decoded(response) };
  };
}

/** TLS checks the name as ever; only where the connection goes is fixed. */
function send(request: TransportRequest, to: ResolvedAddress): Promise<IncomingMessage> {
  const { url, method, headers, body, signal } = request;
  const open = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const outgoing = open(
      url,
      {
        method,
        headers: { ...headers, ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }) },
        signal,
        agent: false,
        lookup: (_name, options, answer) => {
          if (options.all === true) answer(null, [{ address: to.address, family: to.family }]);
          else answer(null, to.address, to.family);
        },
      },
      resolve,
    );
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

function headersOf(response: IncomingMessage): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}

/** A little compressed may be much: the reader counts what comes out, and leaves. */
function decoded(response: IncomingMessage): Readable {
  const encoding = response.headers['content-encoding'];
  const decoder =
    encoding === 'gzip'
      ? createGunzip()
      : encoding === 'deflate'
        ? createInflate()
        : encoding === 'br'
          ? createBrotliDecompress()
          : undefined;
  if (decoder === undefined) return response;
  response.once('error', (error) => decoder.destroy(error));
  decoder.once('close', () => response.destroy());
  return response.pipe(decoder);
}
