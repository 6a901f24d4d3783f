/**
 * Brings a notification out. What is answered 2xx is delivered, 410 ends the subscription, everything else is tried again,
 * longer each time, for a day; then it is dead, and what is behind it goes on.
 */
import { LIMITS } from '../../base/limits.ts';
import { auditAccess } from '../fhir/audit-access.ts';
import { presentText } from '../fhir/present.ts';
import type { Job } from '../../terms/job.ts';
import type { StoredResource } from '../../terms/stored-resource.ts';
import type { Delivery, DeliveryState, Subscription, SubscriptionStatus } from '../../terms/subscription.ts';
import type { Gateway } from '../gateway.ts';
import { bucketOfId } from '../id-source.ts';
import { type Listener, listenerOf } from './listener.ts';
import { notificationText, signedHeaders, type Told } from './notification.ts';
import { wantedBy } from './notify.ts';
import { openSubscription } from './open-subscription.ts';

/**
 * How an attempt ended: taken by the endpoint; not taken, to be tried again; not taken and given up; nothing to be sent any
 * more.
 */
export type Hearing = 'heard' | 'unheard' | 'dead' | 'moot';

/** One attempt. What it comes to is noted with the delivery; the job is the caller's to finish or to try again. */
export async function deliver(gateway: Gateway, job: Job): Promise<Hearing> {
  const delivery = await gateway.store.deliveries.read(job.reference);
  if (delivery === undefined || delivery.state !== 'waiting') return 'moot';
  const subscription = (await gateway.reference.current()).subscriptions.get(delivery.subscription);
  if (subscription === undefined || subscription.status === 'off') {
    await note(gateway, delivery, 'withheld', 'gateway/subscription-off');
    return 'moot';
  }
  const listener = await listenerOf(gateway, subscription);
  const found = listener === undefined ? [] : await foundAgain(gateway, listener, delivery);
  if (listener === undefined || found.length === 0) {
    await note(gateway, delivery, 'withheld', 'gateway/not-open');
    return 'moot';
  }
  if (delivery.attempts === 0) await auditNotice(gateway, listener, found);
  const code = await sendNotification(gateway, subscription, {
    id: delivery.id,
    told: {
      kind: 'event-notification',
      delivery: { ...delivery, focus: stillOpen(delivery, found) },
      ...(subscription.payload === 'full-resource' ? { texts: textsOf(found) } : {}),
    },
  });
  if (code === '') {
    await note(gateway, delivery, 'delivered', '');
    return 'heard';
  }
  if (code === 'gateway/endpoint-gone') {
    await turn(gateway, subscription, 'off');
    await note(gateway, delivery, 'dead', code);
    return 'moot';
  }
  const age = (Date.parse(gateway.clock.now()) - Date.parse(delivery.at)) / 1000;
  await note(gateway, delivery, age < LIMITS.deliverySecondsMax ? 'waiting' : 'dead', code);
  if (age < LIMITS.deliverySecondsMax) return 'unheard';
  if ((await gateway.store.deliveries.deadInARow(subscription.id)) >= LIMITS.deliveriesDeadMax)
    await turn(gateway, subscription, 'error');
  return 'dead';
}

/** Telling is showing: it is written down before anything leaves, as the standing search that it is. Once, however often it is tried. */
function auditNotice(
  gateway: Gateway,
  { caller, query, criteria }: Listener,
  found: readonly StoredResource[],
): Promise<void> {
  return auditAccess(gateway, caller, {
    action: 'search',
    resource: query.type,
    outcome: 'success',
    detail: `told ${found.length}`,
    query: criteria,
    patients: found,
  });
}

function stillOpen({ focus }: Delivery, found: readonly StoredResource[]): readonly string[] {
  const open = new Set(found.map(({ type, id }) => `${type}/${id}`));
  return focus.filter((one) => open.has(one.split('/').slice(0, 2).join('/')));
}

function textsOf(found: readonly StoredResource[]): ReadonlyMap<string, string> {
  return new Map(found.map((one) => [`${one.type}/${one.id}`, presentText(one)]));
}

async function turn(gateway: Gateway, subscription: Subscription, status: SubscriptionStatus): Promise<void> {
  await gateway.store.reference.putSubscription({ ...subscription, status });
  gateway.reference.refresh();
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
  listener: Listener,
  { focus }: Delivery,
): Promise<readonly StoredResource[]> {
  const places = focus.flatMap((one) => {
    const id = one.split('/')[1] ?? '';
    const bucket = bucketOfId(id);
    return bucket === undefined ? [] : [{ bucket, id }];
  });
  return wantedBy(gateway, listener, await gateway.store.fhir.current(places), { rightsOnly: true });
}

function note(gateway: Gateway, { id }: Delivery, state: DeliveryState, fault: string): Promise<void> {
  return gateway.store.deliveries.note(id, { state, fault, at: gateway.clock.now() });
}
