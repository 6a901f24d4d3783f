/** `POST /fhir/{Type}`, `PUT /fhir/{Type}/{id}`, `PUT /fhir/{Type}?…`, `POST /fhir/{Type}/$validate` (R4 http.html). */
import { Hono } from 'hono';
import { LIMITS } from '../../base/limits.ts';
import type { Problem } from '../../base/problem.ts';
import { checkResource } from '../../formats/fhir/check.ts';
import { readFhir } from '../../formats/fhir/read.ts';
import { kindOfType } from '../../gateway/fhir/write/kinds.ts';
import type { DetailedRefusal } from '../../gateway/fhir/write/take.ts';
import { type ResourceWritten, writeResource, type WriteRequest } from '../../gateway/fhir/write/write-resource.ts';
import { readBytes } from '../read-body.ts';
import { enter, type FhirDoor, fhirBase } from './door.ts';
import { fhirResponse, issueOfProblem, outcomeResponse, outcomeText } from './fhir-response.ts';
import { preferences, sendsJson } from './negotiate.ts';
import { unknownType, versionHeaders } from './read-routes.ts';

type Asked = Omit<WriteRequest, 'bytes' | 'base' | 'type'>;

export function writeRoutes(door: FhirDoor): Hono {
  return new Hono()
    .post('/fhir/:type/$validate', (context) => validate(door, context.req.raw, context.req.param('type')))
    .post('/fhir/:type', (context) => {
      const ifNoneExist = context.req.header('if-none-exist');
      return write(door, context.req.raw, context.req.param('type'), ifNoneExist === undefined ? {} : { ifNoneExist });
    })
    .put('/fhir/:type/:id', (context) => {
      const ifMatch = context.req.header('if-match');
      const { type, id } = context.req.param();
      return write(door, context.req.raw, type, { id, ...(ifMatch === undefined ? {} : { ifMatch }) });
    })
    .put('/fhir/:type', (context) => {
      const ifMatch = context.req.header('if-match');
      const condition = new URL(context.req.url).search.slice(1);
      return write(door, context.req.raw, context.req.param('type'), {
        condition,
        ...(ifMatch === undefined ? {} : { ifMatch }),
      });
    });
}

async function write(door: FhirDoor, request: Request, type: string, asked: Asked): Promise<Response> {
  if (kindOfType(type) === undefined) return outcomeResponse(unknownType());
  const caller = await enter(door, request);
  if (!caller.ok) return outcomeResponse(caller.refusal);
  const json = sendsJson(request);
  if (!json.ok) return outcomeResponse(json.refusal);
  const body = await readBytes(request, LIMITS.fhirBodyBytesMax);
  if (!body.ok) return outcomeResponse(body.refusal);
  const base = fhirBase(door, request);
  const result = await writeResource(door.gateway, caller.value, { type, bytes: body.value, base, ...asked });
  if (!result.ok) return refusedResponse(result.refusal);
  return written(base, result.value, preferences(request).returns);
}

export function refusedResponse(refusal: DetailedRefusal): Response {
  return outcomeResponse(refusal, refusal.problems);
}

function written(
  base: string,
  { written: one, problems }: ResourceWritten,
  returns: ReturnType<typeof preferences>['returns'],
): Response {
  const address = `${base}/${one.type}/${one.id}/_history/${one.version}`;
  const headers = { ...versionHeaders(one), location: address, 'content-location': address };
  const status = one.outcome === 'created' ? 201 : 200;
  if (returns === 'OperationOutcome') return fhirResponse(outcomeText(issuesOr(problems)), status, headers);
  if (returns === 'minimal' || one.text === undefined)
    return new Response(null, { status, headers: { ...headers, 'cache-control': 'no-store' } });
  return fhirResponse(one.text, status, headers);
}

/** What would be found wrong, and nothing is kept; the answer is 200 whatever it says (R4 resource-operation-validate.html). */
async function validate(door: FhirDoor, request: Request, type: string): Promise<Response> {
  const caller = await enter(door, request);
  if (!caller.ok) return outcomeResponse(caller.refusal);
  const body = await readBytes(request, LIMITS.fhirBodyBytesMax);
  if (!body.ok) return outcomeResponse(body.refusal);
  const read = readFhir(body.value);
  if (read.value === undefined) return fhirResponse(outcomeText(read.problems.map(issueOfProblem)));
  const resource = inParameters(read.value) ?? read.value;
  const other =
    (resource as { resourceType?: unknown }).resourceType === type
      ? []
      : [{ code: 'fhir/unknown-type', severity: 'error', at: `${type}.resourceType` } as const];
  return fhirResponse(outcomeText(issuesOr([...other, ...checkResource(resource)])));
}

/** The operation's own form: Parameters with the resource in `resource`. */
function inParameters(body: unknown): unknown {
  const { resourceType, parameter } = body as { resourceType?: unknown; parameter?: unknown };
  if (resourceType !== 'Parameters' || !Array.isArray(parameter)) return undefined;
  return (parameter as { name?: unknown; resource?: unknown }[]).find(({ name }) => name === 'resource')?.resource;
}

function issuesOr(problems: readonly Problem[]): Parameters<typeof outcomeText>[0] {
  if (problems.length > 0) return problems.map(issueOfProblem);
  const text = 'Nothing wrong was found.';
  return [
    {
      severity: 'information',
      code: 'informational',
      details: { coding: [{ system: 'urn:concord:problem', code: 'none' }], text },
    },
  ];
}
