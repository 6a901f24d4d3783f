/**
 * A Patient read from the CDS client's own FHIR server, where it sent none along (CDS Hooks 2.0, "FHIR Resource Access"). Only
 * hosts that are allowed, no redirect, and the token goes nowhere else and is kept nowhere.
 */
import type { Gateway } from './gateway.ts';

const BYTES_MAX = 1_048_576;
/** A doctor waits for it. */
const TIMEOUT_MS = 3_000;

/** The resource as it came, unchecked; undefined: it could not be got. */
export async function patientElsewhere(
  gateway: Gateway,
  of: { readonly server: string; readonly token: string | undefined; readonly patient: string },
): Promise<unknown> {
  const id = of.patient.replace(/^Patient\//, '');
  const url = `${of.server.replace(/\/+$/, '')}/Patient/${encodeURIComponent(id)}`;
  if (!gateway.outbound.allows(url)) return undefined;
  const answered = await gateway.outbound.send({
    method: 'GET',
    url,
    headers: {
      accept: 'application/fhir+json',
      ...(of.token === undefined ? {} : { authorization: `Bearer ${of.token}` }),
    },
    bytesMax: BYTES_MAX,
    timeoutMs: TIMEOUT_MS,
  });
  if (!answered.ok || answered.value.status !== 200) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(answered.value.body)) as unknown;
  } catch {
    return undefined;
  }
}
