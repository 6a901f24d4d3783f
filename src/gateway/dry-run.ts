/** A first message tried out: parsed and mapped with ids that mean nothing, nothing stored (DESIGN 1). */
import { createMac } from '../base/digest.ts';
import { utf8 } from '../base/bytes.ts';
import type { Problem } from '../base/problem.ts';
import { looksLikeEcg } from '../formats/ecg/read-any.ts';
import type { Companions } from '../formats/ecg/wfdb/read-wfdb.ts';
import { readMessage } from '../formats/hl7v2/read.ts';
import { toBundle } from '../mapping/bundle.ts';
import { mapHl7v2 } from '../mapping/map-hl7v2.ts';
import { DEFAULT_PROFILE, type Facility, type FacilityId } from '../terms/facility.ts';
import type { Ecg } from '../terms/parsed/ecg.ts';
import type { Hl7Message } from '../terms/parsed/hl7v2.ts';
import { auditAct } from './audit-act.ts';
import { mapEcgFile, readEcgFile } from './ecg/ecg-path.ts';
import type { Gateway } from './gateway.ts';
import type { ReceiveInput } from './hl7v2-arrival.ts';
import { createIdKeys, createMessageIds, type IdKeys } from './id-source.ts';

export interface DryRun {
  /** Segments by name; of an ECG leads, measurements and statements. */
  readonly in: Readonly<Record<string, number>>;
  /** Resources by type. */
  readonly out: Readonly<Record<string, number>>;
  readonly problems: readonly Problem[];
  readonly unread: readonly string[];
  readonly bundle: ReturnType<typeof toBundle> | undefined;
}

/** A key that is no secret: ids made with it are for reading, never for storing (SETTLED 2). */
export function demoIdKeys(): IdKeys {
  const demo = createMac(utf8('concord demo key: ids made with it mean nothing'));
  return createIdKeys(demo, demo);
}

/** Answers with a person's data, and is audited before it does. */
export async function dryRun(
  gateway: Gateway,
  { bytes, channel, facility }: Pick<ReceiveInput, 'bytes' | 'channel' | 'facility'>,
): Promise<DryRun> {
  await auditAct(gateway, { action: 'read', actor: channel.id, facility: facility.id, detail: 'dry-run' });
  return tryMessage(bytes, { facility, keys: gateway.ids });
}

const NOBODY: Facility = {
  id: 'demo' as FacilityId,
  name: '',
  level: 3,
  area: '000000',
  alliances: [],
  zone: 'Asia/Shanghai',
  profile: DEFAULT_PROFILE,
};

/** Parses and maps one message's bytes, or an ECG file's. Never throws, whatever the bytes. */
export function tryMessage(
  bytes: Uint8Array,
  context: { readonly keys: IdKeys; readonly facility?: Facility; readonly companions?: Companions },
): DryRun {
  const facility = context.facility ?? NOBODY;
  if (looksLikeEcg(bytes)) return tryEcg(bytes, { ...context, facility });
  const charset = facility.profile.charset;
  const read = readMessage(bytes, charset === undefined ? {} : { fallback: charset });
  if (read.value === undefined) return { in: {}, out: {}, problems: read.problems, unread: [], bundle: undefined };
  const { message } = read.value;
  const ids = createMessageIds(context.keys, { facility: facility.id, production: true, known: new Map() });
  const mapped = mapHl7v2(message, { facility: facility.id, zone: facility.zone, profile: facility.profile, ids });
  const bundle = toBundle(mapped);
  return {
    in: countSegments(message),
    out: countTypes(bundle.entry ?? []),
    problems: [...read.problems, ...mapped.problems],
    unread: mapped.unread,
    bundle,
  };
}

function tryEcg(
  bytes: Uint8Array,
  {
    keys,
    facility,
    companions,
  }: { readonly keys: IdKeys; readonly facility: Facility; readonly companions?: Companions },
): DryRun {
  const read = readEcgFile(bytes, companions);
  const ids = createMessageIds(keys, { facility: facility.id, production: true, known: new Map() });
  const mapped = mapEcgFile(read, facility, ids);
  const bundle = mapped === undefined ? undefined : toBundle(mapped);
  return {
    in: read.ecg === undefined ? {} : countParts(read.ecg),
    out: countTypes(bundle?.entry ?? []),
    problems: [...read.problems, ...(mapped?.problems ?? [])],
    unread: mapped?.unread ?? [],
    bundle,
  };
}

/** What an ECG holds, by kind. */
function countParts({ groups, medians, measurements, statements }: Ecg): Record<string, number> {
  const leads = (of: Ecg['groups']): number =>
    of.reduce((sum, group) => sum + group.leads.filter(({ derived }) => !derived).length, 0);
  const counts = {
    leads: leads(groups),
    'median leads': leads(medians),
    measurements: measurements.length,
    statements: statements.length,
  };
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

function countSegments(message: Hl7Message): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { name } of message.segments) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function countTypes(
  entries: readonly { readonly resource?: { readonly resourceType: string } | undefined }[],
): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { resource } of entries)
    if (resource !== undefined) counts[resource.resourceType] = (counts[resource.resourceType] ?? 0) + 1;
  return counts;
}
