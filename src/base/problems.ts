/** Sentences of the problems that reading JSON finds: *what (where) — what to do next*. */
import type { ProblemSentences } from './problem.ts';

export const SENTENCES = {
  'base/json-syntax':
    'The text is not JSON from here on (line, offset) — send it well formed by RFC 8259, without a byte order mark.',
  'base/json-depth': 'The JSON is nested too deeply (line, offset) — flatten it; resources need fewer levels.',
  'base/json-duplicate-key': 'An object has the same key twice (line, offset) — keep one of them.',
  'base/json-key': 'A key has a name that no FHIR element has (line, offset) — remove it.',
  'base/json-number':
    'A number is no integer and stands where FHIR R4 has no decimal, or is too long (line, offset) — write it as its element wants.',
  'base/json-quoted-decimal':
    'Text stands where FHIR R4 has a decimal (line, offset) — write the number without quotes.',
  'base/json-surrogate': 'A text holds half of a surrogate pair (line, offset) — send whole characters.',
} as const satisfies ProblemSentences;
