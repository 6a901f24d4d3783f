/** What finding repeats reads and writes. */
import type { AskedOrder } from '../terms/asked-order.ts';
import type { Bucket } from '../terms/bucket.ts';
import type { FacilityId } from '../terms/facility.ts';
import type { Instant } from '../terms/instant.ts';
import type { PatientRef } from '../terms/patient-link.ts';
import type { RepeatFound } from '../terms/repeat-found.ts';
import type { ReplyOutcome } from '../terms/reply.ts';
import type { ResultEntry } from '../terms/result-entry.ts';

export interface RepeatStore {
  /** Everything that became known until then was looked at; undefined: nothing yet. */
  searchedUntil(): Promise<Instant | undefined>;
  setSearchedUntil(until: Instant): Promise<void>;
  /** When the oldest message came that was accepted and is not mapped yet: it will become known as of then. */
  pendingSince(): Promise<Instant | undefined>;
  /** Reports of a facility of which something became known in (since, until], behind `after`, in that order. */
  reportsKnown(page: {
    readonly facility: FacilityId;
    readonly since: Instant;
    readonly until: Instant;
    readonly after?: ReportPlace;
    readonly limit: number;
  }): Promise<readonly ReportPlace[]>;
  /** Results of these reports, each as it was first final, withdrawn or not since. */
  resultsOf(reports: readonly Pick<ReportPlace, 'bucket' | 'container'>[]): Promise<readonly ResultEntry[]>;
  /** Per Patient and instant, who was certainly the same human then; `holding`: reasons in the identity queue that hold. */
  humansOf(
    queries: readonly (PatientRef & { readonly at: Instant })[],
    holding: readonly string[],
  ): Promise<readonly Human[]>;
  /** Per Patient, what its facility asked about in (since, until], the newest first, with the last reply to each offer. */
  asksOf(
    queries: readonly {
      readonly bucket: Bucket;
      readonly patient: string;
      readonly since: Instant;
      readonly until: Instant;
    }[],
  ): Promise<readonly (readonly AskedBefore[])[]>;
  /** Appends those that are not there. */
  note(repeats: readonly RepeatFound[]): Promise<void>;
}

export interface Human {
  readonly set: readonly PatientRef[];
  /** A steward was awaited: it may be two humans. */
  readonly held: boolean;
  readonly optedOut: boolean;
}

export interface ReportPlace {
  readonly bucket: Bucket;
  readonly container: string;
  readonly knownFrom: Instant;
}

export interface AskedBefore {
  readonly order: AskedOrder;
  readonly reply: { readonly outcome: ReplyOutcome; readonly reason: string } | undefined;
}
