/** Sentences of what the strict check finds: *what (where) — what to do next*. */
import type { ProblemSentences } from '../../base/problem.ts';

export const SENTENCES = {
  'fhir/not-text': 'The body is no UTF-8 text without byte order mark (body) — send JSON in UTF-8.',
  'fhir/nul': 'A text holds the character NUL (body) — leave it out.',
  'fhir/unknown-type': 'This is no resource type that is taken here (resourceType) — take one of /fhir/metadata.',
  'fhir/unknown-element': 'R4 has no such element here (element) — remove it, or check its name.',
  'fhir/missing-element': 'An element that R4 demands is not there (element) — add it.',
  'fhir/wrong-type': 'The element is of another JSON type than R4 has (element) — write it as R4 does.',
  'fhir/empty': 'R4 knows no empty lists, objects, texts or nulls (element) — leave the element out.',
  'fhir/several-choices': 'More than one of an element’s types is there (element) — keep one.',
  'fhir/unknown-code': 'The code is not one that R4 allows here (element) — take one of its required codes.',
  'fhir/bad-format': 'The value has not the form of its type (element) — write it as R4 datatypes.html says.',
  'fhir/bad-date': 'This is no date or time, or a time without zone (element) — write it as R4 does, with its zone.',
  'fhir/too-long': 'A text is longer than R4 allows (element) — shorten it.',
  'fhir/too-many': 'A list is longer than is taken here (element) — send it in parts.',
  'fhir/bad-reference':
    'The reference has no form that R4 knows (reference) — write Type/id, urn:uuid:… or an address.',
  'fhir/wrong-target': 'The reference names a type that it may not (reference) — name one that R4 allows here.',
  'fhir/invariant': 'A rule of R4 is broken here (element) — see the invariants of its type.',
  'fhir/modifier-extension':
    'It would change the meaning in a way that is not known here (modifierExtension, implicitRules) — send it without.',
  'fhir/contained': 'A contained resource is not as R4 allows (contained) — refer to it, and nest none.',
  'fhir/nested-resources': 'Resources stand within resources too deeply (entry) — send them side by side.',
  'fhir/repeated-address': 'Two entries have one address (fullUrl) — give each its own.',
  'fhir/address-and-id': 'The entry’s address and the resource’s id disagree (fullUrl) — make them one.',
  'fhir/narrative': 'The narrative held what is not shown here and was left out (text.div) — send plain XHTML.',
} as const satisfies ProblemSentences;

export type FhirCode = keyof typeof SENTENCES;
