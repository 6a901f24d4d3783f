/**
 * New and corrected results become notifications. In the transaction that registers them one job is left; it finds who wants
 * to hear of them, and leaves a delivery and its job for each, all of it once.
 */
import type { StoreTx } from '../../ports/store-tx.ts';
import type { ContainerVersion } from '../../terms/container.ts';
import type { FhirCaller } from '../../terms/fhir-caller.ts';
import type { Instant } from '../../terms/instant.ts';
import type { Job } from '../../terms/job.ts';
import type { StoredResource } from '../../terms/stored-resource.ts';
import type { Subscription } from '../../terms/subscription.ts';
import { CHANNEL_SCOPES } from '../../access/access-token.ts';
import { sieve } from '../fhir/found.ts';
import { isOpened, openingsOf } from '../fhir/rights.ts';
import { placesOf } from '../fhir/search-scope.ts';
import type { Gateway } from '../gateway.ts';
import type { Reference } from '../reference-cache.ts';
import { readCriteria } from './criteria.ts';
import { openSubscription } from './open-subscription.ts';

/** One job for each version that came to be; none while nobody wants to hear of anything. */
export async function noteForSubscribers(
  tx: StoreTx,
  versions: readonly ContainerVersion[],
  from: { readonly at: Instant; readonly reference: Reference },
): Promise<void> {
  if (![...from.reference.subscriptions.values()].some(({ status }) => status === 'active')) return;
  for (const { bucket, id, version, patient } of versions) {
    await tx.enqueue({
      kind: 'notify',
      orderingKey: `notify ${patient === '' ? id : patient}`,
      due: from.at,
      reference: `${bucket} ${id} ${version}`,
    });
  }
}

/** The job: finished in the transaction that leaves the deliveries, so that none is left twice. */
export async function notifySubscribers(gateway: Gateway, job: Job): Promise<void> {
  const [bucket = '', id = '', version = ''] = job.reference.split(' ');
  const changed = await gateway.store.fhir.changedIn({ bucket: Number(bucket) as never, id, version: Number(version) });
  const { subscriptions } = await gateway.reference.current();
  const wanted: { subscription: Subscription; found: readonly StoredResource[] }[] = [];
  for (const subscription of subscriptions.values()) {
    if (!isDue(subscription, gateway.clock.now())) continue;
    const found = await wantedBy(gateway, subscription, changed);
    if (found.length > 0) wanted.push({ subscription, found });
  }
  const at = gateway.clock.now();
  await gateway.store.transaction(async (tx) => {
    for (const { subscription, found } of wanted) {
      const [first] = found;
      if (first === undefined) continue;
      const delivery = gateway.random.uuid();
      const focus = found.map((one) => `${one.type}/${one.id}/_history/${one.version}`);
      await tx.insertDelivery({
        id: delivery,
        subscription: subscription.id,
        bucket: first.bucket,
        patient: first.patient,
        focus,
        at,
      });
      await tx.enqueue({
        kind: 'deliver',
        orderingKey: `deliver ${subscription.id} ${first.patient}`,
        due: at,
        reference: delivery,
      });
    }
    await tx.finishJob(job.id);
  });
}

function isDue({ status, endsAt }: Subscription, now: Instant): boolean {
  return status === 'active' && (endsAt === null || endsAt > now);
}

/**
 * Of these, what the subscription asks for and its facility may see now. When it is brought out the rights alone are judged
 * again: that a result fitted then is what happened.
 */
export async function wantedBy(
  gateway: Gateway,
  subscription: Subscription,
  changed: readonly StoredResource[],
  { rightsOnly = false }: { readonly rightsOnly?: boolean } = {},
): Promise<readonly StoredResource[]> {
  const caller = await subscriberOf(gateway, subscription);
  const opened = openSubscription(gateway, subscription);
  const query = readCriteria(opened.criteria, gateway.regionZone);
  if (caller === undefined || !query.ok) return [];
  const { type, criteria, patientIdentifiers } = query.value;
  const reference = await gateway.reference.current();
  const filter = {
    gateway,
    criteria,
    categories: undefined,
    valueSets: { lookup: reference.lookup, items: new Map() },
    now: gateway.clock.now(),
  };
  const fitting = changed.filter((one) => one.type === type && (rightsOnly || sieve(one, filter) !== undefined));
  const [identifiers] = patientIdentifiers;
  const asker = { ...caller, circumstances: opened.circumstances };
  if (identifiers === undefined) return fitting.filter(({ facility }) => facility === subscription.facility);
  const places = await placesOf(gateway, asker, 'Patient', identifiers);
  const named = places.map((place) => ({ bucket: place.bucket, patient: place.id }));
  const openings = await openingsOf(gateway, asker, named, { linked: true });
  return fitting.filter((one) => isOpened(one, openings));
}

/** Whoever subscribed, as long as its channel is open. */
async function subscriberOf(
  gateway: Gateway,
  { channel: id }: Subscription,
): Promise<Omit<FhirCaller, 'circumstances'> | undefined> {
  const { channels, facilities } = await gateway.reference.current();
  const channel = channels.get(id);
  const facility = channel === undefined ? undefined : facilities.get(channel.facility);
  if (channel === undefined || facility === undefined || channel.revokedAt !== null) return undefined;
  return { channel, facility, scopes: channel.scopes ?? CHANNEL_SCOPES };
}
