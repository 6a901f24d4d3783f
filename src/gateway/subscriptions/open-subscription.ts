/** What of a subscription is sealed at rest: its criteria may name a patient, its headers may hold a secret. */
import type { Circumstances } from '../../terms/fhir-caller.ts';
import type { Subscription } from '../../terms/subscription.ts';
import type { Gateway } from '../gateway.ts';
import { openText, sealText } from '../sealed-text.ts';

export interface OpenedSubscription {
  readonly criteria: string;
  /** The treating relationship that the subscriber stated, if any. */
  readonly circumstances: Circumstances;
  /** Of the token that made it: a subscription sees no more than its maker did. */
  readonly scopes: readonly string[];
  /** `Name: value` of the subscriber's own, sent with each notification. */
  readonly headers: readonly string[];
}

export function sealSubscription(gateway: Gateway, opened: OpenedSubscription): string {
  return sealText(gateway.keys.cipher, JSON.stringify(opened));
}

export function openSubscription(gateway: Gateway, { criteria }: Pick<Subscription, 'criteria'>): OpenedSubscription {
  const text = openText(gateway.keys.cipher, criteria);
  if (text === undefined) throw new Error('a subscription holds no readable text');
  return JSON.parse(text) as OpenedSubscription;
}
