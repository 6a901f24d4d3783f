/** Reads that look for signs of gaming in what was appended in [from, until). */
import type { FacilityId } from '../terms/facility.ts';
import type { Instant } from '../terms/instant.ts';
import type { PatientRef } from '../terms/patient-link.ts';
import type { Span } from './store-past.ts';

export interface IrregularityStore {
  /** Acceptances by facility and doctor, and those within so many seconds of the offer. */
  quickAcceptances(span: Span & { readonly seconds: number }): Promise<readonly Signs[]>;
  /** Acceptances that count as across facilities, by giver, and those whose giver is of the asker's own house. */
  ownAsOther(span: Span): Promise<readonly Signs[]>;
  /** Acceptances that stand, with what they save. */
  acceptedCharges(span: Span): Promise<readonly AcceptedCharge[]>;
  /** Per query, what of these items was done for the human after one instant and not later than another. */
  performedAfter(queries: readonly PerformedQuery[]): Promise<readonly (readonly string[])[]>;
  /** Reports by facility of which something became known, and those that moved a collection to later or collected in the future. */
  movedTimes(span: Span): Promise<readonly Signs[]>;
}

export interface Signs {
  readonly facility: FacilityId;
  readonly subject: string;
  readonly count: number;
  readonly of: number;
  readonly evidence: readonly string[];
}

export interface AcceptedCharge {
  readonly offer: string;
  readonly facility: FacilityId;
  readonly patient: Pick<PatientRef, 'bucket' | 'patient'>;
  readonly at: Instant;
  readonly priceItem: string;
  readonly catalogueDigest: string;
}

export interface PerformedQuery {
  readonly patient: Pick<PatientRef, 'bucket' | 'patient'>;
  readonly items: readonly string[];
  readonly after: Instant;
  readonly until: Instant;
}
