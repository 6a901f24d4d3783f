/** `GET /ledger/anchors`: what a facility keeps of the ledger, so that nobody rewrites it unseen. */
import { Hono } from 'hono';
import type { Gateway } from '../../gateway/gateway.ts';
import type { Authenticator } from '../authenticate.ts';
import { problemResponse } from '../http-problem.ts';
import { webRefusal } from '../problems.ts';

/** A year and a month of days. */
export const ANCHORS_MAX = 400;

export function ledgerRoutes(gateway: Gateway, authenticator: Authenticator): Hono {
  return new Hono().get('/ledger/anchors', async (context) => {
    const caller = await authenticator.channel(context.req.raw, 'concord/reply');
    if (!caller.ok) return problemResponse(caller.refusal);
    const since = context.req.query('since') ?? '';
    if (since !== '' && !/^\d{4}-\d{2}-\d{2}$/.test(since))
      return problemResponse(webRefusal('incorrect', 'web/wrong-shape', 'since'));
    const anchors = await gateway.store.ledger.anchors({ since, limit: ANCHORS_MAX });
    return context.json(anchors, 200, { 'cache-control': 'no-store' });
  });
}
