/**
 * `GET /fhir/metadata` (R4 capabilitystatement.html): public, and made of the tables that the routes use, so that it says
 * exactly what works (`test/web/fhir/capability.test.ts` asks for each of it).
 */
import { Hono } from 'hono';
import { kindOfType } from '../../gateway/fhir/write/kinds.ts';
import { parametersOf, SEARCHED_TYPES } from '../../search/parameters.ts';
import { type FhirDoor, fhirBase } from './door.ts';
import { fhirResponse, outcomeResponse } from './fhir-response.ts';
import { acceptsJson } from './negotiate.ts';

/** When what this statement says last changed. */
const DATE = '2026-11-27';
const OAUTH_URIS = 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris';
const SECURITY_SERVICE = 'http://terminology.hl7.org/CodeSystem/restful-security-service';
const R4 = 'http://hl7.org/fhir/';

/** A parameter's kind as R4 search-param-type has it. */
const PARAMETER_TYPE = {
  token: 'token',
  reference: 'reference',
  date: 'date',
  string: 'string',
  quantity: 'quantity',
  id: 'token',
} as const;

const OPERATIONS: Readonly<Record<string, readonly (readonly [name: string, definition: string])[]>> = {
  Observation: [['lastn', `${R4}OperationDefinition/Observation-lastn`]],
  Patient: [
    ['everything', `${R4}OperationDefinition/Patient-everything`],
    ['match', `${R4}OperationDefinition/Patient-match`],
  ],
  ServiceRequest: [['recognise', 'urn:concord:operation:recognise']],
  ConceptMap: [['translate', `${R4}OperationDefinition/ConceptMap-translate`]],
};

export function capabilityRoute(door: FhirDoor): Hono {
  return new Hono().get('/fhir/metadata', (context) => {
    const accepted = acceptsJson(context.req.raw);
    if (!accepted.ok) return outcomeResponse(accepted.refusal);
    const statement = capabilityStatement(fhirBase(door, context.req.raw), door.publicBase(context.req.raw));
    return fhirResponse(JSON.stringify(statement), 200, { 'cache-control': 'max-age=60' });
  });
}

export function capabilityStatement(fhir: string, origin: string): object {
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: DATE,
    publisher: 'Concord',
    kind: 'instance',
    software: { name: 'Concord 互认网关' },
    implementation: { description: 'Mutual recognition of exam results (检查检验结果互认)', url: fhir },
    fhirVersion: '4.0.1',
    format: ['json', 'application/fhir+json'],
    rest: [{ mode: 'server', security: securityOf(origin), resource: resources(), interaction: systemInteractions() }],
  };
}

function securityOf(origin: string): object {
  const token = { url: 'token', valueUri: `${origin}/oauth/token` };
  return {
    cors: false,
    service: [{ coding: [{ system: SECURITY_SERVICE, code: 'SMART-on-FHIR' }] }],
    extension: [{ url: OAUTH_URIS, extension: [token] }],
    description: 'SMART Backend Services; see /.well-known/smart-configuration.',
  };
}

function systemInteractions(): readonly object[] {
  return [{ code: 'transaction' }, { code: 'batch' }];
}

function interactionsOf(type: string): readonly object[] {
  const reading = ['read', 'vread', 'history-instance', 'search-type'];
  const writing = kindOfType(type) === undefined ? [] : ['create', 'update'];
  return [...reading, ...writing].map((code) => ({ code }));
}

function resources(): readonly object[] {
  const searched = SEARCHED_TYPES.map((type) => ({
    type,
    interaction: interactionsOf(type),
    ...(kindOfType(type) === undefined ? {} : { conditionalCreate: true, conditionalUpdate: true }),
    versioning: 'versioned',
    readHistory: true,
    updateCreate: false,
    ...searchOf(type),
    ...operationsOf(type),
  }));
  const provenance = {
    type: 'Provenance',
    interaction: [{ code: 'read' }, { code: 'search-type' }],
    versioning: 'versioned',
    searchParam: [
      { name: 'target', type: 'reference' },
      { name: '_id', type: 'token' },
    ],
  };
  const subscription = {
    type: 'Subscription',
    interaction: ['read', 'create', 'update', 'search-type'].map((code) => ({ code })),
    versioning: 'versioned',
    searchParam: [{ name: 'status', type: 'token' }],
  };
  const auditEvent = {
    type: 'AuditEvent',
    interaction: [{ code: 'read' }, { code: 'search-type' }],
    searchParam: [
      { name: 'patient', type: 'reference' },
      { name: 'entity', type: 'reference' },
      { name: 'action', type: 'token' },
      { name: 'outcome', type: 'token' },
      { name: 'date', type: 'date' },
      { name: '_lastUpdated', type: 'date' },
    ],
  };
  return [...searched, provenance, subscription, auditEvent, { type: 'ConceptMap', ...operationsOf('ConceptMap') }];
}

function searchOf(type: string): object {
  const parameters = Object.entries(parametersOf(type) ?? {});
  const references = parameters.filter(([, { kind }]) => kind === 'reference').map(([name]) => name);
  return {
    ...(references.length === 0 ? {} : { searchInclude: references.map((name) => `${type}:${name}`) }),
    searchRevInclude: ['Provenance:target'],
    searchParam: parameters.map(([name, { kind }]) => ({
      name,
      type: PARAMETER_TYPE[kind],
      ...(name.startsWith('_') ? { definition: `${R4}SearchParameter/Resource-${name.slice(1)}` } : {}),
    })),
  };
}

function operationsOf(type: string): object {
  const operations = OPERATIONS[type];
  return operations === undefined ? {} : { operation: operations.map(([name, definition]) => ({ name, definition })) };
}
