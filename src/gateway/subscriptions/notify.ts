/**
 * New and corrected results become notifications. In the transaction that registers them one job is left; it finds who wants
 * to hear of them, and leaves a delivery and its job for each, all of it once.
 */
import type { StoreTx } from '../../ports/store-tx.ts';
import type { ContainerVersion } from '../../terms/container.ts';
import type { Instant } from '../../terms/instant.ts';
import type { Job } from '../../terms/job.ts';
import type { StoredResource } from '../../terms/stored-resource.ts';
import type { Subscription } from '../../terms/subscription.ts';
import { permits } from '../../access/scopes.ts';
import { sieve } from '../fhir/found.ts';
import { isOpened, openingsOf } from '../fhir/rights.ts';
import { placesOf } from '../fhir/search-scope.ts';
import type { Gateway } from '../gateway.ts';
import type { Reference } from '../reference-cache.ts';
import { type Listener, listenerOf } from './listener.ts';

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

/** Thrown to undo what another process did too: it took the job when the lease had run out. */
class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/** The job: finished in the transaction that leaves the deliveries, so that none is left twice. */
export async function notifySubscribers(gateway: Gateway, job: Job): Promise<void> {
  const [bucket = '', id = '', version = ''] = job.reference.split(' ');
  const changed = await gateway.store.fhir.changedIn({ bucket: Number(bucket) as never, id, version: Number(version) });
  const { subscriptions } = await gateway.reference.current();
  const wanted: { subscription: Subscription; found: readonly StoredResource[] }[] = [];
  for (const subscription of subscriptions.values()) {
    if (!isDue(subscription, gateway.clock.now())) continue;
    const listener = await listenerOf(gateway, subscription);
    const found = listener === undefined ? [] : await wantedBy(gateway, listener, changed);
    if (found.length > 0) wanted.push({ subscription, found });
  }
  const at = gateway.clock.now();
  await gateway.store.transaction(async (tx) => {
    if (!(await tx.finishJob(job))) throw new LeaseLost('another process has taken the job');
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
  { caller, query }: Listener,
  changed: readonly StoredResource[],
  { rightsOnly = false }: { readonly rightsOnly?: boolean } = {},
): Promise<readonly StoredResource[]> {
  const { type, criteria, patientIdentifiers } = query;
  // A subscription is a standing search: whoever may not search the type is told nothing of it.
  const { allowed, categories } = permits(caller.scopes, type, 's');
  if (!allowed) return [];
  const reference = await gateway.reference.current();
  const filter = {
    gateway,
    criteria: rightsOnly ? [] : criteria,
    categories,
    valueSets: { lookup: reference.lookup, items: new Map() },
    now: gateway.clock.now(),
  };
  const fitting = changed.filter((one) => one.type === type && sieve(one, filter) !== undefined);
  const [identifiers] = patientIdentifiers;
  if (identifiers === undefined) return fitting.filter(({ facility }) => facility === caller.facility.id);
  const places = await placesOf(gateway, caller, 'Patient', identifiers);
  const named = places.map((place) => ({ bucket: place.bucket, patient: place.id }));
  const openings = await openingsOf(gateway, caller, named, { linked: true });
  return fitting.filter((one) => isOpened(one, openings));
}
