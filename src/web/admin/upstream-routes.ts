/** `/admin/upstreams` and `/admin/pull`: hospitals' own FHIR servers, and reading from one now. */
import type { Hono } from 'hono';
import { z } from 'zod';
import { done, refuse } from '../../base/outcome.ts';
import { refusalOf } from '../../gateway/answer.ts';
import { pullReports } from '../../gateway/pull-reports.ts';
import type { ChannelId } from '../../terms/channel.ts';
import type { FacilityId } from '../../terms/facility.ts';
import { problemResponse } from '../http-problem.ts';
import { webRefusal } from '../problems.ts';
import { readJson } from '../read-body.ts';
import { audited } from './audited.ts';
import type { AdminParts } from './routes.ts';

const id = z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/);
export const upstreamBody = z.strictObject({
  facility: id,
  channel: id,
  baseUrl: z.url().max(500),
  tokenUrl: z.url().max(500).nullable().default(null),
  clientId: z.string().max(200).nullable().default(null),
  /** Name of an environment variable; the secret itself is never kept here. */
  secretName: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]{0,63}$/)
    .nullable()
    .default(null),
  scope: z.string().max(500).nullable().default(null),
});

export function upstreamRoutes(admin: Hono, { gateway, sourceOf }: AdminParts): void {
  const { upstreams } = gateway.store;
  admin.get('/upstreams', async () => Response.json(await upstreams.list()));
  admin.post('/upstreams', async ({ req }) => {
    const body = await readJson(req.raw, upstreamBody);
    if (!body.ok) return problemResponse(body.refusal);
    const { channels } = await gateway.reference.current();
    const channel = channels.get(body.value.channel as ChannelId);
    if (channel === undefined || channel.facility !== body.value.facility) {
      return problemResponse(refusalOf('not-found', 'gateway/unknown-channel', 'channel'));
    }
    if (!gateway.outbound.allows(body.value.baseUrl))
      return problemResponse(webRefusal('incorrect', 'web/host-not-allowed', 'baseUrl'));
    await upstreams.put(body.value);
    return audited(gateway, done({ facility: body.value.facility }), `upstream ${body.value.facility}`);
  });
  admin.post('/upstreams/:facility/remove', async ({ req }) => {
    const facility = req.param('facility') as FacilityId;
    const isRemoved = await upstreams.remove(facility);
    const unknown = refuse(refusalOf('not-found', 'gateway/unknown-upstream', 'facility'));
    return audited(gateway, isRemoved ? done({ facility }) : unknown, `upstream remove ${facility}`);
  });
  admin.post('/pull/:facility', async ({ req }) => {
    const facility = req.param('facility') as FacilityId;
    const upstream = (await upstreams.list()).find((one) => one.facility === facility);
    if (upstream === undefined || sourceOf === undefined) {
      return problemResponse(refusalOf('not-found', 'gateway/unknown-upstream', 'facility'));
    }
    const source = sourceOf(upstream);
    if (!source.ok) return problemResponse(source.refusal);
    return audited(gateway, await pullReports(gateway, facility, source.value), `pull ${facility}`);
  });
}
