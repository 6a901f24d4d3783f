/** A FHIR Subscription that may be due: which results it wants to hear of, and where it is told (R4 subscription.html). */
import type { Bucket } from './bucket.ts';
import type { ChannelId } from './channel.ts';
import type { FacilityId } from './facility.ts';
import type { Instant } from './instant.ts';

export type SubscriptionStatus = 'requested' | 'active' | 'error' | 'off';
/** How much a notification says (Subscriptions R5 Backport, payload content). */
export type PayloadContent = 'empty' | 'id-only' | 'full-resource';

export interface Subscription {
  readonly id: string;
  readonly bucket: Bucket;
  readonly facility: FacilityId;
  readonly channel: ChannelId;
  readonly status: SubscriptionStatus;
  /** `Observation?patient.identifier=…`, sealed at rest with what else may name a person. */
  readonly criteria: string;
  readonly endpoint: string;
  readonly payload: PayloadContent;
  readonly endsAt: Instant | null;
}

export type DeliveryState = 'waiting' | 'delivered' | 'dead' | 'withheld';

/** One notification of one subscription. */
export interface Delivery {
  readonly id: string;
  readonly subscription: string;
  /** Counts up within the subscription and patient: the receiver sees a gap. */
  readonly event: number;
  readonly bucket: Bucket;
  readonly patient: string;
  /** `Observation/id/_history/2` of what changed. */
  readonly focus: readonly string[];
  readonly at: Instant;
  readonly attempts: number;
  readonly state: DeliveryState;
  /** A code of ours; '' when nothing went wrong. */
  readonly lastFault: string;
}
