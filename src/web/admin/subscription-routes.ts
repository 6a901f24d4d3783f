/** `/admin/subscriptions` and `/admin/deliveries`: who is told of results, and what could not be brought out. */
import type { Hono } from 'hono';
import { done, refuse } from '../../base/outcome.ts';
import { refusalOf } from '../../gateway/answer.ts';
import type { AdminParts } from './routes.ts';
import { audited } from './audited.ts';

const LISTED = 500;

export function subscriptionRoutes(admin: Hono, { gateway }: AdminParts): void {
  admin.get('/subscriptions', async () => {
    const { subscriptions } = await gateway.reference.current();
    // Criteria may name a patient: they are the subscriber's to read.
    return Response.json([...subscriptions.values()].map(({ criteria: _criteria, bucket: _bucket, ...one }) => one));
  });
  admin.get('/deliveries', async () =>
    Response.json(
      (await gateway.store.deliveries.dead(LISTED)).map(({ focus, patient: _patient, bucket: _bucket, ...one }) => ({
        ...one,
        results: focus.length,
      })),
    ),
  );
  admin.post('/deliveries/:id/redeliver', async ({ req }) => {
    const id = req.param('id');
    const delivery = await gateway.store.deliveries.read(id);
    if (delivery === undefined || delivery.state !== 'dead') {
      return audited(
        gateway,
        refuse(refusalOf('not-found', 'gateway/unknown-delivery', 'delivery')),
        `redeliver ${id}`,
      );
    }
    const due = gateway.clock.now();
    await gateway.store.transaction(async (tx) => {
      await tx.reviveDelivery(id, due);
      await tx.enqueue({
        kind: 'deliver',
        orderingKey: `deliver ${delivery.subscription} ${delivery.patient}`,
        due,
        reference: id,
      });
    });
    return audited(gateway, done({ delivery: id }), `redeliver ${id}`);
  });
}
