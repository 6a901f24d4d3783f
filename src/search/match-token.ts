/** Tokens: codings, concepts, identifiers, codes and booleans by system and code (R4 search.html 3.1.1.4.10). */
import { readToken, type TokenValue } from './values.ts';

interface Pair {
  readonly system: string;
  readonly code: string;
}

export function matchesToken(stated: readonly unknown[], text: string): boolean {
  const wanted = readToken(text);
  return stated.some((value) => pairsOf(value).some((pair) => agrees(pair, wanted)));
}

/** `:identifier`: by what a Reference states of its target, without a look at it. */
export function identifiersMatch(stated: readonly unknown[], text: string): boolean {
  const identifiers = stated.map((value) => (value as { identifier?: unknown }).identifier ?? {});
  return matchesToken(identifiers, text);
}

function agrees(pair: Pair, { system, code }: TokenValue): boolean {
  if (system !== undefined && pair.system !== system) return false;
  return (code === '' && system !== undefined && system !== '') || pair.code === code;
}

/** Every (system, code) that the value stands for. */
function pairsOf(value: unknown): readonly Pair[] {
  if (typeof value === 'string' || typeof value === 'boolean') return [{ system: '', code: String(value) }];
  if (typeof value !== 'object' || value === null) return [];
  const { coding, system = '', code, value: identified } = value as Readonly<Record<string, unknown>>;
  if (Array.isArray(coding)) return coding.flatMap(pairsOf);
  const text = code ?? identified;
  return typeof text === 'string' && typeof system === 'string' ? [{ system, code: text }] : [];
}
