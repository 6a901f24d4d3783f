/** `/recognition/notices`: what a facility has to be told of results; `/recognition/concerns`: what its doctors say of them. */
import { Hono } from 'hono';
import { auditAct } from '../../gateway/audit-act.ts';
import { refusalOf } from '../../gateway/answer.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import { reportConcern } from '../../gateway/report-concern.ts';
import type { Authenticator } from '../authenticate.ts';
import { problemResponse } from '../http-problem.ts';
import { readJson } from '../read-body.ts';
import { present } from './bodies.ts';
import { concernBody, printNotice } from './notice-bodies.ts';

const LISTED = 500;
const NO_STORE = { 'cache-control': 'no-store' };

export function noticeRoutes(gateway: Gateway, authenticator: Authenticator): Hono {
  return new Hono()
    .get('/recognition/notices', async (context) => {
      const caller = await authenticator.channel(context.req.raw, 'concord/check');
      if (!caller.ok) return problemResponse(caller.refusal);
      const { facility, channel } = caller.value;
      const notices = await gateway.store.notices.open({ facility: facility.id, limit: LISTED });
      await auditAct(gateway, {
        action: 'read',
        actor: channel.id,
        facility: facility.id,
        detail: `notices ${notices.length}`,
      });
      return context.json(notices.map(printNotice), 200, NO_STORE);
    })
    .post('/recognition/notices/:id/close', async (context) => {
      const caller = await authenticator.channel(context.req.raw, 'concord/reply');
      if (!caller.ok) return problemResponse(caller.refusal);
      const { facility, channel } = caller.value;
      const id = context.req.param('id');
      const closing = { facility: facility.id, at: gateway.clock.now(), by: channel.id };
      if (!(await gateway.store.notices.close(id, closing)))
        return problemResponse(refusalOf('not-found', 'gateway/unknown-notice', 'id'));
      await auditAct(gateway, {
        action: 'update',
        actor: channel.id,
        facility: facility.id,
        detail: `notice ${id} closed`,
      });
      return context.json({ id, closed: true }, 200, NO_STORE);
    })
    .post('/recognition/concerns', async (context) => {
      const caller = await authenticator.channel(context.req.raw, 'concord/reply');
      if (!caller.ok) return problemResponse(caller.refusal);
      const body = await readJson(context.req.raw, concernBody);
      if (!body.ok) return problemResponse(body.refusal);
      const reported = await reportConcern(gateway, caller.value, present(body.value));
      if (!reported.ok) return problemResponse(reported.refusal);
      return context.json(reported.value, 200, NO_STORE);
    });
}
