/**
 * Whose record is this? The one place where an identity becomes certain (DESIGN 5 Identity, SETTLED 7 to 10).
 * Pure: the gateway gathers the records that share an identifier, and does what the judgement says.
 */
import { judgeKnown } from './judge-known.ts';
import { judgeNewcomer } from './judge-newcomer.ts';
import type { Judgement, JudgeInput } from './judgement.ts';

export function judgeIdentity(input: JudgeInput): Judgement {
  return input.previous === undefined ? judgeNewcomer(input) : judgeKnown(input, input.previous);
}
