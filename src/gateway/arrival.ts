/** What goes down the path, and what is told of it at the end. */
import type { Problem } from '../base/problem.ts';
import type { Channel } from '../terms/channel.ts';
import type { Facility } from '../terms/facility.ts';
import type { Instant } from '../terms/instant.ts';
import type { Hl7Message } from '../terms/parsed/hl7v2.ts';

/** Which door something came through, and when: whatever it is. */
export interface Sighting {
  readonly envelope: string;
  readonly channel: Channel;
  readonly facility: Facility;
  readonly receivedAt: Instant;
}

/** One parsed message and the door it came through. */
export interface Arrival extends Sighting {
  readonly message: Hl7Message;
}

export interface Journey {
  readonly problems: readonly Problem[];
  readonly unread: readonly string[];
  /** Results that came in, and those that stand in the store; the rest are named by a problem each. */
  readonly resultsIn: number;
  readonly resultsStored: number;
  readonly quarantined: boolean;
}
