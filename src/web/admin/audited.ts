/** How `/admin` answers: an outcome as JSON or as its refusal, a change only after its audit event is durable. */
import type { Outcome } from '../../base/outcome.ts';
import { auditAct } from '../../gateway/audit-act.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import { problemResponse } from '../http-problem.ts';
import { unknownRefusal, type UnknownCode } from './bodies.ts';

export function send<T>(outcome: Outcome<T>): Response {
  return outcome.ok ? Response.json(outcome.value) : problemResponse(outcome.refusal);
}

export function unknown(code: UnknownCode, at: string): Response {
  return problemResponse(unknownRefusal(code, at));
}

export const ADMINISTRATOR = 'administrator';

/** What the administrator changed is audited before it is answered; ids, digests and counts only. */
export async function audited<T>(gateway: Gateway, outcome: Outcome<T>, detail: string): Promise<Response> {
  if (outcome.ok) await configured(gateway, detail);
  return send(outcome);
}

export function configured(gateway: Gateway, detail: string): Promise<void> {
  return auditAct(gateway, { action: 'configure', actor: ADMINISTRATOR, detail: detail.slice(0, DETAIL_MAX) });
}

/** A list of very many ids is cut. */
const DETAIL_MAX = 1_000;
