/**
 * References of what is sent must lead to what the caller has: to another entry, to a resource of its own, or by an
 * identifier to exactly one. What leads nowhere and what leads to another's looks the same.
 */
import type { StoreTx } from '../../../ports/store-tx.ts';
import type { FhirCaller } from '../../../terms/fhir-caller.ts';
import type { StoredResource } from '../../../terms/stored-resource.ts';
import type { Gateway } from '../../gateway.ts';
import { bucketOfId } from '../../id-source.ts';
import type { Draft } from './draft.ts';
import { findExisting } from './find-existing.ts';
import { referencesIn } from './references.ts';
import { below, refused } from './write-refused.ts';

export interface FoundReferences {
  /** As sent → `Type/id`. */
  readonly references: ReadonlyMap<string, string>;
  /** What they lead to, of the caller's own. */
  readonly stored: readonly StoredResource[];
  /** Throws at the first reference that neither these nor the entries' own addresses know. */
  check(addresses: ReadonlyMap<string, string>): void;
}

interface Stated {
  readonly reference: string;
  readonly at: string;
}

const LITERAL = /^([A-Z][A-Za-z]{1,40})\/([A-Za-z0-9.-]{1,64})(?:\/_history\/[A-Za-z0-9.-]{1,64})?$/;
const CONDITIONAL = /^([A-Z][A-Za-z]{1,40})\?identifier=([^&]{1,2000})$/;

export async function resolveReferences(
  gateway: Gateway,
  tx: StoreTx,
  caller: FhirCaller,
  { drafts, base }: { readonly drafts: readonly Draft[]; readonly base: string },
): Promise<FoundReferences> {
  const stated = drafts.flatMap(({ resource, at }) =>
    referencesIn(resource).map((one): Stated => ({ reference: one.reference, at: below(at, one.at) })),
  );
  const references = new Map<string, string>();
  const [own, byIdentifier] = await Promise.all([
    readOwn(
      tx,
      caller,
      stated.map(({ reference }) => local(reference, base)),
    ),
    conditional(gateway, tx, caller, stated),
  ]);
  for (const { reference } of stated) {
    const [, type, id] = LITERAL.exec(local(reference, base)) ?? [];
    const target = own.find((one) => one.id === id && one.type === type);
    if (target !== undefined) references.set(reference, `${target.type}/${target.id}`);
  }
  for (const [reference, { type, id }] of byIdentifier) references.set(reference, `${type}/${id}`);
  return {
    references,
    stored: [...own, ...byIdentifier.values()],
    check(addresses) {
      const lost = stated.find(({ reference }) => !addresses.has(reference));
      if (lost !== undefined) throw refused('gateway/reference-not-there', lost.at);
    },
  };
}

/** An address below our own base is the relative one. */
function local(reference: string, base: string): string {
  return reference.startsWith(`${base}/`) ? reference.slice(base.length + 1) : reference;
}

async function readOwn(
  tx: StoreTx,
  caller: FhirCaller,
  references: readonly string[],
): Promise<readonly StoredResource[]> {
  const places = new Map<string, { bucket: StoredResource['bucket']; id: string }>();
  for (const reference of references) {
    const id = LITERAL.exec(reference)?.[2];
    const bucket = id === undefined ? undefined : bucketOfId(id);
    if (id !== undefined && bucket !== undefined) places.set(id, { bucket, id });
  }
  if (places.size === 0) return [];
  const stored = await tx.readPlaces([...places.values()]);
  return stored.filter(({ facility }) => facility === caller.facility.id);
}

async function conditional(
  gateway: Gateway,
  tx: StoreTx,
  caller: FhirCaller,
  stated: readonly Stated[],
): Promise<ReadonlyMap<string, StoredResource>> {
  const found = new Map<string, StoredResource>();
  for (const { reference, at } of stated) {
    const [, type = '', tokens] = CONDITIONAL.exec(reference) ?? [];
    if (tokens === undefined || found.has(reference)) continue;
    const existing = await findExisting(gateway, tx, caller, { type, tokens: [decode(tokens)] });
    const [first] = existing;
    if (first === undefined || existing.length > 1)
      throw refused(first === undefined ? 'gateway/reference-not-there' : 'gateway/several-match', at);
    found.set(reference, first);
  }
  return found;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
