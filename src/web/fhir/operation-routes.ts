/** Operations: `Patient/[id]/$everything`, `Patient/$match`, `ConceptMap/$translate` (R4 operations.html). */
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { LIMITS } from '../../base/limits.ts';
import { done, type Outcome, refuse } from '../../base/outcome.ts';
import { everythingOf } from '../../gateway/fhir/everything.ts';
import { matchPatient } from '../../gateway/fhir/match-patient.ts';
import { presentText } from '../../gateway/fhir/present.ts';
import { RESULT_MAP, translateCode, type Translation } from '../../gateway/fhir/translate-code.ts';
import { readDate } from '../../search/values.ts';
import type { Patient } from '../../terms/fhir.ts';
import { webRefusal } from '../problems.ts';
import { readJson } from '../read-body.ts';
import { bundleText, entryText } from './bundle-text.ts';
import { enter, type FhirDoor, fhirBase } from './door.ts';
import { recognise } from './recognise.ts';
import { fhirResponse, outcomeResponse } from './fhir-response.ts';

export function operationRoutes(door: FhirDoor): Hono {
  return new Hono()
    .get('/fhir/Patient/:id/$everything', (context) => everything(door, context))
    .post('/fhir/Patient/$match', (context) => match(door, context.req.raw))
    .post('/fhir/ServiceRequest/$recognise', (context) => recognise(door, context.req.raw))
    .get('/fhir/ConceptMap/$translate', (context) => translate(door, context.req.raw))
    .post('/fhir/ConceptMap/$translate', (context) => translate(door, context.req.raw));
}

async function everything(door: FhirDoor, context: Context): Promise<Response> {
  const request = context.req.raw;
  const caller = await enter(door, request);
  if (!caller.ok) return outcomeResponse(caller.refusal);
  const { searchParams } = new URL(request.url);
  const asked = searchParams.get('_since');
  const since = asked === null ? null : readDate(asked, door.gateway.regionZone);
  if (since === undefined || (since !== null && /^[a-z]/.test(asked ?? '')))
    return outcomeResponse(webRefusal('incorrect', 'web/wrong-shape', '_since'));
  const found = await everythingOf(door.gateway, caller.value, {
    patient: context.req.param('id') ?? '',
    types: (searchParams.get('_type') ?? '').split(',').filter((type) => type !== ''),
    ...(since === null ? {} : { since: since.start }),
  });
  if (!found.ok) return outcomeResponse(found.refusal);
  const base = fhirBase(door, request);
  const entries = found.value.map((one) => entryText(base, one, 'match'));
  return fhirResponse(bundleText('searchset', { entries, total: entries.length }));
}

const parameter = z.object({ name: z.string(), resource: z.record(z.string(), z.unknown()).optional() }).loose();
const parameters = z.object({ resourceType: z.literal('Parameters'), parameter: z.array(parameter).max(50) }).loose();
type Parameter = z.infer<typeof parameter>;

const MATCHES_DEFAULT = 20;

async function match(door: FhirDoor, request: Request): Promise<Response> {
  const caller = await enter(door, request);
  if (!caller.ok) return outcomeResponse(caller.refusal);
  const body = await readJson(request, parameters);
  if (!body.ok) return outcomeResponse(body.refusal);
  const named = new Map(body.value.parameter.map((one) => [one.name, one]));
  const patient = named.get('resource')?.resource;
  const count = named.get('count')?.['valueInteger'] ?? MATCHES_DEFAULT;
  if (patient?.['resourceType'] !== 'Patient' || typeof count !== 'number' || count < 1) {
    return outcomeResponse(webRefusal('incorrect', 'web/wrong-shape', 'Parameters.parameter'));
  }
  const onlyCertain = named.get('onlyCertainMatches')?.['valueBoolean'] !== false;
  const matches = await matchPatient(door.gateway, caller.value, {
    patient: patient as unknown as Patient,
    onlyCertain,
    count: Math.min(count, LIMITS.fhirPageMax),
  });
  if (!matches.ok) return outcomeResponse(matches.refusal);
  const base = fhirBase(door, request);
  const entries = matches.value.map(({ stored, grade }) => {
    const search = {
      extension: [{ url: MATCH_GRADE, valueCode: grade }],
      mode: 'match',
      score: grade === 'certain' ? 1 : 0.5,
    };
    return `{"fullUrl":"${base}/Patient/${stored.id}","resource":${presentText(stored)},"search":${JSON.stringify(search)}}`;
  });
  return fhirResponse(bundleText('searchset', { entries, total: entries.length }));
}

const MATCH_GRADE = 'http://hl7.org/fhir/StructureDefinition/match-grade';

async function translate(door: FhirDoor, request: Request): Promise<Response> {
  const caller = await enter(door, request);
  if (!caller.ok) return outcomeResponse(caller.refusal);
  const asked = request.method === 'GET' ? askedInAddress(request) : await askedInBody(request);
  if (!asked.ok) return outcomeResponse(asked.refusal);
  const translation = await translateCode(door.gateway, caller.value, asked.value);
  if (!translation.ok) return outcomeResponse(translation.refusal);
  return fhirResponse(JSON.stringify({ resourceType: 'Parameters', parameter: told(translation.value) }));
}

type Asked = Parameters<typeof translateCode>[2];

function askedInAddress(request: Request): Outcome<Asked> {
  const { searchParams } = new URL(request.url);
  return asking(searchParams.get('code'), searchParams.get('system'), searchParams.get('url'));
}

async function askedInBody(request: Request): Promise<Outcome<Asked>> {
  const body = await readJson(request, parameters);
  if (!body.ok) return body;
  const named = new Map(body.value.parameter.map((one: Parameter) => [one.name, one]));
  const coding = named.get('coding')?.['valueCoding'] as { system?: unknown; code?: unknown } | undefined;
  const code = coding?.code ?? named.get('code')?.['valueCode'];
  const system = coding?.system ?? named.get('system')?.['valueUri'];
  return asking(code, system, named.get('url')?.['valueUri']);
}

function asking(code: unknown, system: unknown, map: unknown): Outcome<Asked> {
  if (typeof code !== 'string' || code === '') return refuse(webRefusal('incorrect', 'web/wrong-shape', 'code'));
  return done({
    code,
    system: typeof system === 'string' ? system : '',
    map: typeof map === 'string' ? map : RESULT_MAP,
  });
}

function told(translation: Translation | undefined): readonly object[] {
  if (translation === undefined) return [{ name: 'result', valueBoolean: false }];
  const { target, loinc } = translation;
  const concepts = [target, ...(loinc === undefined ? [] : [{ system: 'http://loinc.org', code: loinc }])];
  return [
    { name: 'result', valueBoolean: true },
    ...concepts.map((concept) => ({
      name: 'match',
      part: [
        { name: 'equivalence', valueCode: 'equivalent' },
        { name: 'concept', valueCoding: concept },
      ],
    })),
  ];
}
