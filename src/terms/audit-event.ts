/** An audit event: who saw or changed which person's data, under which basis. Pseudonyms only. */
import type { FacilityId } from './facility.ts';
import type { Instant } from './instant.ts';

export interface AuditEvent {
  readonly id: string;
  readonly at: Instant;
  readonly facility: FacilityId | null;
  /** Channel or administrator; pseudonym of a practitioner. */
  readonly actor: string;
  readonly action: 'check' | 'reply' | 'read' | 'link' | 'unlink' | 'opt-out' | 'denied' | 'token' | 'configure';
  readonly patientMac: string;
  readonly encounterMac: string;
  readonly purpose: string;
  readonly outcome: 'success' | 'denied';
  /** Codes and ids only. */
  readonly detail: string;
}
