/** `/admin/audit`: who did what; `/admin/break-glass`: openings that wait for a reviewer, and the reviewer's word. */
import type { Hono } from 'hono';
import { z } from 'zod';
import { auditAct } from '../../gateway/audit-act.ts';
import { auditTrail } from '../../gateway/audit-trail.ts';
import { judgeGlass } from '../../gateway/fhir/break-glass.ts';
import type { FacilityId } from '../../terms/facility.ts';
import type { Instant } from '../../terms/instant.ts';
import { problemResponse } from '../http-problem.ts';
import { webRefusal } from '../problems.ts';
import { readJson } from '../read-body.ts';
import { ADMINISTRATOR, audited, send } from './audited.ts';
import type { AdminParts } from './routes.ts';

const LISTED = 500;
export const judgementBody = z.strictObject({
  as: z.enum(['justified', 'unjustified']),
  by: z.string().min(1).max(64),
});

export const trailQuery = z
  .strictObject({
    facility: z.string().min(1).max(64).optional(),
    patient: z.string().min(1).max(64).optional(),
    since: z.iso.datetime({ offset: true }).optional(),
  })
  .refine(({ facility, patient }) => facility === undefined || patient === undefined);

export function auditRoutes(admin: Hono, { gateway }: AdminParts): void {
  admin.get('/audit', async ({ req }) => {
    const query = trailQuery.safeParse(req.query());
    if (!query.success) return problemResponse(webRefusal('incorrect', 'web/wrong-shape', 'query'));
    const { facility, patient, since } = query.data;
    const trail = await auditTrail(gateway, {
      ...(facility === undefined ? {} : { facility: facility as FacilityId }),
      ...(patient === undefined ? {} : { patient }),
      ...(since === undefined ? {} : { since: new Date(since).toISOString() as Instant }),
      limit: LISTED,
      by: ADMINISTRATOR,
    });
    return send(trail);
  });
  admin.get('/break-glass', async ({ req }) => {
    const glasses = await gateway.store.audit.glasses({ reviewed: req.query('all') === '1', limit: LISTED });
    // A reason may tell of the patient: who read it is written down.
    const detail = `break-glass list ${glasses.length}`;
    await auditAct(gateway, { action: 'read', actor: ADMINISTRATOR, detail });
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
