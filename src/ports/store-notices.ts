/** Notices, and the offers that a change concerns. */
import type { Bucket } from '../terms/bucket.ts';
import type { FacilityId } from '../terms/facility.ts';
import type { Instant } from '../terms/instant.ts';
import type { Notice } from '../terms/notice.ts';
import type { PatientRef } from '../terms/patient-link.ts';

export interface NoticeStore {
  /** Open ones, the oldest first; of one facility, or of all. */
  open(query: { readonly facility?: FacilityId; readonly limit: number }): Promise<readonly Notice[]>;
  /** False: there is none of this facility (of any, without one), or it is closed. */
  close(
    id: string,
    by: { readonly facility?: FacilityId; readonly at: Instant; readonly by: string },
  ): Promise<boolean>;
  /** Offers that relied on results of a report. */
  offersOnReport(report: { readonly bucket: Bucket; readonly container: string }): Promise<readonly string[]>;
  /** Offers that relied on results of a Patient, and those that were made about it. */
  offersOnPatient(patient: Pick<PatientRef, 'bucket' | 'patient'>): Promise<readonly string[]>;
  /** Offers of a chain that were accepted, behind a place in it. */
  acceptedBehind(page: {
    readonly chain: FacilityId;
    readonly position: number;
    readonly limit: number;
  }): Promise<readonly { readonly offer: string; readonly position: number }[]>;
}
