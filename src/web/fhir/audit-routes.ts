/** `GET /fhir/AuditEvent`, `POST /fhir/AuditEvent/_search`, `GET /fhir/AuditEvent/{id}`: what was done, and who looked at whom. */
import { Hono } from 'hono';
import { auditEvent, auditEvents } from '../../gateway/fhir/audit-events.ts';
import { bundleText } from './bundle-text.ts';
import { toAuditEvent } from './audit-event.ts';
import { enter, type FhirDoor, fhirBase } from './door.ts';
import { fhirResponse, outcomeResponse } from './fhir-response.ts';
import { queryOf } from './search-routes.ts';

export function auditRoutes(door: FhirDoor): Hono {
  return new Hono()
    .get('/fhir/AuditEvent', (context) => search(door, context.req.raw))
    .post('/fhir/AuditEvent/_search', (context) => search(door, context.req.raw))
    .get('/fhir/AuditEvent/:id', async (context) => {
      const caller = await enter(door, context.req.raw);
      if (!caller.ok) return outcomeResponse(caller.refusal);
      const found = await auditEvent(door.gateway, caller.value, context.req.param('id'));
      if (!found.ok) return outcomeResponse(found.refusal);
      const { facilities } = await door.gateway.reference.current();
      const around = { facilities, patient: undefined, base: fhirBase(door, context.req.raw) };
      return fhirResponse(JSON.stringify(toAuditEvent(found.value, around)));
    });
}

async function search(door: FhirDoor, request: Request): Promise<Response> {
  const caller = await enter(door, request);
  if (!caller.ok) return outcomeResponse(caller.refusal);
  const base = fhirBase(door, request);
  const query = await queryOf(request, base);
  if (!query.ok) return outcomeResponse(query.refusal);
  const page = await auditEvents(door.gateway, caller.value, { pairs: query.value.pairs, text: query.value.asked });
  if (!page.ok) return outcomeResponse(page.refusal);
  const { facilities } = await door.gateway.reference.current();
  const { events, next, patient } = page.value;
  const entries = events.map(
    (event) =>
      `{"fullUrl":"${base}/AuditEvent/${event.id}","resource":${JSON.stringify(toAuditEvent(event, { facilities, patient, base }))},"search":{"mode":"match"}}`,
  );
  const links = next === undefined ? [] : [{ relation: 'next', url: `${base}/AuditEvent?_cursor=${next}` }];
  return fhirResponse(bundleText('searchset', { entries, ...(links.length === 0 ? {} : { links }) }));
}
