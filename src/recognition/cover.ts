/**
 * Which earlier reports answer for a panel: the fewest that together give every item that can be had, since a doctor reads
 * reports, not analytes; of equally many the fresher ones, then those of fewer methods, whose values belong together.
 */
import type { ResultEntry } from '../terms/result-entry.ts';

/** What may be used of an item; `item` is the ordered one, which the result may only contain. */
export interface Usable {
  readonly item: string;
  readonly entry: ResultEntry;
}

interface Report {
  readonly id: string;
  /** The fresher result of an item, where the report holds several. */
  readonly byItem: ReadonlyMap<string, Usable>;
  /** Its oldest collection: a report is as fresh as the oldest tube. */
  readonly oldest: string;
  /** Its methods, sorted, as one text. */
  readonly methods: string;
}

/** Sets looked at before the best one found so far is taken: a patient with hundreds of reports waits no longer. */
const SETS_MAX = 20_000;

/** For every item of `usable` one result. `isFresher` orders the results of an item. */
export function cover<T extends Usable>(
  usable: readonly T[],
  isFresher: (left: ResultEntry, right: ResultEntry) => boolean,
): ReadonlyMap<string, T> {
  const items = [...new Set(usable.map(({ item }) => item))];
  const reports = withoutDominated(reportsOf(usable, isFresher));
  const chosen = smallest(items, reports);
  const covered = new Map<string, T>();
  for (const report of chosen) {
    for (const [item, one] of report.byItem) {
      const known = covered.get(item);
      if (known === undefined || isFresher(one.entry, known.entry)) covered.set(item, one as T);
    }
  }
  return covered;
}

function reportsOf(
  usable: readonly Usable[],
  isFresher: (left: ResultEntry, right: ResultEntry) => boolean,
): readonly Report[] {
  const byReport = Map.groupBy(usable, ({ entry }) => `${entry.bucket} ${entry.container}`);
  return [...byReport].map(([id, parts]) => {
    const byItem = new Map<string, Usable>();
    for (const part of parts) {
      const known = byItem.get(part.item);
      if (known === undefined || isFresher(part.entry, known.entry)) byItem.set(part.item, part);
    }
    const oldest = [...byItem.values()].map(({ entry }) => entry.effectiveStart).toSorted()[0] ?? '';
    return { id, byItem, oldest, methods: methodsOf([...byItem.values()]).join(' ') };
  });
}

/** A report is of no use beside a fresher one that gives all its items; of two that are equal in all the first id stays. */
function withoutDominated(reports: readonly Report[]): readonly Report[] {
  const inOrder = reports.toSorted(
    (left, right) =>
      right.byItem.size - left.byItem.size ||
      (right.oldest < left.oldest ? -1 : right.oldest > left.oldest ? 1 : 0) ||
      (left.id < right.id ? -1 : 1),
  );
  const kept: Report[] = [];
  for (const report of inOrder) {
    const dominated = kept.some(
      (other) =>
        (other.oldest > report.oldest || (other.oldest === report.oldest && other.methods === report.methods)) &&
        [...report.byItem.keys()].every((item) => other.byItem.has(item)),
    );
    if (!dominated) kept.push(report);
  }
  return kept;
}

/** The best set by depth: an item that fewest reports give is settled first, and no set longer than the best is followed. */
function smallest(items: readonly string[], reports: readonly Report[]): readonly Report[] {
  const giving = new Map(items.map((item) => [item, reports.filter(({ byItem }) => byItem.has(item))]));
  let best = greedy(items, reports);
  let looked = 0;

  const follow = (chosen: readonly Report[], open: readonly string[]): void => {
    looked++;
    if (open.length === 0) {
      if (isBetter(chosen, best)) best = chosen;
      return;
    }
    if (looked > SETS_MAX || chosen.length >= best.length) return;
    const next = open.reduce((rarest, item) =>
      (giving.get(item)?.length ?? 0) < (giving.get(rarest)?.length ?? 0) ? item : rarest,
    );
    for (const report of giving.get(next) ?? []) {
      follow(
        [...chosen, report],
        open.filter((item) => !report.byItem.has(item)),
      );
    }
  };
  follow([], items);
  return best;
}

/** Always a whole cover, not always a smallest one: the most items first. */
function greedy(items: readonly string[], reports: readonly Report[]): readonly Report[] {
  const chosen: Report[] = [];
  let open = items;
  while (open.length > 0) {
    const gain = ({ byItem }: Report): number => open.filter((item) => byItem.has(item)).length;
    const most = reports.reduce((left, right) => (gain(right) > gain(left) ? right : left));
    chosen.push(most);
    open = open.filter((item) => !most.byItem.has(item));
  }
  return chosen;
}

function isBetter(left: readonly Report[], right: readonly Report[]): boolean {
  if (left.length !== right.length) return left.length < right.length;
  const [mine, theirs] = [oldestFirst(left), oldestFirst(right)];
  if (mine !== theirs) return mine > theirs;
  const [few, many] = [left, right].map((set) => methodsOf(set.flatMap(({ byItem }) => [...byItem.values()])).length);
  if (few !== many) return (few ?? 0) < (many ?? 0);
  return idsOf(left) < idsOf(right);
}

function oldestFirst(reports: readonly Report[]): string {
  return reports
    .map(({ oldest }) => oldest)
    .toSorted()
    .join(' ');
}

function methodsOf(results: readonly Usable[]): readonly string[] {
  return [...new Set(results.map(({ entry }) => entry.method ?? ''))].toSorted();
}

function idsOf(reports: readonly Report[]): string {
  return reports
    .map(({ id }) => id)
    .toSorted()
    .join(' ');
}
