/** Sentences of what goes wrong on the way out: *what (where) — what to do next*. Never a word of the other side's. */
import type { Refusal, RefusalCategory } from '../base/outcome.ts';
import type { ProblemSentences } from '../base/problem.ts';

export const SENTENCES = {
  'outbound/not-allowed':
    'The address is not on the list of allowed hosts (OUTBOUND_HOSTS) — add its host, or mend the address.',
  'outbound/private-address':
    'The name leads to an address of this machine or a private network (address) — allow it with “+private” in OUTBOUND_HOSTS if that is meant.',
  'outbound/redirect':
    'The other side sends elsewhere (address) — configure the address that it sends to; no redirect is followed.',
  'outbound/too-large': 'The other side’s answer is over the size limit (address) — ask for smaller pages.',
  'outbound/timed-out': 'The other side did not answer in time (address) — it is tried again later.',
  'outbound/unreachable': 'The other side cannot be reached (address) — check the address and the network.',
  'outbound/status': 'The other side refused the request (address) — look at its log; the status is told.',
  'outbound/not-fhir': 'The other side’s answer is no FHIR JSON (address) — check the base address.',
  'outbound/foreign-link':
    'The other side’s page leads to another host (Bundle.link) — it is not followed; tell its operator.',
  'outbound/no-secret': 'The secret of this server is not in the environment (secret name) — set it and try again.',
} as const satisfies ProblemSentences;

export type OutboundCode = keyof typeof SENTENCES;

export function outboundRefusal(
  code: OutboundCode,
  category: RefusalCategory = 'unavailable',
  at = 'address',
): Refusal {
  return { category, code, sentence: SENTENCES[code], at };
}
