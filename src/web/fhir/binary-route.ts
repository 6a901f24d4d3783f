/** `GET /fhir/Binary/{id}`: a file as it came, in its own type (R4 binary.html); as a Binary when FHIR is asked for by name. */
import { Hono } from 'hono';
import { printResource } from '../../base/json.ts';
import { readOriginal } from '../../gateway/ecg/read-original.ts';
import { circumstancesOf } from './circumstances.ts';
import type { FhirDoor } from './door.ts';
import { fhirResponse, outcomeResponse } from './fhir-response.ts';

export function binaryRoute(door: FhirDoor): Hono {
  return new Hono().get('/fhir/Binary/:id', async (context) => {
    const request = context.req.raw;
    const caller = await door.authenticator.fhir(request);
    if (!caller.ok) return outcomeResponse(caller.refusal);
    const circumstances = circumstancesOf(request);
    if (!circumstances.ok) return outcomeResponse(circumstances.refusal);
    const id = context.req.param('id');
    const read = await readOriginal(door.gateway, { ...caller.value, circumstances: circumstances.value }, id);
    if (!read.ok) return outcomeResponse(read.refusal);
    const { bytes, contentType } = read.value;
    const wantsFhir = /fhir\+json/.test(request.headers.get('accept') ?? '');
    if (wantsFhir) return fhirResponse(printResource({ resourceType: 'Binary', id, contentType, data: base64(bytes) }));
    return new Response(new Uint8Array(bytes), {
      headers: {
        'content-type': contentType,
        // What a device wrote is saved, and never run in a browser.
        'content-disposition': 'attachment',
        'content-security-policy': "default-src 'none'; sandbox",
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
      },
    });
  });
}

const CHUNK = 32_766;

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += CHUNK) text += btoa(String.fromCharCode(...bytes.subarray(at, at + CHUNK)));
  return text;
}
