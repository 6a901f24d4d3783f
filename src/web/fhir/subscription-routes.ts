/** `/fhir/Subscription`: made, read, listed, turned off (R4 subscription.html; Subscriptions R5 Backport for payloads). */
import { Hono } from 'hono';
import { permits } from '../../access/scopes.ts';
import { printResource } from '../../base/json.ts';
import { LIMITS } from '../../base/limits.ts';
import { fhirRefusal } from '../../gateway/fhir/refusals.ts';
import {
  type MadeSubscription,
  makeSubscription,
  ownSubscription,
  setSubscriptionStatus,
} from '../../gateway/subscriptions/manage.ts';
import { readBytes } from '../read-body.ts';
import { bundleText } from './bundle-text.ts';
import { enter, type FhirDoor, fhirBase } from './door.ts';
import { fhirResponse, outcomeResponse } from './fhir-response.ts';
import { sendsJson } from './negotiate.ts';
import { refusedResponse } from './write-routes.ts';

export function subscriptionRoutes(door: FhirDoor): Hono {
  const { gateway } = door;
  return new Hono()
    .post('/fhir/Subscription', (context) => make(door, context.req.raw))
    .put('/fhir/Subscription/:id', async (context) => {
      const request = context.req.raw;
      const caller = await enter(door, request);
      if (!caller.ok) return outcomeResponse(caller.refusal);
      const body = await readBytes(request, LIMITS.requestBytesMax);
      if (!body.ok) return outcomeResponse(body.refusal);
      const changed = await setSubscriptionStatus(gateway, caller.value, {
        id: context.req.param('id'),
        bytes: body.value,
      });
      return changed.ok ? fhirResponse(printResource(changed.value.resource)) : refusedResponse(changed.refusal);
    })
    .get('/fhir/Subscription/:id', async (context) => {
      const caller = await enter(door, context.req.raw);
      if (!caller.ok) return outcomeResponse(caller.refusal);
      const { allowed } = permits(caller.value.scopes, 'Subscription', 'r');
      if (!allowed) return outcomeResponse(fhirRefusal('gateway/scope', 'Authorization'));
      const known = await ownSubscription(gateway, caller.value, context.req.param('id'));
      return known === undefined
        ? outcomeResponse(fhirRefusal('gateway/not-there', 'address'))
        : fhirResponse(printResource(known.resource));
    })
    .get('/fhir/Subscription', (context) => list(door, context.req.raw));
}

async function make(door: FhirDoor, request: Request): Promise<Response> {
  const caller = await enter(door, request);
  if (!caller.ok) return outcomeResponse(caller.refusal);
  const json = sendsJson(request);
  if (!json.ok) return outcomeResponse(json.refusal);
  const body = await readBytes(request, LIMITS.requestBytesMax);
  if (!body.ok) return outcomeResponse(body.refusal);
  const made = await makeSubscription(door.gateway, caller.value, body.value);
  if (!made.ok) return refusedResponse(made.refusal);
  const location = `${fhirBase(door, request)}/Subscription/${made.value.subscription.id}`;
  return fhirResponse(printResource(made.value.resource), 201, { location });
}

/** The caller's own, all of them or those of one status. */
async function list(door: FhirDoor, request: Request): Promise<Response> {
  const caller = await enter(door, request);
  if (!caller.ok) return outcomeResponse(caller.refusal);
  if (!permits(caller.value.scopes, 'Subscription', 's').allowed)
    return outcomeResponse(fhirRefusal('gateway/scope', 'Authorization'));
  const status = new URL(request.url).searchParams.get('status');
  const { subscriptions } = await door.gateway.reference.current();
  const found: MadeSubscription[] = [];
  for (const { id, facility, status: stands } of subscriptions.values()) {
    if (facility !== caller.value.facility.id || (status !== null && status !== stands)) continue;
    const known = await ownSubscription(door.gateway, caller.value, id);
    if (known !== undefined) found.push(known);
  }
  const base = fhirBase(door, request);
  const entries = found.map(
    ({ subscription, resource }) =>
      `{"fullUrl":"${base}/Subscription/${subscription.id}","resource":${printResource(resource)},"search":{"mode":"match"}}`,
  );
  return fhirResponse(bundleText('searchset', { entries, total: entries.length }));
}
