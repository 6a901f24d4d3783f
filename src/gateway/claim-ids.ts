/** Claims a message's ids in the directory (DESIGN 4): it is written first and is the only authority. */
import type { DirectoryRow, StoreTx } from '../ports/store-tx.ts';
import { type KnownIds, knownIdKey, type MessageIds } from './id-source.ts';

/** The directory knew another id or bucket than was proposed: the message is mapped again with it. */
export class IdsOverruled extends Error {
  override readonly name = 'IdsOverruled';
}

/** Rows by resource or container id. Throws IdsOverruled after noting in `known` what was learnt. */
export async function claimIds(
  tx: StoreTx,
  ids: MessageIds,
  known: KnownIds,
): Promise<ReadonlyMap<string, DirectoryRow>> {
  const claims = ids.claims();
  const rows = await tx.claim(claims);
  let overruled = false;
  rows.forEach((row, position) => {
    const claim = claims[position];
    if (claim === undefined || (row.id === claim.id && row.bucket === claim.bucket)) return;
    known.set(knownIdKey(row), { bucket: row.bucket, id: row.id });
    overruled = true;
  });
  if (overruled) throw new IdsOverruled();
  return new Map(rows.map((row) => [row.id, row]));
}

/** A patient's bucket may teach the report's, and that the specimen's: three attempts settle any message. */
const ATTEMPTS = 4;

/** Runs `attempt` with the same memory of learnt ids until the directory overrules nothing. */
export async function untilIdsSettle<T>(attempt: (known: KnownIds) => Promise<T>): Promise<T> {
  const known: KnownIds = new Map();
  for (let tried = 1; ; tried++) {
    try {
      return await attempt(known);
    } catch (error) {
      if (!(error instanceof IdsOverruled) || tried === ATTEMPTS) throw error;
    }
  }
}
