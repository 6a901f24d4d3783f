/** `/admin/notices`: notices of every facility, for an operator. */
import type { Hono } from 'hono';
import { z } from 'zod';
import { auditAct } from '../../gateway/audit-act.ts';
import { refusalOf } from '../../gateway/answer.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import { problemResponse } from '../http-problem.ts';
import { json, type Paths } from '../openapi/describe.ts';
import { noticeLine, printNotice } from '../recognition/notice-bodies.ts';
import { ADMINISTRATOR, configured } from './audited.ts';
import { list, task } from './task.ts';

const LISTED = 500;

export function noticeAdminRoutes(admin: Hono, { gateway }: { readonly gateway: Gateway }): void {
  admin.get('/notices', async () => {
    const notices = await gateway.store.notices.open({ limit: LISTED });
    // What a doctor wrote may tell of the patient: who read it is written down.
    await auditAct(gateway, { action: 'read', actor: ADMINISTRATOR, detail: `notices ${notices.length}` });
    return Response.json(notices.map(printNotice));
  });
  admin.post('/notices/:id/close', async ({ req }) => {
    const id = req.param('id');
    if (!(await gateway.store.notices.close(id, { at: gateway.clock.now(), by: ADMINISTRATOR })))
      return problemResponse(refusalOf('not-found', 'gateway/unknown-notice', 'id'));
    await configured(gateway, `notice ${id} closed`);
    return Response.json({ id, closed: true });
  });
}

export const noticeAdminPaths: Paths = {
  '/admin/notices': {
    get: list(
      'adminNotices',
      'stewardship',
      ['各机构待办提醒', 'Lists open notices of every facility, the oldest 500.'],
      noticeLine,
    ),
  },
  '/admin/notices/{id}/close': {
    post: task('adminCloseNotice', 'stewardship', ['了结提醒', 'Closes a notice.'], {
      path: z.object({ id: z.string() }),
      answers: { 200: { says: 'It is closed.', content: json(z.object({ id: z.string(), closed: z.literal(true) })) } },
      refusals: { 404: ['gateway/unknown-notice'] },
    }),
  },
};
