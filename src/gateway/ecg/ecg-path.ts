/** The one path for an ECG file: formats → mapping, pure; then what every format's path ends with. */
import { sha1, sha256 } from '../../base/digest.ts';
import type { Problem } from '../../base/problem.ts';
import { readAnyEcg } from '../../formats/ecg/read-any.ts';
import { looksLikeZip } from '../../formats/zip/read-zip.ts';
import type { Companions } from '../../formats/ecg/wfdb/read-wfdb.ts';
import { mapEcg } from '../../mapping/ecg/map-ecg.ts';
import type { EcgSource } from '../../mapping/ecg/document.ts';
import { signalHash } from '../../signals/signal-hash.ts';
import type { DirectoryRow, StoreTx } from '../../ports/store-tx.ts';
import type { Facility } from '../../terms/facility.ts';
import type { IdSource } from '../../terms/directory.ts';
import type { Instant } from '../../terms/instant.ts';
import type { Mapped } from '../../terms/mapped.ts';
import type { Ecg } from '../../terms/parsed/ecg.ts';
import type { Journey, Sighting } from '../arrival.ts';
import type { Gateway } from '../gateway.ts';
import { createMessageIds, type KnownIds, type MessageIds } from '../id-source.ts';
import { recordMapped } from '../record-mapped.ts';
import type { Reference } from '../reference-cache.ts';
import { similarRecordings } from './similar-recordings.ts';

/** A file that was read; `ecg` is undefined when nothing in it can be shown. */
export interface ReadEcg {
  readonly ecg: Ecg | undefined;
  readonly problems: readonly Problem[];
  readonly source: EcgSource;
}

/** Problems that say that bytes were lost or changed: what is left is no ground to recognise anything. */
const CORRUPT: ReadonlySet<string> = new Set([
  'ecg/crc-wrong',
  'ecg/first-sample-differs',
  'ecg/companion-missing',
  'ecg/file-cut',
  'ecg/section-cut',
  'ecg/section-outside',
  'ecg/section-mislabelled',
  'ecg/compression-unreadable',
  'ecg/lead-cut',
  'ecg/tag-cut',
  'dicom/truncated',
]);

export function readEcgFile(bytes: Uint8Array, companions?: Companions): ReadEcg {
  const { value, problems } = readAnyEcg(bytes, companions);
  const corrupt = problems.some(({ code }) => CORRUPT.has(code));
  const digest = Array.from(sha256(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
  const hash = btoa(String.fromCharCode(...sha1(bytes)));
  return {
    ecg: value,
    problems,
    source: { digest, sha1: hash, bytes: bytes.length, corrupt, zipped: looksLikeZip(bytes) },
  };
}

/** Undefined when there is nothing to map. */
export function mapEcgFile(read: ReadEcg, facility: Facility, ids: IdSource, receivedAt?: Instant): Mapped | undefined {
  if (read.ecg === undefined) return undefined;
  const { id, zone, profile } = facility;
  const context = { facility: id, zone, profile, ids };
  return mapEcg(read.ecg, read.source, receivedAt === undefined ? context : { ...context, receivedAt });
}

const NEARLY_EQUAL: Problem = { code: 'gateway/recording-nearly-equal', severity: 'warning', at: 'recording' };

/** A file mapped with ids that the directory has yet to confirm. */
export interface EcgTravel {
  readonly arrival: Sighting;
  readonly read: ReadEcg;
  readonly ids: MessageIds;
  readonly mapped: Mapped;
}

export function mapEcgArrival(
  gateway: Gateway,
  arrival: Sighting,
  read: ReadEcg,
  known: KnownIds,
): EcgTravel | undefined {
  const { facility, channel } = arrival;
  const ids = createMessageIds(gateway.ids, { facility: facility.id, production: !channel.test, known });
  const mapped = mapEcgFile(read, facility, ids, arrival.receivedAt);
  return mapped === undefined ? undefined : { arrival, read, ids, mapped };
}

/** identity → registry → recorded, inside `tx`. Every Observation is stored, or its report is quarantined as a whole. */
export async function followEcg(
  gateway: Gateway,
  tx: StoreTx,
  { arrival, read, mapped }: EcgTravel,
  context: { readonly reference: Reference; readonly rows: ReadonlyMap<string, DirectoryRow> },
): Promise<Journey & { readonly similar: readonly string[] }> {
  const production = !arrival.channel.test;
  const { ecg } = read;
  const similar =
    ecg === undefined || signalHash(ecg) === undefined
      ? []
      : await similarRecordings(tx, { ecg, mapped, facility: arrival.facility.id });
  const { patients, registered } = await recordMapped(gateway, tx, { mapped, arrival, production }, context);
  const elements = mapped.patients.flatMap(({ reports }) => reports.flatMap((report) => report.elements));
  const resultsIn = elements.filter(({ resource }) => resource.resourceType === 'Observation').length;
  const { resultsStored } = registered;
  return {
    problems: [
      ...read.problems,
      ...mapped.problems,
      ...patients.problems,
      ...registered.problems,
      ...(similar.length === 0 ? [] : [NEARLY_EQUAL]),
    ],
    similar,
    unread: mapped.unread,
    resultsIn,
    resultsStored,
    quarantined: registered.quarantined || resultsStored < resultsIn,
  };
}
