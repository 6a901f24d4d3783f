/** Sentences of refusals that a FHIR search meets: *what (where) — what to do next*. */
import type { ProblemSentences } from '../base/problem.ts';

export const SENTENCES = {
  'search/not-served':
    'A search parameter is not served for this type (parameter) — take one of /fhir/metadata, or say Prefer: handling=lenient.',
  'search/modifier-not-served':
    'The modifier is not served for this parameter (parameter) — take one that /fhir/metadata or the README names.',
  'search/bad-value': 'The value is not one that the parameter takes (parameter) — write it as R4 search.html says.',
  'search/sort-not-served': 'The order is not served (_sort) — sort by _lastUpdated, _id or the main date of the type.',
  'search/include-not-served':
    'The include is not served (_include, _revinclude) — name a reference parameter of the searched type, or Provenance:target.',
  'search/too-much': 'The search has too many parameters or values, or a value is too long (query) — ask in parts.',
} as const satisfies ProblemSentences;

export type SearchCode = keyof typeof SENTENCES;
