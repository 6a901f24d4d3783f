/** A channel: the door that proves which facility a sender is. MSH-4 is checked, never believed. */
import type { FacilityId } from './facility.ts';

export type ChannelId = string & { readonly __brand: 'ChannelId' };

export interface Channel {
  readonly id: ChannelId;
  readonly facility: FacilityId;
  readonly kind: 'client' | 'mllp' | 'folder';
  /** Nothing from a test channel ever reaches a card. */
  readonly test: boolean;
  /** MLLP: the listener's port, and the source address that may speak there (absent: loopback only). */
  readonly port?: number;
  readonly from?: string;
  /** SMART v2 and `concord/…` scopes that its tokens may carry; absent: the default of its kind. */
  readonly scopes?: readonly string[];
  /** `iss` of the JWTs that its CDS Hooks client signs (CDS Hooks 2.0, "Trusting CDS Clients"). */
  readonly issuer?: string;
  /** What its order messages are: asked about, or told only so that they are known. Absent: asked about. */
  readonly orders?: 'ask' | 'feed';
}
