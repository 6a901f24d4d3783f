/**
 * `POST /intake`: results over HTTP, told by their content. HL7 v2, one message or a batch, is answered by acknowledgements
 * with status 200 (SETTLED 18); an ECG file in JSON.
 */
import { Hono } from 'hono';
import { concatBytes } from '../base/bytes.ts';
import { printResource } from '../base/json.ts';
import { LIMITS } from '../base/limits.ts';
import { looksLikeEcg } from '../formats/ecg/read-any.ts';
import { splitMessages } from '../formats/hl7v2/split.ts';
import { dryRun } from '../gateway/dry-run.ts';
import { receiveEcg } from '../gateway/ecg/receive-ecg.ts';
import type { Gateway } from '../gateway/gateway.ts';
import type { ReceiveInput } from '../gateway/hl7v2-arrival.ts';
import { type Received, receiveHl7v2 } from '../gateway/receive-hl7v2.ts';
import type { Authenticator } from './authenticate.ts';
import { problemResponse } from './http-problem.ts';
import { webRefusal } from './problems.ts';
import { readBytes } from './read-body.ts';

interface IntakeParts {
  readonly gateway: Gateway;
  readonly authenticator: Authenticator;
  readonly intakeBytesMax?: number;
  readonly onFault: (fault: { readonly code: string; readonly route: string; readonly error: unknown }) => void;
}

export function intakeRoute(parts: IntakeParts): Hono {
  const { gateway, authenticator } = parts;
  return new Hono().post('/intake', async (context) => {
    const caller = await authenticator.channel(context.req.raw, 'concord/intake');
    if (!caller.ok) return problemResponse(caller.refusal);
    const body = await readBytes(context.req.raw, parts.intakeBytesMax ?? LIMITS.intakeBytesMax);
    if (!body.ok) return problemResponse(body.refusal);
    if (looksLikeEcg(body.value)) {
      const file = { bytes: body.value, ...caller.value };
      return context.req.query('dry-run') === '1' ? tried(gateway, file) : takeEcg(parts, file);
    }
    if (body.value.length > LIMITS.messageBytesMax)
      return problemResponse(webRefusal('incorrect', 'web/body-too-large', 'body'));
    const messages = splitMessages(body.value).messages.map(({ bytes }) => bytes);
    if (messages.length > LIMITS.messagesPerFrameMax)
      return problemResponse(webRefusal('incorrect', 'web/too-many-messages', 'body'));
    const [message, ...others] = messages;
    const trying = context.req.query('dry-run') === '1';
    if (message === undefined) {
      // Nothing in it is a message; what came is kept all the same, and refused.
      if (!trying) await receiveHl7v2(gateway, { bytes: body.value, ...caller.value });
      return problemResponse(webRefusal('incorrect', 'web/not-hl7', 'body'));
    }
    if (trying) {
      if (others.length > 0) return problemResponse(webRefusal('incorrect', 'web/several-messages', 'body'));
      return tried(gateway, { bytes: message, ...caller.value });
    }
    // One after the other, as over MLLP: a batch's later message may correct an earlier one.
    const taken: Received[] = [];
    for (const bytes of messages) {
      const received = await receiveHl7v2(gateway, { bytes, ...caller.value });
      if (received.fault !== undefined)
        parts.onFault({ code: 'web/not-mappable', route: '/intake', error: received.fault });
      taken.push(received);
    }
    return acknowledged(taken);
  });
}

const JSON_HEADERS = { 'content-type': 'application/json', 'cache-control': 'no-store' };

async function tried(gateway: Gateway, file: ReceiveInput): Promise<Response> {
  return new Response(printResource(await dryRun(gateway, file)), { headers: JSON_HEADERS });
}

/** Answered in JSON after the commit: 200 when it is stored, 422 when it is kept and waits or cannot be read. */
async function takeEcg({ gateway, onFault }: IntakeParts, file: ReceiveInput): Promise<Response> {
  const received = await receiveEcg(gateway, file);
  if (received.fault !== undefined) onFault({ code: 'web/not-mappable', route: '/intake', error: received.fault });
  return new Response(new Uint8Array(received.answer), {
    status: received.outcome === 'stored' ? 200 : 422,
    headers: { ...JSON_HEADERS, 'x-concord-envelope': received.envelope },
  });
}

/** As many acknowledgements as messages, in their order; a single message's envelope is named. */
function acknowledged(taken: readonly Received[]): Response {
  const [first, ...others] = taken;
  return new Response(new Uint8Array(concatBytes(...taken.map(({ ack }) => ack))), {
    headers: {
      'content-type': 'application/hl7-v2',
      'cache-control': 'no-store',
      ...(first !== undefined && others.length === 0 ? { 'x-concord-envelope': first.envelope } : {}),
    },
  });
}
