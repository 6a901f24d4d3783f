/** `/admin/doctor`: what an operator has to look at. */
import type { Hono } from 'hono';
import { z } from 'zod';
import { AREAS, diagnose } from '../../gateway/diagnose.ts';
import { sentenceOf } from '../../gateway/sentences.ts';
import { problemResponse } from '../http-problem.ts';
import { webRefusal } from '../problems.ts';
import type { AdminParts } from './routes.ts';

export const doctorQuery = z.strictObject({ silentDays: z.coerce.number().int().min(1).max(366).default(3) });

export function doctorRoute(admin: Hono, { gateway, serving = true }: AdminParts): void {
  admin.get('/doctor', async ({ req }) => {
    const query = doctorQuery.safeParse(req.query());
    if (!query.success) return problemResponse(webRefusal('incorrect', 'web/wrong-shape', 'silentDays'));
    const findings = await diagnose(gateway, { ...query.data, serving });
    return Response.json({
      areas: AREAS,
      findings: findings.map((finding) => ({ ...finding, sentence: sentenceOf(finding.code) })),
    });
  });
}
