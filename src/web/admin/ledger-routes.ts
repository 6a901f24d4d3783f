/** `/admin/ledger`: the ledger verified where it is, exported to be verified elsewhere, and its anchors. */
import type { Hono } from 'hono';
import { exportLedger } from '../../gateway/export-ledger.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import { verifyLedger } from '../../gateway/verify-ledger.ts';
import { ANCHORS_MAX } from '../ledger/routes.ts';
import { configured } from './audited.ts';

export interface LedgerParts {
  readonly gateway: Gateway;
  /** False: the gateway is there for one command, so that what waits for its seal is no fault (SETTLED 12). */
  readonly serving?: boolean | undefined;
}

export function ledgerRoutes(admin: Hono, { gateway, serving = true }: LedgerParts): void {
  admin.get('/ledger/verify', async () => Response.json(await verifyLedger(gateway, { running: serving })));
  admin.get('/ledger/anchors', async () =>
    Response.json(await gateway.store.ledger.anchors({ since: '', limit: ANCHORS_MAX })),
  );
  admin.get('/ledger/export', async () => {
    await configured(gateway, 'ledger export');
    return new Response(streamOf(exportLedger(gateway)), { headers: { 'content-type': 'application/x-ndjson' } });
  });
}

/** Read on when the reader wants more: nothing piles up. */
function streamOf(texts: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await texts.next();
      if (done === true) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await texts.return(undefined);
    },
  });
}
