/** Bytes of a fixture → bundle and problems, with ids made by a key that is no secret. */
import { base32, utf8 } from '../../src/base/bytes.ts';
import { createMac, joinKey } from '../../src/base/digest.ts';
import { readMessage } from '../../src/formats/hl7v2/read.ts';
import { toBundle } from '../../src/mapping/bundle.ts';
import { mapHl7v2 } from '../../src/mapping/map-hl7v2.ts';
import type { Problem } from '../../src/base/problem.ts';
import { BUCKETS, type Bucket } from '../../src/terms/bucket.ts';
import type { IdSource } from '../../src/terms/directory.ts';
import { DEFAULT_PROFILE, type FacilityId, type FacilityProfile } from '../../src/terms/facility.ts';
import type { Instant } from '../../src/terms/instant.ts';
import type { Mapped } from '../../src/terms/mapped.ts';
import type { Hl7Message } from '../../src/terms/parsed/hl7v2.ts';

export const FIXTURE_FACILITY = 'F1' as FacilityId;
const MAPPED_AT = '2026-03-02T00:00:00.000Z' as Instant;
const key = createMac(utf8('fixtures: ids made with this key mean nothing'));

export interface MappedFixture {
  readonly message: Hl7Message;
  readonly mapped: Mapped;
  readonly bundle: ReturnType<typeof toBundle>;
  readonly problems: readonly Problem[];
}

/** Undefined when the bytes are no message. */
export function mapFixture(bytes: Uint8Array, profile: FacilityProfile = DEFAULT_PROFILE): MappedFixture | undefined {
  const read = readMessage(bytes);
  if (read.value === undefined) return undefined;
  const { message } = read.value;
  const mapped = mapText(message, profile);
  return {
    message,
    mapped,
    bundle: toBundle(mapped, { mappedAt: MAPPED_AT }),
    problems: [...read.problems, ...mapped.problems],
  };
}

export function mapText(
  message: Hl7Message,
  profile: FacilityProfile = DEFAULT_PROFILE,
  facility: FacilityId = FIXTURE_FACILITY,
): Mapped {
  return mapHl7v2(message, { facility, zone: 'Asia/Shanghai', profile, ids: FIXTURE_IDS });
}

/** Ids of the shape that SETTLED 2 gives them, by a rule of the fixtures' own: they change only when keys do. */
const FIXTURE_IDS: IdSource = {
  bucketOf: (known) => bucketOf(known.patientKey ?? known.reportKey),
  sharedBucketOf: (kind, businessKey) => bucketOf(joinKey(kind, businessKey)),
  idOf: (kind, businessKey, bucket) => ({
    id: base32(Uint8Array.of(bucket >> 2, (bucket & 3) << 6), 2) + base32(key.bytes(joinKey(kind, businessKey)), 20),
    bucket,
  }),
  elementIdOf: (containerId, elementKey) => `${containerId}.${base32(key.bytes(elementKey), 10)}`,
};

function bucketOf(text: string): Bucket {
  const [high = 0, low = 0] = key.bytes(text);
  return (((high << 8) | low) % BUCKETS) as Bucket;
}
