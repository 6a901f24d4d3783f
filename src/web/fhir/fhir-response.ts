/** Answers of the FHIR door: JSON texts, and OperationOutcome for every refusal (R4 http.html, operationoutcome.html). */
import type { Refusal, RefusalCategory } from '../../base/outcome.ts';
import type { Problem } from '../../base/problem.ts';
import { sentenceOf } from '../../gateway/sentences.ts';
import { statusOf } from '../http-problem.ts';

export const FHIR_JSON = 'application/fhir+json; charset=utf-8';

/** R4 issue-type. */
const ISSUE_TYPE: Readonly<Record<RefusalCategory, string>> = {
  incorrect: 'invalid',
  unsupported: 'not-supported',
  forbidden: 'forbidden',
  unauthenticated: 'login',
  'not-found': 'not-found',
  conflict: 'conflict',
  busy: 'throttled',
  unavailable: 'transient',
  fault: 'exception',
};

export function fhirResponse(text: string, status = 200, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(text, {
    status,
    headers: { 'content-type': FHIR_JSON, 'cache-control': 'no-store', ...headers },
  });
}

/** With the refusal's own problems, if it has several; the first issue is the refusal's. */
export function outcomeResponse(refusal: Refusal, problems: readonly Problem[] = []): Response {
  const headers: Record<string, string> = {};
  if (refusal.category === 'unavailable' || refusal.category === 'busy')
    headers['retry-after'] = String(refusal.retryAfterSeconds ?? 5);
  if (refusal.category === 'unauthenticated') headers['www-authenticate'] = 'Bearer realm="concord"';
  const issues = [issueOfRefusal(refusal), ...problems.map(issueOfProblem)];
  return fhirResponse(outcomeText(issues), statusOf(refusal), headers);
}

export interface Issue {
  readonly severity: 'fatal' | 'error' | 'warning' | 'information';
  readonly code: string;
  readonly details: {
    readonly coding: readonly { readonly system: string; readonly code: string }[];
    readonly text: string;
  };
  readonly diagnostics?: string;
  readonly expression?: readonly string[];
}

export function outcomeText(issues: readonly Issue[]): string {
  return JSON.stringify({ resourceType: 'OperationOutcome', issue: issues });
}

export function issueOfRefusal({ category, code, sentence, at }: Refusal): Issue {
  return { severity: 'error', code: ISSUE_TYPE[category], ...saying(code, sentence), ...where(at) };
}

export function issueOfProblem({ severity, code, at }: Problem): Issue {
  return { severity, code: 'invalid', ...saying(code, sentenceOf(code) ?? code), ...where(at) };
}

function saying(code: string, text: string): Pick<Issue, 'details'> {
  return { details: { coding: [{ system: 'urn:concord:problem', code }], text } };
}

/** A FHIRPath where the position is one, else a plain text. */
function where(at: string | undefined): Pick<Issue, 'expression' | 'diagnostics'> {
  if (at === undefined || at === '') return {};
  return /^[A-Z][A-Za-z]+(?:[.[]|$)/.test(at) ? { expression: [at] } : { diagnostics: at };
}
