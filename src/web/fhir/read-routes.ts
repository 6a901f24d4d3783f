/** `GET /fhir/{Type}/{id}`, its versions and its history (R4 http.html#read, #vread, #history). */
import { Hono } from 'hono';
import type { Outcome } from '../../base/outcome.ts';
import { presentText } from '../../gateway/fhir/present.ts';
import { readHistory, readResource, readVersion } from '../../gateway/fhir/read-resource.ts';
import { isServedType } from '../../gateway/fhir/served-types.ts';
import type { FhirCaller } from '../../terms/fhir-caller.ts';
import type { StoredResource } from '../../terms/stored-resource.ts';
import { webRefusal } from '../problems.ts';
import { historyText } from './bundle-text.ts';
import { enter, type FhirDoor, fhirBase } from './door.ts';
import { fhirResponse, outcomeResponse } from './fhir-response.ts';

export function readRoutes(door: FhirDoor): Hono {
  const { gateway } = door;
  return new Hono()
    .get('/fhir/:type/:id/_history/:version', (context) => {
      const { type, id, version } = context.req.param();
      return answer(door, context.req.raw, type, (caller) => readVersion(gateway, caller, { type, id, version }));
    })
    .get('/fhir/:type/:id/_history', async (context) => {
      const { type, id } = context.req.param();
      const request = context.req.raw;
      if (!isServedType(type)) return outcomeResponse(unknownType());
      const caller = await enter(door, request);
      if (!caller.ok) return outcomeResponse(caller.refusal);
      const versions = await readHistory(gateway, caller.value, { type, id });
      if (!versions.ok) return outcomeResponse(versions.refusal);
      return fhirResponse(historyText(fhirBase(door, request), versions.value));
    })
    .get('/fhir/:type/:id', (context) => {
      const { type, id } = context.req.param();
      return answer(door, context.req.raw, type, (caller) => readResource(gateway, caller, { type, id }));
    });
}

export function unknownType() {
  return webRefusal('not-found', 'web/type-not-served', 'address');
}

async function answer(
  door: FhirDoor,
  request: Request,
  type: string,
  read: (caller: FhirCaller) => Promise<Outcome<StoredResource>>,
): Promise<Response> {
  if (!isServedType(type)) return outcomeResponse(unknownType());
  const caller = await enter(door, request);
  if (!caller.ok) return outcomeResponse(caller.refusal);
  const found = await read(caller.value);
  if (!found.ok) return outcomeResponse(found.refusal);
  const headers = versionHeaders(found.value);
  // The caller has this version already (R4 http.html#cread).
  if (request.headers.get('if-none-match') === headers.etag) return new Response(null, { status: 304, headers });
  return fhirResponse(presentText(found.value), 200, headers);
}

/** R4 http.html#versioning. */
export function versionHeaders({ version, lastUpdated }: Pick<StoredResource, 'version' | 'lastUpdated'>) {
  return { etag: `W/"${version}"`, 'last-modified': new Date(lastUpdated).toUTCString() };
}
