/**
 * The platform's `fetch` as a transport, for Workers: the platform resolves names itself and reaches no private network
 * but through tunnels of the operator's own. On Node `runtime/node/pinned-transport.ts` looks at every address.
 */
import type { Transport } from './create-outbound.ts';

export const fetchTransport: Transport = async ({ method, url, headers, body, signal }) => {
  const response = await fetch(url, {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
    signal,
    redirect: 'manual',
  });
  return { status: response.status, headers: Object.fromEntries(response.headers), body: chunksOf(response.body) };
};

async function* chunksOf(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  if (body === null) return;
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel();
  }
}
