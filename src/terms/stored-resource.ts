/** One version of one resource as it is stored: its canonical text, and what says where it is and who may see it. */
import type { Bucket } from './bucket.ts';
import type { ContainerKind } from './container.ts';
import type { FacilityId } from './facility.ts';
import type { Instant } from './instant.ts';

export interface StoredResource {
  readonly type: string;
  readonly id: string;
  readonly bucket: Bucket;
  /** Whose statement it is. */
  readonly facility: FacilityId;
  /** Id of the Patient that it is, or is about; '' when it is about nobody of ours. */
  readonly patient: string;
  /** The container that holds it; '' for a row of its own. */
  readonly container: string;
  readonly kind: ContainerKind | 'shared';
  /** Of the resource: the container version in which it last changed. */
  readonly version: number;
  /** When that version became known. */
  readonly lastUpdated: Instant;
  /** Of the container as read; that of the resource for a row of its own. */
  readonly containerVersion: number;
  /** The envelope that brought the container version as read; '' for a row of its own. */
  readonly envelope: string;
  /** Canonical JSON (`base/json.ts`) without the `meta` that reading adds. */
  readonly text: string;
}
