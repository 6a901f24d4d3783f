/** What an exam contains: pairs followed to their end, one way. */
import type { Containment } from '../terms/catalogue.ts';

/** All that `outer` contains, directly or through others; not itself. */
export function reachable(pairs: readonly Containment[], outer: string): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [outer];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const pair of pairs) {
      if (pair.outer !== next || found.has(pair.inner)) continue;
      found.add(pair.inner);
      open.push(pair.inner);
    }
  }
  return found;
}
