/** Work that waits: taken by one process at a time, finished or given back by the one that holds it. */
import type { Instant } from '../terms/instant.ts';
import type { Job, JobKind } from '../terms/job.ts';

/** A job as it was taken: of no effect once another one has taken it. */
export type HeldJob = Pick<Job, 'id' | 'attempts'>;

export interface JobQuery {
  readonly now: Instant;
  readonly leaseUntil: Instant;
  readonly kinds: readonly JobKind[];
  readonly limit: number;
  /** Jobs of one owner at a time, the second word of the ordering key. Absent: as many as there are. */
  readonly perOwner?: number;
}

export interface JobStore {
  /** Takes due jobs, at most one per ordering key, leased until `leaseUntil` (SKIP LOCKED). */
  take(query: JobQuery): Promise<readonly Job[]>;
  /** False when the lease ran out and another one has taken it. */
  finish(job: HeldJob): Promise<boolean>;
  /** Due again at `due`; the attempt counts. */
  retry(job: HeldJob, due: Instant): Promise<void>;
  /** Free again as it was; nothing was attempted. */
  giveBack(job: HeldJob): Promise<void>;
  /** Nothing whose key begins with these words is due before `due`. */
  postpone(keyPrefix: string, due: Instant): Promise<void>;
  /** What waits under such a key is due at `due` at the latest. */
  hasten(keyPrefix: string, due: Instant): Promise<void>;
  /** How many jobs there are of each kind, and since when the oldest is due. */
  waiting(): Promise<readonly { readonly kind: JobKind; readonly count: number; readonly oldest: Instant }[]>;
}
