/** Sentences of refusals made at the HTTP door: *what (where) — what to do next*. */
import type { Refusal, RefusalCategory } from '../base/outcome.ts';
import type { ProblemSentences } from '../base/problem.ts';

export const SENTENCES = {
  'web/not-found': 'There is nothing at this address (path) — see the list of routes in README.',
  'web/body-too-large': 'The body is over the size limit (body) — send less, or in parts.',
  'web/body-cut-off': 'The body ended before it was whole (body) — send it again.',
  'web/not-json': 'The body is not JSON that is taken here (body) — mend it at the position given.',
  'web/two-patients':
    'The two recordings are not certainly of one patient (compare) — look at each by itself; a steward can link the records.',
  'web/page-unknown':
    'No page is drawn like that (parameter) — see /openapi.json for layouts, speeds, gains and languages.',
  'web/wrong-shape': 'The body is not of the shape that is taken here (body) — mend the element given.',
  'web/missing-prefetch':
    'The patient is needed and did not come with the request (prefetch.patient) — send the prefetch.',
  'web/not-hl7': 'The body holds no HL7 v2 message (body) — send one that starts with MSH.',
  'web/several-messages': 'A dry run takes one message and the body holds several (body) — try them one by one.',
  'web/too-many-messages':
    'The body holds more messages than are taken at once (body) — send it in parts; nothing was taken.',
  'web/host-not-allowed': 'The address may not be spoken to (address) — add its host to OUTBOUND_HOSTS first.',
  'web/draining': 'The gateway is being stopped (gateway) — ask another, or again later.',
  'web/type-not-served': 'This resource type is not served (address) — take one of /fhir/metadata.',
  'web/not-acceptable': 'Only FHIR R4 as JSON is spoken here (Accept, _format) — accept application/fhir+json.',
  'web/media-type': 'The body is of a type that is not taken here (Content-Type) — send what /fhir/metadata names.',
  'web/circumstances':
    'Why you ask cannot be read (Concord-Encounter, Concord-Purpose, Concord-Reason) — send short texts, percent-encoded, and a purpose such as TREAT or BTG.',
  'web/not-set-up':
    'The service is not set up: a setting is missing, or the database is of another version (service) — its operator finds which in the log.',
  'web/no-such-door':
    'This runtime listens to no MLLP and watches no folder (kind) — add the channel to a gateway on Node.',
  'web/fault': 'Something went wrong here (gateway) — try again, and tell the operator if it stays.',
} as const satisfies ProblemSentences;

export type WebCode = keyof typeof SENTENCES;

export function webRefusal(category: RefusalCategory, code: WebCode, at?: string): Refusal {
  return { category, code, sentence: SENTENCES[code], ...(at === undefined ? {} : { at }) };
}
