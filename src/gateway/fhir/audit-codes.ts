/** FHIR's letters for what was done (R4 valueset-audit-event-action.html), and which acts are a look at somebody's data. */
import type { AuditAction } from '../../terms/audit-event.ts';

export type ActionLetter = 'C' | 'R' | 'U' | 'D' | 'E';

export const ACTION_LETTERS: Readonly<Record<AuditAction, ActionLetter>> = {
  read: 'R',
  search: 'E',
  create: 'C',
  update: 'U',
  check: 'E',
  reply: 'E',
  'break-glass': 'E',
  link: 'U',
  unlink: 'U',
  'opt-out': 'U',
  denied: 'E',
  token: 'E',
  configure: 'U',
};

export function actionsOf(letter: string): readonly AuditAction[] {
  return (Object.keys(ACTION_LETTERS) as AuditAction[]).filter((action) => ACTION_LETTERS[action] === letter);
}

/** What a patient's hospital is told of others: who looked. That another hospital writes a record is not a look at it. */
export const LOOKS: readonly AuditAction[] = ['read', 'search', 'check', 'break-glass'];
