/** Audit of what a FHIR client wrote, in the transaction that wrote it: one event a resource. */
import { joinKey } from '../../../base/digest.ts';
import type { StoreTx } from '../../../ports/store-tx.ts';
import type { AuditEvent } from '../../../terms/audit-event.ts';
import type { FhirCaller } from '../../../terms/fhir-caller.ts';
import { patientMac } from '../../pseudonyms.ts';
import type { Gateway } from '../../gateway.ts';
import { namedPatient } from '../rights.ts';
import type { Written } from './draft.ts';

export async function auditWrites(
  gateway: Gateway,
  tx: StoreTx,
  caller: FhirCaller,
  written: readonly (Pick<Written, 'type' | 'id' | 'outcome'> & { readonly patient: string })[],
): Promise<void> {
  const { facility, channel, circumstances } = caller;
  const { encounter, purpose } = circumstances;
  const at = gateway.clock.now();
  const encounterMac =
    encounter === undefined ? '' : gateway.pseudonym.text(joinKey('encounter', facility.id, encounter));
  const macs = new Map<string, string>();
  const macOf = (patient: string): string => {
    const known = macs.get(patient);
    if (known !== undefined) return known;
    const [named] = namedPatient(patient);
    const mac = named === undefined ? '' : patientMac(gateway, { ...named, facility: facility.id });
    macs.set(patient, mac);
    return mac;
  };
  await tx.insertAudit(
    written.map(
      ({ type, id, outcome, patient }): AuditEvent => ({
        id: gateway.random.uuid(),
        at,
        facility: facility.id,
        actor: channel.id,
        action: outcome === 'created' ? 'create' : outcome === 'existing' ? 'read' : 'update',
        patientMac: macOf(patient),
        encounterMac,
        purpose,
        outcome: 'success',
        detail: outcome,
        resource: `${type}/${id}`,
      }),
    ),
  );
}
