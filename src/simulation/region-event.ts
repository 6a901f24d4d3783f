/** What happens in a simulated region, in time order: a message is sent, a doctor orders. */
import type { FacilityId } from '../terms/facility.ts';
import type { Instant } from '../terms/instant.ts';
import type { Flaw } from './lab-message.ts';

/** Why a message is sent. */
export type MessagePurpose =
  | 'result'
  | 'preliminary'
  | 'final'
  | 'correction'
  | 'retraction'
  | 'late'
  | 'resend'
  | 'reused-control-id'
  | 'test';

export interface MessageEvent {
  readonly kind: 'message';
  readonly at: Instant;
  readonly facility: FacilityId;
  /** Path inside the region's folder; a resend names the file of the first sending. */
  readonly file: string;
  readonly via: 'mllp' | 'client' | 'mllp-test';
  /** Exactly as sent. */
  readonly bytes: Uint8Array;
  readonly purpose: MessagePurpose;
  /** OBR and OBX segments in it. */
  readonly reports: number;
  readonly results: number;
  readonly flaws: readonly Flaw[];
  /** Person.index; undefined for somebody unknown. */
  readonly person: number | undefined;
}

export type Intent = 'accept' | 'refuse' | 'ignore' | 'revoke-after-accept';

export interface OrderEvent {
  readonly kind: 'order';
  readonly at: Instant;
  readonly facility: FacilityId;
  readonly encounter: string;
  readonly patient: OrderedPatient;
  readonly orders: readonly PlacedOrder[];
  readonly practitioner: string;
  /** What this doctor does when a card comes; without a card the test is done if `performs` says so. */
  readonly intent: Intent;
  /** With `refuse`: a coded reason. */
  readonly reason?: string;
  /** The test is done anyway: its messages follow. */
  readonly performs: boolean;
  /** The same panels were done before, here or elsewhere. */
  readonly repeats: boolean;
  readonly person: number;
}

export interface OrderedPatient {
  readonly identifiers: readonly { readonly system: string; readonly type: string; readonly value: string }[];
  readonly name: string;
  readonly birthDate?: string;
  readonly sex?: 'male' | 'female';
}

export interface PlacedOrder {
  readonly key: string;
  readonly system: string;
  readonly code: string;
  readonly display: string;
}

export type RegionEvent = MessageEvent | OrderEvent;
