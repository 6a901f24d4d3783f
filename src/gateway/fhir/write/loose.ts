/** Results from FHIR clients: each in a container of its own, with a registry entry as one of a message has (DESIGN 4). */
import { printResource } from '../../../base/json.ts';
import { LIMITS } from '../../../base/limits.ts';
import type { StoreTx } from '../../../ports/store-tx.ts';
import { diffEntries } from '../../../registry/diff-entries.ts';
import { type EntryContext, entriesOf } from '../../../registry/entries-of.ts';
import type { ContainerVersion } from '../../../terms/container.ts';
import type { FhirCaller } from '../../../terms/fhir-caller.ts';
import type { Observation, Resource } from '../../../terms/fhir.ts';
import type { Instant } from '../../../terms/instant.ts';
import type { ResultEntry } from '../../../terms/result-entry.ts';
import type { StoredResource } from '../../../terms/stored-resource.ts';
import type { Gateway } from '../../gateway.ts';
import { recordVersions, type VersionWrites } from '../../record-versions.ts';
import { readStored } from '../present.ts';
import type { Placed } from './placed.ts';
import { patientIn } from './references.ts';
import type { WriteContext } from './write-drafts.ts';
import { refused } from './write-refused.ts';

interface LooseInput {
  readonly writing: readonly Placed[];
  readonly context: WriteContext;
  /** What references lead to, of the caller's own. */
  readonly beside: readonly StoredResource[];
}

/** Report statuses that take their results out of the registry with them. */
const GONE: ReadonlySet<unknown> = new Set(['entered-in-error', 'cancelled']);

export async function writeLoose(gateway: Gateway, tx: StoreTx, caller: FhirCaller, input: LooseInput): Promise<void> {
  const { writing, context } = input;
  if (writing.length === 0) return;
  const heads = await lockedHeads(tx, caller, writing);
  const writes = {
    versions: [] as VersionWrites['versions'][number][],
    retired: [] as VersionWrites['retired'][number][],
    entries: [] as ResultEntry[],
  };
  for (const placed of writing) {
    const head = heads.get(placed.id);
    const next = versionOf(caller, placed, head, context);
    if (next === undefined) continue;
    writes.versions.push(next);
    if (placed.resource.resourceType !== 'Observation') continue;
    refuseLongCode(placed);
    const entryContext = entryContextOf(gateway, caller, context, besideOf(placed, input));
    const before = head === undefined ? [] : entriesOf(head, entryContext);
    const moved = diffEntries(before, entriesOf(next, entryContext));
    writes.retired.push(...moved.retired);
    writes.entries.push(...moved.added);
  }
  const fallen = await resultsOfReports(gateway, tx, caller, input);
  const from = {
    facility: caller.facility.id,
    at: context.receivedAt,
    reference: context.reference,
    production: !caller.channel.test,
  };
  await recordVersions(gateway, tx, from, {
    ...writes,
    retired: [...writes.retired, ...fallen.retired],
    entries: [...writes.entries, ...fallen.entries],
  });
}

/** Heads as they stand once their directory rows are locked: two writers of one container take turns. */
async function lockedHeads(
  tx: StoreTx,
  caller: FhirCaller,
  writing: readonly Placed[],
): Promise<ReadonlyMap<string, ContainerVersion>> {
  const refs = writing.filter(({ fresh }) => !fresh).map(({ bucket, id }) => ({ kind: 'loose' as const, bucket, id }));
  if (refs.length === 0) return new Map();
  const seen = await tx.readHeads(refs);
  // A loose container's element has the directory's key as its own.
  const claims = seen.map(({ bucket, id, elements }) => ({
    facility: caller.facility.id,
    kind: 'loose' as const,
    mac: elements[0]?.key ?? '',
    bucket,
    id,
  }));
  await tx.claim(claims);
  const heads = await tx.readHeads(refs);
  for (const { target, id } of writing) {
    const { wish, at } = target.draft;
    const isRaced =
      'ifMatch' in wish &&
      wish.ifMatch !== undefined &&
      heads.some((head) => head.id === id && head.version !== target.existing?.version);
    if (isRaced) throw refused('gateway/version-conflict', at);
  }
  return new Map(heads.map((head) => [head.id, head]));
}

/** Undefined: nothing changed. */
function versionOf(
  caller: FhirCaller,
  { bucket, id, mac, resource }: Placed,
  head: ContainerVersion | undefined,
  { receivedAt, envelope }: WriteContext,
): (ContainerVersion & { knownFrom: Instant; envelope: string }) | undefined {
  const [known] = head?.elements ?? [];
  if (known !== undefined && printResource(known.resource) === printResource(resource)) return undefined;
  const version = (head?.version ?? 0) + 1;
  return {
    kind: 'loose',
    bucket,
    id,
    version,
    facility: caller.facility.id,
    patient: patientIn(resource),
    elements: [{ key: known?.key ?? mac, version, statedAt: receivedAt, resource }],
    knownFrom: receivedAt,
    envelope,
  };
}

function entryContextOf(
  gateway: Gateway,
  caller: FhirCaller,
  context: WriteContext,
  beside: readonly Resource[],
): EntryContext {
  const { facility } = caller;
  return {
    facility: facility.id,
    production: !caller.channel.test,
    knownFrom: context.receivedAt,
    regionZone: gateway.regionZone,
    beside,
    itemOf: (system, code, loinc) => context.reference.lookup.itemOf(facility.id, 'result', system, code, loinc),
  };
}

/** The report that lists the result and the specimen that it names, sent along or known. */
function besideOf({ id, resource }: Placed, { writing, beside }: LooseInput): readonly Resource[] {
  const { specimen } = resource as { specimen?: { reference?: string } };
  const around = [
    ...writing.map((one) => one.resource),
    ...beside.map((one) => readStored(one) as unknown as Resource & { id: string }),
  ];
  const report = around.find((one) => one.resourceType === 'DiagnosticReport' && resultsIn(one).includes(id));
  const tube = around.find((one) => `${one.resourceType}/${one.id ?? ''}` === specimen?.reference);
  return [report, tube].filter((one) => one !== undefined);
}

function resultsIn(report: unknown): readonly string[] {
  const { result = [] } = report as { result?: readonly { reference?: string }[] };
  return result.flatMap(({ reference }) =>
    reference?.startsWith('Observation/') === true ? [reference.slice('Observation/'.length)] : [],
  );
}

/**
 * A report that is cancelled or entered in error takes its results along, and gives them back when it stands again
 * (SETTLED 19: an entry has the worse of the two). Results that were sent with it are judged with it already.
 */
async function resultsOfReports(
  gateway: Gateway,
  tx: StoreTx,
  caller: FhirCaller,
  input: LooseInput,
): Promise<Pick<VersionWrites, 'retired' | 'entries'>> {
  const sent = new Set(input.writing.map(({ id }) => id));
  const retired: VersionWrites['retired'][number][] = [];
  const entries: ResultEntry[] = [];
  for (const { target, resource } of input.writing) {
    const wasGone = target.existing !== undefined && GONE.has(readStored(target.existing)['status']);
    if (resource.resourceType !== 'DiagnosticReport' || (!wasGone && !GONE.has(resource['status']))) continue;
    const known = input.beside.filter(
      ({ id, kind }) => kind === 'loose' && resultsIn(resource).includes(id) && !sent.has(id),
    );
    const heads = await tx.readHeads(known.map(({ bucket, id }) => ({ kind: 'loose', bucket, id })));
    const context = entryContextOf(gateway, caller, input.context, [resource]);
    // Their containers stay as they are; their directory rows are claimed, so that their entries may be entered again.
    await tx.claim(
      heads.map(({ bucket, id, elements }) => ({
        facility: caller.facility.id,
        kind: 'loose',
        mac: elements[0]?.key ?? '',
        bucket,
        id,
      })),
    );
    for (const head of heads) {
      retired.push({ bucket: head.bucket, container: head.id, element: head.id });
      entries.push(...entriesOf(head, context));
    }
  }
  return { retired, entries };
}

function refuseLongCode({ target, resource }: Placed): void {
  const { code } = resource as unknown as Observation;
  const isLong = (code.coding ?? []).some(
    ({ code: text = '', system = '' }) => Math.max(text.length, system.length) > LIMITS.codeLengthMax,
  );
  if (isLong) throw refused('gateway/code-too-long', target.draft.at);
}
