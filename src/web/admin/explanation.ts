/** The shape of an old decision made again. */
import { z } from 'zod';
import { instant } from '../openapi/schemas.ts';
import { checkResult, verdict } from '../recognition/answers.ts';

export const explanation = z
  .object({
    offer: z.string(),
    at: instant,
    asker: z.string(),
    catalogue: z.string().meta({ description: 'Digest of the version that decided.' }),
    target: z.string().meta({ description: 'The ordered item or panel.' }),
    decision: verdict,
    coverage: z.enum(['full', 'partial', 'none']),
    missing: z.array(z.string()),
    abnormal: z.array(z.string()),
    items: z.array(
      z.object({
        item: z.string(),
        decision: verdict,
        collected: instant.optional(),
        facility: z.object({ id: z.string(), name: z.string() }).optional(),
        result: z.string().optional().meta({ description: 'Observation and version that was judged.' }),
        checks: z.array(checkResult.omit({ item: true })),
      }),
    ),
    same: z.boolean().meta({ description: 'Made again it is the decision of then.' }),
    differences: z.array(z.object({ at: z.string(), kept: z.string(), made: z.string() })),
  })
  .meta({ id: 'Explanation', description: 'An old decision, made again from the inputs that its offer kept.' });
