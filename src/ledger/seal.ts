/** Seals: each entry's place in its asking facility's hash chain (SETTLED 12). */
import { base64url, concatBytes, fromBase64url, utf8 } from '../base/bytes.ts';
import { sha256 } from '../base/digest.ts';
import type { FacilityId } from '../terms/facility.ts';
import type { LedgerEntry, Seal } from '../terms/ledger-entry.ts';
import { entryHash } from './entry-hash.ts';

/** What stands before the first seal of a chain: SHA-256 of the facility's id. */
export function genesis(chain: FacilityId): Uint8Array {
  return sha256(utf8(chain));
}

/** SHA-256(previous seal's 32 bytes ‖ entry hash's 32 bytes). */
export function sealAfter(previous: Uint8Array, hash: Uint8Array): Uint8Array {
  return sha256(concatBytes(previous, hash));
}

/** Seals for the entries in the order given, after `last`; the first place of a chain is 1. */
export function chainSeals(
  last: Seal | undefined,
  chain: FacilityId,
  entries: readonly LedgerEntry[],
): readonly Seal[] {
  let previous = last === undefined ? genesis(chain) : sealBytes(last);
  let seq = last?.seq ?? 0;
  return entries.map((entry) => {
    if (entry.chain !== chain) throw new Error('an entry was given to the sealer of another chain');
    const hash = entryHash(entry);
    previous = sealAfter(previous, hash);
    seq += 1;
    return { chain, seq, entry: entry.id, entryHash: base64url(hash), seal: base64url(previous) };
  });
}

function sealBytes(last: Seal): Uint8Array {
  const bytes = fromBase64url(last.seal);
  if (bytes?.length !== 32) throw new Error('the last seal of a chain is not 32 bytes; run the ledger verification');
  return bytes;
}
