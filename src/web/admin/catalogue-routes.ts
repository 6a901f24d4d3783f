/** `/admin/catalogue`: tables are checked or imported; versions are listed, compared and made active. */
import type { Hono } from 'hono';
import { LIMITS } from '../../base/limits.ts';
import {
  activateCatalogue,
  checkCatalogue,
  type CheckedCatalogue,
  compareCatalogues,
  importCatalogue,
} from '../../gateway/catalogue-versions.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import { problemResponse } from '../http-problem.ts';
import { readJson } from '../read-body.ts';
import type { Told } from '../openapi/schemas.ts';
import type { checkedCatalogue, importedCatalogue } from './catalogue-operations.ts';
import { audited, configured, send, unknown } from './audited.ts';
import * as bodies from './bodies.ts';

export function catalogueRoutes(admin: Hono, { gateway }: { readonly gateway: Gateway }): void {
  admin.get('/catalogue', async () => Response.json(await gateway.store.reference.catalogues()));
  admin.post('/catalogue', async ({ req }) => {
    const body = await readJson(req.raw, bodies.catalogueBody, LIMITS.messageBytesMax);
    if (!body.ok) return problemResponse(body.refusal);
    const activate = req.query('activate') !== 'no';
    const imported = await importCatalogue(gateway, body.value, { activate });
    const { catalogue, reindexed } = imported;
    if (catalogue !== undefined) await configured(gateway, `catalogue ${catalogue.digest}${activate ? '' : ' kept'}`);
    return judged<typeof importedCatalogue>({ ...told(imported), reindexed });
  });
  admin.post('/catalogue/check', async ({ req }) => {
    const body = await readJson(req.raw, bodies.catalogueBody, LIMITS.messageBytesMax);
    if (!body.ok) return problemResponse(body.refusal);
    return judged<typeof checkedCatalogue>(told(await checkCatalogue(gateway, body.value)));
  });
  admin.post('/catalogue/activate', async ({ req }) => {
    const body = await readJson(req.raw, bodies.digestBody);
    if (!body.ok) return problemResponse(body.refusal);
    const { digest } = body.value;
    return audited(gateway, await activateCatalogue(gateway, digest), `catalogue ${digest}`);
  });
  admin.get('/catalogue/diff', async ({ req }) => {
    const [from, to] = [req.query('from'), req.query('to')];
    if (to === undefined) return unknown('gateway/unknown-catalogue', 'to');
    return send(await compareCatalogues(gateway, { from, to }));
  });
}

function told({ catalogue, problems, differences }: CheckedCatalogue): Told<typeof checkedCatalogue> {
  return { digest: catalogue?.digest ?? null, items: catalogue?.items.size ?? 0, problems, differences };
}

/** 422: the tables have faults, and nothing changed. */
function judged<S extends typeof checkedCatalogue>(answer: Told<S>): Response {
  return Response.json(answer, { status: answer.digest === null ? 422 : 200 });
}
