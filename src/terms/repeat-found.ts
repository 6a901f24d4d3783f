/** A charge that was performed although an earlier result of all that it pays for was there and within its window. */
import type { Bucket } from './bucket.ts';
import type { FacilityId } from './facility.ts';
import type { Instant } from './instant.ts';

export interface RepeatFound {
  /** The report that repeats. */
  readonly bucket: Bucket;
  readonly container: string;
  readonly version: number;
  readonly priceItem: string;
  /** When it was found. */
  readonly at: Instant;
  /** Who did it again, and whose results were there. */
  readonly facility: FacilityId;
  readonly giver: FacilityId;
  /** Pseudonym of the Patient who was tested again. */
  readonly patientMac: string;
  /** When it was collected or performed again. */
  readonly performedAt: Instant;
  /** How old the freshest earlier result was then, in whole hours. */
  readonly ageHours: number;
  readonly earlierContainer: string;
  /**
   * '' of a missed one: it would have been recognised, and no doctor said why not. Else `refused CODE`, the reason that a
   * doctor gave, or `check CODE`, what spoke against recognising it.
   */
  readonly justification: string;
  /** The offer that was made of it; null: nobody asked, or nothing was offered. */
  readonly offer: string | null;
  /** null: no price is known. */
  readonly fen: number | null;
  readonly source: string;
  readonly catalogueDigest: string;
}
