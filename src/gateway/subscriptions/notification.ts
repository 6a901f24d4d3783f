/**
 * A notification as it is sent: the Bundle of the Subscriptions R5 Backport IG for R4 (backport-subscription-notification-r4),
 * signed by Standard Webhooks (standardwebhooks.com): HMAC-SHA-256 over id, time and body under a secret of the subscription.
 */
import { base64url, fromBase64url } from '../../base/bytes.ts';
import { createMac, joinKey } from '../../base/digest.ts';
import { printResource, readResource } from '../../base/json.ts';
import type { Instant } from '../../terms/instant.ts';
import type { Delivery, Subscription } from '../../terms/subscription.ts';
import type { Gateway } from '../gateway.ts';

const PROFILE = 'http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-subscription-';

export interface Told {
  readonly kind: 'handshake' | 'event-notification';
  /** Of an event. */
  readonly delivery?: Pick<Delivery, 'event' | 'at' | 'focus'>;
  /** Full texts by `Type/id`, for the payload that wants them. */
  readonly texts?: ReadonlyMap<string, string>;
}

/** JSON text. */
export function notificationText(gateway: Gateway, subscription: Subscription, told: Told): string {
  const base = `${gateway.publicUrl}/fhir`;
  const { delivery, kind, texts } = told;
  const focus = subscription.payload === 'empty' ? [] : (delivery?.focus ?? []);
  const status = {
    resourceType: 'Parameters',
    id: gateway.random.uuid(),
    meta: { profile: [`${PROFILE}status-r4`] },
    parameter: [
      { name: 'subscription', valueReference: { reference: `${base}/Subscription/${subscription.id}` } },
      { name: 'status', valueCode: subscription.status },
      { name: 'type', valueCode: kind },
      { name: 'events-since-subscription-start', valueString: String(delivery?.event ?? 0) },
      ...(delivery === undefined ? [] : [eventOf(delivery, focus)]),
    ],
  };
  const entries = focus.map((one) => {
    const [type = '', id = '', , version = ''] = one.split('/');
    const text = texts?.get(`${type}/${id}`);
    return {
      fullUrl: `${base}/${type}/${id}`,
      ...(text === undefined ? {} : { resource: readResource(text).value }),
      request: { method: version === '1' ? 'POST' : 'PUT', url: version === '1' ? type : `${type}/${id}` },
      response: { status: version === '1' ? '201' : '200', etag: `W/"${version}"` },
    };
  });
  return printResource({
    resourceType: 'Bundle',
    meta: { profile: [`${PROFILE}notification-r4`] },
    type: 'history',
    timestamp: gateway.clock.now(),
    entry: [
      {
        fullUrl: `urn:uuid:${status.id}`,
        resource: status,
        request: { method: 'GET', url: `Subscription/${subscription.id}/$status` },
        response: { status: '200' },
      },
      ...entries,
    ],
  });
}

function eventOf({ event, at }: Pick<Delivery, 'event' | 'at'>, focus: readonly string[]): object {
  return {
    name: 'notification-event',
    part: [
      { name: 'event-number', valueString: String(event) },
      { name: 'timestamp', valueInstant: at },
      ...focus.map((reference) => ({ name: 'focus', valueReference: { reference } })),
    ],
  };
}

/** 32 bytes of the subscription's own, made from the id key: the same after any restart. */
function secretOf(gateway: Gateway, subscription: string): Uint8Array {
  return gateway.ids.id.bytes(joinKey('webhook', subscription));
}

/** As the receiver is given it, once. */
export function webhookSecret(gateway: Gateway, subscription: string): string {
  return `whsec_${base64(secretOf(gateway, subscription))}`;
}

export function signedHeaders(
  gateway: Gateway,
  message: { readonly subscription: string; readonly id: string; readonly at: Instant; readonly body: string },
): Readonly<Record<string, string>> {
  const { subscription, id, at, body } = message;
  const seconds = Math.floor(Date.parse(at) / 1000);
  const mac = createMac(secretOf(gateway, subscription)).bytes(`${id}.${seconds}.${body}`);
  return { 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': `v1,${base64(mac)}` };
}

function base64(bytes: Uint8Array): string {
  const text = base64url(bytes).replaceAll('-', '+').replaceAll('_', '/');
  return text + '='.repeat((4 - (text.length % 4)) % 4);
}

/** True when a receiver that holds the secret would believe the message: what tests and receivers do. */
export function isSignedBy(
  secret: string,
  message: { readonly id: string; readonly seconds: string; readonly body: string; readonly signature: string },
): boolean {
  const key = fromBase64url(
    secret
      .replace(/^whsec_/, '')
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replaceAll('=', ''),
  );
  if (key === undefined) return false;
  const mac = createMac(key).bytes(`${message.id}.${message.seconds}.${message.body}`);
  return message.signature === `v1,${base64(mac)}`;
}
