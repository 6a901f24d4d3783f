/** The sum saved, by definition: what acceptances saved, less what was revoked. The reference for faster sums. */
import type { LedgerEntry } from '../terms/ledger-entry.ts';

export interface SavedSum {
  readonly fen: number;
  /** Open savings lines with an amount, and without one. */
  readonly priced: number;
  readonly unpriced: number;
}

/** Entries of any number of offers and chains, in the order in which they were written. */
export function savedSum(entries: Iterable<LedgerEntry>): SavedSum {
  const open = new Map<string, LedgerEntry['savings']>();
  for (const { kind, offer, savings } of entries) {
    if (kind === 'accepted') open.set(offer, savings);
    else if (kind === 'revoked') open.delete(offer);
  }
  const lines = [...open.values()].flat();
  const amounts = lines.flatMap(({ fen }) => (fen === null ? [] : [fen]));
  return {
    fen: amounts.reduce((sum, fen) => sum + fen, 0),
    priced: amounts.length,
    unpriced: lines.length - amounts.length,
  };
}

export function savedFen(entries: Iterable<LedgerEntry>): number {
  return savedSum(entries).fen;
}
