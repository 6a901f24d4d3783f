/** The sums of the ledger, by definition: what acceptances saved, and what became of it. The reference for faster sums. */
import type { LedgerEntry, Saving } from '../terms/ledger-entry.ts';

export interface SavedSum {
  /** Gross: of acceptances that were not revoked. */
  readonly fen: number;
  /** Of that, done again within its term. */
  readonly reversedFen: number;
  /** Of that, past its term and not done again. The rest, gross less these two, is provisional. */
  readonly settledFen: number;
  /** Gross savings lines with an amount, and without one. */
  readonly priced: number;
  readonly unpriced: number;
}

interface OpenOffer {
  readonly savings: readonly Saving[];
  readonly settled: Set<string>;
  readonly reversed: Set<string>;
}

/** Entries of any number of offers and chains, in the order in which they were written. */
export function savedSum(entries: Iterable<LedgerEntry>): SavedSum {
  const open = new Map<string, OpenOffer>();
  for (const { kind, offer, savings } of entries) {
    if (kind === 'accepted') open.set(offer, { savings, settled: new Set(), reversed: new Set() });
    else if (kind === 'revoked') open.delete(offer);
    else if (kind === 'settled') for (const { key } of savings) open.get(offer)?.settled.add(key);
    else if (kind === 'reversed') for (const { key } of savings) open.get(offer)?.reversed.add(key);
  }
  const lines = [...open.values()].flatMap(({ savings, settled, reversed }) =>
    savings.map(({ key, fen }) => ({ fen, reversed: reversed.has(key), settled: settled.has(key) })),
  );
  const sumOf = (of: typeof lines): number => of.reduce((sum, { fen }) => sum + (fen ?? 0), 0);
  const priced = lines.filter(({ fen }) => fen !== null).length;
  return {
    fen: sumOf(lines),
    reversedFen: sumOf(lines.filter((line) => line.reversed)),
    settledFen: sumOf(lines.filter((line) => line.settled && !line.reversed)),
    priced,
    unpriced: lines.length - priced,
  };
}

export function savedFen(entries: Iterable<LedgerEntry>): number {
  return savedSum(entries).fen;
}
