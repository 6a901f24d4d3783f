/**
 * Ids for one message (SETTLED 2): proposed from keyed hashes, overruled by what the directory holds.
 * Keeps a list of what was asked for, which is what the message claims in the directory.
 */
import { base32 } from '../base/bytes.ts';
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
}

/** Element keys are codes and sub-ids: a few thousand in a region. Beyond this the cache starts anew. */
const ELEMENT_DIGESTS_MAX = 50_000;

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

  /** One HMAC gives both what the directory is asked by and, under the id key, what the id is made of. */
  const claim = (kind: DirectoryKind, businessKey: string, bucket: Bucket): DirectoryClaim => {
    const mac = businessMac(keys, { facility, kind, businessKey, scope });
    const key = knownIdKey({ kind, mac });
    const earlier = claims.get(key);
    if (earlier !== undefined) return earlier;
    const made = known.get(key) ?? { bucket, id: bucketText(bucket) + base32(keys.id.bytes(mac), 20) };
    const asked = { facility, kind, mac, bucket: made.bucket, id: made.id };
    claims.set(key, asked);
    return asked;
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
    sharedBucketOf: (kind, businessKey) => bucketOfText(keys.index, joinKey(facility, kind, businessKey)),
    idOf: (kind, businessKey, bucket) => claim(kind, businessKey, bucket),
    elementIdOf: (containerId, elementKey) => `${containerId}.${elementDigest(keys, elementKey)}`,
    claims: () => [...claims.values()],
  };
}

/** The directory's key for a business key of a facility. */
export function businessMac(
  keys: Pick<IdKeys, 'index'>,
  key: {
    readonly facility: FacilityId;
    readonly kind: DirectoryKind;
    readonly businessKey: string;
    readonly scope?: string;
  },
): string {
  return keys.index.text(joinKey(key.facility, key.kind, key.scope ?? '', key.businessKey));
}

export function bucketOfText(mac: Mac, text: string): Bucket {
  const bytes = mac.bytes(text);
  return ((((bytes[0] as number) << 8) | (bytes[1] as number)) % BUCKETS) as Bucket;
}

/** Two base32 characters that lead every id. */
export function bucketText(bucket: Bucket): string {
  return base32(Uint8Array.of(bucket >> 2, (bucket & 3) << 6), 2);
}

function elementDigest(keys: IdKeys, elementKey: string): string {
  let digest = keys.elementDigests.get(elementKey);
  if (digest === undefined) {
    digest = base32(keys.id.bytes(joinKey('element', elementKey)), 10);
    if (keys.elementDigests.size >= ELEMENT_DIGESTS_MAX) keys.elementDigests.clear();
    keys.elementDigests.set(elementKey, digest);
  }
  return digest;
}
