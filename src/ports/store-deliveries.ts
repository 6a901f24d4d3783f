/** Notifications that wait, were brought out, or are dead. */
import type { Instant } from '../terms/instant.ts';
import type { Delivery, DeliveryState } from '../terms/subscription.ts';

export interface DeliveryStore {
  read(id: string): Promise<Delivery | undefined>;
  /** Notes how an attempt ended; `waiting` is tried again. */
  note(id: string, how: { readonly state: DeliveryState; readonly fault: string; readonly at: Instant }): Promise<void>;
  /** The newest first. */
  dead(limit: number): Promise<readonly Delivery[]>;
  /** How many of the subscription's newest ended deliveries, counted from the last, are dead. */
  deadInARow(subscription: string): Promise<number>;
  /** Forgets what was brought out or withheld before then. */
  forget(before: Instant): Promise<number>;
}
