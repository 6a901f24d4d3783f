/** `/admin/ledger`: the ledger verified where it is, exported to be verified elsewhere, and its anchors. */
import type { Hono } from 'hono';
import { z } from 'zod';
import { exportLedger } from '../../gateway/export-ledger.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import { findIrregularities } from '../../gateway/irregularities.ts';
import { reportMonth } from '../../gateway/month-report.ts';
import { verifyLedger } from '../../gateway/verify-ledger.ts';
import { ANCHORS_MAX } from '../ledger/routes.ts';
import { measuresOf } from '../../ledger/measures.ts';
import { CSV_PARTS, printMonthCsv } from '../../ledger/month-report.ts';
import type { Instant } from '../../terms/instant.ts';
import { problemResponse } from '../http-problem.ts';
import { lineStream } from '../line-stream.ts';
import { instant } from '../openapi/schemas.ts';
import { webRefusal } from '../problems.ts';
import { FHIR_JSON } from '../fhir/fhir-response.ts';
import { present } from '../recognition/bodies.ts';
import { configured, send } from './audited.ts';

export const reportQuery = z.object({
  month: z.string().meta({ description: 'YYYY-MM: when orders were asked about.' }),
  asOf: instant.optional().meta({ description: 'What was known then; left out: now.' }),
  catalogue: z
    .string()
    .optional()
    .meta({ description: 'Digest of what names classes of items; left out: the active one.' }),
  part: z
    .enum(CSV_PARTS)
    .optional()
    .meta({ description: 'What the CSV has its lines of; left out: facility and target.' }),
});

export interface LedgerParts {
  readonly gateway: Gateway;
  /** False: the gateway is there for one command, so that what waits for its seal is no fault (SETTLED 12). */
  readonly serving?: boolean | undefined;
}

export function ledgerRoutes(admin: Hono, { gateway, serving = true }: LedgerParts): void {
  admin.get('/ledger/verify', async () => Response.json(await verifyLedger(gateway, { running: serving })));
  admin.get('/ledger/anchors', async () =>
    Response.json(await gateway.store.ledger.anchors({ since: '', limit: ANCHORS_MAX })),
  );
  admin.get('/ledger/report', async ({ req }) => {
    const asked = reportQuery.safeParse({ month: '', ...req.query() });
    if (!asked.success) {
      const at = String(asked.error.issues[0]?.path[0] ?? '');
      return problemResponse(webRefusal('incorrect', 'web/wrong-shape', at));
    }
    const { month, asOf, catalogue, part } = asked.data;
    const made = await reportMonth(gateway, present({ month, asOf: asOf as Instant | undefined, catalogue }));
    if (!made.ok) return problemResponse(made.refusal);
    if (req.header('accept')?.includes('fhir+json') === true)
      return new Response(JSON.stringify(measuresOf(made.value)), { headers: { 'content-type': FHIR_JSON } });
    if (!req.header('accept')?.includes('text/csv')) return Response.json(made.value);
    return new Response(printMonthCsv(made.value, part), { headers: { 'content-type': 'text/csv; charset=utf-8' } });
  });
  admin.get('/ledger/irregularities', async ({ req }) =>
    send(await findIrregularities(gateway, { month: req.query('month') ?? '' })),
  );
  admin.get('/ledger/export', async () => {
    await configured(gateway, 'ledger export');
    return new Response(lineStream(exportLedger(gateway)), { headers: { 'content-type': 'application/x-ndjson' } });
  });
}
