/** Subscriptions are made, shown and turned off (R4 subscription.html): by their own facility, to endpoints that are allowed. */
import { LIMITS } from '../../base/limits.ts';
import { done, type Outcome, refuse } from '../../base/outcome.ts';
import { permits } from '../../access/scopes.ts';
import type { FhirCaller } from '../../terms/fhir-caller.ts';
import type { Instant } from '../../terms/instant.ts';
import type { PayloadContent, Subscription, SubscriptionStatus } from '../../terms/subscription.ts';
import { claimIds, untilIdsSettle } from '../claim-ids.ts';
import type { Fields } from '../fhir/present.ts';
import { fhirRefusal } from '../fhir/refusals.ts';
import { readChecked } from '../fhir/write/read-drafts.ts';
import type { Gateway } from '../gateway.ts';
import { createMessageIds } from '../id-source.ts';
import { readCriteria } from './criteria.ts';
import { sendNotification } from './deliver.ts';
import { webhookSecret } from './notification.ts';
import { sealSubscription } from './open-subscription.ts';

const CONTENT = 'http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-payload-content';
/** The subscriber's own encounter: a treating relationship, so that linked records of other hospitals count (DESIGN 5). */
export const TREATING = 'urn:concord:extension:treating-encounter';
/** The webhook secret, in the answer that makes the subscription and never again. */
export const SECRET = 'urn:concord:extension:webhook-secret';
/** Header names that a subscriber may set: those of its own, and a token for its own endpoint. */
const HEADER = /^(?:x-[a-z0-9-]{1,60}|authorization):[ -~]{1,2000}$/i;

export interface MadeSubscription {
  readonly subscription: Subscription;
  readonly resource: Fields;
}

export async function makeSubscription(
  gateway: Gateway,
  caller: FhirCaller,
  bytes: Uint8Array,
): Promise<Outcome<MadeSubscription>> {
  if (!permits(caller.scopes, 'Subscription', 'c').allowed)
    return refuse(fhirRefusal('gateway/scope', 'Authorization'));
  const read = readChecked(bytes);
  if (!read.ok) return read;
  const wanted = wantedIn(gateway, read.value.resource);
  if (!wanted.ok) return wanted;
  // A subscription is a standing search.
  if (!permits(caller.scopes, wanted.value.type, 's').allowed)
    return refuse(fhirRefusal('gateway/scope', 'Subscription.criteria'));
  const { subscriptions } = await gateway.reference.current();
  const own = [...subscriptions.values()].filter(
    ({ facility, status }) => facility === caller.facility.id && status !== 'off',
  );
  if (own.length >= LIMITS.subscriptionsMax)
    return refuse(fhirRefusal('gateway/too-many-subscriptions', 'Subscription'));
  const place = await untilIdsSettle((known) =>
    gateway.store.transaction(async (tx) => {
      const ids = createMessageIds(gateway.ids, {
        facility: caller.facility.id,
        production: !caller.channel.test,
        known,
      });
      const key = gateway.random.uuid();
      const made = ids.idOf('subscription', key, ids.sharedBucketOf('subscription', key));
      await claimIds(tx, ids, known);
      return made;
    }),
  );
  const { encounter, criteria, headers, payload, endpoint, endsAt } = wanted.value;
  const requested: Subscription = {
    ...place,
    facility: caller.facility.id,
    channel: caller.channel.id,
    status: 'requested',
    criteria: sealSubscription(gateway, {
      criteria,
      headers,
      circumstances: { purpose: 'TREAT', ...(encounter === undefined ? {} : { encounter }) },
      scopes: caller.scopes,
    }),
    endpoint,
    payload,
    endsAt,
  };
  // The endpoint is asked once before anything of a patient is sent there.
  const fault = await sendNotification(gateway, requested, { id: gateway.random.uuid(), told: { kind: 'handshake' } });
  const subscription: Subscription = { ...requested, status: fault === '' ? 'active' : 'error' };
  const { extension: _extension, ...stated } = read.value.resource as Fields;
  const extensions = extensionsOf(read.value.resource).filter(({ url }) => url !== SECRET);
  const resource = {
    ...stated,
    id: place.id,
    ...(extensions.length === 0 ? {} : { extension: extensions }),
    status: subscription.status,
    ...(fault === '' ? {} : { error: fault }),
  };
  await keep(gateway, subscription, resource);
  const secret = { url: SECRET, valueString: webhookSecret(gateway, place.id) };
  return done({ subscription, resource: { ...resource, extension: [...extensions, secret] } });
}

/** Turns a subscription off, or on again after a handshake; what it asks for is not changed. */
export async function setSubscriptionStatus(
  gateway: Gateway,
  caller: FhirCaller,
  change: { readonly id: string; readonly bytes: Uint8Array },
): Promise<Outcome<MadeSubscription>> {
  if (!permits(caller.scopes, 'Subscription', 'u').allowed)
    return refuse(fhirRefusal('gateway/scope', 'Authorization'));
  const read = readChecked(change.bytes);
  if (!read.ok) return read;
  const known = await ownSubscription(gateway, caller, change.id);
  if (known === undefined) return refuse(fhirRefusal('gateway/not-there', 'address'));
  const wanted = read.value.resource['status'];
  if (wanted !== 'off' && wanted !== 'requested')
    return refuse(fhirRefusal('gateway/bad-subscription', 'Subscription.status'));
  const fault =
    wanted === 'off'
      ? ''
      : await sendNotification(
          gateway,
          { ...known.subscription, status: 'requested' },
          { id: gateway.random.uuid(), told: { kind: 'handshake' } },
        );
  const status: SubscriptionStatus = wanted === 'off' ? 'off' : fault === '' ? 'active' : 'error';
  const subscription = { ...known.subscription, status };
  const { error: _error, ...rest } = known.resource;
  const resource = { ...rest, status, ...(fault === '' ? {} : { error: fault }) };
  await keep(gateway, subscription, resource);
  return done({ subscription, resource });
}

export async function ownSubscription(
  gateway: Gateway,
  caller: FhirCaller,
  id: string,
): Promise<MadeSubscription | undefined> {
  const subscription = (await gateway.reference.current()).subscriptions.get(id);
  if (subscription === undefined || subscription.facility !== caller.facility.id) return undefined;
  const [stored] = await gateway.store.fhir.current([{ bucket: subscription.bucket, id }]);
  if (stored === undefined) return undefined;
  return { subscription, resource: { ...(JSON.parse(stored.text) as Fields), status: subscription.status } };
}

async function keep(gateway: Gateway, subscription: Subscription, resource: Fields): Promise<void> {
  const from = { facility: subscription.facility, at: gateway.clock.now() };
  await gateway.store.transaction((tx) =>
    tx.writeResources([{ bucket: subscription.bucket, resource: resource as never }], from),
  );
  await gateway.store.reference.putSubscription(subscription);
  gateway.reference.refresh();
}

interface Wanted {
  readonly criteria: string;
  /** Of what it asks for. */
  readonly type: string;
  readonly endpoint: string;
  readonly payload: PayloadContent;
  readonly headers: readonly string[];
  readonly encounter: string | undefined;
  readonly endsAt: Instant | null;
}

function wantedIn(gateway: Gateway, resource: Fields): Outcome<Wanted> {
  const wrong = (at: string): Outcome<never> => refuse(fhirRefusal('gateway/bad-subscription', at));
  const { resourceType, status, criteria, channel, end } = resource as {
    resourceType?: string;
    status?: string;
    criteria?: string;
    end?: string;
    channel?: { type?: string; endpoint?: string; payload?: string; header?: readonly string[]; _payload?: Fields };
  };
  if (resourceType !== 'Subscription' || channel === undefined) return wrong('Subscription');
  if (status !== 'requested') return wrong('Subscription.status');
  if (channel.type !== 'rest-hook') return wrong('Subscription.channel.type');
  if (channel.payload !== undefined && !/^application\/(?:fhir\+)?json$/.test(channel.payload))
    return wrong('Subscription.channel.payload');
  const headers = channel.header ?? [];
  if (headers.length > 10 || !headers.every((header) => HEADER.test(header)))
    return wrong('Subscription.channel.header');
  const content = valueOf(channel._payload ?? {}, CONTENT, 'valueCode') ?? 'id-only';
  if (content !== 'empty' && content !== 'id-only' && content !== 'full-resource')
    return wrong('Subscription.channel.payload');
  const query = readCriteria(criteria ?? '', gateway.regionZone);
  if (!query.ok) return query;
  const { endpoint = '' } = channel;
  if (!gateway.outbound.allows(endpoint))
    return refuse(fhirRefusal('gateway/bad-endpoint', 'Subscription.channel.endpoint'));
  const encounter = valueOf(resource, TREATING, 'valueString');
  const endsAt = end === undefined ? null : (new Date(end).toISOString() as Instant);
  return done({
    criteria: criteria ?? '',
    type: query.value.type,
    endpoint,
    payload: content,
    headers,
    encounter,
    endsAt,
  });
}

function extensionsOf(resource: Fields): readonly Fields[] {
  const { extension } = resource as { extension?: readonly Fields[] };
  return extension ?? [];
}

function valueOf(resource: Fields, url: string, name: string): string | undefined {
  const value = extensionsOf(resource).find((one) => one['url'] === url)?.[name];
  return typeof value === 'string' ? value : undefined;
}
