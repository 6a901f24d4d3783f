/** Requests to addresses outside the gateway: allow-listed, bounded, and never carrying a token elsewhere. */
import type { Outcome } from '../base/outcome.ts';

export interface Outbound {
  /** True when the address may be spoken to at all; what it resolves to is looked at when it is. */
  allows(url: string): boolean;
  /** One request, no redirects followed. Refusals are codes `outbound/…`; nothing of what the other side said is in them. */
  send(request: OutboundRequest): Promise<Outcome<OutboundResponse>>;
}

export interface OutboundRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Of the answer's body, decoded. */
  readonly bytesMax: number;
  readonly timeoutMs: number;
}

export interface OutboundResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}
