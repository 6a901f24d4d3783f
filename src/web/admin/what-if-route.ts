/** `GET /admin/what-if`: the past decided again under another catalogue, told as it goes: a line of JSON a page, the last one the result. */
import type { Hono } from 'hono';
import { z } from 'zod';
import type { Gateway } from '../../gateway/gateway.ts';
import { whatIf, type WhatIfStep } from '../../gateway/what-if/what-if.ts';
import { problemResponse } from '../http-problem.ts';
import type { Paths } from '../openapi/describe.ts';
import { lineStream } from '../line-stream.ts';
import { configured } from './audited.ts';
import { task } from './task.ts';

export function whatIfRoute(admin: Hono, { gateway }: { readonly gateway: Gateway }): void {
  admin.get('/what-if', async ({ req }) => {
    const [candidate, from, to] = [req.query('catalogue') ?? '', req.query('from') ?? '', req.query('to') ?? ''];
    const begun = await whatIf(gateway, { candidate, from, to });
    if (!begun.ok) return problemResponse(begun.refusal);
    await configured(gateway, `what-if ${candidate}`);
    return new Response(lineStream(linesOf(begun.value)), { headers: { 'content-type': 'application/x-ndjson' } });
  });
}

async function* linesOf(steps: AsyncGenerator<WhatIfStep>): AsyncGenerator<string> {
  for await (const step of steps) yield `${JSON.stringify(step)}\n`;
}

const LINES = z.string().meta({
  description:
    'Lines of JSON: `{orders, of}`, how far it has come; the last one also `result`, with `was` and `would` (orders, recognise, review, doNot, possibleFen, unpriced, risks), `gained`, `lost`, `differing`, and the same by item or panel in `lines`.',
});

export const whatIfPaths: Paths = {
  '/admin/what-if': {
    get: task('whatIf', 'stewardship', ['试算', 'Decides the past again under another catalogue, and compares.'], {
      more: 'Each order with what was known then; risks by what is known today. With the catalogue that decided, nothing differs.',
      query: z.object({
        catalogue: z.string().meta({ description: 'Digest of a version that is kept.' }),
        from: z.string().meta({ description: 'First local day, YYYY-MM-DD.' }),
        to: z.string().meta({ description: 'Last local day.' }),
      }),
      answers: { 200: { says: 'A line a page of orders.', content: { type: 'application/x-ndjson', schema: LINES } } },
      refusals: { 400: ['gateway/bad-span'], 404: ['gateway/unknown-catalogue'] },
    }),
  },
};
