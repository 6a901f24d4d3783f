/** `/admin/break-glass`: openings that wait for a reviewer, and the reviewer's word. */
import type { Hono } from 'hono';
import { z } from 'zod';
import { judgeGlass } from '../../gateway/fhir/break-glass.ts';
import { problemResponse } from '../http-problem.ts';
import { readJson } from '../read-body.ts';
import { audited } from './audited.ts';
import type { AdminParts } from './routes.ts';

const LISTED = 500;
const judgementBody = z.strictObject({ as: z.enum(['justified', 'unjustified']), by: z.string().min(1).max(64) });

export function auditRoutes(admin: Hono, { gateway }: AdminParts): void {
  admin.get('/break-glass', async ({ req }) => {
    const glasses = await gateway.store.audit.glasses({ reviewed: req.query('all') === '1', limit: LISTED });
    return Response.json(
      glasses.map(({ encounterMac: _encounter, patient, ...one }) => ({ ...one, patient: patient.patient })),
    );
  });
  admin.post('/break-glass/:id', async ({ req }) => {
    const body = await readJson(req.raw, judgementBody);
    if (!body.ok) return problemResponse(body.refusal);
    const id = req.param('id');
    return audited(gateway, await judgeGlass(gateway, { id, ...body.value }), `break-glass ${id} ${body.value.as}`);
  });
}
