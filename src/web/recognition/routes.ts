/** `POST /recognition/check` and `/recognition/replies`: the plain JSON face of a question and a reply. */
import { Hono } from 'hono';
import { answer } from '../../gateway/answer.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import { reply } from '../../gateway/reply.ts';
import type { Authenticator } from '../authenticate.ts';
import { problemResponse } from '../http-problem.ts';
import { readJson } from '../read-body.ts';
import { checkBody, replyBody, toQuestion, toReply } from './bodies.ts';
import { printAnswer } from './print-answer.ts';

export function recognitionRoutes(gateway: Gateway, authenticator: Authenticator): Hono {
  return new Hono()
    .post('/recognition/check', async (context) => {
      const caller = await authenticator.channel(context.req.raw, 'concord/check');
      if (!caller.ok) return problemResponse(caller.refusal);
      const body = await readJson(context.req.raw, checkBody);
      if (!body.ok) return problemResponse(body.refusal);
      const answered = await answer(gateway, caller.value, toQuestion(body.value));
      if (!answered.ok) return problemResponse(answered.refusal);
      return context.json(printAnswer(answered.value), 200, { 'cache-control': 'no-store' });
    })
    .post('/recognition/replies', async (context) => {
      const caller = await authenticator.channel(context.req.raw, 'concord/reply');
      if (!caller.ok) return problemResponse(caller.refusal);
      const body = await readJson(context.req.raw, replyBody);
      if (!body.ok) return problemResponse(body.refusal);
      const replied = await reply(gateway, caller.value, toReply(body.value));
      if (!replied.ok) return problemResponse(replied.refusal);
      return context.json(replied.value, 200, { 'cache-control': 'no-store' });
    });
}
