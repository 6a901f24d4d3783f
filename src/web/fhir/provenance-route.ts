/** `GET /fhir/Provenance?target=…` and `POST /fhir/Provenance/_search`; reads go the way of all types. */
import { Hono } from 'hono';
import { searchProvenance } from '../../gateway/fhir/search-provenance.ts';
import { bundleText, entryText } from './bundle-text.ts';
import { enter, type FhirDoor, fhirBase } from './door.ts';
import { fhirResponse, outcomeResponse } from './fhir-response.ts';
import { queryOf } from './search-routes.ts';

export function provenanceRoute(door: FhirDoor): Hono {
  return new Hono()
    .get('/fhir/Provenance', (context) => search(door, context.req.raw))
    .post('/fhir/Provenance/_search', (context) => search(door, context.req.raw));
}

async function search(door: FhirDoor, request: Request): Promise<Response> {
  const caller = await enter(door, request);
  if (!caller.ok) return outcomeResponse(caller.refusal);
  const base = fhirBase(door, request);
  const query = await queryOf(request, base);
  if (!query.ok) return outcomeResponse(query.refusal);
  const { pairs, asked: text } = query.value;
  const found = await searchProvenance(door.gateway, caller.value, { pairs, text });
  if (!found.ok) return outcomeResponse(found.refusal);
  const entries = found.value.map((one) => entryText(base, one, 'match'));
  return fhirResponse(bundleText('searchset', { entries, total: entries.length }));
}
