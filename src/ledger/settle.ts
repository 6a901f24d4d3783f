/**
 * What becomes of a saving when its term ends (facts: recognition-domain 5.2, rule 5): a test that was saved and done again
 * within the term was not avoided. Idempotent: what the ledger says already is not said again.
 */
import { isReply } from './reply-entry.ts';
import type { Catalogue, PriceItem } from '../terms/catalogue.ts';
import type { FacilityId } from '../terms/facility.ts';
import type { Instant } from '../terms/instant.ts';
import type { LedgerEntry, Saving } from '../terms/ledger-entry.ts';

const DAY_MS = 86_400_000;
const TERM_DAYS_MIN = 7;
const TERM_DAYS_MAX = 30;

/** When the term of an acceptance ends: with the recognition window or after 30 days, whichever is shorter, at least 7 days. */
export function termEnd(acceptedAt: Instant, windowHours: number): Instant {
  const days = Math.min(TERM_DAYS_MAX, Math.max(TERM_DAYS_MIN, windowHours / 24));
  return new Date(Date.parse(acceptedAt) + days * DAY_MS).toISOString() as Instant;
}

/** The acceptance that stands, when one does: the last reply of the offer, with what it saves. `entries` oldest first. */
export function standingAcceptance(entries: readonly LedgerEntry[]): LedgerEntry | undefined {
  const last = entries.findLast(isReply);
  return last?.kind === 'accepted' ? last : undefined;
}

/** Every item that a charge pays for; of a panel those that are measured. */
export function itemsOf(
  { covers }: Pick<PriceItem, 'covers'>,
  { panels }: Pick<Catalogue, 'panels'>,
): readonly string[] {
  return covers.flatMap((covered) => panels.get(covered)?.required ?? [covered]);
}

/** A result of the person, collected or performed after the acceptance and within its term, not withdrawn. */
export interface Performed {
  readonly item: string;
  readonly facility: FacilityId;
  readonly container: string;
  readonly version: number;
}

export interface SettleInput {
  /** Of one offer, oldest first. */
  readonly entries: readonly LedgerEntry[];
  readonly performed: readonly Performed[];
  /** Of the acceptance. */
  readonly catalogue: Pick<Catalogue, 'panels' | 'priceItems'>;
  /** Items whose results answer for an item: itself, and what contains it. */
  readonly answering: (item: string) => readonly string[];
  readonly at: Instant;
  readonly entryId: () => string;
}

/**
 * The entries to append, none when all is said: one of what is reversed, one of what is settled. A charge that pays for
 * several items is reversed by any of them: a blood count is not avoided where half of it is done again under another name.
 */
export function settlement(input: SettleInput): readonly LedgerEntry[] {
  const accepted = standingAcceptance(input.entries);
  if (accepted === undefined) return [];
  const since = input.entries.slice(input.entries.indexOf(accepted) + 1);
  const told = (kind: LedgerEntry['kind']): ReadonlySet<string> =>
    new Set(since.filter((entry) => entry.kind === kind).flatMap(({ savings }) => savings.map(({ key }) => key)));
  const [reversed, settled] = [told('reversed'), told('settled')];
  const repeats = new Map<Saving, readonly Performed[]>();
  for (const line of accepted.savings) {
    const again = reversed.has(line.key) ? [] : repeatsOf(line, input);
    if (again.length > 0) repeats.set(line, again);
  }
  const rest = accepted.savings.filter(
    (line) => !repeats.has(line) && !reversed.has(line.key) && !settled.has(line.key),
  );
  const [first, ...more] = [...repeats.values()].flat();
  return [
    ...(first === undefined ? [] : [reversal(input, accepted, [...repeats.keys()], [first, ...more])]),
    ...(rest.length === 0 ? [] : [{ ...after(input, accepted), kind: 'settled', savings: rest } as const]),
  ];
}

function repeatsOf({ priceItem }: Saving, { performed, catalogue, answering }: SettleInput): readonly Performed[] {
  const charge = catalogue.priceItems.get(priceItem);
  const answers = new Set(charge === undefined ? [] : itemsOf(charge, catalogue).flatMap(answering));
  return performed.filter(({ item }) => answers.has(item));
}

function reversal(
  input: SettleInput,
  accepted: LedgerEntry,
  savings: readonly Saving[],
  repeats: readonly [Performed, ...Performed[]],
): LedgerEntry {
  const here = repeats.some(({ facility }) => facility === accepted.chain);
  return {
    ...after(input, accepted),
    kind: 'reversed',
    savings,
    results: [...new Set(repeats.map(({ container, version }) => `${container}@${version}`))].toSorted(),
    crossFacility: repeats.some(({ facility }) => facility !== accepted.chain),
    // Done again where it was saved is taken for the same episode of care.
    reason: here ? 'repeated-here' : 'repeated-elsewhere',
  };
}

/** What an entry about an acceptance has in common with it. */
function after({ at, entryId }: SettleInput, accepted: LedgerEntry): LedgerEntry {
  return { ...accepted, id: entryId(), at, reason: '', countsAsRefusal: false };
}
