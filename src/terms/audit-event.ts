/** An audit event: who saw or changed which person's data, under which basis. Pseudonyms only. */
import type { FacilityId } from './facility.ts';
import type { Instant } from './instant.ts';

export type AuditAction =
  | 'check'
  | 'reply'
  | 'read'
  | 'search'
  | 'create'
  | 'update'
  | 'break-glass'
  | 'link'
  | 'unlink'
  | 'opt-out'
  | 'denied'
  | 'token'
  | 'configure';

export interface AuditEvent {
  readonly id: string;
  readonly at: Instant;
  readonly facility: FacilityId | null;
  /** Channel or administrator; pseudonym of a practitioner. */
  readonly actor: string;
  readonly action: AuditAction;
  readonly patientMac: string;
  readonly encounterMac: string;
  /** v3-PurposeOfUse code. */
  readonly purpose: string;
  readonly outcome: 'success' | 'denied';
  /** Codes and ids only. */
  readonly detail: string;
  /** `Observation/id` of a read, `Observation` of a search; absent where no resource is concerned. */
  readonly resource?: string;
  /** The query of a search as it was asked. It may hold identifiers: the store seals it. */
  readonly query?: string;
}
