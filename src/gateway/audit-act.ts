/** An audit event of what is done beside the path: configuration, tokens, trials, strangers at a door. Durable when it resolves. */
import type { AuditEvent } from '../terms/audit-event.ts';
import type { FacilityId } from '../terms/facility.ts';
import type { Gateway } from './gateway.ts';

export async function auditAct(
  gateway: Gateway,
  act: {
    readonly action: AuditEvent['action'];
    /** Channel or administrator; absent: nobody that is known. */
    readonly actor?: string;
    readonly facility?: FacilityId;
    /** Pseudonym of whom it is about. */
    readonly patientMac?: string;
    readonly outcome?: AuditEvent['outcome'];
    /** Codes, ids and names of ours only. */
    readonly detail: string;
  },
): Promise<void> {
  const event: AuditEvent = {
    id: gateway.random.uuid(),
    at: gateway.clock.now(),
    facility: act.facility ?? null,
    actor: act.actor ?? '',
    action: act.action,
    patientMac: act.patientMac ?? '',
    encounterMac: '',
    purpose: '',
    outcome: act.outcome ?? 'success',
    detail: act.detail,
  };
  await gateway.store.recordAnswer({ audit: [event], offers: [], entries: [] });
}
