/** `GET /admin/offers/{id}/explanation`: an old decision made again, with its sentences. A read of a person's data: audited. */
import type { Hono } from 'hono';
import { patientMac } from '../../gateway/pseudonyms.ts';
import { auditAct } from '../../gateway/audit-act.ts';
import { type Explanation, explain } from '../../gateway/explain.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import { problemResponse } from '../http-problem.ts';
import type { Told } from '../openapi/schemas.ts';
import { ADMINISTRATOR } from './audited.ts';
import type { explanation } from './explanation.ts';

export function explainRoute(admin: Hono, { gateway }: { readonly gateway: Gateway }): void {
  admin.get('/offers/:id/explanation', async ({ req }) => {
    const explained = await explain(gateway, req.param('id'));
    if (!explained.ok) return problemResponse(explained.refusal);
    const { offer } = explained.value;
    await auditAct(gateway, {
      action: 'read',
      actor: ADMINISTRATOR,
      facility: offer.facility,
      patientMac: patientMac(gateway, offer.patient),
      detail: `explain ${offer.id}`,
    });
    return Response.json(print(explained.value));
  });
}

function print({ offer, decision, differences, facilities }: Explanation): Told<typeof explanation> {
  const names = new Map(facilities.map(({ id, name }) => [id, name]));
  return {
    offer: offer.id,
    at: offer.at,
    asker: offer.facility,
    catalogue: offer.catalogueDigest,
    target: decision.target ?? '',
    decision: decision.verdict,
    coverage: decision.coverage,
    missing: decision.missing,
    abnormal: decision.abnormal,
    items: decision.items.map(({ item, verdict, entry, checks }) => ({
      item,
      decision: verdict,
      ...(entry === undefined
        ? {}
        : {
            collected: entry.effectiveStart,
            facility: { id: entry.facility, name: names.get(entry.facility) ?? entry.facility },
            result: `${entry.element}@${entry.version}`,
          }),
      checks,
    })),
    same: differences.length === 0,
    differences,
  };
}
