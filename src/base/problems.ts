/** Sentences of the problems that reading JSON finds. */
import type { ProblemSentences } from './problem.ts';

export const SENTENCES: ProblemSentences = {
  'base/json-syntax':
    'The text is not JSON (RFC 8259) from this place on — send it well formed, without a byte order mark.',
  'base/json-depth': 'The JSON is nested too deeply — flatten it, resources need fewer levels.',
  'base/json-duplicate-key': 'An object has the same key twice — keep one of them.',
  'base/json-key': 'A key has a name that no FHIR element has — remove it.',
  'base/json-number':
    'A number is neither an integer nor where FHIR R4 has a decimal, or is too long — write it as the element wants.',
  'base/json-quoted-decimal': 'Text stands where FHIR R4 has a decimal — write the number without quotes.',
  'base/json-surrogate': 'A text holds half of a surrogate pair — send whole characters.',
};
