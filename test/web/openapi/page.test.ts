/** The page of the description, as HTML: whole, escaped, of the document alone, and usable without a script. */
import type { oas31 } from 'zod-openapi';
import { describe, expect, test } from 'vitest';
import { type OpenapiDocument, openapiDocument } from '../../../src/web/openapi/document.ts';
import { fieldsOf, kindOf } from '../../../src/web/openapi/fields.ts';
import { openapiPage } from '../../../src/web/openapi/page.ts';
import { openapiRoutes } from '../../../src/web/openapi/routes.ts';

const document = openapiDocument();
const page = String(await openapiPage(document));
const routes = openapiRoutes(() => 'https://concord.example');

const VOID = new Set(['meta', 'br', 'input', 'link', 'img']);

/** The first element that is not closed in its turn; undefined when all are. */
function unclosed(text: string): string | undefined {
  const open: string[] = [];
  for (const [, slash, name = ''] of text
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^>]*>/g)) {
    if (VOID.has(name)) continue;
    if (slash === '') open.push(name);
    else if (open.pop() !== name) return name;
  }
  return open[0];
}

const article = (id: string): string =>
  new RegExp(`<article id="${id}">[\\s\\S]*?</article>`).exec(page)?.[0] ?? `no article ${id}`;

describe('the page', () => {
  test('closes every element that it opens, and gives each id once', () => {
    expect(unclosed(page)).toBeUndefined();
    expect(unclosed('<p><b></p></b>')).toBe('p');
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map((found) => found[1]);
    expect(ids.filter((id, place) => ids.indexOf(id) !== place)).toEqual([]);
  });

  test('links to what is on it, and to nothing but its neighbours', () => {
    const ids = new Set([...page.matchAll(/ id="([^"]*)"/g)].map((found) => found[1]));
    const links = [...page.matchAll(/ href="([^"]*)"/g)].map((found) => found[1] ?? '');
    expect(links.filter((link) => !link.startsWith('#'))).toEqual(['openapi.json', './']);
    expect(links.filter((link) => link.startsWith('#') && !ids.has(link.slice(1)))).toEqual([]);
  });

  test('runs no script and loads nothing', async () => {
    expect(page).not.toMatch(/<script|<link|<img|<iframe|\son\w+=|url\(|@import|\ssrc=/);
    const response = await routes.request('/openapi');
    expect(response.headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('cache-control')).toBe('public, max-age=300');
    expect(await response.text()).toBe(page);
  });

  test('has every operation in its contents and by its words', () => {
    const contents = /<nav[\s\S]*?<\/nav>/.exec(page)?.[0] ?? '';
    for (const [path, item] of Object.entries(document.paths ?? {})) {
      for (const method of ['get', 'post', 'put'] as const) {
        const operation = item[method];
        if (operation === undefined) continue;
        expect(contents).toContain(`<a href="#${operation.operationId}"><code>${path}</code></a>`);
        const shown = article(operation.operationId ?? '');
        expect(shown).toContain(`<code class="method ${method}">${method.toUpperCase()}</code><code>${path}</code>`);
        const [zh = '', en = ''] = (operation.summary ?? '').split(' · ');
        expect(unescaped(shown)).toContain(`<p>${zh} <span lang="en">${en}</span></p>`);
        expect(shown).toContain('who may');
        for (const status of Object.keys(operation.responses ?? {})) expect(shown).toContain(`>${status}<`);
      }
    }
  });

  test('says who may ask, what goes in with an example, and what comes out', () => {
    const check = unescaped(article('check'));
    expect(check).toContain('<code>channel</code> (<code>concord/check</code>)');
    expect(check).toContain('"value": "C0001"');
    expect(check).toMatch(/<code>orders\[\]\.code\.code<\/code> <span class="must"/);
    expect(check).toMatch(
      /<code>items\[\]\.checks\[\]\.state<\/code>.*?one of passed, failed, unknown, not-applicable/s,
    );
    expect(check).toContain('<code>gateway/order-key-repeated</code>');
    expect(article('healthz')).toContain('anybody');
    expect(unescaped(article('intake'))).toContain(
      'PID|1||M0001^^^^PI~000000197003050110^^^^NI||张试验||19700305|M\nOBR|',
    );
    expect(unescaped(article('token'))).toContain('grant_type=client_credentials\n&scope=concord%2Fcheck');
    expect(unescaped(article('search'))).toMatch(/<code>type<\/code> <span class="must"[^>]*>\*<\/span><\/td><td>path/);
  });

  test('fits a narrow window: what is wide scrolls in a box of its own, which the keyboard reaches', () => {
    expect(page).toContain('<meta name="viewport" content="width=device-width,initial-scale=1">');
    expect(page.match(/<table>/g)?.length).toBe(
      page.match(/<div class="scroll" tabindex="0" role="region" aria-label="[^"]+"><table>/g)?.length,
    );
    expect(page).toMatch(/pre\{[^}]*white-space:pre-wrap;overflow-wrap:anywhere/);
    const fixed = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1]?.match(/[{;](?:min-)?width:\d+px/g) ?? [];
    expect(fixed).toEqual([]);
  });

  test('shows text as text, wherever it stands in the document', async () => {
    const evil = '<img src=x onerror=alert(1)>"\'&`<b>`';
    const shown = String(await openapiPage(poisoned(evil)));
    expect(shown).not.toMatch(/<img|<b>/);
    expect(shown.split('&lt;img src=x onerror=alert(1)&gt;').length).toBeGreaterThan(10);
    expect(unclosed(shown)).toBeUndefined();
    const values = [...shown.matchAll(/ [a-z-]+="([^"]*)"/g)].map((found) => found[1]);
    expect(values.filter((value) => value?.includes('<') === true)).toEqual([]);
  });
});

describe('a schema in words', () => {
  const kind = (schema: oas31.SchemaObject): string => kindOf(document, schema);

  test.each([
    [{ type: 'string', maxLength: 5 }, 'text (0 to 5)'],
    [{ type: 'string', minLength: 1 }, 'text (from 1)'],
    [{ type: 'string', format: 'date-time' }, 'instant'],
    [{ type: 'string', pattern: '^a$' }, 'text like ^a$'],
    [{ type: 'integer', minimum: 0, maximum: 3 }, 'whole number (0 to 3)'],
    [{ const: 'Bundle' }, 'always Bundle'],
    [{ enum: ['a', 'b'] }, 'one of a, b'],
    [{ type: 'array', items: { type: 'string' } }, 'list of text'],
    [{ type: 'array', maxItems: 3, items: { type: 'string', maxLength: 5 } }, 'list (0 to 3) of text (0 to 5)'],
    [{ type: ['string', 'null'] }, 'text or null'],
    [{ type: 'string', format: 'unheard-of' }, 'text'],
    [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, 'text or null'],
    [
      {
        anyOf: [
          { type: 'string', format: 'ipv4' },
          { type: 'string', format: 'ipv6' },
        ],
      },
      'IPv4 address or IPv6 address',
    ],
    [{}, 'anything'],
  ] satisfies [oas31.SchemaObject, string][])('%o is %s', (schema, words) => {
    expect(kind(schema)).toBe(words);
  });

  test('fields stand under their paths, through lists, records and alternatives', () => {
    const text = { type: 'string' } as const;
    const schema: oas31.SchemaObject = {
      type: 'object',
      required: ['list'],
      properties: {
        list: { type: 'array', items: { type: 'object', properties: { a: text } } },
        record: { type: 'object', additionalProperties: { type: 'object', properties: { b: text } } },
        either: {
          anyOf: [
            { type: 'object', required: ['c'], properties: { c: text } },
            { type: 'object', properties: { d: text } },
          ],
        },
      },
    };
    expect(fieldsOf(document, schema).map(({ path, required }) => [path, required])).toEqual([
      ['list', true],
      ['list[].a', false],
      ['record', false],
      ['record.*.b', false],
      ['either', false],
      ['either.c', false],
      ['either.d', false],
    ]);
  });

  test('one that holds itself comes to an end', () => {
    const own: OpenapiDocument = {
      ...document,
      components: {
        schemas: { Tree: { type: 'object', properties: { branch: { $ref: '#/components/schemas/Tree' } } } },
      },
    };
    const fields = fieldsOf(own, { $ref: '#/components/schemas/Tree' });
    expect(fields.length).toBeGreaterThan(1);
    expect(fields.length).toBeLessThan(20);
  });
});

function unescaped(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

/** A document with that text in every place where one stands. */
function poisoned(text: string): OpenapiDocument {
  const said = { type: 'string', description: text, pattern: text } as const;
  const content = {
    [text]: {
      schema: {
        type: 'object',
        description: text,
        properties: { [text]: said, one: { enum: [text] }, only: { const: text } },
      },
      examples: { one: { summary: text, value: { [text]: text } }, two: { summary: text, value: text } },
    },
  };
  return {
    openapi: text,
    info: { title: text, version: text, description: `${text}\n- ${text}` },
    tags: [{ name: text, description: text }],
    paths: {
      [text]: {
        post: {
          operationId: text,
          tags: [text],
          summary: `${text} · ${text}`,
          description: text,
          security: [{ [text]: [text] }],
          parameters: [{ name: text, in: 'query', description: text, schema: said }],
          requestBody: { content },
          responses: { 200: { description: text, content }, 400: { $ref: '#/components/responses/x-400' } },
        },
      },
    },
    components: {
      responses: { 'x-400': { description: text, content } },
      securitySchemes: { [text]: { type: 'http', scheme: 'bearer', description: text } },
    },
  } as unknown as OpenapiDocument;
}
