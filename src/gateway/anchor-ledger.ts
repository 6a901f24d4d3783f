/** The day's anchor: made with the first round of a day that finds something sealed, over all that was sealed until then. */
import { localDay } from '../base/local-day.ts';
import { signAnchor } from '../ledger/anchor.ts';
import type { Gateway } from './gateway.ts';

/** The day that each gateway knows to be anchored. */
const ANCHORED = new WeakMap<Gateway, string>();
/** The key of anchors is made of the pseudonyms' key, which never changes: an auditor knows it again after years. */
const SEED = 'concord ledger anchor';

/** Resolves with the day that was anchored now, if one was. Two gateways at once keep one anchor. */
export async function anchorLedger(gateway: Gateway): Promise<string | undefined> {
  const at = gateway.clock.now();
  const day = localDay(at, gateway.regionZone);
  if (ANCHORED.get(gateway) === day) return undefined;
  const { ledger } = gateway.store;
  const [standing] = await ledger.anchors({ since: day, limit: 1 });
  const chains = standing === undefined ? await ledger.heads() : [];
  if (standing === undefined && chains.length === 0) return undefined;
  if (standing === undefined) {
    const signed = { form: 1, issuer: gateway.publicUrl, day, at, chains } as const;
    await ledger.putAnchor({ day, at, anchor: await signAnchor(signed, gateway.pseudonym.bytes(SEED)) });
  }
  ANCHORED.set(gateway, day);
  return standing === undefined ? day : undefined;
}
