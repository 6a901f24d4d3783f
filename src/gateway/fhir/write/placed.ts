/** A draft that has its id: what will be written, and where. */
import type { Bucket } from '../../../terms/bucket.ts';
import type { Target } from './targets.ts';

export interface Placed {
  readonly target: Target;
  readonly id: string;
  readonly bucket: Bucket;
  /** The directory's key of a new one; '' for one that was named by its id. */
  readonly mac: string;
  /** True: the directory has just learnt of it. */
  readonly fresh: boolean;
  /** With its id, references ours. */
  readonly resource: Readonly<Record<string, unknown>> & { readonly resourceType: string; readonly id: string };
}
