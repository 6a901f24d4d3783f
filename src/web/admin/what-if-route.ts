/** `GET /admin/what-if`: the past decided again under another catalogue, told as it goes: a line of JSON a page, the last one the result. */
import type { Hono } from 'hono';
import { z } from 'zod';
import type { Gateway } from '../../gateway/gateway.ts';
import { whatIf, type WhatIfStep } from '../../gateway/what-if/what-if.ts';
import type { WhatIf, WhatIfSide } from '../../terms/what-if.ts';
import { problemResponse } from '../http-problem.ts';
import type { Paths } from '../openapi/describe.ts';
import { count, type Fits, instant } from '../openapi/schemas.ts';
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

const side = z.object({
  orders: count,
  recognise: count,
  review: count,
  doNot: count,
  possibleFen: z.int().meta({ description: 'If every recognised order were accepted, each charge once a visit.' }),
  unpriced: count,
  risks: z.object({ corrected: count, critical: count, changed: count }).meta({
    description: 'Recognised orders whose result was later corrected, was critical, or differed at the next test.',
  }),
});

const sides = { was: side, would: side, gained: count, lost: count };

const result = z.object({
  form: z.literal(1),
  from: instant,
  until: instant,
  candidate: z.string(),
  sample: z.boolean(),
  decidedBy: z.array(z.string()).meta({ description: 'Catalogues that decided then.' }),
  undecidable: count.meta({ description: 'Orders of before their inputs were kept.' }),
  ...sides,
  differing: count.meta({ description: 'Orders whose verdict or coverage would be another.' }),
  lines: z.array(z.object({ target: z.string(), ...sides })),
});

const step = z
  .object({ orders: count, of: count, result: result.optional() })
  .meta({ id: 'WhatIfStep', description: 'How far it has come; the last line carries the result.' });

export type WhatIfFit = [Fits<WhatIf, typeof result>, Fits<WhatIfSide, typeof side>, Fits<WhatIfStep, typeof step>];

export const whatIfPaths: Paths = {
  '/admin/what-if': {
    get: task('whatIf', 'stewardship', ['试算', 'Decides the past again under another catalogue, and compares.'], {
      more: 'Each order with what was known then; risks by what is known today. With the catalogue that decided, nothing differs.',
      query: z.object({
        catalogue: z.string().meta({ description: 'Digest of a version that is kept.' }),
        from: z.string().meta({ description: 'First local day, YYYY-MM-DD.' }),
        to: z.string().meta({ description: 'Last local day.' }),
      }),
      answers: { 200: { says: 'A line a page of orders.', content: { type: 'application/x-ndjson', schema: step } } },
      refusals: { 400: ['gateway/bad-span'], 404: ['gateway/unknown-catalogue'] },
    }),
  },
};
