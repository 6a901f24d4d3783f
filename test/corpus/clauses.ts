/** Why our bundle differs from another converter's, by the shape of the difference; '' when nothing explains it. */
import type { Difference } from './compare.ts';

export function clauseFor(_source: 'microsoft' | 'reportstream', _difference: Difference): string {
  return '';
}
