/** `/openapi.json`: right OpenAPI 3.1, true to the routes that are served, and true to its own schemas. */
import { Validator } from '@seriousme/openapi-schema-validator';
import type { oas31 } from 'zod-openapi';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openapiDocument } from '../../../src/web/openapi/document.ts';
import { TAGS } from '../../../src/web/openapi/tags.ts';
import { type App, openApp } from '../../support/app.ts';
import { DATABASES, openWorld, type TestDatabase, type TestWorld } from '../../support/gateway.ts';
import { contractOf } from '../../support/openapi.ts';

const document = openapiDocument();
const contract = contractOf(document);

let database: TestDatabase;
let world: TestWorld;
let app: App;

beforeAll(async () => {
  database = await DATABASES[0]!.open();
  world = await openWorld(database);
  app = openApp(world.gateway);
});
afterAll(async () => {
  await world.close();
  await database.close();
});

/** Routes that serve nothing, and why. */
const NOT_SERVED = new Map([['get /fhir/.well-known/*', 'says in problem JSON that there is nothing']]);
/** Absent on Workers, and in an application that is given no metrics. */
const MAY_BE_ABSENT = new Set(['get /metrics']);

describe('the document', () => {
  test('is right by the schema of OpenAPI 3.1', async () => {
    const validator = new Validator();
    const result = await validator.validate(JSON.parse(JSON.stringify(document)) as Record<string, unknown>);
    expect([validator.version, result.valid, result.errors ?? []]).toEqual(['3.1', true, []]);
  });

  test('holds every route that is served, and nothing else', () => {
    const served = app.routes
      .filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => `${method.toLowerCase()} ${path.replaceAll(/:(\w+)/g, '{$1}')}`)
      // `/fhir/` is `/fhir`.
      .map((route) => (route.endsWith(' /') ? route : route.replace(/\/$/, '')))
      .filter((route) => !NOT_SERVED.has(route));
    const described = contract.placed.map(({ method, path }) => `${method} ${path}`);
    expect(served.length).toBeGreaterThan(70);
    expect([...new Set(served)].filter((route) => !described.includes(route))).toEqual([]);
    expect(described.filter((route) => !served.includes(route) && !MAY_BE_ABSENT.has(route))).toEqual([]);
  });

  test('names each operation once, by a sentence in two languages, in a group that is there', () => {
    const ids = contract.placed.map(({ id }) => id);
    expect(ids.filter((id, place) => id === '' || ids.indexOf(id) !== place)).toEqual([]);
    for (const { operation } of contract.placed) {
      expect(operation.summary).toMatch(/^[^·]*[\u4e00-\u9fff][^·]* · [A-Z][^·]+\.$/);
      expect(operation.tags?.map((tag) => tag in TAGS)).toEqual([true]);
    }
  });

  test('describes every part of its paths', () => {
    const wrong = contract.placed.filter(({ path, operation }) => {
      const parts = [...path.matchAll(/\{(\w+)\}/g)].map((found) => found[1]);
      const stated = (operation.parameters ?? []).map(named).filter((one) => one.in === 'path');
      return stated.map(({ name }) => name).join(' ') !== parts.join(' ');
    });
    expect(wrong.map(({ id }) => id)).toEqual([]);
  });

  test('asks for scopes that its scheme explains, in schemes that are there', () => {
    const schemes = document.components?.securitySchemes as Record<string, oas31.SecuritySchemeObject>;
    const scopes = schemes['channel']?.flows?.clientCredentials?.scopes ?? {};
    for (const { operation } of contract.placed) {
      expect(operation.security).toBeDefined();
      for (const way of operation.security ?? []) {
        for (const [scheme, wanted] of Object.entries(way)) {
          expect(schemes).toHaveProperty(scheme);
          expect(wanted.filter((scope) => !(scope in scopes))).toEqual([]);
        }
      }
    }
  });

  test('has examples that are right by their own schemas', () => {
    const wrong = contract.placed.flatMap(({ id, path, method, operation }) => [
      ...examplesIn(operation.requestBody, ['paths', path, method, 'requestBody'], id),
      ...Object.entries((operation.responses ?? {}) as Record<string, unknown>).flatMap(([status, response]) =>
        examplesIn(response, ['paths', path, method, 'responses', status], `${id} ${status}`),
      ),
    ]);
    expect(wrong.length).toBeGreaterThan(25);
    expect(wrong.filter(({ faults }) => faults !== '')).toEqual([]);
  });

  test('has one for each of the main operations', () => {
    const lacking = ['check', 'reply', 'intake', 'token', 'cdsOrderSelect', 'cdsOrderSelectFeedback'].filter((id) => {
      const body = contract.placed.find((one) => one.id === id)?.operation.requestBody as oas31.RequestBodyObject;
      return Object.values(body.content).every((media) => media.examples === undefined);
    });
    expect(lacking).toEqual([]);
  });

  test('shows people with impossible numbers only', () => {
    const numbers = JSON.stringify(document).match(/(?<!\d)\d{17}[\dX](?!\d)/g) ?? [];
    expect(numbers.length).toBeGreaterThan(0);
    expect(numbers.filter((number) => !number.startsWith('000000'))).toEqual([]);
  });

  test('knows that a refusal without a reason is none', () => {
    const body = ['paths', '/recognition/replies', 'post', 'requestBody', 'content', 'application/json', 'schema'];
    const said = {
      offer: '6f9b1c7e-3a52-4d0c-9c1e-2b8a5d47e013',
      outcome: 'refused',
      practitioner: 'p',
      at: '2026-03-01T03:00:00Z',
    };
    expect(contract.faults(body, said)).not.toBe('');
    expect(contract.faults(body, { ...said, reason: '01' })).toBe('');
    expect(contract.faults(body, { ...said, outcome: 'accepted' })).toBe('');
  });
});

describe('/openapi.json', () => {
  test('is open to everybody, may be kept, and names the gateway by its own address', async () => {
    const own = openApp(world.gateway, { publicUrl: 'https://concord.example' });
    const response = await own.request('http://anybody.example/openapi.json');
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('public, max-age=300');
    const { servers, ...rest } = (await response.json()) as oas31.OpenAPIObject;
    expect(servers).toEqual([{ url: 'https://concord.example' }]);
    expect(rest).toEqual(JSON.parse(JSON.stringify(document)));
  });

  test.each(['/openapi.json', '/openapi'])('%s holds nothing of the request', async (path) => {
    const init = {
      headers: { host: 'evil.example', 'x-forwarded-host': 'evil.example', referer: 'https://evil.example/' },
    };
    const text = await (await app.request(`http://evil.example${path}?evil.example=%3Cscript%3E`, init)).text();
    expect(text).not.toContain('evil.example');
    expect(text).not.toContain('<script');
  });

  test('is composed once', () => {
    expect(openapiDocument()).toBe(document);
  });
});

function named(parameter: oas31.ParameterObject | oas31.ReferenceObject): oas31.ParameterObject {
  if (!('$ref' in parameter)) return parameter;
  return document.components?.parameters?.[parameter.$ref.split('/').at(-1) ?? ''] as oas31.ParameterObject;
}

function examplesIn(holder: unknown, pointer: readonly string[], id: string) {
  const { content = {} } = (holder ?? {}) as { content?: oas31.ContentObject };
  return Object.entries(content).flatMap(([type, media]) =>
    Object.entries(media.examples ?? {}).map(([name, example]) => ({
      example: `${id} ${name}`,
      faults: contract.faults([...pointer, 'content', type, 'schema'], (example as oas31.ExampleObject).value),
    })),
  );
}
