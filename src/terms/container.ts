/** A container: what is stored and versioned as one (DESIGN 4). One row per version, one JSON text. */
import type { Bucket } from './bucket.ts';
import type { FacilityId } from './facility.ts';
import type { Resource } from './fhir.ts';
import type { Instant } from './instant.ts';

export type ContainerKind = 'report' | 'recording' | 'loose';

/** One resource in a container with what decides whether a later message replaces it (SETTLED 19). */
export interface ContainerElement {
  /** '' for the DiagnosticReport, the element key (SETTLED 5) for an Observation, `specimen|…` for a Specimen. */
  readonly key: string;
  /** Container version in which it last changed. */
  readonly version: number;
  /** Precedence: OBR-22, else MSH-7; then arrival. */
  readonly statedAt: Instant;
  /**
   * The status as its sender stated it, where the resource shows another: an Observation of a retracted report, a report
   * whose Observations are all retracted.
   */
  readonly statedStatus?: string;
  /** Of the DiagnosticReport: when its sender last retracted it as a whole, even if it came back since. */
  readonly retractedAt?: Instant;
  readonly resource: Resource;
}

export interface ContainerVersion {
  readonly kind: ContainerKind;
  readonly bucket: Bucket;
  readonly id: string;
  readonly version: number;
  readonly facility: FacilityId;
  /** Id of the facility's Patient, '' when the message had none. */
  readonly patient: string;
  /** Collection or exam time, when known: far apart under one key is a conflict (SETTLED 21). */
  readonly collectedAt?: Instant;
  readonly elements: readonly ContainerElement[];
}
