/** The FHIR door's interactions, as OpenAPI says them; types and search parameters are `/fhir/metadata`'s to say. */
import { z } from 'zod';
import { type Described, fhir, type FhirScope, type Paths } from '../openapi/describe.ts';
import type { Words } from '../openapi/tags.ts';
import { fhirBundle, fhirResource, operationOutcome } from '../openapi/schemas.ts';
import {
  CIRCUMSTANCES,
  CONDITIONS,
  HANDLING,
  ID,
  SEARCH,
  TYPE,
  VERSION_HEADERS,
  WRITTEN_HEADERS,
} from './parameters.ts';
import { fhirOperationPaths } from './special-operations.ts';

const SEARCHED = {
  tag: 'fhir',
  who: 'fhir',
  header: CIRCUMSTANCES,
  answers: { 200: { says: 'A page of what was found and is open to the caller.', content: fhir(fhirBundle) } },
} as const satisfies Partial<Described>;

const SEARCH_REFUSED = {
  400: [
    'gateway/search-too-broad',
    'gateway/bad-cursor',
    'search/bad-value',
    'search/modifier-not-served',
    'search/sort-not-served',
    'search/include-not-served',
    'search/too-much',
  ],
  422: ['search/not-served', 'gateway/search-too-large'],
} as const;

function search(
  id: string,
  says: Words,
  { scope, path, isForm = false }: { scope: FhirScope; path?: z.ZodObject; isForm?: boolean },
): Described {
  const form = { type: 'application/x-www-form-urlencoded', schema: z.record(z.string(), z.string()) };
  return {
    id,
    says,
    ...SEARCHED,
    scopes: [scope],
    ...(path === undefined ? {} : { header: CIRCUMSTANCES.extend(HANDLING) }),
    ...(path === undefined ? {} : { path }),
    ...(isForm ? { body: form } : { query: SEARCH }),
    refusals: {
      ...SEARCH_REFUSED,
      404: path === undefined ? ['gateway/not-there'] : ['web/type-not-served', 'gateway/unknown-value-set'],
      ...(isForm ? { 413: ['web/body-too-large'], 415: ['web/media-type'] } : {}),
    },
  };
}

function read(id: string, says: Words, more: Pick<Described, 'path'> & Partial<Described>): Described {
  return {
    id,
    tag: 'fhir',
    says,
    who: 'fhir',
    header: CIRCUMSTANCES,
    answers: { 200: { says: 'The resource.', content: fhir(fhirResource), headers: VERSION_HEADERS } },
    refusals: { 404: ['gateway/not-there'] },
    ...more,
  };
}

const WRITE_REFUSED = {
  400: ['gateway/type-mismatch', 'gateway/reference-not-there', 'gateway/bad-condition'],
  404: ['web/type-not-served'],
  409: ['gateway/owned-by-message'],
  412: ['gateway/version-conflict', 'gateway/several-match'],
  413: ['web/body-too-large'],
  415: ['web/media-type'],
  422: ['gateway/not-valid', 'fhir/unknown-element', 'fhir/missing-element'],
} as const;

function write(id: string, says: Words, more: Partial<Described>): Described {
  const written = { content: fhir(fhirResource), headers: WRITTEN_HEADERS };
  return {
    id,
    tag: 'fhir',
    says,
    who: 'fhir',
    body: fhir(fhirResource),
    answers: { 200: { says: 'It was there, and is so now.', ...written }, 201: { says: 'It is new.', ...written } },
    refusals: WRITE_REFUSED,
    ...more,
  };
}

const MINE = 'Types have scopes of their own: `system/Observation.r` is enough to read one.';

const systemPaths: Paths = {
  '/fhir/metadata': {
    get: {
      id: 'capabilities',
      tag: 'fhir',
      says: ['能力声明', 'Says exactly which types, interactions and search parameters work here.'],
      who: 'anybody',
      answers: {
        200: { says: 'A CapabilityStatement.', content: fhir(fhirResource) },
        406: { says: '`web/not-acceptable`: only FHIR R4 as JSON is spoken here.', content: fhir(operationOutcome) },
      },
    },
  },
  '/fhir': {
    post: {
      id: 'bundle',
      tag: 'fhir',
      says: ['事务、批处理或消息', 'Takes a transaction whole, a batch entry by entry, or a message.'],
      more: 'Each entry needs the scope of its own interaction. A transaction with a `Bundle.identifier` that comes again gets the same answer.',
      who: 'fhir',
      header: CIRCUMSTANCES.extend({ prefer: CONDITIONS.prefer }),
      body: fhir(fhirBundle),
      answers: { 200: { says: 'An answer for each entry, in its order.', content: fhir(fhirBundle) } },
      refusals: {
        400: ['gateway/bad-bundle-entry', 'gateway/reference-not-there'],
        413: ['web/body-too-large', 'gateway/too-many-entries'],
        415: ['web/media-type'],
        422: ['gateway/not-valid', 'gateway/bundle-type'],
      },
    },
  },
};

const typePaths: Paths = {
  '/fhir/{type}': {
    get: search('search', ['检索资源', 'Searches resources of a type.'], { scope: 'system/*.s', path: TYPE }),
    post: write('create', ['新建资源', 'Creates a resource, with If-None-Exist unless it is there.'], {
      more: MINE,
      scopes: ['system/*.c'],
      path: TYPE,
      header: CIRCUMSTANCES.extend({ 'if-none-exist': CONDITIONS['if-none-exist'], prefer: CONDITIONS.prefer }),
    }),
    put: write('updateBy', ['按标识更新资源', 'Updates the resource that has the identifiers, or creates it.'], {
      scopes: ['system/*.u'],
      path: TYPE,
      query: z.object({ identifier: z.string().meta({ description: '`system|value`.' }) }),
      header: CIRCUMSTANCES.extend({ 'if-match': CONDITIONS['if-match'], prefer: CONDITIONS.prefer }),
    }),
  },
  '/fhir/{type}/_search': {
    post: search('searchByForm', ['以表单检索', 'Searches; the query is in the body, so that no log holds it.'], {
      scope: 'system/*.s',
      path: TYPE,
      isForm: true,
    }),
  },
  '/fhir/{type}/$validate': {
    post: {
      id: 'validate',
      tag: 'fhir',
      says: ['校验资源', 'Tells what is wrong with a resource by R4, and keeps nothing.'],
      who: 'fhir',
      path: TYPE,
      header: CIRCUMSTANCES,
      body: fhir(fhirResource),
      answers: { 200: { says: 'What was found wrong, if anything.', content: fhir(operationOutcome) } },
      refusals: { 413: ['web/body-too-large'] },
    },
  },
  '/fhir/{type}/{id}': {
    get: read('read', ['读取资源', 'Reads a resource as it is now.'], {
      more: `What is not open to the caller looks as if it were not there. ${MINE}`,
      scopes: ['system/*.r'],
      path: TYPE.extend(ID.shape),
      header: CIRCUMSTANCES.extend({ 'if-none-match': z.string().optional() }),
      answers: {
        200: { says: 'The resource.', content: fhir(fhirResource), headers: VERSION_HEADERS },
        304: { says: 'The caller has this version already.' },
      },
      refusals: { 404: ['web/type-not-served', 'gateway/not-there'] },
    }),
    put: write('update', ['更新资源', 'Writes a new version of a resource of the caller’s.'], {
      scopes: ['system/*.u'],
      path: TYPE.extend(ID.shape),
      header: CIRCUMSTANCES.extend({ 'if-match': CONDITIONS['if-match'], prefer: CONDITIONS.prefer }),
      refusals: { ...WRITE_REFUSED, 405: ['gateway/id-not-given'] },
    }),
  },
  '/fhir/{type}/{id}/_history': {
    get: read('history', ['资源的历史版本', 'Lists the versions of a resource, the newest first.'], {
      scopes: ['system/*.r'],
      path: TYPE.extend(ID.shape),
      answers: { 200: { says: 'A history Bundle.', content: fhir(fhirBundle) } },
      refusals: { 404: ['web/type-not-served', 'gateway/not-there'] },
    }),
  },
  '/fhir/{type}/{id}/_history/{version}': {
    get: read('readVersion', ['读取某一版本', 'Reads a resource as it was in one version.'], {
      scopes: ['system/*.r'],
      path: TYPE.extend({ ...ID.shape, version: z.string().meta({ description: '`meta.versionId`.' }) }),
      refusals: { 404: ['web/type-not-served', 'gateway/not-there'] },
    }),
  },
};

const ownTypePaths: Paths = {
  '/fhir/Binary/{id}': {
    get: read('readBinary', ['读取原始文件', 'Reads a file as it came.'], {
      more: 'By the id of its DocumentReference; in its own type, and as a Binary when `application/fhir+json` is asked for.',
      scopes: ['system/*.r'],
      path: ID,
      answers: {
        200: {
          says: 'The file.',
          contents: [
            { type: 'application/octet-stream', schema: z.string().meta({ format: 'binary' }) },
            fhir(fhirResource),
          ],
        },
      },
    }),
  },
  '/fhir/AuditEvent': {
    get: search('searchAudit', ['检索审计事件', 'Searches what was done, and who looked at whom.'], {
      scope: 'system/AuditEvent.s',
    }),
  },
  '/fhir/AuditEvent/_search': {
    post: search('searchAuditByForm', ['以表单检索审计事件', 'Searches audit events by a query in the body.'], {
      scope: 'system/AuditEvent.s',
      isForm: true,
    }),
  },
  '/fhir/AuditEvent/{id}': {
    get: read('readAudit', ['读取审计事件', 'Reads one audit event.'], {
      scopes: ['system/AuditEvent.r'],
      path: ID,
      answers: { 200: { says: 'The AuditEvent.', content: fhir(fhirResource) } },
    }),
  },
  '/fhir/Provenance': {
    get: search('searchProvenance', ['检索来源', 'Finds where a resource comes from.'], {
      scope: 'system/Provenance.s',
    }),
  },
  '/fhir/Provenance/_search': {
    post: search('searchProvenanceByForm', ['以表单检索来源', 'Finds where a resource comes from, by a form.'], {
      scope: 'system/Provenance.s',
      isForm: true,
    }),
  },
  '/fhir/Subscription': {
    get: {
      id: 'listSubscriptions',
      says: ['列出订阅', 'Lists the caller’s own subscriptions, all or of one status.'],
      ...SEARCHED,
      scopes: ['system/Subscription.s'],
      query: z.object({ status: z.enum(['requested', 'active', 'error', 'off']).optional() }),
    },
    post: write('subscribe', ['订阅结果', 'Makes a subscription to new results.'], {
      more: 'The token also needs the `.s` scope of the type that the criteria ask for: a subscription is a standing search.',
      scopes: ['system/Subscription.c'],
      header: CIRCUMSTANCES,
      answers: {
        201: { says: 'It is made.', content: fhir(fhirResource), headers: z.object({ location: z.string() }) },
      },
      refusals: {
        400: [
          'gateway/bad-criteria',
          'gateway/bad-endpoint',
          'gateway/bad-subscription',
          'gateway/too-many-subscriptions',
        ],
        413: ['web/body-too-large'],
        415: ['web/media-type'],
        422: ['gateway/not-valid'],
      },
    }),
  },
  '/fhir/Subscription/{id}': {
    get: read('readSubscription', ['读取订阅', 'Reads one of the caller’s own subscriptions.'], {
      scopes: ['system/Subscription.r'],
      path: ID,
      answers: { 200: { says: 'The Subscription.', content: fhir(fhirResource) } },
    }),
    put: write('changeSubscription', ['停用或重启订阅', 'Turns a subscription off, or asks for it again.'], {
      scopes: ['system/Subscription.u'],
      path: ID,
      header: CIRCUMSTANCES,
      answers: { 200: { says: 'As it is now.', content: fhir(fhirResource) } },
      refusals: {
        400: ['gateway/bad-subscription', 'gateway/bad-criteria', 'gateway/bad-endpoint'],
        404: ['gateway/not-there'],
        413: ['web/body-too-large'],
        422: ['gateway/not-valid'],
      },
    }),
  },
};

export const fhirPaths: Paths = { ...systemPaths, ...fhirOperationPaths, ...ownTypePaths, ...typePaths };
