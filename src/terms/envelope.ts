/** An envelope: one message's bytes as received, kept before anything is answered (DESIGN 4, SETTLED 17). */
import type { Problem } from '../base/problem.ts';
import type { ChannelId } from './channel.ts';
import type { FacilityId } from './facility.ts';
import type { Instant } from './instant.ts';

export type EnvelopeOutcome =
  | 'stored'
  /** Kept; something in it is quarantined or not mappable. */
  | 'quarantined'
  | 'rejected'
  /** Accepted (CA), not mapped yet. */
  | 'pending';

export interface Envelope {
  readonly id: string;
  readonly facility: FacilityId;
  readonly channel: ChannelId;
  readonly receivedAt: Instant;
  readonly format: 'hl7v2' | 'fhir' | 'ecg';
  readonly bytes: Uint8Array;
  /** SHA-256 of the bytes, base64url. */
  readonly digest: string;
  /** HMAC of MSH-10's bytes; '' without one. */
  readonly controlMac: string;
  readonly test: boolean;
}

export interface EnvelopeAnswer {
  readonly outcome: EnvelopeOutcome;
  readonly problems: readonly Problem[];
  /**
   * The acknowledgement's bytes, answered again to a resend. In FHIR they are sealed at rest, so that such an envelope is
   * finished in the transaction that inserts it.
   */
  readonly ack: Uint8Array;
  /** Counts for the accounting: results in, stored, problems. */
  readonly resultsIn: number;
  readonly resultsStored: number;
}
