/** `/openapi.json` and `/openapi`: what is served here, for machines and for people (DESIGN 6); everybody may read it. */
import { Hono } from 'hono';
import { PAGE_HEADERS } from '../page-headers.ts';
import type { PublicBase } from '../public-base.ts';
import { openapiDocument } from './document.ts';
import { openapiPage } from './page.ts';

const CACHED = { 'cache-control': 'public, max-age=300' };

let text: string | undefined;
let page: ReturnType<typeof openapiPage> | undefined;

export function openapiRoutes(publicBase: PublicBase): Hono {
  return new Hono()
    .get('/openapi.json', (context) => {
      text ??= JSON.stringify(openapiDocument());
      // Only the address differs by gateway: it is laid before the rest.
      const servers = JSON.stringify([{ url: publicBase(context.req.raw) }]);
      const whole = `{"servers":${servers},${text.slice(1)}`;
      return context.body(whole, 200, { ...CACHED, 'content-type': 'application/json; charset=utf-8' });
    })
    .get('/openapi', (context) => {
      page ??= openapiPage(openapiDocument());
      return context.html(page, 200, { ...PAGE_HEADERS, ...CACHED });
    });
}
