/** A job: something that must happen later, in order per key, at least once with an idempotent handler. */
import type { Instant } from './instant.ts';

export type JobKind = 'map-envelope' | 'notify' | 'deliver' | 'settle' | 'look-again' | 'tell-event';

export interface Job {
  readonly id: string;
  readonly kind: JobKind;
  /** Jobs of one ordering key run one after another. */
  readonly orderingKey: string;
  readonly due: Instant;
  readonly attempts: number;
  /** What the handler works on: an envelope id, an offer, a code. */
  readonly reference: string;
}
