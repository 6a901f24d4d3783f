/** What a face says of an operation in a few words, and what OpenAPI 3.1 wants of it. */
import type { z } from 'zod';
import type {
  ZodOpenApiContentObject,
  ZodOpenApiExamplesObject,
  ZodOpenApiOperationObject,
  ZodOpenApiPathsObject,
  ZodOpenApiResponseObject,
} from 'zod-openapi';
import type { OwnVerb } from '../../access/scopes.ts';
import { type RefusalCode, refusalsOf, type Who } from './refusals.ts';
import type { Tag, Words } from './tags.ts';

/** One body: its type, its schema, and examples by name. */
export interface Content {
  readonly type: string;
  readonly schema: z.ZodType;
  readonly examples?: Readonly<Record<string, { readonly says: string; readonly value: unknown }>>;
}

export interface Answer {
  readonly says: string;
  /** Absent: no body. */
  readonly content?: Content;
  /** Where there are several types. */
  readonly contents?: readonly Content[];
  /** By name, in small letters. */
  readonly headers?: z.ZodObject;
}

export interface Described {
  readonly id: string;
  readonly tag: Tag;
  /** One sentence in each language. */
  readonly says: Words;
  readonly more?: string;
  readonly who: Who;
  /** What its token must carry, one of each line. */
  readonly scopes?: readonly (OwnVerb | FhirScope)[];
  readonly path?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly header?: z.ZodObject;
  readonly body?: Content;
  readonly answers: Readonly<Record<number, Answer>>;
  /** Codes of ours by status, beside those that everybody gets at such a door. */
  readonly refusals?: Readonly<Record<number, readonly RefusalCode[]>>;
}

export type FhirScope = `system/${string}.${string}`;
export type Paths = Readonly<Record<string, Readonly<Partial<Record<'get' | 'post' | 'put', Described>>>>>;

export function json(schema: z.ZodType, examples?: Content['examples']): Content {
  return { type: 'application/json', schema, ...(examples === undefined ? {} : { examples }) };
}

export function fhir(schema: z.ZodType): Content {
  return { type: 'application/fhir+json', schema };
}

export function toPaths(paths: Paths): ZodOpenApiPathsObject {
  return Object.fromEntries(
    Object.entries(paths).map(([path, methods]) => [
      path,
      Object.fromEntries(Object.entries(methods).map(([method, described]) => [method, toOperation(described)])),
    ]),
  );
}

function toOperation(described: Described): ZodOpenApiOperationObject {
  const { id, tag, says, more, body, path, query, header } = described;
  const requestParams = {
    ...(path === undefined ? {} : { path }),
    ...(query === undefined ? {} : { query }),
    ...(header === undefined ? {} : { header }),
  };
  return {
    operationId: id,
    tags: [tag],
    summary: says.join(' · '),
    ...(more === undefined ? {} : { description: more }),
    ...(Object.keys(requestParams).length === 0 ? {} : { requestParams }),
    ...(body === undefined ? {} : { requestBody: { required: true, content: contentOf(body) } }),
    responses: {
      ...Object.fromEntries(Object.entries(described.answers).map(([status, answer]) => [status, toResponse(answer)])),
      ...refusalsOf(described.who, described.refusals ?? {}),
    },
    security: securityOf(described),
  };
}

function toResponse({ says, content, contents = content === undefined ? [] : [content], headers }: Answer) {
  return {
    description: says,
    ...(headers === undefined ? {} : { headers }),
    ...(contents.length === 0 ? {} : { content: Object.assign({}, ...contents.map(contentOf)) }),
  } satisfies ZodOpenApiResponseObject;
}

function contentOf({ type, schema, examples }: Content): ZodOpenApiContentObject {
  if (examples === undefined) return { [type]: { schema } };
  const named = Object.entries(examples).map(([name, { says, value }]) => [name, { summary: says, value }]);
  return { [type]: { schema, examples: Object.fromEntries(named) as ZodOpenApiExamplesObject } };
}

/** Alternatives; an empty one says that no header is wanted. */
function securityOf({ who, scopes = [] }: Described): Record<string, string[]>[] {
  switch (who) {
    case 'anybody':
      return [];
    case 'client':
      return [{}, { clientSecret: [] }];
    case 'channel':
    case 'fhir':
      return scopes.length === 0 ? [{ channel: [] }] : scopes.map((scope) => ({ channel: [scope] }));
    case 'administrator':
      return [{ administrator: [] }];
    case 'operator':
      return [{ metrics: [] }, { administrator: [] }];
    case 'page':
      return [{ page: [] }];
  }
}
