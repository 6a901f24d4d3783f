/** Which entries of a container leave the registry and which come, when its version changes; the rest stay untouched. */
import { printResource } from '../base/json.ts';
import type { Bucket } from '../terms/bucket.ts';
import type { ResultEntry } from '../terms/result-entry.ts';

export interface EntryChanges {
  /** Open entries to close. */
  readonly retired: readonly { readonly bucket: Bucket; readonly container: string; readonly element: string }[];
  readonly added: readonly ResultEntry[];
}

/**
 * Compares all that an entry says but for the time at which it became known. A report's status, collection time
 * or specimen that changes alone moves the entries of its results too (SETTLED 19).
 */
export function diffEntries(before: readonly ResultEntry[], after: readonly ResultEntry[]): EntryChanges {
  const known = new Map(before.map((entry) => [entry.element, entry]));
  const there = new Set(after.map(({ element }) => element));
  const added = after.filter((entry) => {
    const old = known.get(entry.element);
    return old === undefined || textOf(old) !== textOf(entry);
  });
  const gone = [
    ...added.filter(({ element }) => known.has(element)),
    ...before.filter((old) => !there.has(old.element)),
  ];
  return { retired: gone.map(({ bucket, container, element }) => ({ bucket, container, element })), added };
}

function textOf({ value, knownFrom: _from, knownTo: _to, ...entry }: ResultEntry): string {
  return printResource({ ...entry, value: JSON.stringify(value) });
}
