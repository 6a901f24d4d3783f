/** Facilities, channels, code maps and the catalogue in the database: small, read whole, cached by version. */
import type { Catalogue } from '../terms/catalogue.ts';
import type { Channel } from '../terms/channel.ts';
import type { CodeMapRow, UnmappedCode } from '../terms/code-map.ts';
import type { Facility, FacilityId } from '../terms/facility.ts';
import type { Instant } from '../terms/instant.ts';
import type { Subscription } from '../terms/subscription.ts';

/** Facilities, channels, maps and the catalogue: small, read whole, cached by the gateway by version. */
export interface ReferenceStore {
  /** Grows by one with every change below; a cheap read that tells whether caches are stale. */
  version(): Promise<number>;
  facilities(): Promise<readonly Facility[]>;
  putFacility(facility: Facility): Promise<void>;
  channels(): Promise<readonly StoredChannel[]>;
  /**
   * Reads all channels, writes the one that `decide` makes of them and answers it; undefined writes nothing.
   * Changes take turns, so that two at once never both find a door free. `decide` may be run again.
   */
  changeChannel(
    decide: (channels: readonly StoredChannel[]) => StoredChannel | undefined,
  ): Promise<StoredChannel | undefined>;
  /** Of all facilities; criteria sealed. */
  subscriptions(): Promise<readonly Subscription[]>;
  putSubscription(subscription: Subscription): Promise<void>;
  codeMap(): Promise<readonly CodeMapRow[]>;
  putCodeMap(rows: readonly CodeMapRow[]): Promise<void>;
  unmapped(facility: FacilityId | null): Promise<readonly UnmappedCode[]>;
  activeCatalogue(): Promise<Catalogue | undefined>;
  /** A version by its digest, active or not. */
  catalogue(digest: string): Promise<Catalogue | undefined>;
  /** The versions, newest first. */
  catalogues(): Promise<readonly CatalogueVersion[]>;
  /** Keeps it; one that is there already stays as it is. */
  putCatalogue(catalogue: Catalogue, at: Instant): Promise<void>;
  /** False: there is no such version, and nothing changed. */
  activateCatalogue(digest: string): Promise<boolean>;
}

export interface StoredChannel extends Channel {
  /** SHA-256 of the client secret (≥ 256 random bits), base64url; null for mllp and folder. */
  readonly secretHash: string | null;
  /** The client's public keys (RFC 7517, JSON text), by value or where they are read. */
  readonly jwks?: string;
  readonly jwksUrl?: string;
  readonly revokedAt: Instant | null;
}

export interface CatalogueVersion {
  readonly digest: string;
  readonly sample: boolean;
  readonly importedAt: Instant;
  readonly active: boolean;
}
