/** What `decide` may look at: entries of Patients that are certainly the asked person (DESIGN 5). */
import type { CertainPatient } from './patient-link.ts';
import type { ResultEntry } from './result-entry.ts';

export interface Candidates {
  readonly patients: readonly CertainPatient[];
  /** Open entries of exactly those patients. */
  readonly entries: readonly ResultEntry[];
}

/** Why the asker may see other facilities' results of this person. */
export interface LegalBasis {
  /** An encounter at a known facility was named (`unknown` leads to review, SETTLED 22). */
  readonly encounter: 'known' | 'unknown';
  readonly optedOut: boolean;
}
