/** Sentences of identity: what is wrong (where) — what to do next. The queue's reasons are these codes without the folder. */
import type { Problem, ProblemSentences, Severity } from '../base/problem.ts';

export const SENTENCES = {
  'identity/national-number-invalid':
    'A number stated as a national identifier is none (form, check digit or birth date) — correct it at the source; the patient is not linked by it.',
  'identity/two-national-numbers':
    'The record states two different national numbers (PID-3, PID-19) — stored and not linked; a steward decides which is right.',
  'identity/birth-date-differs-from-number':
    'The birth date in the national number is another than the stated one (PID-7) — stored and not linked; correct one of them at the source.',
  'identity/sex-differs-from-number':
    'The sex in the national number is another than the stated one (PID-8) — stored and not linked; correct one of them at the source.',
  'identity/same-number-other-name':
    'Another name already stands under this national number (PID-5) — stored and not linked, the standing records stay as they are; a steward decides.',
  'identity/another-national-number':
    'A known patient record came with another national number (PID-3) — stored and not linked until a steward looks.',
  'identity/name-and-birth-date-changed':
    'A known patient record came with another name and another birth date (PID-5, PID-7) — stored and not linked until a steward looks.',
  'identity/name-changed':
    'The name of a known patient record changed (PID-5) — it is in no set of linked records until a steward looks.',
  'identity/named-after-placeholder':
    'A record that named nobody came with a name (PID-5) — it is not linked until a steward confirms whose results it holds.',
  'identity/held-for-steward': 'This record waits for a steward (an earlier conflict) — it stays unlinked until then.',
  'identity/newborn-without-number':
    'A newborn is recorded under its mother (PID) — no identifier in the record counts as its own; a steward links it when its own is known.',
  'identity/placeholder-name':
    'The name is a placeholder (PID-5) — stored and not linked; correct it at the source or leave it to a steward.',
  'identity/name-unreadable':
    'The name has masked or lost characters (PID-5) — stored and not linked; have the source send the whole name.',
  'identity/name-missing': 'The record has no name (PID-5) — stored and not linked; have the source send the name.',
  'identity/untyped-national-number':
    'A valid national number stands without its type (CX.5 NI) — possible only; name its type at the source or in the facility profile.',
  'identity/no-national-number':
    'The record states no national number (PID-3) — stored and not linked to records of other facilities.',
  'identity/possible-same-person':
    'Another record may be the same person (PID) — shown to a steward and never used for a card before that.',
  'identity/number-on-steward-link':
    'A record that a steward linked came with a national number (PID-3) — the link stays; a steward joins it to the records under that number.',
} as const satisfies ProblemSentences;

type Code = keyof typeof SENTENCES;
/** Why a judgement is what it is: a problem's code without the folder. */
export type IdentityReason = Code extends `identity/${infer Reason}` ? Reason : never;

export const SEVERITIES: Readonly<Record<IdentityReason, Severity>> = {
  'national-number-invalid': 'warning',
  'two-national-numbers': 'error',
  'birth-date-differs-from-number': 'error',
  'sex-differs-from-number': 'error',
  'same-number-other-name': 'error',
  'another-national-number': 'error',
  'name-and-birth-date-changed': 'error',
  'name-changed': 'warning',
  'named-after-placeholder': 'warning',
  'held-for-steward': 'warning',
  'newborn-without-number': 'information',
  'placeholder-name': 'warning',
  'name-unreadable': 'warning',
  'name-missing': 'warning',
  'untyped-national-number': 'warning',
  'no-national-number': 'information',
  'possible-same-person': 'information',
  'number-on-steward-link': 'warning',
};

export function problemOf(reason: IdentityReason, at: string): Problem {
  return { code: `identity/${reason}`, severity: SEVERITIES[reason], at };
}
