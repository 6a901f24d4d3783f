/** Break-glass: results opened without a treating relationship, with a reason, for an hour, to be reviewed later. */
import type { ChannelId } from './channel.ts';
import type { FacilityId } from './facility.ts';
import type { Instant } from './instant.ts';
import type { PatientRef } from './patient-link.ts';

export type GlassJudgement = 'justified' | 'unjustified';

/** What came of opening: it is open now, it was open already, or the channel has opened too many. */
export type GlassOpening = 'opened' | 'standing' | 'too-many';

export interface BreakGlass {
  readonly id: string;
  readonly at: Instant;
  /** Who opened it. */
  readonly facility: FacilityId;
  readonly channel: ChannelId;
  /** The opening facility's own Patient. */
  readonly patient: PatientRef;
  readonly encounterMac: string;
  /** As given; sealed at rest. */
  readonly reason: string;
  readonly until: Instant;
  readonly reviewedAt: Instant | null;
  readonly reviewedBy: string | null;
  readonly judgement: GlassJudgement | null;
}
