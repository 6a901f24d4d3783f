/** Earlier results for comparison lie further back than those that may be used: read apart, and only of items that show them. */
import { LIMITS } from '../base/limits.ts';
import { answering } from '../recognition/catalogue-index.ts';
import type { Catalogue } from '../terms/catalogue.ts';
import type { Instant } from '../terms/instant.ts';
import type { PatientRef } from '../terms/patient-link.ts';
import type { ResultEntry } from '../terms/result-entry.ts';
import type { Gateway } from './gateway.ts';

const DAY_MS = 86_400_000;

/** The newest of before `until`, of `items` whose last result is shown for comparison; none, and no read, where there is no such item. */
export async function gatherPrevious(
  gateway: Gateway,
  of: {
    readonly items: readonly string[];
    readonly pairs: readonly PatientRef[];
    readonly catalogue: Catalogue;
    readonly at: Instant;
    readonly until: Instant;
  },
): Promise<readonly ResultEntry[]> {
  const shown = of.items.filter((id) => of.catalogue.items.get(id)?.showPrevious === true);
  if (shown.length === 0) return [];
  const found = await gateway.store.read.candidates({
    pairs: of.pairs,
    items: [...new Set(shown.flatMap((id) => answering(of.catalogue, id)))],
    since: new Date(Date.parse(of.at) - LIMITS.previousDays * DAY_MS).toISOString() as Instant,
    limit: LIMITS.previousMax,
  });
  return found.filter(({ effectiveStart }) => effectiveStart < of.until);
}
