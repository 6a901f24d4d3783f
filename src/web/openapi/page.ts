/** The description as a page for people: the same document, without a script and with nothing from elsewhere. */
import { html, raw } from 'hono/html';
import type { oas31 } from 'zod-openapi';
import { STYLE } from '../overview-style.ts';
import type { OpenapiDocument } from './document.ts';
import { commonRefusals, operationArticle, type Placed } from './page-operation.ts';
import { both, type Markup, prose, wordsIn } from './page-parts.ts';
import { PAGE_STYLE } from './page-style.ts';

export function openapiPage(document: OpenapiDocument): Markup {
  const { info, tags = [] } = document;
  const placed = operationsOf(document);
  const groups = tags.map(({ name, description = '' }) => ({
    name,
    description,
    operations: placed.filter(({ operation }) => operation.tags?.includes(name) === true),
  }));
  return html`<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Concord 接口 API</title><style>${raw(STYLE)}${raw(PAGE_STYLE)}</style></head><body><main>
<header><h1>Concord <small>接口 API</small></h1><p>${both(['检查检验结果互认', 'mutual recognition of exam results'])}</p></header>
${prose(info.description ?? '')}
<p>${both(['机器可读', 'For machines'])}: <a href="openapi.json">openapi.json</a> (OpenAPI ${document.openapi}) · ${both(['首页', 'Overview'])}: <a href="./">/</a> · <span class="must">*</span> ${both(['必填', 'required'])}</p>
<nav aria-label="目录 Contents"><h2>${both(['目录', 'Contents'])}</h2><div>${groups.map(
    ({ name, operations }) => html`<section><h3><a href="#tag-${name}">${headingOf(document, name)}</a></h3><ul>
${operations.map(
  ({ method, path, operation }) =>
    html`<li><code class="method ${method}">${method.toUpperCase()}</code><a href="#${operation.operationId}"><code>${path}</code></a> <span class="quiet">${wordsIn(operation.summary ?? '')[0]}</span></li>\n`,
)}</ul></section>`,
  )}</div></nav>
<section><h2 id="access">${both(['谁可以调用', 'Who may ask'])}</h2>${schemes(document)}</section>
${groups.map(
  ({ name, description, operations }) =>
    html`<section><h2 id="tag-${name}">${headingOf(document, name)}</h2>${prose(aboutOf(description))}
${operations.map((one) => operationArticle(document, one))}</section>\n`,
)}<section><h2 id="refusals">${both(['通用拒绝', 'Common refusals'])}</h2>${commonRefusals(document)}</section></main></body></html>`;
}

function operationsOf({ paths = {} }: OpenapiDocument): readonly Placed[] {
  const METHODS = ['get', 'post', 'put'] as const;
  return Object.entries(paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      return operation === undefined ? [] : [{ method, path, operation }];
    }),
  );
}

/** `互认 · Recognition: what is in it`. */
function headingOf({ tags = [] }: OpenapiDocument, name: string): Markup {
  const heading = tags.find((tag) => tag.name === name)?.description?.split(':', 1)[0] ?? name;
  return both(wordsIn(heading));
}

function aboutOf(description: string): string {
  return description.slice(description.indexOf(':') + 1).trim();
}

function schemes({ components }: OpenapiDocument): Markup {
  const known = Object.entries(components?.securitySchemes ?? {}) as [string, oas31.SecuritySchemeObject][];
  return html`<div class="scroll" tabindex="0" role="region" aria-label="谁可以调用 Who may ask"><table><tbody>${known.map(
    ([name, { description = '' }]) =>
      html`<tr><th scope="row"><code>${name}</code></th><td class="about">${prose(description)}</td></tr>\n`,
  )}</tbody></table></div>`;
}
