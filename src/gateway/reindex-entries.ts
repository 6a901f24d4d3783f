/**
 * Moves what is stored under the items that map and catalogue now give it: registry rows only, no document
 * is read, and nobody is alarmed, since neither is a correction (DESIGN 4, SETTLED 14 and 15).
 */
import type { EntryCode } from '../ports/store-tx.ts';
import type { FacilityId } from '../terms/facility.ts';
import type { Gateway } from './gateway.ts';

/** Codes of one transaction. */
const BATCH = 100;

/** Of all open entries, or of those that hold one of these codes, local or LOINC. Resolves with the entries moved. */
export async function reindexEntries(
  gateway: Gateway,
  of?: readonly { readonly facility: FacilityId; readonly code: string }[],
): Promise<number> {
  const { lookup } = await gateway.reference.current();
  const changes = (await gateway.store.read.entryCodes(of)).flatMap((stored): EntryCode[] => {
    const item = lookup.itemOf(stored.facility, 'result', stored.system, stored.code, stored.loinc);
    return item === stored.item ? [] : [{ ...stored, item }];
  });
  let moved = 0;
  for (let start = 0; start < changes.length; start += BATCH) {
    const batch = changes.slice(start, start + BATCH);
    // What lost its item waits for a steward, unless it has none on purpose.
    const lost = batch.filter(
      ({ facility, system, code, loinc, item }) =>
        item === null && code !== '' && !lookup.isMapped(facility, 'result', system, code, loinc),
    );
    moved += await gateway.store.transaction(async (tx) => {
      if (lost.length > 0)
        await tx.noteUnmapped(
          lost.map(({ facility, system, code, display }) => ({ facility, kind: 'result', system, code, display })),
        );
      return tx.reindex(batch);
    });
  }
  return moved;
}
