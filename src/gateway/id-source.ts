/**
 * Ids for one message (SETTLED 2): proposed from keyed hashes, overruled by what the directory holds.
 * Keeps a list of what was asked for, which is what the message claims in the directory.
 */
import { base32, base64url, fromBase32 } from '../base/bytes.ts';
import { joinKey, type Mac } from '../base/digest.ts';
import { strongestKey } from '../identity/strongest-key.ts';
import { BUCKETS, type Bucket } from '../terms/bucket.ts';
import type { DirectoryClaim, DirectoryKind, IdSource } from '../terms/directory.ts';
import type { FacilityId } from '../terms/facility.ts';

/** Prepared once per gateway: the two keys, and element digests, which belong to no patient. */
export interface IdKeys {
  readonly index: Mac;
  readonly id: Mac;
  readonly elementDigests: Map<string, string>;
  /** Of organisations, practitioners, devices and places, which many messages name. */
  readonly sharedDigests: Map<string, Digests>;
}

interface Digests {
  readonly mac: string;
  /** What follows the bucket in the id. */
  readonly rest: string;
  /** Where it lives when it belongs to no patient. */
  readonly bucket: Bucket;
}

/** Kinds that belong to no patient. */
const SHARED: ReadonlySet<DirectoryKind> = new Set<DirectoryKind>([
  'organization',
  'practitioner',
  'practitioner-role',
  'location',
  'device',
]);

export function createIdKeys(index: Mac, id: Mac): IdKeys {
  return { index, id, elementDigests: new Map(), sharedDigests: new Map() };
}

/** Codes, sub-ids and staff: some thousands in a region. Beyond this a cache starts anew. */
const DIGESTS_MAX = 50_000;

export interface MessageIds extends IdSource {
  /** Everything asked for, once each. */
  claims(): readonly DirectoryClaim[];
}

/** What earlier attempts learnt from the directory, by `kind mac`. */
export type KnownIds = Map<string, { readonly bucket: Bucket; readonly id: string }>;

export function knownIdKey(claim: { readonly kind: DirectoryKind; readonly mac: string }): string {
  return `${claim.kind} ${claim.mac}`;
}

export function createMessageIds(
  keys: IdKeys,
  context: {
    readonly facility: FacilityId;
    /** Test and training data live under keys of their own and never meet real ones (DESIGN 4). */
    readonly production: boolean;
    readonly known: KnownIds;
  },
): MessageIds {
  const { facility, known } = context;
  const scope = context.production ? '' : 'test';
  const claims = new Map<string, DirectoryClaim>();

  const claim = (kind: DirectoryKind, businessKey: string, bucket: Bucket): DirectoryClaim => {
    const asked = `${kind} ${businessKey}`;
    const earlier = claims.get(asked);
    if (earlier !== undefined) return earlier;
    const { mac, rest } = digestsOf(keys, { facility, kind, businessKey, scope });
    const made = known.get(knownIdKey({ kind, mac })) ?? { bucket, id: bucketText(bucket) + rest };
    const claimed = { facility, kind, mac, bucket: made.bucket, id: made.id };
    claims.set(asked, claimed);
    return claimed;
  };

  return {
    bucketOf(who) {
      if (who.patientKey !== undefined) {
        const patient = known.get(
          knownIdKey({
            kind: 'patient',
            mac: businessMac(keys, { facility, kind: 'patient', businessKey: who.patientKey, scope }),
          }),
        );
        if (patient !== undefined) return patient.bucket;
      }
      return bucketOfText(keys.index, strongestKey(who));
    },
    sharedBucketOf: (kind, businessKey) => digestsOf(keys, { facility, kind, businessKey, scope }).bucket,
    idOf: (kind, businessKey, bucket) => claim(kind, businessKey, bucket),
    elementIdOf: (containerId, elementKey) => `${containerId}.${elementDigest(keys, elementKey)}`,
    claims: () => [...claims.values()],
  };
}

/** The directory's key for a business key of a facility. */
export function businessMac(keys: Pick<IdKeys, 'index'>, key: BusinessKey): string {
  return keys.index.text(businessText(key));
}

function businessText({ facility, kind, scope = '', businessKey }: BusinessKey): string {
  return joinKey(facility, kind, scope, businessKey);
}

export function bucketOfText(mac: Mac, text: string): Bucket {
  return bucketOfBytes(mac.bytes(text));
}

function bucketOfBytes(bytes: Uint8Array): Bucket {
  return ((((bytes[0] as number) << 8) | (bytes[1] as number)) % BUCKETS) as Bucket;
}

/** Two base32 characters that lead every id. */
export function bucketText(bucket: Bucket): string {
  return base32(Uint8Array.of(bucket >> 2, (bucket & 3) << 6), 2);
}

/** The bucket that leads an id of ours; undefined when the text is no such id. */
export function bucketOfId(id: string): Bucket | undefined {
  return ID.test(id) ? (fromBase32(id.slice(0, 2)) as Bucket | undefined) : undefined;
}

/** Bucket and digest, and of an element its own digest behind a point (SETTLED 2). */
const ID = /^[0-9a-hjkmnp-tv-z]{22}(\.[0-9a-hjkmnp-tv-z]{10})?$/;

function elementDigest(keys: IdKeys, elementKey: string): string {
  return remembered(keys.elementDigests, elementKey, () => base32(keys.id.bytes(joinKey('element', elementKey)), 10));
}

interface BusinessKey {
  readonly facility: FacilityId;
  readonly kind: DirectoryKind;
  readonly businessKey: string;
  readonly scope?: string;
}

function digestsOf(keys: IdKeys, key: BusinessKey): Digests {
  const make = (): Digests => {
    const digest = keys.index.bytes(businessText(key));
    const mac = base64url(digest);
    return { mac, rest: base32(keys.id.bytes(mac), 20), bucket: bucketOfBytes(digest) };
  };
  if (!SHARED.has(key.kind)) return make();
  return remembered(keys.sharedDigests, `${key.facility} ${key.scope ?? ''} ${key.kind} ${key.businessKey}`, make);
}

function remembered<T>(memory: Map<string, T>, key: string, make: () => T): T {
  let value = memory.get(key);
  if (value === undefined) {
    value = make();
    if (memory.size >= DIGESTS_MAX) memory.clear();
    memory.set(key, value);
  }
  return value;
}
