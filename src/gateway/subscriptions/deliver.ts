/**
 * Brings a notification out. What is answered 2xx is delivered, 410 ends the subscription, everything else is tried again,
 * longer each time, for a day; then it is dead, and what is behind it goes on.
 */
import { LIMITS } from '../../base/limits.ts';
import { presentText } from '../fhir/present.ts';
import type { Job } from '../../terms/job.ts';
import type { StoredResource } from '../../terms/stored-resource.ts';
import type { Delivery, DeliveryState, Subscription } from '../../terms/subscription.ts';
import type { Gateway } from '../gateway.ts';
import { bucketOfId } from '../id-source.ts';
import { notificationText, signedHeaders, type Told } from './notification.ts';
import { wantedBy } from './notify.ts';
import { openSubscription } from './open-subscription.ts';

/** Thrown to be tried again later; its code is noted with the delivery. */
export class NotDelivered extends Error {
  override readonly name = 'NotDelivered';
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** Resolves when there is nothing more to do for this job. */
export async function deliver(gateway: Gateway, job: Job): Promise<void> {
  const delivery = await gateway.store.deliveries.read(job.reference);
  if (delivery === undefined || delivery.state !== 'waiting') return;
  const subscription = (await gateway.reference.current()).subscriptions.get(delivery.subscription);
  if (subscription === undefined || subscription.status === 'off')
    return end(gateway, delivery, 'withheld', 'gateway/subscription-off');
  const found = await foundAgain(gateway, subscription, delivery);
  if (found.length === 0) return end(gateway, delivery, 'withheld', 'gateway/not-open');
  const texts = new Map(found.map((one) => [`${one.type}/${one.id}`, presentText(one)]));
  const seen = delivery.focus.filter((one) => texts.has(one.split('/').slice(0, 2).join('/')));
  const code = await sendNotification(gateway, subscription, {
    id: delivery.id,
    told: {
      kind: 'event-notification',
      delivery: { ...delivery, focus: seen },
      ...(subscription.payload === 'full-resource' ? { texts } : {}),
    },
  });
  if (code === '') return end(gateway, delivery, 'delivered', '');
  if (code === 'gateway/endpoint-gone') {
    await gateway.store.reference.putSubscription({ ...subscription, status: 'off' });
    gateway.reference.refresh();
    return end(gateway, delivery, 'dead', code);
  }
  const age = (Date.parse(gateway.clock.now()) - Date.parse(delivery.at)) / 1000;
  if (age < LIMITS.deliverySecondsMax) {
    await note(gateway, delivery, 'waiting', code);
    throw new NotDelivered(code);
  }
  await end(gateway, delivery, 'dead', code);
  if ((await gateway.store.deliveries.deadInARow(subscription.id)) >= LIMITS.deliveriesDeadMax) {
    await gateway.store.reference.putSubscription({ ...subscription, status: 'error' });
    gateway.reference.refresh();
  }
}

/** '' when it was taken, else a code of ours. */
export async function sendNotification(
  gateway: Gateway,
  subscription: Subscription,
  message: { readonly id: string; readonly told: Told },
): Promise<string> {
  const body = notificationText(gateway, subscription, message.told);
  const at = gateway.clock.now();
  const own = Object.fromEntries(
    openSubscription(gateway, subscription).headers.map((header) => {
      const colon = header.indexOf(':');
      return [header.slice(0, colon).trim().toLowerCase(), header.slice(colon + 1).trim()];
    }),
  );
  const answer = await gateway.outbound.send({
    method: 'POST',
    url: subscription.endpoint,
    headers: {
      ...own,
      'content-type': 'application/fhir+json; charset=utf-8',
      ...signedHeaders(gateway, { subscription: subscription.id, id: message.id, at, body }),
    },
    body,
    bytesMax: LIMITS.deliveryAnswerBytesMax,
    timeoutMs: LIMITS.deliveryMs,
  });
  if (!answer.ok) return answer.refusal.code;
  const { status } = answer.value;
  if (status >= 200 && status < 300) return '';
  return status === 410 ? 'gateway/endpoint-gone' : 'gateway/endpoint-refused';
}

/** As the results stand now, as far as the subscriber may still see them. */
async function foundAgain(
  gateway: Gateway,
  subscription: Subscription,
  { focus }: Delivery,
): Promise<readonly StoredResource[]> {
  const places = focus.flatMap((one) => {
    const id = one.split('/')[1] ?? '';
    const bucket = bucketOfId(id);
    return bucket === undefined ? [] : [{ bucket, id }];
  });
  return wantedBy(gateway, subscription, await gateway.store.fhir.current(places), { rightsOnly: true });
}

function note(gateway: Gateway, { id }: Delivery, state: DeliveryState, fault: string): Promise<void> {
  return gateway.store.deliveries.note(id, { state, fault, at: gateway.clock.now() });
}

function end(gateway: Gateway, delivery: Delivery, state: DeliveryState, fault: string): Promise<void> {
  return note(gateway, delivery, state, fault);
}
