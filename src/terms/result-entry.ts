/** The registry's row for one recognisable result: all that a decision needs (DESIGN 4). */
import type { Decimal } from '../base/decimal.ts';
import type { Bucket } from './bucket.ts';
import type { FacilityId } from './facility.ts';
import type { Instant } from './instant.ts';

/** Why the entry has the time it has; `reported` fails the window check. */
export type TimeBasis = 'collected' | 'performed' | 'reported';

export type ResultStatus =
  | 'registered'
  | 'preliminary'
  | 'final'
  | 'amended'
  | 'corrected'
  | 'cancelled'
  | 'entered-in-error'
  | 'unknown';

export type EntryValue =
  | {
      readonly kind: 'quantity';
      readonly comparator?: '<' | '<=' | '>=' | '>';
      readonly value: Decimal;
      readonly unit?: string;
      readonly ucum?: string;
    }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'none' };

export interface ResultEntry {
  readonly bucket: Bucket;
  /** Id of the facility's Patient. */
  readonly patient: string;
  /** Catalogue item; null until a code map says which (SETTLED 14). */
  readonly item: string | null;
  /** The facility that sent it, whose code map applies. */
  readonly facility: FacilityId;
  /** Who performed it, as the message names it; absent: the sender. */
  readonly performer?: string;
  readonly system: string;
  readonly code: string;
  readonly display: string;
  /** All codings by system, for the LOINC rule of SETTLED 15. */
  readonly loinc?: string;
  /** True when the Observation states codes beyond these two. */
  readonly moreCodes?: true;
  readonly effectiveStart: Instant;
  readonly effectiveEnd: Instant;
  readonly basis: TimeBasis;
  readonly status: ResultStatus;
  readonly value: EntryValue;
  readonly referenceText?: string;
  /** v3-ObservationInterpretation codes. */
  readonly interpretation: readonly string[];
  readonly method?: string;
  /** Specimen type code as mapped, when known. */
  readonly specimen?: string;
  readonly bodySite?: string;
  /** `haemolysed`, `lipaemic`, `icteric`, `clotted`, `insufficient`, … */
  readonly qualityFlags: readonly string[];
  readonly production: boolean;
  /** Where the Observation is: container id and element id. */
  readonly container: string;
  readonly element: string;
  readonly version: number;
  /** What was known when: [knownFrom, knownTo). */
  readonly knownFrom: Instant;
  readonly knownTo: Instant | null;
}
