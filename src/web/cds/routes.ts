/** CDS Hooks 2.0: discovery, the `order-select` service, and its feedback (cds-hooks.hl7.org/2.0). */
import { Hono } from 'hono';
import type { Refusal } from '../../base/outcome.ts';
import { answer } from '../../gateway/answer.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import { latestReply } from '../../gateway/reply.ts';
import type { Authenticator } from '../authenticate.ts';
import { problemResponse } from '../http-problem.ts';
import { webRefusal } from '../problems.ts';
import { readJson } from '../read-body.ts';
import { cardOf } from './card.ts';
import { DISCOVERY, SERVICE_ID } from './discovery.ts';
import { feedbackBody, toReplies } from './feedback.ts';
import { hookBody, SITUATIONS_EXTENSION, selectedOrders, toIdentityFacts } from './hook-request.ts';

export function cdsRoutes(gateway: Gateway, authenticator: Authenticator): Hono {
  return new Hono()
    .get('/cds-services', (context) => context.json(DISCOVERY))
    .post(`/cds-services/${SERVICE_ID}`, async (context) => {
      const caller = await authenticator.channel(context.req.raw, 'concord/check');
      if (!caller.ok) return problemResponse(caller.refusal);
      const body = await readJson(context.req.raw, hookBody);
      if (!body.ok) return problemResponse(body.refusal);
      const { prefetch, extension, context: hook } = body.value;
      const situations = extension?.[SITUATIONS_EXTENSION];
      // The HIS's own patientId means nothing here (DESIGN 6).
      if (prefetch?.patient === undefined || prefetch.patient === null) {
        return problemResponse(webRefusal('incorrect', 'web/missing-prefetch', 'prefetch.patient'));
      }
      const orders = selectedOrders(hook);
      if (orders.length === 0) return context.json({ cards: [] });
      const answered = await answer(gateway, caller.value, {
        patient: toIdentityFacts(prefetch.patient),
        ...(hook.encounterId === undefined ? {} : { encounter: hook.encounterId }),
        practitioner: hook.userId,
        ...(situations === undefined ? {} : { situations }),
        orders: orders.map(({ order }) => order),
      });
      if (!answered.ok) return problemResponse(answered.refusal);
      const cards = answered.value.items.flatMap((item) => {
        const drafts = orders.find(({ order }) => order.key === item.decision.key);
        return item.offer === null || drafts === undefined
          ? []
          : [cardOf(answered.value, { ...item, offer: item.offer }, drafts)];
      });
      return context.json({ cards }, 200, { 'cache-control': 'no-store' });
    })
    .post(`/cds-services/${SERVICE_ID}/feedback`, async (context) => {
      const caller = await authenticator.channel(context.req.raw, 'concord/reply');
      if (!caller.ok) return problemResponse(caller.refusal);
      const body = await readJson(context.req.raw, feedbackBody);
      if (!body.ok) return problemResponse(body.refusal);
      // Each is taken for itself: one that is refused keeps none of the others back.
      let first: Refusal | undefined;
      for (const [index, said] of toReplies(body.value).entries()) {
        const replied = await latestReply(gateway, caller.value, said);
        if (!replied.ok) first ??= { ...replied.refusal, at: `feedback[${index}]` };
      }
      return first === undefined ? context.body(null, 200) : problemResponse(first);
    });
}
