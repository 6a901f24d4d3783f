/** The sealer: chains each asking facility's new entries, within seconds, one sealer at a time (DESIGN 4). */
import { chainSeals } from '../ledger/seal.ts';
import type { Gateway } from './gateway.ts';

const BATCH = 1000;

/** Resolves with the number of entries sealed. A chain that another sealer holds is left to it. */
export async function sealChains(gateway: Gateway): Promise<number> {
  let sealed = 0;
  for (const chain of await gateway.store.ledger.chains()) {
    for (;;) {
      const round = await gateway.store.ledger.seal(chain, BATCH, (last, entries) => chainSeals(last, chain, entries));
      if (round === false) break;
      sealed += round.sealed;
      if (round.sealed < BATCH) break;
    }
  }
  return sealed;
}
