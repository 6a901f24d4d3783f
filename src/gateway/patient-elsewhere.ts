/**
 * A Patient read from the CDS client's own FHIR server, where it sent none along (CDS Hooks 2.0, "FHIR Resource Access"). Only
 * hosts that are allowed, no redirect, and the token goes nowhere else and is kept nowhere.
 */
import { LIMITS } from '../base/limits.ts';
import type { Gateway } from './gateway.ts';

/** `patient`: its id there. The resource as it came, unchecked; undefined: it could not be got. */
export async function patientElsewhere(
  gateway: Gateway,
  of: { readonly server: string; readonly token: string; readonly patient: string },
): Promise<unknown> {
  const answered = await gateway.outbound.send({
    method: 'GET',
    url: `${of.server.replace(/\/+$/, '')}/Patient/${of.patient}`,
    headers: { accept: 'application/fhir+json', authorization: `Bearer ${of.token}` },
    bytesMax: LIMITS.hookPatientBytesMax,
    timeoutMs: LIMITS.hookPatientMs,
  });
  if (!answered.ok || answered.value.status !== 200) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(answered.value.body)) as unknown;
  } catch {
    return undefined;
  }
}
