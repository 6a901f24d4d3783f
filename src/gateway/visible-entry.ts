/** What an answer may show of a result that was decided on. */
import type { ItemDecision } from '../terms/decision.ts';
import type { ResultEntry } from '../terms/result-entry.ts';
import type { Answer } from './answer.ts';

/**
 * Of others' results only what an offer for this encounter names: without one, the asker sees its own (DESIGN 5). What is
 * not to be recognised is on no card.
 */
export function visibleEntry(
  { entry, verdict }: ItemDecision,
  { treating, asker }: Pick<Answer, 'treating' | 'asker'>,
): ResultEntry | undefined {
  if (verdict === 'do-not') return undefined;
  return treating || entry?.facility === asker ? entry : undefined;
}
