/** Records that may hold the results of two humans (SETTLED 8): they wait for a steward, at their own facility too. */
import type { IdentityReason } from './problems.ts';

/** Only a steward can say whose the results are: content that looks clean again does not help. */
export const HOLDING: ReadonlySet<string> = new Set<IdentityReason>([
  'another-national-number',
  'name-and-birth-date-changed',
  'name-changed',
  'named-after-placeholder',
]);

/** `openReasons`: of the record's open items in the identity queue. */
export function isHeld(openReasons: readonly string[]): boolean {
  return openReasons.some((reason) => HOLDING.has(reason));
}
