/** `POST /fhir` and `POST /fhir/`: transaction, batch and message Bundles (R4 http.html#transaction, messaging.html). */
import { type Context, Hono } from 'hono';
import { LIMITS } from '../../base/limits.ts';
import type { EntryAnswer } from '../../gateway/fhir/write/bundle-answer.ts';
import { type BundleTaken, takeBundle } from '../../gateway/fhir/write/take-bundle.ts';
import { statusOf } from '../http-problem.ts';
import { readBytes } from '../read-body.ts';
import { bundleText } from './bundle-text.ts';
import { enter, type FhirDoor, fhirBase } from './door.ts';
import { fhirResponse, issueOfProblem, issueOfRefusal, outcomeResponse, outcomeText } from './fhir-response.ts';
import { preferences, sendsJson } from './negotiate.ts';
import { refusedResponse } from './write-routes.ts';
import type { DetailedRefusal } from '../../gateway/fhir/write/take.ts';

/** `reads` answers the GETs of a bundle: the read and search routes of this very door. */
export function bundleRoute(door: FhirDoor, reads: Hono): Hono {
  const take = async ({ req }: Context): Promise<Response> => {
    const request = req.raw;
    const caller = await enter(door, request);
    if (!caller.ok) return outcomeResponse(caller.refusal);
    const json = sendsJson(request);
    if (!json.ok) return outcomeResponse(json.refusal);
    const body = await readBytes(request, LIMITS.fhirBodyBytesMax);
    if (!body.ok) return outcomeResponse(body.refusal);
    const base = fhirBase(door, request);
    const taken = await takeBundle(door.gateway, caller.value, {
      bytes: body.value,
      base,
      minimal: preferences(request).returns === 'minimal',
      get: (url) => readEntry(reads, request, url),
    });
    if (!taken.ok) return refusedResponse(taken.refusal);
    return fhirResponse(answerText(taken.value));
  };
  return new Hono().post('/fhir', take).post('/fhir/', take);
}

function answerText({ type, entries, text, problems }: BundleTaken): string {
  if (text !== undefined) return text;
  const told =
    problems.length === 0
      ? []
      : [`{"response":{"status":"200 OK","outcome":${outcomeText(problems.map(issueOfProblem))}}}`];
  return bundleText(type, { entries: [...entries.map(entryText), ...told] });
}

function entryText({ refusal, fullUrl, resource, response }: EntryAnswer): string {
  if (refusal !== undefined) {
    const { problems = [] } = refusal as DetailedRefusal;
    const outcome = outcomeText([issueOfRefusal(refusal), ...problems.map(issueOfProblem)]);
    return `{"response":{"status":"${statusOf(refusal)}","outcome":${outcome}}}`;
  }
  const address = fullUrl === undefined ? '' : `"fullUrl":${JSON.stringify(fullUrl)},`;
  const whole = resource === undefined ? '' : `"resource":${resource},`;
  return `{${address}${whole}"response":${JSON.stringify(response ?? {})}}`;
}

/** With the bundle's own token and circumstances. */
async function readEntry(reads: Hono, request: Request, url: string): Promise<EntryAnswer> {
  const address = new URL(`/fhir/${url.replace(/^\/+/, '')}`, request.url);
  const headers = new Headers(request.headers);
  headers.delete('content-length');
  headers.delete('content-type');
  const answer = await reads.fetch(new Request(address, { headers }));
  const text = await answer.text();
  const etag = answer.headers.get('etag');
  const response = { status: String(answer.status), ...(etag === null ? {} : { etag }) };
  return text === '' ? { response } : { resource: text, response };
}
