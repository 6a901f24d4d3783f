/**
 * What each draft is to become: a new resource under a key of its own, or a version of one that is there. Ids come from the
 * directory (SETTLED 2); a client's own are never taken.
 */
import { joinKey } from '../../../base/digest.ts';
import { factsOfPatient } from '../../../identity/facts-of-patient.ts';
import type { StoreTx } from '../../../ports/store-tx.ts';
import type { Bucket } from '../../../terms/bucket.ts';
import type { DirectoryKind } from '../../../terms/directory.ts';
import type { FhirCaller } from '../../../terms/fhir-caller.ts';
import type { Patient } from '../../../terms/fhir.ts';
import type { StoredResource } from '../../../terms/stored-resource.ts';
import type { Gateway } from '../../gateway.ts';
import { bucketOfId } from '../../id-source.ts';
import { questionPatientKey } from '../../question-patient.ts';
import { readStored } from '../present.ts';
import { findExisting } from './find-existing.ts';
import type { Draft } from './draft.ts';
import { kindOfType } from './kinds.ts';
import { isTestData } from './owned-meta.ts';
import { refused } from './write-refused.ts';

export interface Target {
  readonly draft: Draft;
  readonly kind: DirectoryKind;
  /** Undefined: its id is asked of the directory by this key. */
  readonly existing: StoredResource | undefined;
  readonly key: string;
  /** True: what is there stays as it is (conditional create). */
  readonly keeps: boolean;
}

export async function targetOf(gateway: Gateway, tx: StoreTx, caller: FhirCaller, draft: Draft): Promise<Target> {
  const { type, at, wish } = draft;
  const kind = kindOfType(type);
  if (kind === undefined) throw refused('gateway/type-not-written', at);
  const make = (key: string, keeps = false): Target => ({ draft, kind, existing: undefined, key, keeps });
  const change = (existing: StoredResource, keeps = false): Target => ({ draft, kind, existing, key: '', keeps });
  switch (wish.kind) {
    case 'update':
      return change(
        await ownResource(tx, caller, {
          type,
          id: wish.id,
          at,
          ...(wish.ifMatch === undefined ? {} : { ifMatch: wish.ifMatch }),
        }),
      );
    case 'take':
      return make(
        type === 'Patient' ? patientKeyOf(gateway, caller, draft, wish.key) : joinKey('taken', type, wish.key),
      );
    case 'create': {
      if (wish.ifNoneExist === undefined)
        return make(type === 'Patient' ? patientKeyOf(gateway, caller, draft) : randomKey(gateway, type));
      return byTokens(gateway, tx, caller, { draft, tokens: wish.ifNoneExist, keeps: true, make, change });
    }
    case 'put-by': {
      const target = await byTokens(gateway, tx, caller, { draft, tokens: wish.tokens, keeps: false, make, change });
      if (wish.ifMatch !== undefined && target.existing?.version !== versionOf(wish.ifMatch))
        throw refused('gateway/version-conflict', at);
      return target;
    }
  }
}

async function byTokens(
  gateway: Gateway,
  tx: StoreTx,
  caller: FhirCaller,
  input: {
    readonly draft: Draft;
    readonly tokens: readonly string[];
    readonly keeps: boolean;
    make(key: string, keeps: boolean): Target;
    change(existing: StoredResource, keeps: boolean): Target;
  },
): Promise<Target> {
  const { draft, tokens, keeps } = input;
  const found = await findExisting(gateway, tx, caller, { type: draft.type, tokens });
  const [existing, ...others] = found;
  if (others.length > 0) throw refused('gateway/several-match', draft.at);
  if (existing !== undefined) {
    if (!keeps) refuseOwnedByMessage(existing, draft.at);
    return input.change(existing, keeps);
  }
  if (draft.type === 'Patient') return input.make(patientKeyOf(gateway, caller, draft), keeps);
  // Two at once meet at this key in the directory.
  return input.make(joinKey('identifier', draft.type, ...tokens.toSorted()), keeps);
}

/** Not there, another's and of the other kind of channel look the same. */
async function ownResource(
  tx: StoreTx,
  caller: FhirCaller,
  named: { readonly type: string; readonly id: string; readonly at: string; readonly ifMatch?: string },
): Promise<StoredResource> {
  const bucket = bucketOfId(named.id);
  const [stored] = bucket === undefined ? [] : await tx.readPlaces([{ bucket, id: named.id }]);
  const isOwn = stored !== undefined && stored.type === named.type && stored.facility === caller.facility.id;
  if (!isOwn || isTestData(readStored(stored)) !== caller.channel.test) throw refused('gateway/id-not-given', named.at);
  refuseOwnedByMessage(stored, named.at);
  if (named.ifMatch !== undefined && versionOf(named.ifMatch) !== stored.version)
    throw refused('gateway/version-conflict', named.at);
  return stored;
}

/** A report that came as a message is its sender's to correct, by a message. */
function refuseOwnedByMessage(stored: StoredResource, at: string): void {
  if (stored.kind === 'report') throw refused('gateway/owned-by-message', at);
}

/** `W/"3"` (R4 http.html#concurrency); NaN for what is none, which agrees with no version. */
function versionOf(ifMatch: string): number {
  return Number(/^(?:W\/)?"(\d{1,9})"$/.exec(ifMatch.trim())?.[1] ?? Number.NaN);
}

/** The facility's own number, else a document's; without any the Patient is nobody that is known. */
function patientKeyOf(gateway: Gateway, { facility }: FhirCaller, { resource }: Draft, otherwise?: string): string {
  const key = questionPatientKey(factsOfPatient(resource as unknown as Patient), facility);
  return key === ''
    ? otherwise === undefined
      ? randomKey(gateway, 'Patient')
      : joinKey('taken', 'Patient', otherwise)
    : key;
}

function randomKey(gateway: Gateway, type: string): string {
  return joinKey('fhir', type, gateway.random.uuid());
}

/** Where a new resource lives: with its patient, else by its own key. */
export function bucketFor(patient: string, otherwise: () => Bucket): Bucket {
  return bucketOfId(patient) ?? otherwise();
}
