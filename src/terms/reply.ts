/** A reply: the doctor's act on an offer. Ignored is derived, never sent. */
import type { Instant } from './instant.ts';

export type ReplyOutcome = 'accepted' | 'refused' | 'revoked';

export interface Reply {
  readonly offer: string;
  readonly outcome: ReplyOutcome;
  /** RefusalReason.code of a refusal; absent: the doctor stated none (CDS Hooks allows that), counted apart. */
  readonly reason?: string;
  readonly comment?: string;
  readonly patientInformed?: boolean;
  readonly practitioner?: string;
  readonly at: Instant;
}
