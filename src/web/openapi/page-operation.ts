/** One operation on the description's page: what it does, who may, what goes in and what comes out. */
import { html } from 'hono/html';
import type { oas31 } from 'zod-openapi';
import type { OpenapiDocument } from './document.ts';
import { type Field, fieldsOf, kindOf, type Schema } from './fields.ts';
import { both, inline, type Markup, prose, table, wordsIn } from './page-parts.ts';

/** One operation with its place. */
export interface Placed {
  readonly method: string;
  readonly path: string;
  readonly operation: oas31.OperationObject;
}

export function operationArticle(document: OpenapiDocument, { method, path, operation }: Placed): Markup {
  const { operationId = '', summary = '', description, security = [] } = operation;
  const parameters = (operation.parameters ?? []).map((one) => named(document, 'parameters', one));
  const body = operation.requestBody as oas31.RequestBodyObject | undefined;
  return html`<article id="${operationId}"><h3><code class="method ${method}">${method.toUpperCase()}</code><code>${path}</code></h3>
<p>${both(wordsIn(summary))}</p>${description === undefined ? '' : prose(description)}
<p>${both(['谁可以', 'who may'])}: ${whoMay(security)}</p>
${parameters.length === 0 ? '' : html`<h4>${both(['参数', 'Parameters'])}</h4>${parameterTable(document, parameters)}`}
${body === undefined ? '' : html`<h4>${both(['正文', 'Body'])}</h4>${contents(document, body.content)}`}
<h4>${both(['应答', 'Answers'])}</h4>${answerTable(operation.responses ?? {})}
${taken(document, operation.responses ?? {})}</article>
`;
}

function whoMay(security: readonly oas31.SecurityRequirementObject[]): Markup {
  if (security.length === 0) return both(['任何人', 'anybody']);
  const ways = security.map((way) => {
    const [name, scopes = []] = Object.entries(way)[0] ?? [];
    if (name === undefined) return both(['凭正文中的断言', 'by the assertion in the body']);
    return html`<code>${name}</code>${scopes.length === 0 ? '' : html` (${scopes.map((scope) => html`<code>${scope}</code>`)})`}`;
  });
  return html`<a href="#access">${ways[0]}</a>${ways.slice(1).map((way) => html` / ${way}`)}`;
}

function parameterTable(document: OpenapiDocument, parameters: readonly oas31.ParameterObject[]): Markup {
  const rows = parameters.map(
    ({ name, in: where, required, schema = {}, description = '' }) =>
      html`<tr><td class="name"><code>${name}</code>${must(required === true)}</td><td>${where}</td><td class="kind">${kindOf(document, schema)}</td><td class="about">${inline(description)}</td></tr>\n`,
  );
  return table('参数 Parameters', ['名称 · name', '位置 · in', '类型 · kind', '说明 · about'], rows);
}

function must(required: boolean): Markup | string {
  return required ? html` <span class="must" title="必填 required">*</span>` : '';
}

/** By type: the examples first, then every field. */
function contents(document: OpenapiDocument, content: oas31.ContentObject): Markup {
  return html`${Object.entries(content).map(([type, { schema = {}, examples = {} }]) => {
    const about = describedIn(document, schema);
    return html`<p><code>${type}</code> · ${kindOf(document, schema)}</p>${about === '' ? '' : html`<p>${inline(about)}</p>`}
${Object.values(examples).map((example) => shownExample(example as oas31.ExampleObject, type))}${fieldTable(fieldsOf(document, schema))}`;
  })}`;
}

function describedIn(document: OpenapiDocument, schema: Schema): string {
  const name = '$ref' in schema ? (schema.$ref ?? '').split('/').at(-1) : undefined;
  const known = name === undefined ? schema : (document.components?.schemas?.[name] ?? {});
  return known.description ?? '';
}

function shownExample({ summary = '', value }: oas31.ExampleObject, type: string): Markup {
  return html`<details><summary>${both(['示例', summary])}</summary><pre>${exampleText(value, type)}</pre></details>`;
}

/** As it is sent: a form as a form, HL7 v2 a segment a line, JSON with its lines broken. */
function exampleText(value: unknown, type: string): string {
  if (typeof value === 'string') return value.replaceAll('\r', '\n').trimEnd();
  if (type === 'application/x-www-form-urlencoded')
    return Object.entries(value as Record<string, string>)
      .map(([name, text]) => `${name}=${encodeURIComponent(text)}`)
      .join('\n&');
  return JSON.stringify(value, null, 2);
}

function fieldTable(fields: readonly Field[]): Markup | string {
  if (fields.length === 0) return '';
  const rows = fields.map(
    ({ path, required, kind, about }) =>
      html`<tr><td class="name"><code>${path}</code>${must(required)}</td><td class="kind">${kind}</td><td class="about">${inline(about)}</td></tr>\n`,
  );
  const label = '字段 Fields';
  return html`<details><summary>${both(['字段', `Fields (${fields.length})`])}</summary>${table(label, ['字段 · field', '类型 · kind', '说明 · about'], rows)}</details>`;
}

/** Refusals that all operations at such a door share stand once, at the end of the page. */
function answerTable(responses: oas31.ResponsesObject): Markup {
  const all = Object.entries(responses) as [string, oas31.ResponseObject | oas31.ReferenceObject][];
  const own = all.flatMap(([status, one]) => ('$ref' in one ? [] : [answerRow(status, one)]));
  const shared = all.flatMap(([status, one]) => ('$ref' in one ? [[status, nameIn(one.$ref)] as const] : []));
  const links = shared.map(([status, name]) => html` <a href="#${name}">${status}</a>`);
  return html`${table('应答 Answers', HEAD, own)}${shared.length === 0 ? '' : html`<p>${both(['以及通用拒绝', 'and the common refusals'])}:${links}</p>`}`;
}

const HEAD = ['状态 · status', '说明 · about', '类型 · type'];

function answerRow(status: string, { description, content = {} }: oas31.ResponseObject, id?: string): Markup {
  const types = Object.keys(content).map((type) => html`<code>${type}</code> `);
  const head =
    id === undefined ? html`<td class="status">${status}</td>` : html`<td class="status" id="${id}">${status}</td>`;
  return html`<tr>${head}<td class="about">${prose(description)}</td><td>${types}</td></tr>
`;
}

/** Components are named for their door and status. */
export function commonRefusals(document: OpenapiDocument): Markup {
  const rows = Object.entries(document.components?.responses ?? {}).map(([name, one]) => {
    const [door = '', status = ''] = name.split('-');
    return answerRow(`${status} ${door}`, one as oas31.ResponseObject, name);
  });
  return table('通用拒绝 Common refusals', HEAD, rows);
}

/** What an answer that is no refusal holds. */
function taken(document: OpenapiDocument, responses: oas31.ResponsesObject): Markup {
  const shown = Object.entries(responses).flatMap(([status, one]) => {
    const { content } = named(document, 'responses', one as oas31.ResponseObject);
    return status.startsWith('2') && content !== undefined ? [[status, content] as const] : [];
  });
  return html`${shown.map(
    ([status, content]) => html`<h4>${status} ${both(['的正文', 'holds'])}</h4>${contents(document, content)}`,
  )}`;
}

/** A component, or what stands in its place. */
function named<T extends object>(
  document: OpenapiDocument,
  group: 'parameters' | 'responses',
  one: T | oas31.ReferenceObject,
): T {
  if (!('$ref' in one)) return one;
  const name = nameIn(one.$ref);
  return document.components?.[group]?.[name] as T;
}

function nameIn(ref: unknown): string {
  return String(ref).split('/').at(-1) ?? '';
}
