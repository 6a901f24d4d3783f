/** The file as it came, by its DocumentReference: read by who may read that, audited. */
import type { DocumentReference } from 'fhir/r4';
import { base64url } from '../../base/bytes.ts';
import { readResource as readText } from '../../base/json.ts';
import { done, type Outcome, refuse } from '../../base/outcome.ts';
import { SHA256 } from '../../mapping/ecg/document.ts';
import type { FhirCaller } from '../../terms/fhir-caller.ts';
import { readResource } from '../fhir/read-resource.ts';
import { fhirRefusal } from '../fhir/refusals.ts';
import type { Gateway } from '../gateway.ts';
import { fileMac } from './receive-ecg.ts';

export interface Original {
  readonly bytes: Uint8Array;
  readonly contentType: string;
}

/** Refused as reading the DocumentReference is; `gateway/not-there` when its file is not kept. */
export async function readOriginal(gateway: Gateway, caller: FhirCaller, id: string): Promise<Outcome<Original>> {
  const found = await readResource(gateway, caller, { type: 'DocumentReference', id });
  if (!found.ok) return found;
  const { facility, text } = found.value;
  const document = readText(text).value as DocumentReference;
  const { system, value = '' } = document.masterIdentifier ?? {};
  const contentType = document.content[0]?.attachment.contentType ?? 'application/octet-stream';
  const digest = system === SHA256 ? base64url(bytesOfHex(value)) : '';
  for (const test of [false, true]) {
    const controlMac = fileMac(gateway, { facility, test }, digest);
    const bytes = await gateway.store.read.file({ facility, controlMac, digest });
    if (bytes !== undefined) return done({ bytes, contentType });
  }
  return refuse(fhirRefusal('gateway/not-there', 'address'));
}

function bytesOfHex(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length >> 1 }, (_, k) => Number.parseInt(hex.slice(k * 2, k * 2 + 2), 16));
}
