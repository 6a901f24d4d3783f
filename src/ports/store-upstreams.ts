/** Hospitals' own FHIR servers that results are read from, and where each stands. */
import type { FacilityId } from '../terms/facility.ts';
import type { Instant } from '../terms/instant.ts';
import type { PullState, Upstream } from './fhir-source.ts';

export interface UpstreamStore {
  list(): Promise<readonly Upstream[]>;
  put(upstream: Upstream): Promise<void>;
  /** False when there was none. */
  remove(facility: FacilityId): Promise<boolean>;
  /** From the beginning where nothing was read yet. */
  state(facility: FacilityId): Promise<PullState>;
  putState(facility: FacilityId, state: PullState, at: Instant): Promise<void>;
}
