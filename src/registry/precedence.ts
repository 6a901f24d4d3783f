/** Which of two statements about one element of a report stands (SETTLED 19). */
import type { Resource } from '../terms/fhir.ts';
import type { Instant } from '../terms/instant.ts';
import type { RegistryCode } from './problems.ts';

/**
 * `pending`: I, O, R, S, P. `standing`: F, C, A and their like. `retracted`: D, W; for a report X too. `other`: a
 * status without rank (X of a result, none), and elements without status: the later statement wins.
 */
export type Rank = 'pending' | 'standing' | 'retracted' | 'other';

const RESULT_RANKS: Readonly<Record<string, Rank>> = {
  registered: 'pending',
  preliminary: 'pending',
  final: 'standing',
  amended: 'standing',
  corrected: 'standing',
  'entered-in-error': 'retracted',
};

const REPORT_RANKS: Readonly<Record<string, Rank>> = {
  ...RESULT_RANKS,
  partial: 'pending',
  appended: 'standing',
  cancelled: 'retracted',
};

export function rankOf(resource: Resource): Rank {
  const { status = '' } = resource as { status?: string };
  if (resource.resourceType === 'Observation') return RESULT_RANKS[status] ?? 'other';
  if (resource.resourceType === 'DiagnosticReport') return REPORT_RANKS[status] ?? 'other';
  return 'other';
}

export interface Statement {
  readonly rank: Rank;
  readonly statedAt: Instant;
}

/**
 * undefined when the incoming statement is to be taken, else why not. `lifts` says that it may bring back what was
 * retracted. A final result beats a preliminary one whichever was stated later, and a retraction beats all but a later
 * final one: so the two end alike in either order of arrival.
 */
export function objection(
  stored: Statement,
  incoming: Statement & { readonly lifts: boolean },
): RegistryCode | undefined {
  const isLater = incoming.statedAt >= stored.statedAt;
  if (incoming.rank === 'pending' && stored.rank === 'standing') return 'registry/preliminary-after-final';
  if (stored.rank === 'retracted' && incoming.rank !== 'retracted') {
    if (!incoming.lifts) return 'registry/retracted-before';
    return isLater ? undefined : 'registry/older-than-known';
  }
  if (incoming.rank === 'retracted' && (stored.rank === 'pending' || stored.rank === 'other')) return undefined;
  if (incoming.rank === 'standing' && stored.rank === 'pending') return undefined;
  return isLater ? undefined : 'registry/older-than-known';
}

/** F, C and A lift a retraction; a status that mapping derived (empty letter, other formats) when it is final. */
export function liftsRetraction(rank: Rank, letter: string | undefined): boolean {
  if (rank !== 'standing') return false;
  return letter === undefined || letter === '' || letter === 'F' || letter === 'C' || letter === 'A';
}
