/** Container versions and the registry's moves, recorded together: whatever door they came through. */
import type { StoreTx } from '../ports/store-tx.ts';
import type { Bucket } from '../terms/bucket.ts';
import type { ContainerVersion } from '../terms/container.ts';
import type { FacilityId } from '../terms/facility.ts';
import type { Instant } from '../terms/instant.ts';
import type { ResultEntry } from '../terms/result-entry.ts';
import type { Gateway } from './gateway.ts';
import { lookAgainAtReports } from './look-again.ts';
import type { Reference } from './reference-cache.ts';
import { noteForSubscribers } from './subscriptions/notify.ts';
import { identifiersOf } from './resource-identifiers.ts';

export interface VersionWrites {
  readonly versions: readonly (ContainerVersion & { knownFrom: Instant; envelope: string })[];
  readonly retired: readonly { readonly bucket: Bucket; readonly container: string; readonly element: string }[];
  readonly entries: readonly ResultEntry[];
}

export async function recordVersions(
  gateway: Gateway,
  tx: StoreTx,
  from: {
    readonly facility: FacilityId;
    readonly at: Instant;
    readonly reference: Reference;
    readonly production: boolean;
  },
  { versions, retired, entries }: VersionWrites,
): Promise<void> {
  const { facility, at, reference, production } = from;
  // A waveform is the ground of a result and none by itself: no map waits for it.
  const recordings = new Set(versions.filter(({ kind }) => kind === 'recording').map(({ id }) => id));
  const unmapped = entries
    .filter((entry) => entry.item === null && entry.code !== '' && !recordings.has(entry.container))
    .filter((entry) => !reference.lookup.isMapped(facility, 'result', entry.system, entry.code, entry.loinc))
    .map(({ system, code, display }) => ({ facility, kind: 'result' as const, system, code, display }));
  if (retired.length > 0) {
    await tx.retireEntries(retired, at);
    await lookAgainAtReports(tx, retired, at);
  }
  const found = versions.flatMap(({ bucket, id, version, elements }) =>
    elements
      .filter((element) => element.version === version)
      .map(({ resource }) => ({ bucket, container: id, resource })),
  );
  await Promise.all([
    versions.length === 0 ? undefined : tx.writeContainers(versions),
    entries.length === 0 ? undefined : tx.insertEntries(entries),
    tx.writeResourceIdentifiers(identifiersOf(gateway, facility, found)),
    unmapped.length === 0 ? undefined : tx.noteUnmapped(unmapped),
    production ? noteForSubscribers(tx, versions, { at, reference }) : undefined,
  ]);
}
