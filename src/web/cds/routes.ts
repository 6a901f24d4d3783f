/** CDS Hooks 2.0: discovery, the services of `order-select` and `order-sign`, and their feedback (cds-hooks.hl7.org/2.0). */
import { Hono } from 'hono';
import type { z } from 'zod';
import type { Refusal } from '../../base/outcome.ts';
import { answer, type Answer } from '../../gateway/answer.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import { latestReply } from '../../gateway/reply.ts';
import type { Authenticator } from '../authenticate.ts';
import { problemResponse } from '../http-problem.ts';
import type { Told } from '../openapi/schemas.ts';
import { webRefusal } from '../problems.ts';
import { readJson } from '../read-body.ts';
import { cardOf } from './card.ts';
import type { card } from './answers.ts';
import { DISCOVERY, SELECT_ID, SIGN_ID } from './discovery.ts';
import { feedbackBody, toReplies } from './feedback.ts';
import {
  selectBody,
  selectedOrders,
  type SelectedOrder,
  signBody,
  SITUATIONS_EXTENSION,
  toIdentityFacts,
} from './hook-request.ts';

const SERVICES = [
  [SELECT_ID, selectBody],
  [SIGN_ID, signBody],
] as const;

export function cdsRoutes(gateway: Gateway, authenticator: Authenticator): Hono {
  const routes = new Hono().get('/cds-services', (context) => context.json(DISCOVERY));
  for (const [id, shape] of SERVICES) {
    routes
      .post(`/cds-services/${id}`, ({ req }) => hook(gateway, authenticator, { request: req.raw, shape }))
      .post(`/cds-services/${id}/feedback`, ({ req }) => feedback(gateway, authenticator, req.raw));
  }
  return routes;
}

async function hook(
  gateway: Gateway,
  authenticator: Authenticator,
  { request, shape }: { readonly request: Request; readonly shape: typeof selectBody | typeof signBody },
): Promise<Response> {
  const caller = await authenticator.channel(request, 'concord/check');
  if (!caller.ok) return problemResponse(caller.refusal);
  const body = await readJson<z.infer<typeof selectBody> | z.infer<typeof signBody>>(request, shape);
  if (!body.ok) return problemResponse(body.refusal);
  const { prefetch, extension, context } = body.value;
  // The HIS's own patientId means nothing here (DESIGN 6).
  if (prefetch?.patient === undefined || prefetch.patient === null) {
    return problemResponse(webRefusal('incorrect', 'web/missing-prefetch', 'prefetch.patient'));
  }
  const situations = extension?.[SITUATIONS_EXTENSION];
  const orders = selectedOrders(context);
  if (orders.length === 0) return cardsResponse([]);
  const answered = await answer(gateway, caller.value, {
    patient: toIdentityFacts(prefetch.patient),
    ...(context.encounterId === undefined ? {} : { encounter: context.encounterId }),
    practitioner: context.userId,
    ...(situations === undefined ? {} : { situations }),
    orders: orders.map(({ order }) => order),
  });
  return answered.ok ? cardsResponse(cardsOf(answered.value, orders)) : problemResponse(answered.refusal);
}

/** One card an offer: what was answered within the visit stays silent, and drafts that share an offer share its card. */
function cardsOf(answered: Answer, orders: readonly SelectedOrder[]): readonly Told<typeof card>[] {
  const shown = new Set<string>();
  return answered.items.flatMap((item) => {
    const draft = orders.find(({ order }) => order.key === item.decision.key);
    if (item.offer === null || item.answered !== null || draft === undefined || shown.has(item.offer)) return [];
    shown.add(item.offer);
    return [cardOf(answered, { ...item, offer: item.offer }, draft)];
  });
}

function cardsResponse(cards: readonly Told<typeof card>[]): Response {
  return Response.json({ cards }, { headers: { 'cache-control': 'no-store' } });
}

async function feedback(gateway: Gateway, authenticator: Authenticator, request: Request): Promise<Response> {
  const caller = await authenticator.channel(request, 'concord/reply');
  if (!caller.ok) return problemResponse(caller.refusal);
  const body = await readJson(request, feedbackBody);
  if (!body.ok) return problemResponse(body.refusal);
  // Each is taken for itself: one that is refused keeps none of the others back.
  let first: Refusal | undefined;
  for (const [index, said] of toReplies(body.value).entries()) {
    const replied = await latestReply(gateway, caller.value, said);
    if (!replied.ok) first ??= { ...replied.refusal, at: `feedback[${index}]` };
  }
  return first === undefined ? new Response(null, { status: 200 }) : problemResponse(first);
}
