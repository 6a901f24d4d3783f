/** A facility's local codes → catalogue items (results) or orderables (SETTLED 15). */
import type { FacilityId } from './facility.ts';

export interface CodeMapRow {
  readonly facility: FacilityId;
  readonly kind: 'order' | 'result';
  readonly code: string;
  /** The local system as written; kept, not part of the key. */
  readonly system: string;
  readonly display: string;
  /** Item id, or panel id for an order. `''` says: mapped to nothing on purpose. */
  readonly target: string;
}

/** One line of the mapping queue: a code seen and not mapped. */
export interface UnmappedCode {
  readonly facility: FacilityId;
  readonly kind: 'order' | 'result';
  readonly system: string;
  readonly code: string;
  readonly display: string;
  readonly seen: number;
}
