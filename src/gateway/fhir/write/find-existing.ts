/** Which of the caller's own resources an identifier means, inside the transaction that writes. */
import type { StoreTx } from '../../../ports/store-tx.ts';
import { matchesToken } from '../../../search/match-token.ts';
import { readToken } from '../../../search/values.ts';
import type { FhirCaller } from '../../../terms/fhir-caller.ts';
import type { StoredResource } from '../../../terms/stored-resource.ts';
import type { Gateway } from '../../gateway.ts';
import { identifierMac } from '../../resource-identifiers.ts';
import { readStored } from '../present.ts';
import { isTestData } from './owned-meta.ts';

const HITS_MAX = 50;

/** Those that state one of the tokens now; the index only says where to look. */
export async function findExisting(
  gateway: Gateway,
  tx: StoreTx,
  caller: FhirCaller,
  asked: { readonly type: string; readonly tokens: readonly string[] },
): Promise<readonly StoredResource[]> {
  const { type, tokens } = asked;
  const places = new Map<string, { bucket: StoredResource['bucket']; id: string }>();
  for (const token of tokens) {
    const { system, code } = readToken(token);
    const found = await tx.findByIdentifier({
      facility: caller.facility.id,
      type,
      mac: identifierMac(gateway, code),
      ...(system === undefined ? {} : { system }),
      limit: HITS_MAX,
    });
    for (const { bucket, id } of found) places.set(id, { bucket, id });
  }
  const stored = await tx.readPlaces([...places.values()]);
  return stored.filter((one) => {
    if (one.type !== type || one.facility !== caller.facility.id) return false;
    const resource = readStored(one);
    const { identifier } = resource as { identifier?: unknown };
    const stated = Array.isArray(identifier) ? (identifier as unknown[]) : [identifier ?? {}];
    return isTestData(resource) === caller.channel.test && tokens.some((token) => matchesToken(stated, token));
  });
}
