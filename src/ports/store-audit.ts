/** The audit trail as it is read, and break-glass: who opened what, and who looked at it later. */
import type { AuditAction, AuditEvent } from '../terms/audit-event.ts';
import type { BreakGlass, GlassJudgement } from '../terms/break-glass.ts';
import type { ChannelId } from '../terms/channel.ts';
import type { FacilityId } from '../terms/facility.ts';
import type { Instant } from '../terms/instant.ts';
import type { PatientRef } from '../terms/patient-link.ts';

export interface AuditStore {
  /** The newest first; queries opened. */
  page(query: AuditQuery): Promise<readonly AuditEvent[]>;
  /** An opening of this patient by this channel that still lasts. */
  openGlass(who: {
    readonly facility: FacilityId;
    readonly channel: ChannelId;
    readonly patient: PatientRef;
    readonly now: Instant;
  }): Promise<BreakGlass | undefined>;
  /** Those that nobody looked at yet, or all; the oldest first. */
  glasses(which: { readonly reviewed: boolean; readonly limit: number }): Promise<readonly BreakGlass[]>;
  /** False when there is none, or it was judged before. */
  judgeGlass(
    id: string,
    judgement: { readonly as: GlassJudgement; readonly by: string; readonly at: Instant },
  ): Promise<boolean>;
}

export interface AuditQuery {
  /** A facility's acts, acts of all that concern a patient, or all acts. */
  readonly of: { readonly facility: FacilityId } | AboutPatient | 'all';
  readonly from?: Instant;
  readonly before?: Instant;
  /** Goes on behind this one. */
  readonly after?: { readonly at: Instant; readonly id: string };
  /** This one alone. */
  readonly id?: string;
  readonly actions?: readonly AuditAction[];
  readonly outcome?: AuditEvent['outcome'];
  /** `Observation/id`, or `Observation` of a search. */
  readonly resource?: string;
  readonly limit: number;
}

/** Who looked at a human, as one facility may know it. */
export interface AboutPatient {
  /** Pseudonyms of the human's records; `own`: the asking facility's. */
  readonly records: readonly { readonly mac: string; readonly own: boolean }[];
  /** Who asks; null: the operator, who sees all. */
  readonly facility: FacilityId | null;
  /** Of other facilities, these acts alone. Its own refused looks at others' records tell it nothing, not even here. */
  readonly looks: readonly AuditAction[];
}
