/** Synthetic ECG files read and mapped, with ids made by a key that is no secret; and the samples of a lead in words to compare. */
import { createHash } from 'node:crypto';
import type { EcgCase, EcgFault } from '../../fixtures/ecg/cases.ts';
import { utf8 } from '../../src/base/bytes.ts';
import { createMac, sha1, sha256 } from '../../src/base/digest.ts';
import { printResource, readResource } from '../../src/base/json.ts';
import type { Parsed, Problem } from '../../src/base/problem.ts';
import { readEcg } from '../../src/formats/ecg/read-ecg.ts';
import { createIdKeys, createMessageIds } from '../../src/gateway/id-source.ts';
import { toBundle } from '../../src/mapping/bundle.ts';
import { mapEcg } from '../../src/mapping/ecg/map-ecg.ts';
import { groupOfWaveform } from '../../src/mapping/ecg/waveform.ts';
import { withoutTail } from '../../src/signals/physical.ts';
import { DEFAULT_PROFILE, type FacilityId } from '../../src/terms/facility.ts';
import type { Observation } from '../../src/terms/fhir.ts';
import type { Instant } from '../../src/terms/instant.ts';
import type { Mapped } from '../../src/terms/mapped.ts';
import type { Ecg, EcgGroup, EcgLead } from '../../src/terms/parsed/ecg.ts';

const mac = createMac(utf8('fixtures: ids made with this key mean nothing'));
const keys = createIdKeys(mac, mac);
const FACILITY = 'F1' as FacilityId;

export function readCase(one: EcgCase | EcgFault, bytes: Uint8Array = one.make()): Parsed<Ecg> {
  const companions = one.companions?.();
  return readEcg(bytes, (name) =>
    companions !== undefined && Object.hasOwn(companions, name) ? companions[name] : undefined,
  );
}

export function mapFile(ecg: Ecg, bytes: Uint8Array, receivedAt?: Instant): Mapped {
  const source = {
    digest: Buffer.from(sha256(bytes)).toString('hex'),
    sha1: Buffer.from(sha1(bytes)).toString('base64'),
    bytes: bytes.length,
    corrupt: false,
  };
  const ids = createMessageIds(keys, { facility: FACILITY, production: true, known: new Map() });
  const received = receivedAt === undefined ? {} : { receivedAt };
  return mapEcg(ecg, source, { facility: FACILITY, zone: 'Asia/Shanghai', profile: DEFAULT_PROFILE, ids, ...received });
}

/** The bundle's text, as it is printed for everybody. */
export function bundleText(mapped: Mapped): string {
  return printResource(toBundle(mapped));
}

/** Recordings and median beats as FHIR gives them back: printed, read and made groups again. */
export function groupsOfBundle(text: string): readonly EcgGroup[] {
  const bundle = readResource(text).value as { readonly entry: readonly { readonly resource: Observation }[] };
  return bundle.entry.flatMap(({ resource }) =>
    resource.resourceType === 'Observation' ? (groupOfWaveform(resource) ?? []) : [],
  );
}

/** What a group must come back as: tails cut, derived leads left out, by lead number. */
export function groupsToKeep(ecg: Ecg): readonly EcgGroup[] {
  return [...ecg.groups.map(withoutTail), ...ecg.medians].map((group) => ({
    ...group,
    leads: group.leads
      .filter(({ derived }) => !derived)
      .toSorted((left, right) => (left.number ?? 999) - (right.number ?? 999)),
  }));
}

/** SHA-256 of the samples as 32-bit little-endian integers, as the reference files have it. */
export function sampleHash({ samples }: Pick<EcgLead, 'samples'>): string {
  return createHash('sha256')
    .update(new Uint8Array(Int32Array.from(samples).buffer))
    .digest('hex');
}

/** `error ecg/lead-empty`, each once, in order of appearance. */
export function codesOf(problems: readonly Problem[]): readonly string[] {
  return [...new Set(problems.map(({ code, severity }) => `${severity} ${code}`))];
}
