/**
 * Verifies an export as its lines stream past, without a database. Alone it proves that the file agrees with itself: whoever
 * rewrites a chain as a whole writes new seals too. With an anchor or a receipt that was kept elsewhere, what came before it
 * can be neither changed nor cut off.
 */
import { base64url } from '../base/bytes.ts';
import type { FacilityId } from '../terms/facility.ts';
import type { Instant } from '../terms/instant.ts';
import type { Anchor } from './anchor.ts';
import { entryHash } from './entry-hash.ts';
import { type ExportedChain, type ExportLine, readLine } from './export-form.ts';
import type { LedgerEntry, Seal } from '../terms/ledger-entry.ts';
import type { LedgerCode } from './problems.ts';
import { createVerifier, type Verifier } from './verify.ts';

/** A reply's answer, as the asker kept it. */
export interface KeptReceipt {
  readonly entry: string;
  readonly hash: string;
}

export interface ExportFault {
  readonly code: LedgerCode;
  /** Counted from 1; absent where a line is not there. */
  readonly line?: number;
  readonly chain?: FacilityId;
  /** Place in its chain. */
  readonly seq?: number;
  readonly entry?: string;
}

export interface ExportReport {
  readonly ok: boolean;
  /** When the file was written, as it says itself. */
  readonly at: Instant | undefined;
  readonly lines: number;
  readonly chains: readonly ExportedChain[];
  /** Day of the anchor that it was held against. */
  readonly anchor: string | undefined;
  /** Receipts that were found, unchanged. */
  readonly receipts: number;
  /** In the order of the file; of a chain the first only. */
  readonly faults: readonly ExportFault[];
}

export interface ExportVerifier {
  /** The next line, without its line break. */
  take(text: string): void;
  report(): ExportReport;
}

export interface Kept {
  readonly anchor?: Anchor;
  readonly receipts?: readonly KeptReceipt[];
}

export function createExportVerifier(kept: Kept): ExportVerifier {
  const faults: ExportFault[] = [];
  const chains = createChains(kept.anchor);
  const receipts = createReceipts(kept.receipts ?? []);
  let lines = 0;
  let at: Instant | undefined;
  let end: readonly ExportedChain[] | undefined;

  const takeLine = (line: ExportLine): ExportFault | undefined => {
    switch (line.kind) {
      case 'head':
        ({ at } = line.head);
        return undefined;
      case 'end':
        end = line.chains;
        return undefined;
      case 'place':
        return chains.place(line.entry, line.seal) ?? receipts.look(line.entry);
      case 'unsealed':
        chains.unsealed(line.entry);
        return receipts.look(line.entry);
    }
  };

  return {
    take(text) {
      lines++;
      const line = end === undefined ? readLine(text) : undefined;
      // The head stands first and nowhere else, and nothing stands behind the end.
      const misplaced = line === undefined || (line.kind === 'head') !== (lines === 1);
      const fault = misplaced ? { code: 'ledger/export-altered' as const } : takeLine(line);
      if (fault !== undefined) faults.push({ ...fault, line: lines });
    },
    report() {
      const counted = chains.counts();
      const isWhole = end !== undefined && JSON.stringify(end) === JSON.stringify(counted);
      const absent: readonly ExportFault[] = isWhole ? [] : [{ code: 'ledger/export-cut' }];
      const all = [...faults, ...absent, ...chains.missing(), ...receipts.missing()];
      const anchor = kept.anchor?.day;
      return { ok: all.length === 0, at, lines, chains: counted, anchor, receipts: receipts.found(), faults: all };
    },
  };
}

interface Standing {
  readonly verifier: Verifier;
  sealed: number;
  unsealed: number;
  /** A fault of this chain was told already. */
  told: boolean;
}

/** The chains of the file as they come, each held to its own seals and to the anchor. */
function createChains(anchor: Anchor | undefined) {
  const standing = new Map<FacilityId, Standing>();
  const of = (chain: FacilityId): Standing => {
    const known = standing.get(chain);
    if (known !== undefined) return known;
    const anchored = anchor?.chains.find((one) => one.chain === chain);
    // Nothing runs here, so that no entry is late for its seal.
    const context = { gatewayRunning: false, now: '1970-01-01T00:00:00.000Z' as Instant };
    const verifier = createVerifier(chain, { ...context, ...(anchored === undefined ? {} : { known: anchored }) });
    const made = { verifier, sealed: 0, unsealed: 0, told: false };
    standing.set(chain, made);
    return made;
  };
  return {
    place(entry: LedgerEntry | undefined, seal: Seal): ExportFault | undefined {
      const chain = of(seal.chain);
      chain.sealed++;
      const broken = chain.verifier.take(entry, seal);
      if (broken === undefined) return undefined;
      chain.told = true;
      return { ...broken, chain: seal.chain };
    },
    unsealed(entry: LedgerEntry): void {
      const chain = of(entry.chain);
      chain.unsealed++;
      chain.verifier.takeUnsealed(entry);
    },
    counts: (): readonly ExportedChain[] =>
      [...standing].map(([chain, { sealed, unsealed }]) => ({ chain, sealed, unsealed })),
    /** Chains that end before their anchor, or are not there at all. */
    missing(): readonly ExportFault[] {
      const short = [...standing].flatMap(([chain, { verifier, told }]) => {
        const { broken } = verifier.report();
        return broken === undefined || told ? [] : [{ code: broken.code, seq: broken.seq, chain }];
      });
      const gone = (anchor?.chains ?? []).filter(({ chain, seq }) => seq > 0 && !standing.has(chain));
      return [...short, ...gone.map(({ chain }) => ({ code: 'ledger/truncated' as const, seq: 1, chain }))];
    },
  };
}

function createReceipts(kept: readonly KeptReceipt[]) {
  const wanted = new Map(kept.map(({ entry, hash }) => [entry, hash]));
  let found = 0;
  return {
    look(entry: LedgerEntry | undefined): ExportFault | undefined {
      const hash = entry === undefined ? undefined : wanted.get(entry.id);
      if (entry === undefined || hash === undefined) return undefined;
      wanted.delete(entry.id);
      if (base64url(entryHash(entry)) === hash) {
        found++;
        return undefined;
      }
      return { code: 'ledger/edited-entry', chain: entry.chain, entry: entry.id };
    },
    found: () => found,
    missing: (): readonly ExportFault[] => [...wanted.keys()].map((entry) => ({ code: 'ledger/missing', entry })),
  };
}
