/**
 * Facilities, channels, code maps and the catalogue in memory. One cheap read of the version number,
 * at most once a second, tells when another process changed them; our own changes refresh at once.
 */
import type { Clock } from '../ports/clock.ts';
import type { ReferenceStore, StoredChannel } from '../ports/store-reference.ts';
import { createItemLookup, type ItemLookup } from '../recognition/item-of.ts';
import type { Catalogue } from '../terms/catalogue.ts';
import type { ChannelId } from '../terms/channel.ts';
import type { Subscription } from '../terms/subscription.ts';
import type { Facility, FacilityId } from '../terms/facility.ts';

export interface Reference {
  readonly version: number;
  readonly facilities: ReadonlyMap<FacilityId, Facility>;
  readonly channels: ReadonlyMap<ChannelId, StoredChannel>;
  /** By id; criteria sealed. */
  readonly subscriptions: ReadonlyMap<string, Subscription>;
  /** Undefined until a catalogue is imported: nothing is recognised then. */
  readonly catalogue: Catalogue | undefined;
  readonly lookup: ItemLookup;
}

export interface ReferenceCache {
  current(): Promise<Reference>;
  /** Forgets what is held; the next `current` reads anew. */
  refresh(): void;
}

const STALE_MS = 1000;

/** What is held; several gateways of one process may hold it together. */
export interface ReferenceMemory {
  held: Reference | undefined;
  checkedAt: number;
}

export function createReferenceCache(
  store: ReferenceStore,
  clock: Clock,
  memory: ReferenceMemory = { held: undefined, checkedAt: 0 },
): ReferenceCache {
  let reading: Promise<Reference> | undefined;

  const read = async (): Promise<Reference> => {
    const version = await store.version();
    if (memory.held?.version === version) return memory.held;
    const [facilities, channels, subscriptions, codeMap, catalogue] = await Promise.all([
      store.facilities(),
      store.channels(),
      store.subscriptions(),
      store.codeMap(),
      store.activeCatalogue(),
    ]);
    return {
      version,
      facilities: new Map(facilities.map((facility) => [facility.id, facility])),
      channels: new Map(channels.map((channel) => [channel.id, channel])),
      subscriptions: new Map(subscriptions.map((one) => [one.id, one])),
      catalogue,
      lookup: createItemLookup(codeMap, catalogue),
    };
  };

  return {
    async current() {
      const now = Date.parse(clock.now());
      const { held, checkedAt } = memory;
      if (held !== undefined && now - checkedAt < STALE_MS && now >= checkedAt) return held;
      reading ??= read().finally(() => {
        reading = undefined;
      });
      const current = await reading;
      memory.held = current;
      memory.checkedAt = now;
      return current;
    },
    refresh() {
      memory.checkedAt = 0;
    },
  };
}
