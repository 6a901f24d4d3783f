/** Sentences of the registry's problems: *what (where) — what to do next*. */
import type { ProblemSentences } from '../base/problem.ts';

export const SENTENCES = {
  'registry/other-patient':
    'This report number belongs to a report of another patient (OBR-2, OBR-3) — kept unprocessed; mend the number or the patient, then replay.',
  'registry/collection-apart':
    'This report number belongs to a report collected at another time (OBR-3, OBR-7) — kept unprocessed; add a date to the report key in the profile of the facility, then replay.',
  'registry/older-than-known':
    'A later statement of this element is known (OBR-22, MSH-7) — the older one was not taken; nothing to do.',
  'registry/preliminary-after-final':
    'A result that is not final came for one that is (OBX-11) — not taken; send C when the final one was wrong.',
  'registry/retracted-before':
    'The result was retracted (OBX-11 D or W) — only a later F, C or A brings it back; send one of them.',
} as const satisfies ProblemSentences;

export type RegistryCode = keyof typeof SENTENCES;
