/** `GET /fhir/{Type}?…` and `POST /fhir/{Type}/_search` (R4 http.html#search): a query in a body stands in no log. */
import { Hono } from 'hono';
import { LIMITS } from '../../base/limits.ts';
import { done, type Outcome } from '../../base/outcome.ts';
import { lastN } from '../../gateway/fhir/last-n.ts';
import { searchResources, type SearchPage, type SearchRequest } from '../../gateway/fhir/search-resources.ts';
import type { Pairs } from '../../search/parse-query.ts';
import { SEARCHED_TYPES } from '../../search/parameters.ts';
import type { FhirCaller } from '../../terms/fhir-caller.ts';
import { webRefusal } from '../problems.ts';
import { readBytes } from '../read-body.ts';
import { searchsetText } from './bundle-text.ts';
import { enter, type FhirDoor, fhirBase } from './door.ts';
import { fhirResponse, outcomeResponse } from './fhir-response.ts';
import { preferences } from './negotiate.ts';
import { unknownType } from './read-routes.ts';

export function searchRoutes(door: FhirDoor): Hono {
  const { gateway } = door;
  const searched = (type: string, request: Request): Promise<Response> =>
    answer(door, request, type, (caller, said) => searchResources(gateway, caller, { type, ...said }));
  const lasted = (request: Request): Promise<Response> =>
    answer(door, request, 'Observation', (caller, said) => lastN(gateway, caller, said));
  return new Hono()
    .get('/fhir/Observation/$lastn', (context) => lasted(context.req.raw))
    .post('/fhir/Observation/$lastn', (context) => lasted(context.req.raw))
    .get('/fhir/:type', (context) => searched(context.req.param('type'), context.req.raw))
    .post('/fhir/:type/_search', (context) => searched(context.req.param('type'), context.req.raw));
}

async function answer(
  door: FhirDoor,
  request: Request,
  type: string,
  search: (caller: FhirCaller, said: Omit<SearchRequest, 'type'>) => Promise<Outcome<SearchPage>>,
): Promise<Response> {
  if (!SEARCHED_TYPES.includes(type)) return outcomeResponse(unknownType());
  const caller = await enter(door, request);
  if (!caller.ok) return outcomeResponse(caller.refusal);
  const base = fhirBase(door, request);
  const said = await queryOf(request, base);
  if (!said.ok) return outcomeResponse(said.refusal);
  const page = await search(caller.value, { ...said.value, lenient: preferences(request).lenient });
  if (!page.ok) return outcomeResponse(page.refusal);
  return fhirResponse(searchsetText(base, page.value));
}

/** The parameters of the address and, of a POST, of its form; both count (R4 http.html#search). */
export async function queryOf(
  request: Request,
  base: string,
): Promise<Outcome<{ readonly pairs: Pairs; readonly asked: string }>> {
  const inAddress = new URL(request.url).search.slice(1);
  if (request.method !== 'POST') return done(read(inAddress, base));
  const type = (request.headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded') {
    return { ok: false, refusal: webRefusal('incorrect', 'web/media-type', 'Content-Type') };
  }
  const body = await readBytes(request, LIMITS.fhirSearchBytesMax);
  if (!body.ok) return body;
  const form = new TextDecoder().decode(body.value);
  return done(read([inAddress, form].filter((part) => part !== '').join('&'), base));
}

/** A reference by our own address is the relative one; one by another address is none of ours. */
function read(asked: string, base: string): { readonly pairs: Pairs; readonly asked: string } {
  const local = (part: string): string =>
    part.startsWith(base) && BELOW_BASE.test(part.slice(base.length)) ? part.slice(base.length + 1) : part;
  const pairs = [...new URLSearchParams(asked)].map(
    ([name, value]) => [name, value.split(',').map(local).join(',')] as const,
  );
  return { pairs, asked };
}

const BELOW_BASE = /^\/[A-Z][A-Za-z]{1,40}\/[A-Za-z0-9.-]{1,64}(?:\/_history\/[1-9]\d{0,8})?$/;
