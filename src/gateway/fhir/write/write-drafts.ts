/**
 * Writes what a FHIR client sent, all of it or nothing, inside one transaction: targets, ids, references, then Patients as a
 * message's (identity is judged), shared resources, and results in containers of their own with their registry entries.
 */
import { printResource } from '../../../base/json.ts';
import { factsOfPatient } from '../../../identity/facts-of-patient.ts';
import type { StoreTx } from '../../../ports/store-tx.ts';
import type { FhirCaller } from '../../../terms/fhir-caller.ts';
import type { Patient } from '../../../terms/fhir.ts';
import type { Instant } from '../../../terms/instant.ts';
import type { StoredResource } from '../../../terms/stored-resource.ts';
import type { Gateway } from '../../gateway.ts';
import type { KnownIds } from '../../id-source.ts';
import type { Reference } from '../../reference-cache.ts';
import { identifiersOf } from '../../resource-identifiers.ts';
import { settlePatient } from '../../settle-patients.ts';
import { applyConsents } from '../consent.ts';
import { auditWrites } from './audit-writes.ts';
import { noteServiceRequests } from './known-orders.ts';
import type { Draft, Written } from './draft.ts';
import { writeLoose } from './loose.ts';
import { resolveReferences } from './resolve-references.ts';
import type { Placed } from './placed.ts';
import { placeTargets } from './place-targets.ts';
import { patientIn } from './references.ts';
import { targetOf } from './targets.ts';
import { refuseKnownOutOfScope, shownText } from './write-scope.ts';

export interface WriteContext {
  readonly envelope: string;
  readonly receivedAt: Instant;
  readonly reference: Reference;
  readonly known: KnownIds;
  /** The gateway's own FHIR base: a reference that begins with it is one of ours. */
  readonly base: string;
}

/**
 * In the order of the drafts, whose scopes were looked at. Throws WriteRefused: then the transaction must end without a
 * trace.
 */
export async function writeDrafts(
  gateway: Gateway,
  tx: StoreTx,
  caller: FhirCaller,
  drafts: readonly Draft[],
  context: WriteContext,
): Promise<readonly Written[]> {
  const targets = await Promise.all(drafts.map((draft) => targetOf(gateway, tx, caller, draft)));
  const found = await resolveReferences(gateway, tx, caller, { drafts, base: context.base });
  const placed = await placeTargets(gateway, tx, caller, { targets, found, known: context.known });
  // Of what the directory has just learnt nothing is there yet.
  const before = await storedOf(
    tx,
    placed.filter(({ fresh }) => !fresh),
  );
  for (const [place, draft] of drafts.entries()) {
    const known = before.get(placed[place]?.id ?? '');
    if (known !== undefined) refuseKnownOutOfScope(caller, draft, known);
  }
  const writing = firstOfEach(placed).filter(({ target, id }) => !target.keeps || !before.has(id));
  await write(gateway, tx, caller, { writing, before, context, beside: found.stored });
  const fresh = new Map(writing.filter(isFirst).map((one) => [one.id, firstOf(one, caller, context)]));
  const after = await storedOf(
    tx,
    placed.filter(({ id }) => !fresh.has(id)),
  );
  const written = placed.map((one): Written & { readonly patient: string } => {
    const now = fresh.get(one.id) ?? after.get(one.id);
    if (now === undefined) throw new Error('what was written is not there');
    const { type, id, version, lastUpdated, patient } = now;
    const outcome = outcomeOf({ version, known: before.get(id)?.version, isWritten: writing.includes(one) });
    return { type, id, version, lastUpdated, patient, outcome, text: shownText(caller, now, before.has(id)) };
  });
  await auditWrites(gateway, tx, caller, written);
  return written;
}

function outcomeOf(seen: {
  readonly version: number;
  readonly known: number | undefined;
  readonly isWritten: boolean;
}): Written['outcome'] {
  if (!seen.isWritten) return 'existing';
  if (seen.known === undefined) return 'created';
  return seen.version === seen.known ? 'unchanged' : 'updated';
}

async function storedOf(tx: StoreTx, placed: readonly Placed[]): Promise<ReadonlyMap<string, StoredResource>> {
  if (placed.length === 0) return new Map();
  const stored = await tx.readPlaces(placed.map(({ bucket, id }) => ({ bucket, id })));
  return new Map(stored.map((one) => [one.id, one]));
}

/** A result seen for the first time is stored as it was written, so that it is not read back. */
function isFirst({ target, fresh }: Placed): boolean {
  return fresh && target.kind === 'loose';
}

function firstOf(
  { id, bucket, resource }: Placed,
  { facility }: FhirCaller,
  { envelope, receivedAt }: WriteContext,
): StoredResource {
  return {
    type: resource.resourceType,
    id,
    bucket,
    facility: facility.id,
    patient: patientIn(resource),
    container: id,
    kind: 'loose',
    version: 1,
    lastUpdated: receivedAt,
    containerVersion: 1,
    envelope,
    text: printResource(resource),
  };
}

/** Two entries that meet in one key (If-None-Exist twice, one Patient twice): the first is written. */
function firstOfEach(placed: readonly Placed[]): readonly Placed[] {
  const seen = new Map<string, Placed>();
  for (const one of placed) if (!seen.has(one.id)) seen.set(one.id, one);
  return [...seen.values()];
}

async function write(
  gateway: Gateway,
  tx: StoreTx,
  caller: FhirCaller,
  input: {
    readonly writing: readonly Placed[];
    readonly before: ReadonlyMap<string, StoredResource>;
    readonly context: WriteContext;
    readonly beside: Parameters<typeof writeLoose>[3]['beside'];
  },
): Promise<void> {
  const { writing, before, context } = input;
  const { receivedAt: at, reference } = context;
  const from = { facility: caller.facility.id, at };
  for (const one of writing.filter(({ target }) => target.kind === 'patient')) {
    const resource = one.resource as unknown as Patient & { id: string };
    await settlePatient(gateway, tx, {
      patient: { bucket: one.bucket, patient: one.id, facility: caller.facility.id },
      resource,
      facts: factsOfPatient(resource),
      fresh: one.fresh,
      production: !caller.channel.test,
      facility: caller.facility,
      facilities: reference.facilities,
      at,
    });
  }
  const shared = writing.filter(({ target }) => target.kind !== 'loose' && target.kind !== 'patient');
  if (shared.length > 0) await tx.writeResources(shared, from);
  await noteServiceRequests(gateway, tx, caller, { writing, reference, at });
  const consents = writing.filter(({ target }) => target.kind === 'consent');
  await applyConsents(tx, caller, { consents, before, at });
  const rows = writing.filter(({ target }) => target.kind !== 'loose');
  await tx.writeResourceIdentifiers(identifiersOf(gateway, from.facility, rows));
  await writeLoose(gateway, tx, caller, {
    writing: writing.filter(({ target }) => target.kind === 'loose'),
    context,
    beside: input.beside,
  });
}
