/**
 * The HTTP face as an OpenAPI 3.1 document (spec.openapis.org/oas/v3.1.1), composed of what each face says of itself beside
 * its routes and of the very schemas that read the bodies.
 */
import { createDocument, type oas31, type ZodOpenApiOverride, type ZodOpenApiSecuritySchemeObject } from 'zod-openapi';
import { adminPaths } from '../admin/operations.ts';
import { cdsPaths } from '../cds/operations.ts';
import { ecgPaths } from '../ecg/operations.ts';
import { fhirPaths } from '../fhir/operations.ts';
import { accessPaths } from '../oauth/operations.ts';
import { healthPaths, intakePaths, pagePaths } from '../operations.ts';
import { ledgerPaths } from '../ledger/operations.ts';
import { noticePaths } from '../recognition/notice-operations.ts';
import { recognitionPaths } from '../recognition/operations.ts';
import { toPaths } from './describe.ts';
import { TAGS } from './tags.ts';

export type OpenapiDocument = oas31.OpenAPIObject;

let held: OpenapiDocument | undefined;

/** Composed once, at the first question; the same for everybody. */
export function openapiDocument(): OpenapiDocument {
  held ??= compose();
  return held;
}

const INTRODUCTION = `An interoperability gateway for the mutual recognition of exam results (检查检验结果互认). Hospitals send it results in whatever form their systems speak; it answers whether there is already a result that can be used.
A refusal is problem JSON (RFC 9457), at the FHIR door an OperationOutcome, at the token endpoint as RFC 6749 has it; each has a code of ours and a fixed sentence. No value of a request comes back in a refusal.
Answers may get more fields in time: leave alone what you do not know. People in the examples are made up.`;

function compose(): OpenapiDocument {
  return createDocument(
    {
      openapi: '3.1.1',
      info: {
        title: 'Concord 互认网关',
        version: '1',
        description: INTRODUCTION,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      tags: Object.entries(TAGS).map(([name, [zh, en, about]]) => ({
        name,
        description: `${zh === en ? en : `${zh} · ${en}`}: ${about}`,
      })),
      paths: toPaths({
        ...recognitionPaths,
        ...noticePaths,
        ...ledgerPaths,
        ...cdsPaths,
        ...intakePaths,
        ...accessPaths,
        ...fhirPaths,
        ...ecgPaths,
        ...adminPaths,
        ...healthPaths,
        ...pagePaths,
      }),
      components: { securitySchemes: SCHEMES },
    },
    { override: plainly },
  ) as OpenapiDocument;
}

const SCHEMES: Readonly<Record<string, ZodOpenApiSecuritySchemeObject>> = {
  channel: {
    type: 'oauth2',
    description:
      'A bearer token of a channel, from `/oauth/token`. `system/*.r` stands for the type’s own scope too: `system/Observation.r` is enough to read an Observation. Where no scope stands, any token will do.',
    flows: { clientCredentials: { tokenUrl: '/oauth/token', scopes: scopesIn() } },
  },
  clientSecret: {
    type: 'http',
    scheme: 'basic',
    description: 'A client’s id and secret; or nothing in the header, and an assertion or the secret in the form.',
  },
  administrator: { type: 'http', scheme: 'bearer', description: "The administrator's token (ADMIN_TOKEN)." },
  metrics: { type: 'http', scheme: 'bearer', description: 'The token of who reads metrics (METRICS_TOKEN).' },
  page: { type: 'apiKey', in: 'cookie', name: 'concord_admin', description: 'The cookie of who signed in at `/`.' },
};

/** The scopes that operations ask for, each with what it opens. */
function scopesIn(): Record<string, string> {
  const LETTERS = { c: 'create', r: 'read', u: 'update', s: 'search' } as const;
  const own = {
    'concord/intake': 'Send results.',
    'concord/check': 'Ask whether there is a result.',
    'concord/reply': 'Reply to an offer.',
  };
  const types = ['*', 'Observation', 'Patient', 'ConceptMap', 'AuditEvent', 'Provenance', 'Subscription'];
  const system = types.flatMap((type) =>
    Object.entries(LETTERS).map(([letter, verb]) => [
      `system/${type}.${letter}`,
      `${verb} ${type === '*' ? 'resources of all types' : type}`,
    ]),
  );
  return { ...own, ...Object.fromEntries(system) };
}

/** Formats that say the same as their patterns. */
const NAMED: ReadonlySet<string> = new Set(['uuid', 'date', 'date-time', 'ipv4', 'ipv6']);

/** Leaves out what only a machine wrote: patterns of named formats, bounds of all integers; answers stay open for more. */
const plainly: ZodOpenApiOverride = ({ jsonSchema, zodSchema, io }) => {
  if (jsonSchema.format !== undefined && NAMED.has(jsonSchema.format)) {
    delete jsonSchema.pattern;
    delete jsonSchema.allOf;
  }
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  const { type } = zodSchema._zod.def;
  if (io === 'output' && type === 'object' && jsonSchema.additionalProperties === false)
    delete jsonSchema.additionalProperties;
};
