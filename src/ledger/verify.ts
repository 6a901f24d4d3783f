/**
 * Verifies one chain as it streams past, in the order of its places: names the first place that is broken
 * and why (SETTLED 12). Keeps the last seal and counts only, whatever the length of the chain.
 */
import { base64url } from '../base/bytes.ts';
import { LIMITS } from '../base/limits.ts';
import type { FacilityId } from '../terms/facility.ts';
import type { Instant } from '../terms/instant.ts';
import type { LedgerEntry, Seal } from '../terms/ledger-entry.ts';
import { entryHash } from './entry-hash.ts';
import type { LedgerCode } from './problems.ts';
import { genesis, sealAfter } from './seal.ts';

export interface Verifier {
  /** The next seal with its entry (undefined: the ledger has no such entry), by ascending place; answers what breaks just here. */
  take(entry: LedgerEntry | undefined, seal: Seal): VerifyReport['broken'];
  /** An entry without a seal. */
  takeUnsealed(entry: LedgerEntry): void;
  report(): VerifyReport;
}

export interface VerifyReport {
  readonly chain: FacilityId;
  /** No broken place, and nothing long unsealed while a gateway runs. */
  readonly ok: boolean;
  /** Places taken. */
  readonly sealed: number;
  readonly last: { readonly seq: number; readonly seal: string } | undefined;
  /** The first broken place; what comes after it is counted and not judged. */
  readonly broken: { readonly seq: number; readonly entry: string; readonly code: LedgerCode } | undefined;
  readonly unsealed: number;
  readonly longUnsealed: number;
  /** The oldest of the long unsealed. */
  readonly firstLongUnsealed: { readonly entry: string; readonly code: LedgerCode } | undefined;
}

export interface VerifyContext {
  /** With a running gateway a long unsealed entry fails; with none it is reported. */
  readonly gatewayRunning: boolean;
  readonly now: Instant;
  /**
   * A seal that is known from elsewhere (an earlier report, a backup, a letter). Without one, entries cut off
   * the chain's end, or a chain that was written anew as a whole, cannot be told from a true one.
   */
  readonly known?: { readonly seq: number; readonly seal: string };
}

export function createVerifier(chain: FacilityId, context: VerifyContext): Verifier {
  let previous = genesis(chain);
  let last: Seal | undefined;
  let sealed = 0;
  let broken: VerifyReport['broken'];
  let knownSeen = false;
  let unsealed = 0;
  let longUnsealed = 0;
  let oldest: LedgerEntry | undefined;

  return {
    take(entry, seal) {
      sealed += 1;
      if (broken !== undefined) return undefined;
      const found = judge({ chain, previous, last, entry, seal });
      if ('code' in found) return (broken = found);
      previous = found.next;
      last = seal;
      if (seal.seq !== context.known?.seq) return undefined;
      if (seal.seal === context.known.seal) knownSeen = true;
      else broken = { seq: seal.seq, entry: seal.entry, code: 'ledger/truncated' };
      return broken;
    },
    takeUnsealed(entry) {
      unsealed += 1;
      if (Date.parse(context.now) - Date.parse(entry.at) <= LIMITS.unsealedSecondsMax * 1000) return;
      longUnsealed += 1;
      if (oldest === undefined || entry.at < oldest.at) oldest = entry;
    },
    report() {
      const cut = broken === undefined && context.known !== undefined && !knownSeen && context.known.seq > 0;
      const found = cut ? { seq: (last?.seq ?? 0) + 1, entry: '', code: 'ledger/truncated' as const } : broken;
      return {
        chain,
        ok: found === undefined && !(context.gatewayRunning && longUnsealed > 0),
        sealed,
        last: last === undefined ? undefined : { seq: last.seq, seal: last.seal },
        broken: found,
        unsealed,
        longUnsealed,
        firstLongUnsealed: oldest === undefined ? undefined : { entry: oldest.id, code: 'ledger/long-unsealed' },
      };
    },
  };
}

interface Place {
  readonly chain: FacilityId;
  readonly previous: Uint8Array;
  readonly last: Seal | undefined;
  readonly entry: LedgerEntry | undefined;
  readonly seal: Seal;
}

function judge(place: Place): { next: Uint8Array } | NonNullable<VerifyReport['broken']> {
  const { chain, entry, last, seal } = place;
  const expected = (last?.seq ?? 0) + 1;
  const broken = (code: LedgerCode, seq = seal.seq) => ({ seq, entry: seal.entry, code });
  if (seal.chain !== chain || (entry !== undefined && entry.chain !== chain)) return broken('ledger/wrong-chain');
  if (seal.seq > expected) return { seq: expected, entry: '', code: 'ledger/missing' };
  if (seal.seq < expected) return broken(seal.seq === last?.seq ? 'ledger/duplicated' : 'ledger/reordered');
  if (entry === undefined) return broken('ledger/missing');
  if (last?.entry === seal.entry) return broken('ledger/duplicated');
  if (entry.id !== seal.entry) return broken('ledger/edited-seal');
  return judgeHashes(place, entry);
}

/** Of entry, entry hash and seal, the two that still fit together tell which of the three was changed. */
function judgeHashes(place: Place, entry: LedgerEntry): { next: Uint8Array } | NonNullable<VerifyReport['broken']> {
  const { previous, seal } = place;
  const broken = (code: LedgerCode) => ({ seq: seal.seq, entry: seal.entry, code });
  const hash = hashOf(entry);
  if (hash === undefined) return broken('ledger/edited-entry');
  const next = sealAfter(previous, hash);
  const entryFits = base64url(hash) === seal.entryHash;
  const sealFits = base64url(next) === seal.seal;
  if (entryFits && sealFits) return { next };
  if (sealFits) return broken('ledger/edited-seal');
  return broken(entryFits ? 'ledger/broken-link' : 'ledger/edited-entry');
}

/** An entry whose amount was changed to something that is no amount has no hash. */
function hashOf(entry: LedgerEntry): Uint8Array | undefined {
  try {
    return entryHash(entry);
  } catch {
    return undefined;
  }
}
