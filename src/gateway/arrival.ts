/** What goes down the path, and what is told of it at the end. */
import type { Problem } from '../base/problem.ts';
import type { Channel } from '../terms/channel.ts';
import type { Facility } from '../terms/facility.ts';
import type { Instant } from '../terms/instant.ts';
import type { Hl7Message } from '../terms/parsed/hl7v2.ts';

/** One parsed message and the door it came through. */
export interface Arrival {
  readonly envelope: string;
  readonly message: Hl7Message;
  readonly channel: Channel;
  readonly facility: Facility;
  readonly receivedAt: Instant;
}

export interface Journey {
  readonly problems: readonly Problem[];
  readonly unread: readonly string[];
  /** OBX that came in, and OBX that stand in the store; the rest are named by a problem each. */
  readonly resultsIn: number;
  readonly resultsStored: number;
  readonly quarantined: boolean;
}
