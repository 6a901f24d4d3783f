/** The outbound port over a transport: allow list, time-out, size cap, no redirects, nothing of the other side in a refusal. */
import { concatBytes } from '../base/bytes.ts';
import { done, type Outcome, refuse } from '../base/outcome.ts';
import type { Outbound, OutboundRequest, OutboundResponse } from '../ports/outbound.ts';
import { type AllowedHost, createAllowList } from './allow-list.ts';
import { outboundRefusal } from './problems.ts';

/** How a runtime sends one request. It follows no redirect, and resolves names as `allowsPrivate` says. */
export interface Transport {
  (request: TransportRequest): Promise<TransportResponse>;
}

export interface TransportRequest {
  readonly method: OutboundRequest['method'];
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly allowsPrivate: boolean;
  readonly signal: AbortSignal;
}

export interface TransportResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Decoded; its end may be an error. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** Thrown by a transport: the name leads where it must not. */
export class PrivateAddress extends Error {
  override readonly name = 'PrivateAddress';
}

export function createOutbound(hosts: readonly AllowedHost[], transport: Transport): Outbound {
  const list = createAllowList(hosts);
  return {
    allows: (url) => list.find(url) !== undefined,
    async send(request) {
      const allowed = list.find(request.url);
      if (allowed === undefined) return refuse(outboundRefusal('outbound/not-allowed', 'forbidden'));
      const signal = AbortSignal.timeout(request.timeoutMs);
      try {
        const response = await transport({
          method: request.method,
          url: allowed.url,
          headers: request.headers ?? {},
          body: request.body,
          allowsPrivate: allowed.allowsPrivate,
          signal,
        });
        if (response.status >= 300 && response.status < 400 && response.status !== 304) {
          return refuse(outboundRefusal('outbound/redirect', 'forbidden'));
        }
        return await readBody(response, request.bytesMax);
      } catch (error) {
        if (error instanceof PrivateAddress) return refuse(outboundRefusal('outbound/private-address', 'forbidden'));
        return refuse(outboundRefusal(signal.aborted ? 'outbound/timed-out' : 'outbound/unreachable'));
      }
    },
  };
}

/** Leaving the loop ends the transport's stream. */
async function readBody(response: TransportResponse, bytesMax: number): Promise<Outcome<OutboundResponse>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.length;
    if (size > bytesMax) return refuse(outboundRefusal('outbound/too-large'));
    chunks.push(chunk);
  }
  return done({ status: response.status, headers: response.headers, body: concatBytes(...chunks) });
}
