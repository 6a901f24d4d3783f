/** The audit trail as it is read, and break-glass: who opened what, and who looked at it later. */
import type { AuditEvent } from '../terms/audit-event.ts';
import type { BreakGlass, GlassJudgement } from '../terms/break-glass.ts';
import type { ChannelId } from '../terms/channel.ts';
import type { FacilityId } from '../terms/facility.ts';
import type { Instant } from '../terms/instant.ts';
import type { PatientRef } from '../terms/patient-link.ts';

export interface AuditStore {
  /** The newest first; queries opened. Of a facility, or about any of these pseudonyms, or both. */
  page(query: AuditQuery): Promise<readonly AuditEvent[]>;
  /** An opening of this patient by this channel that still lasts. */
  openGlass(who: {
    readonly facility: FacilityId;
    readonly channel: ChannelId;
    readonly patient: PatientRef;
    readonly now: Instant;
  }): Promise<BreakGlass | undefined>;
  /** Openings of a channel since then. */
  glassesSince(channel: ChannelId, since: Instant): Promise<number>;
  /** Those that nobody looked at yet, or all; the oldest first. */
  glasses(which: { readonly reviewed: boolean; readonly limit: number }): Promise<readonly BreakGlass[]>;
  /** False when there is none, or it was judged before. */
  judgeGlass(
    id: string,
    judgement: { readonly as: GlassJudgement; readonly by: string; readonly at: Instant },
  ): Promise<boolean>;
}

export interface AuditQuery {
  /** Whose acts; null: anybody's. */
  readonly facility: FacilityId | null;
  /** About whom (pseudonyms); absent: about anybody. */
  readonly macs?: readonly string[];
  readonly from?: Instant;
  readonly before?: Instant;
  /** Goes on behind this one. */
  readonly after?: { readonly at: Instant; readonly id: string };
  /** This one alone. */
  readonly id?: string;
  readonly limit: number;
}
