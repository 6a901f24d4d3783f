/** Of what a Provenance tells about, what the caller may read itself: the rights and the scopes are the target's. */
import { permits } from '../../access/scopes.ts';
import type { FhirCaller } from '../../terms/fhir-caller.ts';
import type { StoredResource } from '../../terms/stored-resource.ts';
import type { Gateway } from '../gateway.ts';
import { isInScope } from './found.ts';
import { openTo } from './rights.ts';

export async function openTargets(
  gateway: Gateway,
  caller: FhirCaller,
  targets: readonly StoredResource[],
): Promise<readonly StoredResource[]> {
  return (await openTo(gateway, caller, targets)).filter((one) => {
    const { allowed, categories } = permits(caller.scopes, one.type, 'r');
    return allowed && isInScope(one, categories);
  });
}
